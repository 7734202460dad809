"""Whether a difference between groups is there in every cohort, training cohorts out of fold and test cohorts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fairness import groupings
from riskmodel.evaluation.lists import resample_lists
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.estimators import LOGISTIC, Sample, fit
from riskmodel.modelling.folds import household_folds

#: Folds of whole households by which training cohorts are scored, and resamples of each date's intervals.
FOLDS, RESAMPLES = 3, 200


@dataclass(frozen=True)
class GroupAtDate:
    """How many of one group's outcomes the list of one cohort finds, each cohort's list cut at the capacity.

    `tested` is True for a test cohort under the lead model; the others are training cohorts, each household scored by
    a model that was fitted without it (the logistic family, being quick to refit).
    """

    attribute: str
    group: str
    as_of: str
    tested: bool
    n: int
    events: int
    tpr: Estimate
    selection_rate: Estimate


def groups_over_time(context: Context) -> tuple[GroupAtDate, ...]:
    """Found and picked by group and as-of date, for every group large enough at that date."""
    rows, score = out_of_fold(context)
    trained = _by_date(context, rows, score, tested=False)
    return (*trained, *_by_date(context, context.split.test, context.ranking, tested=True))


def out_of_fold(context: Context) -> tuple[Ints, Floats]:
    """Rows of the training cohorts, and the score of each by a logistic model of the other households."""
    like = context.training.models.get(LOGISTIC, context.lead)
    rows = np.sort(context.split.fit)
    train = context.matrix.rows(rows)
    values = encode(take(train, like.features, strict=True), like.features)
    sample = Sample(values, train.y.to_numpy(dtype=np.float64), like.features)
    score = np.full(len(rows), np.nan)
    for fold in household_folds(np.arange(len(rows)), train.component.to_numpy(), k=FOLDS, seed=context.seed):
        if 0 < sample.y[fold.fit].sum() < len(fold.fit):
            predictor = fit(like.family, sample.rows(fold.fit), like.provenance["settings"], seed=context.seed)
            score[fold.judge] = predictor.raw(values[fold.judge])
    known = np.isfinite(score)
    return rows[known], score[known]


def _by_date(context: Context, rows: Ints, score: Floats, *, tested: bool) -> list[GroupAtDate]:
    days = context.matrix.as_of.to_numpy()[rows]
    return [
        one
        for day in np.unique(days)
        for one in _at_date(context, rows[days == day], score[days == day], str(pd.Timestamp(day).date()), tested)
    ]


def _at_date(context: Context, rows: Ints, score: Floats, day: str, tested: bool) -> list[GroupAtDate]:
    cohort = context.matrix.rows(rows)
    y = cohort.y.to_numpy(dtype=np.float64)
    groups = [group for group in groupings(cohort.audit, y) if not group.withheld and not group.members]
    lists = resample_lists(
        y, np.full(len(y), y.mean()), cohort.component.to_numpy(), {"list": score}, groups,
        capacity=context.prototype.capacity, resamples=min(RESAMPLES, context.resamples), seed=context.seed,
    )  # fmt: skip
    return [
        GroupAtDate(
            group.attribute, group.group, day, tested, len(group.rows), group.events,
            lists.estimate("list", place + 1, "tpr"), lists.estimate("list", place + 1, "selection_rate"),
        )
        for place, group in enumerate(groups)
    ]  # fmt: skip
