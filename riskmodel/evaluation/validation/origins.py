"""Rolling-origin validation: stand at each date in turn, learn from what was known by then, and look ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from riskmodel.errors import ModelError
from riskmodel.evaluation.checks.eras import eras_of
from riskmodel.evaluation.checks.months import volumes
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.side_by_side import side_by_side
from riskmodel.evaluation.validation.judge import judge, measure, too_few
from riskmodel.evaluation.validation.results import NotPossible, Origins
from riskmodel.modelling.estimators import Sample
from riskmodel.modelling.splits import Split, split_by_household_and_time

RECORDED_OTHERWISE = "What was learnt from was recorded in another way, so like is not compared with like."


def origins(context: Context, sample: Sample) -> Origins:
    """Test at every date of the matrix that has earlier cohorts whose outcomes were known by then.

    Every date with labelled rows is tried: those of training, of the test, and those declared with `validate_as_of`.
    The model is tuned, fitted and calibrated (on the latest cohort known) anew for each. Households never stand on both
    sides.

    Parameters
    ----------
    context : Context
    sample : Sample
        The matrix, encoded.
    """
    possible: list[tuple[str, list[str], Split]] = []
    not_possible: list[NotPossible] = []
    for day in _declared_dates(context):
        split = origin_split(context, day)
        if isinstance(split, str) or too_few(context, split):
            why = split if isinstance(split, str) else too_few(context, split)
            not_possible.append(NotPossible(day.isoformat(), why))
            continue
        known = sorted({str(stamp)[:10] for stamp in context.matrix.as_of.iloc[split.fit].unique()})
        possible.append((day.isoformat(), known, _with_eras(context, split, known, day)))
    judged = side_by_side(lambda one: judge(context, sample, *one), possible, progress=context.progress)
    return Origins(tuple(measure(context, one) for one in judged), tuple(not_possible))


def labelled_dates(context: Context) -> list[date]:
    """The as-of dates of the matrix at which some outcome is known, in order."""
    days = context.matrix.as_of[context.matrix.y.notna().to_numpy()].unique()
    return sorted(pd.Timestamp(day).date() for day in days)


def origin_split(context: Context, day: date) -> Split | str:
    """The split at which `day` is tested, or why there is none."""
    horizon = context.prototype.outcome.within
    labelled = labelled_dates(context)
    if day not in labelled:
        return "no outcome of this date is known"
    earlier = [other for other in labelled if other < day]
    known = [other for other in earlier if horizon.after(other) <= day]
    if not earlier:
        return "it is the earliest date"
    if not known:
        return f"no earlier outcome was known by then (they take {horizon})"
    try:
        return split_by_household_and_time(context.matrix, known, [day], horizon, known[-1:], seed=context.seed)
    except ModelError as problem:
        return problem.what


def _declared_dates(context: Context) -> list[date]:
    """Every date that could be meant: of the matrix, and those declared for validation."""
    return sorted({*labelled_dates(context), *context.prototype.validate_as_of})


def _with_eras(context: Context, split: Split, known: Iterable[str], day: date) -> Split:
    """The split, with a note when its two sides lie on different sides of a declared break of the outcome's source."""
    learnt = {era for other in known for era in _eras(context, date.fromisoformat(other))}
    if learnt == _eras(context, day):
        return split
    return replace(split, note=f"{RECORDED_OTHERWISE} {split.note}".strip())


def _eras(context: Context, day: date) -> set[int]:
    outcome = context.prototype.outcome
    counted = volumes(context.warehouse.get("sources", {}).get(outcome.source.name, {}))
    return eras_of(outcome.source, day + timedelta(days=1), outcome.within.after(day), counted)
