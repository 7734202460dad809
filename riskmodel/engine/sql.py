"""Small pieces of SQL as syntax trees, with every identifier quoted."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp


def column(name: str, table: str | None = None) -> exp.Column:
    """A quoted column, of a table or alias if one is given.

    Examples
    --------
    >>> column("ward_code", "e").sql()
    '"e"."ward_code"'
    """
    return exp.column(name, table=table, quoted=True)


def table(name: str, alias: str) -> exp.Expr:
    """A quoted table under an alias.

    Examples
    --------
    >>> table("people", "p").sql()
    '"people" AS "p"'
    """
    return exp.alias_(exp.Table(this=exp.to_identifier(name, quoted=True)), alias, table=True, quoted=True)


def named(value: exp.Expr, name: str) -> exp.Expr:
    """An expression under a quoted name."""
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def all_of(conditions: Iterable[exp.Expr | None]) -> exp.Expr | None:
    """The conjunction of the conditions that are there, or None when none is.

    Examples
    --------
    >>> all_of([None, column("a"), exp.or_(column("b"), column("c"))]).sql()
    '"a" AND ("b" OR "c")'
    """
    there = [condition for condition in conditions if condition is not None]
    return exp.and_(*there) if there else None


def cast(value: exp.Expr, kind: str) -> exp.Expr:
    """A value as `bigint`, `double`, `varchar` or `date`.

    Examples
    --------
    >>> cast(column("cost"), "double").sql("duckdb"), cast(column("cost"), "varchar").sql("spark")
    ('CAST("cost" AS DOUBLE)', 'CAST(`cost` AS STRING)')
    """
    return exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type[kind.upper()], nested=False))


def number(value: int) -> exp.Expr:
    """A whole number."""
    return exp.Literal.number(value)


def is_null(value: exp.Expr) -> exp.Expr:
    """Whether a value is missing."""
    return exp.Is(this=value, expression=exp.Null())


def not_null(value: exp.Expr) -> exp.Expr:
    """Whether a value is there."""
    return exp.Not(this=is_null(value))


def case(condition: exp.Expr, then: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Expr:
    """CASE WHEN condition THEN ... [ELSE ...] END; without `otherwise` the rest is missing."""
    made = exp.Case().when(condition, then)
    return made if otherwise is None else made.else_(otherwise)
