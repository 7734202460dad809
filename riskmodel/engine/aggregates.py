"""The verbs as SQL aggregates: what each feature computes over the records its scope can see."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from riskmodel.declare.feature import Feature
from riskmodel.declare.source import Source
from riskmodel.engine.clock import Clock
from riskmodel.engine.snippets import placed
from riskmodel.engine.sql import all_of, case, cast, column, not_null, number
from riskmodel.periods import Period

RECORD = "e"  # alias of the source's records
CASE = "c"  # alias of whoever the records count for, which carries the as-of date


def aggregate(feature: Feature, clock: Clock, already: Period | None) -> exp.Expr:
    """Return the aggregate of one feature over the records that its scope can see.

    Parameters
    ----------
    feature
        What to compute.
    clock
        The as-of dates and window bounds, carried by the rows under the alias `CASE`.
    already
        A window to which the records are already narrowed, whose bound need not be repeated.
    """
    as_of = clock.as_of(CASE)
    where = None if feature.condition is None else placed(feature.condition, feature.source, RECORD, as_of)
    window = None if feature.within in (None, already) else happened_after(feature.source, feature.within, clock)
    value = None if feature.measured is None else placed(feature.measured, feature.source, RECORD, as_of)
    return _VERBS[feature.verb](_Parts(feature, clock, all_of([where, window]), value))


def happened_after(source: Source, window: Period | None, clock: Clock) -> exp.Expr | None:
    """Whether a record lies in a window that ends at the as-of date (rule 2); None for no window."""
    if window is None:
        return None
    return exp.GT(this=column(source.happened, RECORD), expression=clock.start(window, CASE))


def filtered(made: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """An aggregate over the rows that meet a condition."""
    return made if condition is None else exp.Filter(this=made, expression=exp.Where(this=condition))


def latest_of(source: Source, value: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """The value of the latest record with one; ties go to the later known, then the greatest value (rule 9)."""
    order = [column(source.happened, RECORD), column(source.known, RECORD), value]
    if source.known == source.happened:
        order = [order[0], value]
    fields = [exp.PropertyEQ(this=exp.to_identifier(f"by_{i}"), expression=part) for i, part in enumerate(order)]
    greatest = exp.ArgMax(this=value.copy(), expression=exp.Struct(expressions=fields))
    return filtered(greatest, all_of([not_null(value.copy()), condition]))


class _Parts:
    """What the verbs put together: the feature, its clock, the condition on records, and the value."""

    def __init__(self, feature: Feature, clock: Clock, condition: exp.Expr | None, value: exp.Expr | None) -> None:
        self.feature = feature
        self.clock = clock
        self.condition = condition
        self.value = exp.Null() if value is None else value

    def over(self, made: exp.Expr, *further: exp.Expr | None) -> exp.Expr:
        return filtered(made, all_of([self.condition, *further]))

    def records(self, *further: exp.Expr | None) -> exp.Expr:
        return self.over(exp.Count(this=exp.Star()), *further)


def _has(parts: _Parts) -> exp.Expr:
    found = exp.GT(this=parts.records(), expression=number(0))
    return case(found, number(1), number(0))


def _total(parts: _Parts) -> exp.Expr:
    # DuckDB adds whole numbers into 128 bits; this brings the sum back to what fits a column.
    whole = parts.feature.measured is not None and parts.feature.measured.kind is int
    added = cast(parts.over(exp.Sum(this=parts.value)), "bigint" if whole else "double")
    return exp.Coalesce(this=added, expressions=[number(0)])


def _distinct(parts: _Parts) -> exp.Expr:
    return parts.over(exp.Count(this=exp.Distinct(expressions=[parts.value])))


def _latest(parts: _Parts) -> exp.Expr:
    return latest_of(parts.feature.source, parts.value, parts.condition)


def _days_since(parts: _Parts) -> exp.Expr:
    last = parts.over(exp.Max(this=column(parts.feature.source.happened, RECORD)))
    as_of = parts.clock.as_of(CASE)
    if not parts.clock.is_single:
        as_of = exp.Max(this=as_of)  # the same for all records of a unit
    return exp.DateDiff(this=as_of, expression=last, unit=exp.var("DAY"))


def _trend(parts: _Parts) -> exp.Expr:
    within = parts.feature.within
    assert within is not None  # the declaration of a trend requires a window
    in_later_half = happened_after(parts.feature.source, within.half(), parts.clock)
    later, every = parts.records(in_later_half), parts.records()
    difference = exp.Sub(this=exp.Mul(this=number(2), expression=later), expression=every)
    return case(exp.GT(this=every.copy(), expression=number(0)), difference)


_VERBS: dict[str, Callable[[_Parts], exp.Expr]] = {
    "count": lambda parts: parts.records(),
    "has": _has,
    "total": _total,
    "highest": lambda parts: parts.over(exp.Max(this=parts.value)),
    "lowest": lambda parts: parts.over(exp.Min(this=parts.value)),
    "distinct": _distinct,
    "latest": _latest,
    "days_since": _days_since,
    "trend": _trend,
}
