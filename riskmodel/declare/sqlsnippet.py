"""A SQL snippet under inspection, and how errors speak of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import NoneType

from sqlglot import exp

from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError

NUMBERS: tuple[type, ...] = (int, float)
WORDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    date: "a date",
    NoneType: "NULL",
}


@dataclass(frozen=True)
class Snippet:
    """A snippet as written and the source it is over."""

    text: str
    source: Source

    def error(self, what: str, rule: str, next_step: str, nearest: str | None = None) -> DeclarationError:
        """Return the error that says what is wrong in this snippet."""
        where = f"In the snippet \"{self.text}\" over source '{self.source.name}', {what}"
        return DeclarationError(where, rule, nearest=nearest, next_step=next_step)

    def wants(self, node: exp.Expr, found: type, wanted: tuple[type, ...], what: str) -> None:
        """Refuse `node` unless its type is one of those wanted."""
        if found not in wanted:
            raise self.error(
                f"{show(node)} is {WORDS[found]}.",
                f"{what} must be {listed(wanted)}.",
                _hint(found, wanted, node),
            )


def show(node: exp.Expr) -> str:
    """Return a piece of a snippet as it reads in SQL, for a message."""
    return f"`{sql(node)}`"


def sql(node: exp.Expr) -> str:
    """Return a piece of a snippet as SQL."""
    return node.sql(dialect="duckdb", comments=False)


def listed(kinds: tuple[type, ...]) -> str:
    """Return types in words."""
    return "a number" if set(kinds) == set(NUMBERS) else " or ".join(WORDS[kind] for kind in kinds)


def _hint(found: type, wanted: tuple[type, ...], node: exp.Expr) -> str:
    if wanted == (bool,):
        return f"Compare it with something, as in {sql(node)} = ..."
    if found is bool and int in wanted:
        return f"Write CAST({sql(node)} AS INT) for 0 and 1, or put it into where=."
    return "Use another column or expression."
