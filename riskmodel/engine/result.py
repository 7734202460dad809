"""The last SELECT: one row a case, with what the cases keep, the outcome, the audit attributes and the features."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from riskmodel.declare.prototype import Prototype
from riskmodel.declare.reach import check_reach
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.aggregates import CASE, from_raw
from riskmodel.engine.cases import kept_columns
from riskmodel.engine.clock import AS_OF, day
from riskmodel.engine.coverage import covered, outcome_known
from riskmodel.engine.draft import Draft
from riskmodel.engine.reach import CASE_NO, KEY, Reach, reach
from riskmodel.engine.records import Measure, Y, measured_records, outcome_records
from riskmodel.engine.sql import case, cast, column, named, not_null, number, table


class Result:
    """The final SELECT in the making: the cases, and a left join for every source and scope.

    Parameters
    ----------
    draft
        The query in the making.
    prototype
        Whose features.
    cases
        The step that holds the cases.
    """

    def __init__(self, draft: Draft, prototype: Prototype, cases: str) -> None:
        self._draft, self._prototype, self._cases = draft, prototype, cases
        self._columns: dict[str, exp.Expr] = {}
        self._joins: list[tuple[exp.Expr, exp.Expr]] = []
        self._homes: dict[str, str] = {}

    def measure(self, measures: Sequence[Measure]) -> None:
        """Add measures, those of one source and scope in one step."""
        clock = self._draft.clock
        together: dict[tuple[Source, Scope | None], list[Measure]] = {}
        for measure in measures:
            feature = measure.feature
            check_reach(f"Feature '{feature.name}'", feature.source, feature.of, self._prototype.cohort.source.key)
            if any(covered(measure.feature, d) for d in clock.dates):
                together.setdefault((measure.feature.source, measure.feature.of), []).append(measure)
        values: dict[str, exp.Expr] = {}
        for (source, scope), same in together.items():
            way = reach(self._draft, self._cases, self._prototype.cohort.source, source, scope, ahead=False)
            alias = self._join(measured_records(self._draft, way, source, same), way)
            values |= {m.name: from_raw(m.feature, column(m.name, alias), clock.as_of(CASE)) for m in same}
        for measure in measures:
            known = [d for d in clock.dates if covered(measure.feature, d)]
            value = self._only_on(known, values.get(measure.name, exp.Null()))
            is_text = measure.as_text or measure.feature.dtype == "category"
            self._columns[measure.name] = cast(value, "varchar" if is_text else "double")

    def outcome(self, complete_to: date | None, audit: dict[str, str]) -> None:
        """Add the outcome and the columns of it kept for audit, known only where the horizon is complete (rule 6)."""
        outcome, clock = self._prototype.outcome, self._draft.clock
        known = [d for d in clock.dates if outcome_known(outcome, d, complete_to)]
        found: dict[str, exp.Expr] = dict.fromkeys((Y, *audit.values()), exp.Null())
        if known:
            way = reach(self._draft, self._cases, self._prototype.cohort.source, outcome.source, outcome.of, ahead=True)
            alias = self._join(outcome_records(self._draft, way, outcome, audit), way)
            found = {name: column(name, alias) for name in found}
            if outcome.no_record == "negative":
                found[Y] = exp.Coalesce(this=found[Y], expressions=[number(0)])
        for name, value in found.items():
            self._columns[name] = cast(self._only_on(known, value.copy()), "double" if name == Y else "varchar")

    def select(self) -> exp.Select:
        """Return the final SELECT."""
        kept = [named(column(place, CASE), f"_{place}") for place in kept_columns(self._prototype.cohort)]
        as_of = named(self._draft.clock.as_of(CASE), f"_{AS_OF}")
        columns = [named(value, name) for name, value in self._columns.items()]
        return self._from(exp.select(named(column(KEY, CASE), "_key"), as_of, *kept, *columns))

    def flags(self, measures: Sequence[Measure]) -> exp.Select:
        """Return the cases with one flag a measure: whether it is true or not zero."""
        flags = []
        for measure in measures:
            value = self._columns[measure.name]
            is_text = measure.feature.dtype == "category"
            is_there = not_null(value) if is_text else exp.NEQ(this=value, expression=number(0))
            flags.append(named(exp.Coalesce(this=is_there, expressions=[exp.false()]), measure.name))
        return self._from(exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(CASE)), *flags))

    def _from(self, query: exp.Select) -> exp.Select:
        query = query.from_(table(self._cases, CASE), copy=False)
        for joined, on in self._joins:
            query = query.join(joined, on=on, join_type="left", copy=False)
        return query

    def _join(self, records: str, way: Reach) -> str:
        """Join a step of aggregates to the cases, through their homes where those share it; return its alias."""
        unit = column(CASE_NO, CASE)
        if way.homes is not None:
            unit = column(way.unit, self._join_homes(way.homes, way.unit))
        self._joins.append((table(records, records), column(way.unit, records).eq(unit)))
        return records

    def _join_homes(self, homes: str, unit: str) -> str:
        if homes not in self._homes:
            alias = f"_of{homes}"
            units = exp.select(column(CASE_NO, "h"), column(unit, "h")).distinct().from_(table(homes, "h"))
            on = column(CASE_NO, alias).eq(column(CASE_NO, CASE))
            self._joins.append((units.subquery(exp.to_identifier(alias, quoted=True)), on))
            self._homes[homes] = alias
        return self._homes[homes]

    def _only_on(self, known: Sequence[date], value: exp.Expr) -> exp.Expr:
        """A value on the dates on which it can be known, missing on the others."""
        clock = self._draft.clock
        if len(known) == len(clock.dates):
            return value
        if not known:
            return exp.Null()
        return case(exp.In(this=clock.as_of(CASE), expressions=[day(d) for d in known]), value)
