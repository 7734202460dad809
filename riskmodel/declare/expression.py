"""SQL snippets in declarations, parsed and checked where they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from riskmodel.declare.source import Source
from riskmodel.declare.sqlsnippet import NUMBERS, WORDS, Snippet, listed
from riskmodel.declare.sqltypes import kind_of
from riskmodel.errors import DeclarationError


@dataclass(frozen=True)
class Expression:
    """A checked SQL snippet over the columns of one source.

    Besides the source's columns a snippet may use `as_of` (the as-of date) and `age(column)` (completed years at
    the as-of date). It is about one record: no aggregates, no windows, no subqueries.

    Parameters
    ----------
    text
        The snippet as written.
    kind
        Type of its value: `bool`, `int`, `float`, `str` or `date`. Its value may also be missing (NULL).
    columns
        The source's columns that it reads.

    Examples
    --------
    >>> from datetime import date
    >>> visits = Source("visits", "One row a visit", partner="Clinic", agreement="A-1", key="person_id",
    ...                 happened="visited_on", columns={"born_on": date, "cost": float})
    >>> Expression.parse("age(born_on) < 5 AND cost > 10", visits, bool).kind
    <class 'bool'>
    >>> Expression.parse("costs / 2", visits, float)
    Traceback (most recent call last):
    riskmodel.errors.DeclarationError: In the snippet "costs / 2" over source 'visits', there is no column 'costs'. \
Source 'visits' has person_id, visited_on, born_on, cost. The nearest right name is 'cost'. \
Correct the name or declare the column.
    """

    text: str
    kind: type
    columns: frozenset[str]
    _tree: exp.Expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, source: Source, expects: type | tuple[type, ...]) -> Expression:
        """Parse and check a snippet; `expects` is the type its value must have, or several (float allows int).

        Raises
        ------
        DeclarationError
            If it is not one SQL expression, uses a column the source lacks or something whose meaning differs
            between engines, mixes types, or has another type than expected.
        """
        return _parsed(text, source, expects if isinstance(expects, tuple) else (expects,))

    def tree(self) -> exp.Expr:
        """Return a fresh copy of the syntax tree, columns unqualified.

        `as_of` is an `exp.Column` of that name, and `age(x)` an `exp.Anonymous` called "age" with one argument.
        """
        return self._tree.copy()


@lru_cache(maxsize=4096)
def _parsed(text: str, source: Source, expects: tuple[type, ...]) -> Expression:
    snippet = Snippet(text, source)
    tree = _one_expression(snippet)
    kind = kind_of(tree, snippet)
    wanted = (*expects, int) if float in expects else expects
    if kind not in wanted:
        raise _wrong_kind(snippet, kind, expects)
    found = {column.name for column in tree.find_all(exp.Column)} - {"as_of"}
    return Expression(text, kind, frozenset(found), _whole_days(tree, snippet))


def _whole_days(tree: exp.Expr, snippet: Snippet) -> exp.Expr:
    """Cast what is added to a date: engines keep whole numbers in 64 bits but count days in 32."""
    for node in list(tree.find_all(exp.Add, exp.Sub)):
        if kind_of(node.left, snippet) is date and not isinstance(node.right, exp.Literal):
            node.set("expression", exp.cast(node.right.copy(), "int"))
    return tree


def _one_expression(snippet: Snippet) -> exp.Expr:
    if not isinstance(snippet.text, str) or not snippet.text.strip():
        raise snippet.error(
            "there is nothing.", "A snippet is one SQL expression.", "Write it, or leave the argument out."
        )
    try:
        tokens = sqlglot.tokenize(snippet.text, read="duckdb")
        trees = sqlglot.parse(snippet.text, read="duckdb")
    except SqlglotError as error:
        raise _not_sql(snippet, error) from None
    if any(token.token_type.name == "SEMICOLON" for token in tokens) or len(trees) != 1 or trees[0] is None:
        raise snippet.error(
            "there is more than one statement.",
            "A snippet is one SQL expression, without a semicolon.",
            "Join conditions with AND or OR.",
        )
    tree = trees[0]
    for node in tree.walk():
        node.comments = None
    return tree


def _not_sql(snippet: Snippet, error: SqlglotError) -> DeclarationError:
    details = getattr(error, "errors", None) or [{}]
    near = str(details[0].get("highlight") or "").strip()
    return snippet.error(
        f"the SQL breaks off{f' near {near!r}' if near else ''}.",
        "A snippet is one complete SQL expression.",
        "Look for a missing quote, bracket or operand.",
    )


def _wrong_kind(snippet: Snippet, kind: type, expects: tuple[type, ...]) -> DeclarationError:
    if expects == (bool,):
        return snippet.error(
            f"the value is {WORDS[kind]}.",
            "A condition must be true or false.",
            f"Compare it with something, as in {snippet.text} = ...",
        )
    step = "Choose another column or expression."
    if kind is bool and set(expects) <= set(NUMBERS):
        step = "Put it into where= and use count, or write CAST(... AS INT)."
    return snippet.error(f"the value is {WORDS[kind]}.", f"Here it must be {listed(expects)}.", step)
