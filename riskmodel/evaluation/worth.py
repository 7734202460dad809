"""Net benefit of the model beside the best of the baselines, threshold by threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation import fused
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.cells import Tally
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fused import Counts
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.resampled_cells import numbered, resampled
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.usefulness import net_benefit

#: Thresholds over the declared range.
THRESHOLDS = 9


@dataclass(frozen=True)
class BenefitDifference:
    """Net benefit of the model less that of `baseline` at one threshold, and the same for each case with the outcome.

    `standardised` divides by the share of cases with the outcome: 1 is finding all of them without one needless visit.
    """

    threshold: float
    baseline: str
    difference: Estimate
    standardised: Estimate


def benefit_over_baseline(context: Context) -> tuple[BenefitDifference, ...]:
    """Net benefit of the model less that of the best baseline; empty without a baseline.

    Parameters
    ----------
    context : Context

    Notes
    -----
    The best baseline is that with the highest net benefit on average over the thresholds; one baseline is kept for the
    whole curve, so that a difference is always between the same two ways of choosing. Because it was chosen as the best
    on these cases, the differences are a little too small. Intervals are paired by resample.
    """
    low, high = context.prototype.threshold_range
    thresholds = tuple(np.unique(np.linspace(low, high, THRESHOLDS).round(3)).tolist())
    predictions = {name: model.predict(context.test) for name, model in context.training.baselines.items()}
    if not predictions:
        return ()
    exact = {name: _benefits(context.y, p, thresholds) for name, p in predictions.items()}
    best = max(exact, key=lambda name: (float(exact[name].mean()), name))
    mine = _benefits(context.y, context.probability, thresholds)
    drawn = {
        "model": _drawn(context, context.probability, thresholds),
        "best": _drawn(context, predictions[best], thresholds),
    }
    n, events = len(context.y), int(context.y.sum())
    share = drawn["model"]["share"]
    found = []
    for place, threshold in enumerate(thresholds):
        key = f"net_benefit@{threshold:g}"
        value, many = float(mine[place] - exact[best][place]), drawn["model"][key] - drawn["best"][key]
        plain = percentile(value, float(many[0]), many[1:], n=n, events=events)
        scaled = fused.divide(many, share)
        per_event = percentile(value / (events / n), float(scaled[0]), scaled[1:], n=n, events=events)
        found.append(BenefitDifference(threshold, best, plain, per_event))
    return tuple(found)


def _benefits(y: Floats, p: Floats, thresholds: Sequence[float]) -> Floats:
    return np.array([net_benefit(y, p, threshold) for threshold in thresholds])


def _drawn(context: Context, p: Floats, thresholds: Sequence[float]) -> dict[str, Floats]:
    household, households = numbered(context.test.component.to_numpy())

    def figures(counts: Counts, tally: Tally) -> dict[str, Floats]:
        share = fused.divide(counts.found[-1], counts.both[-1])
        return {**fused.net_benefits(counts, thresholds, tally.levels.reaching), "share": share}

    return resampled(
        context.y, p, p, household, households, figures,
        thresholds=thresholds, resamples=context.resamples, seed=context.seed,
    )  # fmt: skip
