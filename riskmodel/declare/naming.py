"""What a name in a declaration may look like."""

from __future__ import annotations

import re

from riskmodel.errors import DeclarationError

_SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")
_AS_OF = "as_of"


def check_name(name: object, what: str) -> None:
    """Refuse a name that is not snake_case, or that snippets use for something else."""
    if not isinstance(name, str) or not _SNAKE_CASE.fullmatch(name):
        raise DeclarationError(
            f"{what} is called {name!r}.",
            "A name is snake_case: lower-case letters, digits and underscores, and begins with a letter.",
            nearest=_snake_case(name) if isinstance(name, str) else None,
            next_step="Rename it; the plain-English wording goes into its label or description.",
        )
    if name == _AS_OF:
        raise DeclarationError(
            f"{what} is called '{name}'.",
            "'as_of' is the as-of date in SQL snippets.",
            next_step="Choose another name.",
        )


def check_text(text: object, what: str) -> None:
    """Refuse an empty description, label or the like."""
    if not isinstance(text, str) or not text.strip():
        raise DeclarationError(
            f"{what} is empty.",
            "Everything that is declared says in plain English what it is, because it is printed on the model card.",
            next_step="Write one short phrase.",
        )


def check_two_words(words: object, setting: str, name: str) -> tuple[str, str]:
    """Return one thing and several, as a prototype calls them."""
    if isinstance(words, (tuple, list)) and len(words) == 2:
        for word in words:
            check_text(word, f"A word of {setting}= of prototype '{name}'")
        return words[0], words[1]
    raise DeclarationError(
        f"Prototype '{name}' says {setting}={words!r}.",
        f"{setting}= gives two words: one, and several.",
        next_step=f'Write for instance {setting}=("call", "calls").',
    )


def _snake_case(name: str) -> str | None:
    made = re.sub(r"[^a-z0-9]+", "_", name.strip().casefold()).strip("_")
    return made if _SNAKE_CASE.fullmatch(made) else None
