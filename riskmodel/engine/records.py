"""One scan and one join a source and scope: all its features as filtered aggregates over the records in reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from riskmodel.declare.feature import Feature
from riskmodel.declare.outcome import Outcome
from riskmodel.declare.source import Source
from riskmodel.engine.aggregates import CASE, RECORD, aggregate, filtered, happened_after, latest_of
from riskmodel.engine.clock import Clock
from riskmodel.engine.draft import Draft
from riskmodel.engine.reach import SINCE, UNTIL, Reach
from riskmodel.engine.snippets import placed, seen
from riskmodel.engine.sql import all_of, cast, column, named, not_null, number, table
from riskmodel.periods import Period

Y = "_y"
"""Name of the outcome in the result; bookkeeping columns begin with an underscore, features do not."""


@dataclass(frozen=True)
class Measure:
    """A feature under the name it has in the result, as text (an audit attribute) or as its own kind."""

    name: str
    feature: Feature
    as_text: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the result holds it as text."""
        return self.as_text or self.feature.dtype == "category"


def measured_records(draft: Draft, way: Reach, source: Source, measures: Sequence[Measure]) -> str:
    """Add the step that aggregates the records of one source for one scope; return its name."""
    clock = draft.clock
    already = _common_window(clock, [measure.feature for measure in measures])
    kinds = {True: "varchar", False: "double"}
    aggregates = [named(cast(aggregate(m.feature, clock, already), kinds[m.is_text]), m.name) for m in measures]
    in_sight = all_of([seen(source, RECORD, clock.as_of(CASE)), happened_after(source, already, clock)])
    scope = measures[0].feature.of
    whose = "the case's own" if scope is None else scope.description
    query = _in_reach(way, source, in_sight).select(*aggregates)
    return draft.add("records", ("records", way, source), query, f"records of {source.name}: {whose}")


def outcome_records(draft: Draft, way: Reach, outcome: Outcome, audit: Mapping[str, str]) -> str:
    """Add the step that looks for the outcome after the as-of date, whenever it became known; return its name.

    Parameters
    ----------
    draft, way
        The query in the making, and whose records count.
    outcome
        What is looked for.
    audit
        Columns of the outcome's latest record that are kept, by column the name they get.
    """
    clock, source = draft.clock, outcome.source
    happened = column(source.happened, RECORD)
    window = exp.and_(
        exp.GT(this=happened, expression=clock.as_of(CASE)),
        exp.LTE(this=happened.copy(), expression=clock.end(outcome.within, CASE)),
    )
    where = placed(outcome.condition, source, RECORD, clock.as_of(CASE), looking_back=False)
    answer = exp.Case().when(_any(where), number(1))
    if outcome.no_record == "negative":
        answer = answer.else_(number(0))
    else:
        answer = answer.when(_any(not_null(where.copy())), number(0))
    kept = [(alias, latest_of(source, column(name, RECORD), None)) for name, alias in audit.items()]
    texts = [named(cast(value, "varchar"), alias) for alias, value in kept]
    query = _in_reach(way, source, window).select(named(cast(answer, "double"), Y), *texts)
    return draft.add("outcome", ("outcome", way, source), query, f"the outcome: {outcome.label}")


def _any(condition: exp.Expr) -> exp.Expr:
    return exp.GT(this=filtered(exp.Count(this=exp.Star()), condition), expression=number(0))


def _in_reach(way: Reach, source: Source, condition: exp.Expr | None) -> exp.Select:
    """Records joined to whoever they count for, grouped by the latter."""
    during = None
    if way.timed:
        happened = column(source.happened, RECORD)
        begun = exp.GTE(this=happened, expression=column(SINCE, CASE))
        during = exp.and_(begun, exp.LT(this=happened.copy(), expression=column(UNTIL, CASE)))
    return (
        exp.select(column(way.unit, CASE))
        .from_(table(source.name, RECORD))
        .join(table(way.step, CASE), on=column(source.key, RECORD).eq(column(way.member, CASE)))
        .where(all_of([condition, during]))
        .group_by(column(way.unit, CASE))
    )


def _common_window(clock: Clock, features: Sequence[Feature]) -> Period | None:
    """The widest window, if every feature has one: older records need not be read at all."""
    windows = [f.within for f in features if f.within is not None]
    return clock.widest(windows) if len(windows) == len(features) else None
