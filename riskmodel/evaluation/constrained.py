"""Training under a fairness constraint, by reductions: the group is used in training and never in scoring."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.folds import household_folds
from riskmodel.modelling.preparation import prepare

#: Training rows used at most, rounds of the game between fit and constraint, allowed difference in the share found,
#: least outcomes for a group to have a constraint of its own, and inverse strength of the ridge penalty.
MOST_ROWS, ROUNDS, ALLOWED, LEAST_EVENTS, PENALTY = 15_000, 8, 0.01, 20, 0.03


@dataclass(frozen=True, eq=False)
class ConstrainedScores:
    """Scores of the test rows by a logistic model with the constraint and by the same model without it."""

    attribute: str
    rows: int
    free: Floats
    constrained: Floats


def constrained_scores(context: Context, attribute: str) -> ConstrainedScores | None:
    """Fit so that every group of an attribute has the same share found; None when no two groups have the outcomes.

    Parameters
    ----------
    context : Context
    attribute : str
        An audit attribute. Groups with fewer than 20 outcomes among the rows used are treated as one.

    Notes
    -----
    Exponentiated gradient (Agarwal and others 2018) as fairlearn implements it, with true positive rate parity and
    costs for which the best classifier picks whoever has the probability at which the capacity ends. It returns a
    weighted committee of logistic models; ranked is by their weighted mean, so no case's place is drawn at random.
    Ranking a committee and cutting it at the capacity keeps the constraint only roughly: what it comes to is measured
    on the test rows.
    """
    rows = _rows(context)
    sample = context.matrix.rows(rows)
    y = sample.y.to_numpy(dtype=np.float64)
    groups = _groups(sample.audit[attribute], y)
    if len(set(groups)) < 2:
        return None
    features = context.lead.features
    values = encode(take(sample, features, strict=True), features)
    design = prepare(values, features)
    test = design(encode(take(context.test, features, strict=True), features))
    free, constrained = _fit(design(values), y, groups, _cut_probability(context), test)
    return ConstrainedScores(attribute, len(rows), free, constrained)


def _rows(context: Context) -> Ints:
    """Training rows, whole households, at most about `MOST_ROWS`."""
    rows = np.sort(context.split.fit)
    parts = int(np.ceil(len(rows) / MOST_ROWS))
    folds = household_folds(rows, context.matrix.component.to_numpy(), k=parts, seed=context.seed)
    return np.sort(folds[0].judge) if folds else rows


def _groups(column: pd.Series[Any], y: Floats) -> Any:
    names = column.astype(str).to_numpy()
    small = [name for name in np.unique(names) if y[names == name].sum() < LEAST_EVENTS]
    return np.where(np.isin(names, small), "Small groups together", names)


def _cut_probability(context: Context) -> float:
    point = context.evaluation.models[context.evaluation.lead].at_capacity()
    return float(np.clip(point.threshold, 0.01, 0.99)) if point else float(context.y.mean())


def _fit(design: Floats, y: Floats, groups: Any, threshold: float, test: Floats) -> tuple[Floats, Floats]:
    from fairlearn.reductions import ErrorRate, ExponentiatedGradient, TruePositiveRateParity
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    logistic = LogisticRegression(C=PENALTY, solver="newton-cholesky", max_iter=100)
    game = ExponentiatedGradient(
        logistic,
        constraints=TruePositiveRateParity(difference_bound=ALLOWED),
        objective=ErrorRate(costs={"fp": threshold, "fn": 1 - threshold}),
        max_iter=ROUNDS,
    )
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas and scipy inside fairlearn; the result is measured afterwards
        free = LogisticRegression(C=PENALTY, solver="newton-cholesky", max_iter=100).fit(design, y)
        game.fit(design, y.astype(int), sensitive_features=groups)
    score = np.zeros(len(test))
    for place, weight in game.weights_.items():
        if weight > 0:
            score += weight * _probability(game.predictors_[place], test)
    return free.decision_function(test), np.log(score / (1 - score))


def _probability(member: Any, test: Floats) -> Floats:
    """Probability of one member of the committee, kept off 0 and 1; a constant member ranks nobody."""
    if hasattr(member, "predict_proba"):
        chance = member.predict_proba(test)
        found = chance[:, -1] if chance.shape[1] > 1 else np.full(len(test), 0.5)
    else:
        found = np.asarray(member.predict(test), dtype=np.float64)
    kept: Floats = np.clip(found, 1e-9, 1 - 1e-9)
    return kept
