"""The functions a snippet may use, and why others are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from riskmodel.declare.sqlsnippet import NUMBERS
from riskmodel.errors import nearest_name


@dataclass(frozen=True)
class Signature:
    """What a function takes, one tuple of types for each argument, and what it gives; None: the type of the first."""

    takes: tuple[tuple[type, ...], ...]
    gives: type | None


_TEXT, _WHOLE, _DAY = (str,), (int,), (date,)

#: Functions whose arguments have fixed types and which mean the same on every engine.
SIGNATURES: dict[type[exp.Expr], Signature] = {
    exp.Abs: Signature((NUMBERS,), None),
    exp.Floor: Signature((NUMBERS,), float),
    exp.Ceil: Signature((NUMBERS,), float),
    exp.Round: Signature((NUMBERS,), float),
    exp.Lower: Signature((_TEXT,), str),
    exp.Upper: Signature((_TEXT,), str),
    exp.Trim: Signature((_TEXT,), str),
    exp.Length: Signature((_TEXT,), int),
    exp.StartsWith: Signature((_TEXT, _TEXT), bool),
    exp.Contains: Signature((_TEXT, _TEXT), bool),
    exp.Year: Signature((_DAY,), int),
    exp.Month: Signature((_DAY,), int),
    exp.Day: Signature((_DAY,), int),
    exp.DateDiff: Signature((_DAY, _DAY), int),
}

ALLOWED_NAMES = (
    "abs",
    "age",
    "ceil",
    "coalesce",
    "contains",
    "date_diff",
    "day",
    "floor",
    "greatest",
    "least",
    "length",
    "lower",
    "month",
    "nullif",
    "round",
    "starts_with",
    "trim",
    "upper",
    "year",
)

_LIST = f"A snippet may use AND OR NOT IN BETWEEN LIKE IS CASE + - * / // % || and {', '.join(ALLOWED_NAMES)}."


def refusal(node: exp.Expr) -> tuple[str, str, str | None]:
    """Return the rule a piece of SQL breaks, what to write instead, and the nearest allowed function name."""
    if isinstance(node, exp.AggFunc):
        return (
            "A snippet is about one record; the verb brings records together.",
            "Use a verb: count has total highest lowest distinct latest days_since trend.",
            None,
        )
    if isinstance(node, (exp.Exists, exp.Any, exp.All)) or node.find(exp.Query):
        return "A snippet reads one source and holds no query.", "Reach other people's records with a scope, of=.", None
    if isinstance(node, exp.Window):
        return "A snippet is about one record and sees no other.", "Use a verb such as latest or trend.", None
    if isinstance(node, exp.Interval):
        return "Engines disagree on a date plus an interval.", "Add days: as_of - 30; or use within=months(12).", None
    name = _function_name(node)
    if isinstance(node, (exp.CurrentDate, exp.CurrentTimestamp)) or name in ("now", "today", "getdate"):
        return "A feature means the same on any day it is computed.", "Use as_of, the as-of date.", None
    if name is None:
        return _LIST, "Write it with these.", None
    return _LIST, "Write it with these.", nearest_name(name, ALLOWED_NAMES)


def _function_name(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Anonymous):
        return str(node.this).casefold()
    return node.sql_name().casefold() if isinstance(node, exp.Func) else None
