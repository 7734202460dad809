"""Put exact figures and resamples together: one model's result, and the difference between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation import curves
from riskmodel.evaluation.accuracy import brier, log_loss, scaled_brier
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.bootstrap import EVERYONE, Draws, Prediction
from riskmodel.evaluation.calibration import calibration_in_the_large, ici, observed_to_expected, recalibration
from riskmodel.evaluation.discrimination import auprc, auroc
from riskmodel.evaluation.intervals import of_share, percentile
from riskmodel.evaluation.results import (
    OVERALL_METRICS,
    CapacityPoint,
    Comparison,
    DecisionPoint,
    Estimate,
    GroupResult,
    ModelResult,
)
from riskmodel.evaluation.usefulness import cut, net_benefit, net_benefit_of_all, places, precision_at, recall_at

#: Figures of which less is better; of those in neither list more is.
LESS_IS_BETTER = ("brier", "log_loss", "ici", "number_needed_to_visit")
#: Figures that should be near a value, of which neither more nor less is better.
NEAR_A_VALUE = ("oe", "calibration_in_the_large", "calibration_intercept", "calibration_slope")


@dataclass(frozen=True)
class Measured:
    """Every model's exact figures and resamples on the same test rows.

    Attributes
    ----------
    y : array of shape (n,)
    predictions : mapping of str to Prediction
    draws : mapping of str to mapping of str to Draws
        By model and group, from one call of `household_bootstrap`.
    exact : mapping of str to mapping of str to float
        By model and figure.
    shares, thresholds : tuple of float
    capacity : float
        The prototype's own share, one of `shares`.
    """

    y: Floats
    predictions: Mapping[str, Prediction]
    draws: Mapping[str, Mapping[str, Draws]]
    exact: Mapping[str, Mapping[str, float]]
    shares: tuple[float, ...]
    thresholds: tuple[float, ...]
    capacity: float

    def figure(self, metric: str) -> str:
        """Name under which a metric is kept: "recall" alone is that at the capacity, such as "recall@0.2".

        "net_benefit" alone is that in the middle of the declared range of thresholds.
        """
        if metric in ("precision", "recall", "number_needed_to_visit"):
            return f"{metric}@{self.capacity:g}"
        if metric == "net_benefit":
            return f"{metric}@{self.thresholds[len(self.thresholds) // 2]:g}"
        return metric

    def knows(self, metric: str) -> bool:
        """Whether there is such a figure of the lead model and the baselines."""
        return self.figure(metric) in next(iter(self.exact.values()))

    def estimate(self, model: str, metric: str) -> Estimate:
        """One model's figure with its interval."""
        key, drawn = self.figure(metric), self.draws[model][EVERYONE]
        n, events, value = len(self.y), int(self.y.sum()), self.exact[model][key]
        found = percentile(value, drawn.point[key], drawn.resampled[key], n=n, events=events, distance=key == "ici")
        figure, _, share = key.partition("@")
        if figure in ("precision", "recall") and found.value is not None and not self._tied(model, float(share)):
            whole = places(n, float(share)) if figure == "precision" else events
            found = of_share(found, value * whole, whole)
        return found

    def _tied(self, model: str, share: float) -> bool:
        """Whether most places are shared out among tied cases: what is found there is an average over all of them."""
        line = cut(self.predictions[model].score, share)
        return line.above < line.selected / 2

    def difference(self, metric: str, a: str, b: str) -> Comparison:
        """Figure of `a` minus that of `b`, paired by resample."""
        key = self.figure(metric)
        first, second = self.draws[a][EVERYONE], self.draws[b][EVERYONE]
        found = percentile(
            self.exact[a][key] - self.exact[b][key],
            first.point[key] - second.point[key],
            first.resampled[key] - second.resampled[key],
            n=len(self.y),
            events=int(self.y.sum()),
        )
        return Comparison(metric, a, b, found)


def exact_figures(
    y: Floats, prediction: Prediction, shares: Sequence[float], thresholds: Sequence[float]
) -> dict[str, float]:
    """Every figure of the fused pass, by the plain metric functions on single rows."""
    score, p = prediction.score, prediction.probability
    intercept, slope = recalibration(y, p)
    figures = {
        "auroc": auroc(y, score),
        "auprc": auprc(y, score),
        "brier": brier(y, p),
        "scaled_brier": scaled_brier(y, p),
        "log_loss": log_loss(y, p),
        "oe": observed_to_expected(y, p),
        "calibration_in_the_large": calibration_in_the_large(y, p),
        "calibration_intercept": intercept,
        "calibration_slope": slope,
        "ici": ici(y, p),
    }
    for share in shares:
        precision, room = precision_at(y, score, share), places(len(y), share)
        figures[f"found@{share:g}"] = precision * room
        figures[f"precision@{share:g}"] = precision
        figures[f"recall@{share:g}"] = recall_at(y, score, share)
        figures[f"number_needed_to_visit@{share:g}"] = 1 / precision if precision else np.nan
    for threshold in thresholds:
        model, everyone = net_benefit(y, p, threshold), net_benefit_of_all(y, threshold)
        figures[f"net_benefit@{threshold:g}"] = model
        figures[f"net_benefit_of_all@{threshold:g}"] = everyone
        figures[f"net_benefit_gain@{threshold:g}"] = model - max(everyone, 0.0)
    return figures


def model_result(measured: Measured, name: str, family: str, groups: tuple[GroupResult, ...] = ()) -> ModelResult:
    """Everything measured for one model, without its curves and histogram."""
    prediction, draws = measured.predictions[name], measured.draws[name][EVERYONE]
    return ModelResult(
        name,
        family,
        {metric: measured.estimate(name, metric) for metric in OVERALL_METRICS},
        tuple(_capacity_point(measured, name, share) for share in measured.shares),
        curves.binned_calibration(measured.y, prediction.probability),
        curves.smooth_calibration_band(measured.y, prediction.probability, draws),
        tuple(_decision_point(measured, name, threshold) for threshold in measured.thresholds),
        curves.histogram(measured.y, prediction.probability),
        groups,
    )


def _capacity_point(measured: Measured, name: str, share: float) -> CapacityPoint:
    n, events, prediction = len(measured.y), int(measured.y.sum()), measured.predictions[name]
    line = cut(prediction.score, share)
    threshold = float(prediction.probability[prediction.score >= line.threshold].min())
    figures = ("found", "precision", "recall", "number_needed_to_visit")
    selected = Estimate(float(line.selected), None, None, n, events, "fixed by the capacity")
    return CapacityPoint(
        share,
        line.selected,
        threshold,
        selected,
        **{figure: measured.estimate(name, f"{figure}@{share:g}") for figure in figures},
        is_capacity=share == measured.capacity,
    )


def _decision_point(measured: Measured, name: str, threshold: float) -> DecisionPoint:
    figures = ("net_benefit", "net_benefit_of_all", "net_benefit_gain")
    return DecisionPoint(threshold, *(measured.estimate(name, f"{figure}@{threshold:g}") for figure in figures))
