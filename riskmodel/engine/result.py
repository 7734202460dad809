"""What a query yields: parts that hold aggregates by unit, and how they come together as one row a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from riskmodel.declare.prototype import Prototype
from riskmodel.declare.reach import check_reach
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.aggregates import CASE
from riskmodel.engine.clock import AS_OF, Clock, day
from riskmodel.engine.coverage import covered, outcome_known
from riskmodel.engine.draft import Draft
from riskmodel.engine.reach import CASE_NO, KEY, reach
from riskmodel.engine.records import Measure, Y, measured_records, outcome_records
from riskmodel.engine.sql import case, cast, column, named, not_null, number, table


@dataclass(frozen=True)
class Column:
    """One column of the result.

    Parameters
    ----------
    name
        Its name.
    is_text
        Whether it is text; otherwise it is a number.
    empty
        Its value for a case without any record (rule 3); None for missing.
    known
        The as-of dates on which it can be known; on the others it is missing.
    """

    name: str
    is_text: bool
    empty: int | None
    known: tuple[date, ...]


@dataclass(frozen=True)
class Part:
    """Columns that come from one step, which has one row a unit.

    Parameters
    ----------
    columns
        The columns.
    step
        Name of the step, or None if none of them is known on any date.
    unit
        Its column that names the unit: a case number, or that of the first case of the same home.
    homes
        Step that gives each case its unit, or None when the unit is the case.
    """

    columns: tuple[Column, ...]
    step: str | None = None
    unit: str = CASE_NO
    homes: str | None = None


def measured_parts(draft: Draft, prototype: Prototype, cases: str, measures: Iterable[Measure]) -> list[Part]:
    """Add the steps of some measures, those of one source and scope in one step, and return their parts."""
    keyed, dates = prototype.cohort.source, draft.clock.dates
    together: dict[tuple[Source, Scope | None], list[Measure]] = {}
    unknown = []
    for measure in measures:
        feature = measure.feature
        check_reach(f"Feature '{feature.name}'", feature.source, feature.of, keyed.key)
        if any(covered(feature, d) for d in dates):
            together.setdefault((feature.source, feature.of), []).append(measure)
        else:
            unknown.append(_column_of(measure, dates))
    parts = [Part(tuple(unknown))] if unknown else []
    for (source, scope), same in together.items():
        way = reach(draft, cases, keyed, source, scope, ahead=False)
        step = measured_records(draft, way, source, same)
        parts.append(Part(tuple(_column_of(measure, dates) for measure in same), step, way.unit, way.homes))
    return parts


def outcome_part(
    draft: Draft, prototype: Prototype, cases: str, complete_to: date | None, audit: dict[str, str]
) -> Part:
    """Add the step of the outcome, known only where its horizon is complete (rule 6), and return its part."""
    outcome = prototype.outcome
    known = tuple(d for d in draft.clock.dates if outcome_known(outcome, d, complete_to))
    y = Column(Y, is_text=False, empty=0 if outcome.no_record == "negative" else None, known=known)
    columns = (y, *(Column(name, is_text=True, empty=None, known=known) for name in audit.values()))
    if not known:
        return Part(columns)
    way = reach(draft, cases, prototype.cohort.source, outcome.source, outcome.of, ahead=True)
    return Part(columns, outcome_records(draft, way, outcome, audit), way.unit, way.homes)


def result_query(clock: Clock, cases: str, kept: Iterable[str], parts: Sequence[Part]) -> exp.Select:
    """Return the SELECT that joins all parts to the cases: key, as-of date, what a case keeps, and the columns."""
    fixed = _fixed(clock, kept)
    columns = [named(_value(clock, part, made), made.name) for part in parts for made in part.columns]
    return _joined(exp.select(*fixed, *columns), cases, parts)


def flags_query(clock: Clock, cases: str, parts: Sequence[Part]) -> exp.Select:
    """Return the SELECT of the cases with one flag a column: whether it is true or not zero."""
    flags = []
    for part in parts:
        for made in part.columns:
            value = _value(clock, part, made)
            is_there = not_null(value) if made.is_text else exp.NEQ(this=value, expression=number(0))
            flags.append(named(exp.Coalesce(this=is_there, expressions=[exp.false()]), made.name))
    return _joined(exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(CASE)), *flags), cases, parts)


def cases_query(clock: Clock, cases: str, kept: Iterable[str]) -> exp.Select:
    """Return the SELECT of the cases alone, in the order of their numbers."""
    return (
        exp.select(column(CASE_NO, CASE), *_fixed(clock, kept))
        .from_(table(cases, CASE))
        .order_by(column(CASE_NO, CASE))
    )


def part_query(part: Part) -> exp.Select:
    """Return the SELECT of one part alone."""
    assert part.step is not None  # a part that is known on some date
    names = [part.unit, *(made.name for made in part.columns)]
    return exp.select(*(column(name, "p") for name in names)).from_(table(part.step, "p"))


def homes_query(homes: str, unit: str) -> exp.Select:
    """Return the SELECT of each case's unit."""
    return exp.select(column(CASE_NO, "h"), column(unit, "h")).distinct().from_(table(homes, "h"))


def _fixed(clock: Clock, kept: Iterable[str]) -> list[exp.Expr]:
    fixed = [named(column(KEY, CASE), "_key"), named(clock.as_of(CASE), f"_{AS_OF}")]
    return fixed + [named(column(place, CASE), f"_{place}") for place in kept]


def _column_of(measure: Measure, dates: Sequence[date]) -> Column:
    feature = measure.feature
    known = tuple(d for d in dates if covered(feature, d))
    return Column(measure.name, measure.is_text, None if feature.missing_without_record else 0, known)


def _value(clock: Clock, part: Part, made: Column) -> exp.Expr:
    kind = "varchar" if made.is_text else "double"
    if part.step is None:
        return cast(exp.Null(), kind)
    value: exp.Expr = column(made.name, part.step)
    if made.empty is not None:
        value = exp.Coalesce(this=value, expressions=[cast(number(made.empty), kind)])
    if len(made.known) == len(clock.dates):
        return value
    return case(exp.In(this=clock.as_of(CASE), expressions=[day(d) for d in made.known]), value)


def _joined(query: exp.Select, cases: str, parts: Sequence[Part]) -> exp.Select:
    """Join the parts to the cases, through their homes where those share a unit."""
    query = query.from_(table(cases, CASE), copy=False)
    homes: dict[str, str] = {}
    for part in parts:
        if part.step is None:
            continue
        unit = column(CASE_NO, CASE)
        if part.homes is not None:
            if part.homes not in homes:
                homes[part.homes] = f"_of{part.homes}"
                query = _join_homes(query, part.homes, homes[part.homes], part.unit)
            unit = column(part.unit, homes[part.homes])
        on = column(part.unit, part.step).eq(unit)
        query = query.join(table(part.step, part.step), on=on, join_type="left", copy=False)
    return query


def _join_homes(query: exp.Select, homes: str, alias: str, unit: str) -> exp.Select:
    units = homes_query(homes, unit)
    on = column(CASE_NO, alias).eq(column(CASE_NO, CASE))
    return query.join(units.subquery(exp.to_identifier(alias, quoted=True)), on=on, join_type="left", copy=False)
