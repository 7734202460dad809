"""The SQL that means the same on every engine: what a snippet may be made of, and the type of each piece.

A piece has one of the types `bool int float str date`, or `NoneType` for NULL. What has no rule here is refused,
because engines agree on less than one would think (a difference in months, a rounding cast, a division by zero).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from types import NoneType
from typing import Any

from sqlglot import exp

from riskmodel.declare.sqlfunctions import SIGNATURES, refusal
from riskmodel.declare.sqlsnippet import NUMBERS, WORDS, Snippet, show, sql
from riskmodel.errors import DeclarationError, nearest_name

Rule = Callable[[Any, Snippet], type]

# arguments of syntax nodes that the rules below read, and notes that the parser leaves for other dialects
_READ = {
    "this",
    "expression",
    "expressions",
    "ifs",
    "default",
    "true",
    "false",
    "low",
    "high",
    "to",
    "unit",
    "table",
    "field",
}
_NOTES = {"is_string", "date_part_boundary", "ignore_nulls", "safe", "big_int"}


def kind_of(node: exp.Expr, snippet: Snippet) -> type:
    """Return the type of an expression, or refuse it."""
    rule = _RULES.get(type(node), _signature if type(node) in SIGNATURES else None)
    if rule is None or _filled(node) - _READ - _NOTES:
        why, next_step, nearest = refusal(node)
        raise snippet.error(f"{show(node)} cannot be used.", why, next_step, nearest)
    return rule(node, snippet)


def _filled(node: exp.Expr) -> set[str]:
    return {name for name, value in node.args.items() if value}


def _column(node: exp.Column, snippet: Snippet) -> type:
    kinds = snippet.source.all_columns
    if node.table:
        raise snippet.error(
            f"{show(node)} names a table.", "A snippet reads one source, so columns stand alone.", f"Write {node.name}."
        )
    if node.name == "as_of":
        return date
    if node.name not in kinds:
        quoted = isinstance(node.this, exp.Identifier) and bool(node.this.args.get("quoted"))
        raise snippet.error(
            f"there is no column '{node.name}'.",
            f"Source '{snippet.source.name}' has {', '.join(kinds)}.",
            f"Text goes in single quotes: '{node.name}'." if quoted else "Correct the name or declare the column.",
            nearest_name(node.name, kinds),
        )
    return kinds[node.name]


def _literal(node: exp.Literal, _: Snippet) -> type:
    if node.is_string:
        return str
    return int if str(node.this).isdigit() else float


def _logic(node: exp.Connector | exp.Not, snippet: Snippet) -> type:
    for side in node.iter_expressions():
        snippet.wants(side, kind_of(side, snippet), (bool,), "Each side of AND, OR and NOT")
    return bool


def _comparison(node: exp.Binary, snippet: Snippet) -> type:
    kind = _alike([node.left, node.right], snippet)
    if kind is bool and isinstance(node, (exp.LT, exp.LTE, exp.GT, exp.GTE)):
        raise snippet.error(
            f"{show(node)} puts true and false in order.",
            "Only numbers, dates and text have an order.",
            f"Write {sql(node.left)} or NOT {sql(node.left)}.",
        )
    return bool


def _alike(nodes: Sequence[exp.Expr], snippet: Snippet) -> type:
    """Return the common type of values that are compared or are alternatives; whole numbers and numbers mix."""
    first, kind = nodes[0], kind_of(nodes[0], snippet)
    for node in nodes[1:]:
        other = kind_of(node, snippet)
        if NoneType in (kind, other):
            raise snippet.error(
                f"{show(first)} is compared with NULL.",
                "Nothing equals NULL, not even NULL.",
                "Write IS NULL or IS NOT NULL.",
            )
        if kind in NUMBERS and other in NUMBERS:
            kind = kind if kind is other else float
        elif kind is not other:
            raise snippet.error(
                f"{show(first)} is {WORDS[kind]} but {show(node)} is {WORDS[other]}.",
                "Only values of one type can be compared or stand for each other.",
                _mixture_hint(first, node, kind, other),
            )
    return kind


def _mixture_hint(first: exp.Expr, second: exp.Expr, kind: type, other: type) -> str:
    if {kind, other} == {date, str}:
        return "Write a date as DATE '2024-06-01'."
    if bool in (kind, other):
        flag = sql(first if kind is bool else second)
        return f"Write {flag} or NOT {flag}."
    return "Text goes in single quotes, numbers do not."


def _is(node: exp.Is, snippet: Snippet) -> type:
    kind = kind_of(node.this, snippet)
    if not isinstance(node.expression, exp.Null):
        for side, found in ((node.this, kind), (node.expression, kind_of(node.expression, snippet))):
            snippet.wants(side, found, (bool,), "Each side of IS, other than NULL,")
    return bool


def _in(node: exp.In, snippet: Snippet) -> type:
    if not node.expressions:
        raise snippet.error(
            f"{show(node)} does not list its values.",
            "IN takes a list of values written out.",
            "Write for example mark IN ('O', 'U').",
        )
    _alike([node.this, *node.expressions], snippet)
    return bool


def _between(node: exp.Between, snippet: Snippet) -> type:
    kind = _alike([node.this, node.args["low"], node.args["high"]], snippet)
    snippet.wants(node.this, kind, (int, float, str, date), "What lies BETWEEN two values")
    return bool


def _like(node: exp.Binary, snippet: Snippet) -> type:
    snippet.wants(node.left, kind_of(node.left, snippet), (str,), "What LIKE looks at")
    pattern = node.right
    if not isinstance(pattern, exp.Literal) or not pattern.is_string or "\\" in str(pattern.this):
        raise snippet.error(
            f"{show(pattern)} is not a plain pattern.",
            "LIKE takes text in quotes, without a backslash, which engines read differently.",
            "Write for example role LIKE 'carer%'.",
        )
    return bool


def _sum(node: exp.Binary, snippet: Snippet) -> type:
    if kind_of(node.left, snippet) is not date:
        return _arithmetic(node, snippet)
    right = kind_of(node.right, snippet)
    if right is date:
        raise snippet.error(
            f"{show(node)} takes one date from another.",
            "Engines disagree on what that gives.",
            f"Write date_diff('day', {sql(node.right)}, {sql(node.left)}) for the number of days.",
        )
    snippet.wants(node.right, right, (int,), "What is added to or taken from a date, in days,")
    return date


def _arithmetic(node: exp.Binary, snippet: Snippet) -> type:
    kinds = [kind_of(side, snippet) for side in (node.left, node.right)]
    for side, kind in zip((node.left, node.right), kinds, strict=True):
        snippet.wants(side, kind, NUMBERS, "What is calculated with")
    return int if kinds == [int, int] else float


def _quotient(node: exp.Binary, snippet: Snippet) -> type:
    kind = _arithmetic(node, snippet)
    if not isinstance(node, exp.Div):
        for side in (node.left, node.right):
            snippet.wants(side, kind_of(side, snippet), (int,), "What // and % work on")
    divisor = node.right.unnest()
    if not isinstance(divisor, exp.Nullif) and not (isinstance(divisor, exp.Literal) and float(divisor.this) != 0):
        raise snippet.error(
            f"{show(node)} may divide by zero.",
            "Engines disagree on what that gives.",
            f"Write nullif({sql(divisor)}, 0) as the divisor; the result is then missing.",
        )
    return float if isinstance(node, exp.Div) else kind


def _negative(node: exp.Neg, snippet: Snippet) -> type:
    kind = kind_of(node.this, snippet)
    snippet.wants(node.this, kind, NUMBERS, "What stands after a minus sign")
    return kind


def _joined_text(node: exp.DPipe, snippet: Snippet) -> type:
    for side in (node.left, node.right):
        snippet.wants(side, kind_of(side, snippet), (str,), "What || joins")
    return str


def _case(node: exp.Case, snippet: Snippet) -> type:
    branches: list[exp.If] = node.args["ifs"]
    for branch in branches:
        if node.this:
            _alike([node.this, branch.this], snippet)
        else:
            snippet.wants(branch.this, kind_of(branch.this, snippet), (bool,), "What stands after WHEN")
    return _alternatives([*(branch.args["true"] for branch in branches), node.args.get("default")], snippet)


def _if(node: exp.If, snippet: Snippet) -> type:
    snippet.wants(node.this, kind_of(node.this, snippet), (bool,), "What IF asks")
    return _alternatives([node.args["true"], node.args.get("false")], snippet)


def _alternatives(nodes: Sequence[exp.Expr | None], snippet: Snippet) -> type:
    """Return the common type of values of which one is taken; NULL goes with every type."""
    values = [node for node in nodes if node is not None and not isinstance(node, exp.Null)]
    return _alike(values, snippet) if values else NoneType


def _list(node: exp.Func, snippet: Snippet) -> type:
    return _alike([node.this, *node.expressions], snippet)


def _ordered_list(node: exp.Func, snippet: Snippet) -> type:
    kind = _list(node, snippet)
    snippet.wants(node.this, kind, (int, float, str, date), "What GREATEST and LEAST compare")
    return kind


def _nullif(node: exp.Nullif, snippet: Snippet) -> type:
    _alike([node.this, node.expression], snippet)
    return kind_of(node.this, snippet)


def _cast(node: exp.Cast, snippet: Snippet) -> type:
    kind, to = kind_of(node.this, snippet), node.to.this
    if to == exp.DType.DATE and isinstance(node.this, exp.Literal) and kind is str:
        _check_iso_date(node.this, snippet)
        return date
    if to in (exp.DType.INT, exp.DType.BIGINT) and kind in (bool, int):
        return int
    if to == exp.DType.DOUBLE and kind in NUMBERS:
        return float
    raise snippet.error(
        f"{show(node)} turns {WORDS[kind]} into {sql(node.to).casefold()}.",
        "A cast may write a date (DATE '2024-06-01'), turn a flag into 0 and 1 (AS INT) or a number into a fraction "
        "(AS DOUBLE); engines read and round other casts differently.",
        "Use round, floor or ceil on numbers, and declare the column with the type it has.",
    )


def _check_iso_date(literal: exp.Literal, snippet: Snippet) -> None:
    text = str(literal.this)
    try:
        date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "")
    except ValueError:
        raise _bad_date(literal, snippet) from None


def _bad_date(literal: exp.Literal, snippet: Snippet) -> DeclarationError:
    return snippet.error(
        f"{show(literal)} is not a date.",
        "A date is a day of the calendar, written year-month-day.",
        "Write for example DATE '2024-06-01'.",
    )


def _signature(node: exp.Func, snippet: Snippet) -> type:
    """Functions whose arguments have fixed types; a difference of dates counts days and nothing else."""
    signature = SIGNATURES[type(node)]
    given = [argument for argument in (node.this, node.args.get("expression")) if argument is not None]
    if isinstance(node, exp.DateDiff) and node.text("unit").upper() != "DAY":
        raise snippet.error(
            f"{show(node)} does not count days.",
            "Engines count months and years differently: some completed ones, some calendar boundaries.",
            "Write date_diff('day', a, b), or age(column) for completed years at the as-of date.",
        )
    if len(given) != len(signature.takes):
        raise snippet.error(
            f"{show(node)} has {len(given)} arguments.", f"It takes {len(signature.takes)}.", "Correct the call."
        )
    kinds = [kind_of(argument, snippet) for argument in given]
    for argument, kind, wanted in zip(given, kinds, signature.takes, strict=True):
        snippet.wants(argument, kind, wanted, f"What {type(node).__name__.upper()} takes")
    return signature.gives or kinds[0]


def _anonymous(node: exp.Anonymous, snippet: Snippet) -> type:
    """`age(column)`: completed years at the as-of date; every other unknown function is refused."""
    if str(node.this).casefold() != "age":
        why, next_step, nearest = refusal(node)
        raise snippet.error(f"{show(node)} cannot be used.", why, next_step, nearest)
    if len(node.expressions) != 1:
        raise snippet.error(
            f"{show(node)} has {len(node.expressions)} arguments.",
            "age takes one date column and gives completed years at the as-of date.",
            "Write age(date_of_birth).",
        )
    snippet.wants(node.expressions[0], kind_of(node.expressions[0], snippet), (date,), "What age takes")
    return int


_RULES: dict[type, Rule] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: lambda node, snippet: bool,
    exp.Null: lambda node, snippet: NoneType,
    exp.Paren: lambda node, snippet: kind_of(node.this, snippet),
    **dict.fromkeys((exp.And, exp.Or, exp.Not), _logic),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _comparison),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ), _comparison),
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
    **dict.fromkeys((exp.Like, exp.ILike), _like),
    **dict.fromkeys((exp.Add, exp.Sub), _sum),
    exp.Mul: _arithmetic,
    **dict.fromkeys((exp.Div, exp.IntDiv, exp.Mod), _quotient),
    exp.Neg: _negative,
    exp.DPipe: _joined_text,
    exp.Case: _case,
    exp.If: _if,
    exp.Coalesce: _list,
    **dict.fromkeys((exp.Greatest, exp.Least), _ordered_list),
    exp.Nullif: _nullif,
    exp.Cast: _cast,
    exp.Anonymous: _anonymous,
}
