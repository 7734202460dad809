"""Declarations compiled into one query: cases, reach, one scan and one join a source and scope, and the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from riskmodel.declare.feature import Feature
from riskmodel.declare.prototype import Prototype
from riskmodel.engine.cases import candidates
from riskmodel.engine.clock import Clock
from riskmodel.engine.draft import Draft, Step
from riskmodel.engine.records import Measure
from riskmodel.engine.result import Result
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
    result
        The final SELECT: one row a case.
    screened
        The step that says for each candidate whether it has what the cohort's cases must have; None if they need
        nothing more.
    flags
        Its yes/no columns, one for each `having` feature, in order.
    """

    clock: Clock
    steps: tuple[Step, ...]
    result: exp.Select
    screened: str | None
    flags: tuple[str, ...]

    def query(self) -> exp.Select:
        """The whole as one statement, which gives the same rows as the steps run one by one."""
        whole = self.result.copy()
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
    result = Result(draft, prototype, cases)
    audited = [Measure(audit_name(f.name), f, as_text=True) for f in prototype.audit]
    result.measure([*(Measure(f.name, f) for f in wanted), *audited])
    result.outcome(complete_to, {name: audit_name(name) for name in prototype.outcome.audit})
    return Plan(draft.clock, tuple(draft.steps), result.select(), screened, flags)


def audit_name(name: str) -> str:
    """Name of an audit attribute in the result, which no feature can have."""
    return f"_audit {name}"


def _screened(draft: Draft, prototype: Prototype, cases: str, flags: Sequence[str]) -> str:
    """Add the step that says for every candidate whether each `having` feature is true or not zero."""
    measures = [Measure(flag, f) for flag, f in zip(flags, prototype.cohort.having, strict=True)]
    result = Result(draft, prototype, cases)
    result.measure(measures)
    about = "the cases, and whether they have each feature that they must have"
    return draft.add("screened", "screened", result.flags(measures), about)


def _clock(dates: Iterable[date], features: Iterable[Feature], prototype: Prototype) -> Clock:
    windowed = [f for f in features if f.within is not None]
    windows = [f.within for f in windowed if f.within is not None]
    halves = [f.within.half() for f in windowed if f.within is not None and f.verb == "trend"]
    return Clock.of(dates, [*windows, *halves], [prototype.outcome.within])
