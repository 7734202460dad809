"""SQL snippets in declarations, parsed and checked where they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
from sqlglot import exp

from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError, nearest_name


@dataclass(frozen=True)
class Expression:
    """A checked SQL snippet over the columns of one source.

    Besides the source's columns a snippet may use `as_of` (the as-of date) and `age(column)` (completed years at
    the as-of date).

    Parameters
    ----------
    text
        The snippet as written.
    kind
        Type of its value: `bool`, `int`, `float`, `str` or `date`.
    columns
        The source's columns that it reads.
    """

    text: str
    kind: type
    columns: frozenset[str]
    _tree: exp.Expression = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, source: Source, expects: type | tuple[type, ...]) -> Expression:
        """Parse and check a snippet; `expects` is the type its value must have, or several."""
        return _parsed(text, source, expects if isinstance(expects, tuple) else (expects,))

    def tree(self) -> exp.Expression:
        """Return a fresh copy of the syntax tree, column names in lower case and unqualified.

        `as_of` is an `exp.Column` of that name, and `age(x)` an `exp.Anonymous` called "age".
        """
        return self._tree.copy()


@lru_cache(maxsize=None)
def _parsed(text: str, source: Source, expects: tuple[type, ...]) -> Expression:
    tree = sqlglot.parse_one(text, read="duckdb")
    found = {column.name for column in tree.find_all(exp.Column)} - {"as_of"}
    for name in sorted(found - set(source.all_columns)):
        raise DeclarationError(
            f"Source '{source.name}' has no column '{name}', which the snippet \"{text}\" uses.",
            "A snippet may use only the columns its source declares, and as_of.",
            nearest=nearest_name(name, source.all_columns),
            next_step="Correct the name or declare the column.",
        )
    kind = source.all_columns.get(text, expects[0])
    return Expression(text, kind, frozenset(found), tree)
