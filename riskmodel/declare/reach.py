"""Whether a case's records can be reached at all: by its own key, or through a scope."""

from __future__ import annotations

from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError


def check_reach(what: str, source: Source, of: Scope | None, key: str) -> None:
    """Refuse a measure whose records cannot be reached from cases keyed by `key`.

    Parameters
    ----------
    what
        The measure in words, for the message.
    source, of
        Where its records are, and whose of them count.
    key
        Key column of the cohort's source.
    """
    if of is None:
        keys: tuple[str, ...] = (key,)
        rule = f"Without of= only records keyed by '{key}', like the cohort, are the case's own."
        step = "Reach them with a scope: of=..."
    elif key in (of.via.key, of.group):
        keys = (of.via.key, of.group)
        rule = f"Through that scope cases reach records keyed by '{keys[0]}' or '{keys[1]}'."
        step = "Use another scope."
    else:
        keys = ()
        rule = f"The scope joins '{of.via.key}' and '{of.group}', and the cases are keyed by '{key}'."
        step = f"Use a scope whose members or whose groups are keyed by '{key}'."
    if source.key in keys:
        _check_narrowing(what, source, of)
        return
    through = "" if of is None else f" through the scope '{of.description}'"
    raise DeclarationError(
        f"{what} cannot reach the records of source '{source.name}', keyed by '{source.key}'{through}.",
        rule,
        next_step=step,
    )


def _check_narrowing(what: str, source: Source, of: Scope | None) -> None:
    """A scope's `where` chooses members; records kept about the whole group belong to none of them."""
    if of is not None and of.where is not None and source.key == of.group:
        raise DeclarationError(
            f"{what} takes the records of source '{source.name}', kept about the whole group, through the scope "
            f"'{of.description}', which chooses some of its members.",
            "where= of a scope chooses members, and these records belong to no member.",
            next_step="Use a scope without where= for this source.",
        )
