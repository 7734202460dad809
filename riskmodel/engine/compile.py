"""Declarations compiled into one query: cases, reach, one scan and one join a source and scope, and the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from riskmodel.declare.feature import Feature
from riskmodel.declare.prototype import Prototype
from riskmodel.engine.cases import candidates, kept_columns
from riskmodel.engine.clock import Clock
from riskmodel.engine.draft import Draft, Step
from riskmodel.engine.records import Measure
from riskmodel.engine.result import Part, flags_query, measured_parts, outcome_part, result_query
from riskmodel.engine.sql import column, table


@dataclass(frozen=True)
class Plan:
    """A compiled query.

    Parameters
    ----------
    clock
        Its as-of dates.
    steps
        Its named parts, in order; each reads sources and earlier parts.
    cases
        Name of the step that holds the cases.
    kept
        Its columns that go into the result beside key and as-of date.
    parts
        What is joined to the cases.
    screened
        The step that says for each candidate whether it has what the cohort's cases must have; None if they need
        nothing more.
    flags
        Its yes/no columns, one for each `having` feature, in order.
    """

    clock: Clock
    steps: tuple[Step, ...]
    cases: str
    kept: tuple[str, ...]
    parts: tuple[Part, ...]
    screened: str | None
    flags: tuple[str, ...]

    def query(self) -> exp.Select:
        """The whole as one statement, one row a case."""
        whole = result_query(self.clock, self.cases, self.kept, self.parts)
        for step in self.steps:
            whole = whole.with_(exp.to_identifier(step.name, quoted=True), as_=step.query.copy(), copy=False)
        for made, step in zip(whole.ctes, self.steps, strict=True):
            made.add_comments([f" {step.about} "])
        return whole


def compile_plan(
    prototype: Prototype,
    dates: Iterable[date],
    *,
    features: Sequence[Feature] | None = None,
    asked: bool = False,
    complete_to: date | None = None,
) -> Plan:
    """Compile a prototype for some as-of dates.

    Parameters
    ----------
    prototype
        What to compute.
    dates
        The as-of dates.
    features
        Which features, in order; None for all of the prototype's.
    asked
        Whether only the cases in the table `_asked` (key, as_of) are wanted.
    complete_to
        Last day on which the outcome's source is complete; None to take every outcome window as complete.
    """
    wanted = tuple(prototype.features if features is None else features)
    draft = Draft(_clock(dates, [*wanted, *prototype.audit, *prototype.cohort.having], prototype))
    cases = candidates(draft, prototype.cohort, asked=asked)
    flags = tuple(f"_meets_{i + 1}" for i in range(len(prototype.cohort.having)))
    screened = _screened(draft, prototype, cases, flags) if flags else None
    if screened is not None:
        every = exp.Column(this=exp.Star(), table=exp.to_identifier("c"))
        query = exp.select(every).from_(table(screened, "c")).where(exp.and_(*(column(flag, "c") for flag in flags)))
        cases = draft.add("cases", "cases", query, f"the cases: {prototype.cohort.description}")
    audited = [Measure(audit_name(f.name), f, as_text=True) for f in prototype.audit]
    parts = measured_parts(draft, prototype, cases, [*(Measure(f.name, f) for f in wanted), *audited])
    outcome_audit = {name: audit_name(name) for name in prototype.outcome.audit}
    parts.append(outcome_part(draft, prototype, cases, complete_to, outcome_audit))
    kept = tuple(kept_columns(prototype.cohort))
    return Plan(draft.clock, tuple(draft.steps), cases, kept, tuple(parts), screened, flags)


def audit_name(name: str) -> str:
    """Name of an audit attribute in the result, which no feature can have."""
    return f"_audit {name}"


def _screened(draft: Draft, prototype: Prototype, cases: str, flags: Sequence[str]) -> str:
    """Add the step that says for every candidate whether each `having` feature is true or not zero."""
    measures = [Measure(flag, f) for flag, f in zip(flags, prototype.cohort.having, strict=True)]
    query = flags_query(draft.clock, cases, measured_parts(draft, prototype, cases, measures))
    return draft.add("screened", "screened", query, "the cases, and whether they have each feature they must have")


def _clock(dates: Iterable[date], features: Iterable[Feature], prototype: Prototype) -> Clock:
    windowed = [f for f in features if f.within is not None]
    windows = [f.within for f in windowed if f.within is not None]
    halves = [f.within.half() for f in windowed if f.within is not None and f.verb == "trend"]
    return Clock.of(dates, [*windows, *halves], [prototype.outcome.within])
