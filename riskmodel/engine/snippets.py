"""Snippets of declarations in the place where they are used: columns qualified, `as_of` and `age` worked out."""

from __future__ import annotations

from sqlglot import exp

from riskmodel.declare.expression import Expression
from riskmodel.declare.source import Source
from riskmodel.engine.clock import AS_OF, date_of
from riskmodel.engine.sql import all_of, case, column, number


def placed(snippet: Expression, source: Source, table: str, as_of: exp.Expr, *, looking_back: bool = True) -> exp.Expr:
    """Return a snippet's tree for rows of `source` under the alias `table`.

    Parameters
    ----------
    snippet, source
        The checked snippet and the source it was checked against.
    table
        Alias of the source's rows.
    as_of
        The as-of date, a literal or a column.
    looking_back
        Whether the snippet sees only what was known at the as-of date. An outcome, which looks ahead, does not:
        there `settled` columns count as they are.
    """

    def rewrite(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return as_of.copy() if node.name == AS_OF else _value(node.name, source, table, as_of, looking_back)
        if isinstance(node, exp.Anonymous) and node.name.lower() == "age":
            return completed_years(node.expressions[0].transform(rewrite), as_of)
        return node

    tree = snippet.tree().transform(rewrite)
    return tree if isinstance(tree, (exp.Column, exp.Case, exp.Cast, exp.Paren)) else exp.paren(tree)


def completed_years(born: exp.Expr, on: exp.Expr) -> exp.Expr:
    """Age in completed years by comparing calendar parts, which every engine does alike.

    Examples
    --------
    >>> completed_years(column("born"), column("as_of")).sql("duckdb")
    '(YEAR("as_of") - YEAR("born") - CASE WHEN MONTH("as_of") * 100 + DAY("as_of") < MONTH("born") * 100 + DAY("born") \
THEN 1 ELSE 0 END)'
    """
    birthday_to_come = exp.LT(this=_day_of_year(on), expression=_day_of_year(born))
    years = exp.Sub(this=_year(on), expression=_year(born))
    return exp.paren(exp.Sub(this=years, expression=case(birthday_to_come, number(1), number(0))))


def _year(value: exp.Expr) -> exp.Expr:
    literal = date_of(value)
    return exp.Year(this=value.copy()) if literal is None else number(literal.year)


def _day_of_year(value: exp.Expr) -> exp.Expr:
    literal = date_of(value)
    if literal is not None:
        return number(literal.month * 100 + literal.day)
    hundreds = exp.Mul(this=exp.Month(this=value.copy()), expression=number(100))
    return exp.Add(this=hundreds, expression=exp.Day(this=value.copy()))


def _value(name: str, source: Source, table: str, as_of: exp.Expr, looking_back: bool) -> exp.Expr:
    """A column; one that is filled in later, and the date it was, are blank until that date."""
    value = column(name, table)
    settled_on = source.settled.get(name, name if name in source.settled.values() else None)
    if settled_on is None or not looking_back:
        return value
    return case(exp.LTE(this=column(settled_on, table), expression=as_of.copy()), value)


def seen(source: Source, table: str, as_of: exp.Expr) -> exp.Expr | None:
    """Rule 1: a record counts only if it happened, and was known, on or before the as-of date."""
    dates = dict.fromkeys((source.happened, source.known))
    return all_of(exp.LTE(this=column(name, table), expression=as_of.copy()) for name in dates)
