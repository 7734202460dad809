"""Effect curves: the mean contribution of a feature along its own values, where there are enough cases."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import ModelFeature, encode, take
from riskmodel.modelling.model import RiskModel

#: Features that get a curve, the strongest first; bins of a curve; cases in a bin.
MOST_CURVES, MOST_BINS, LEAST_CASES = 8, 8, 10
#: A curve covers the values between these quantiles; what lies outside is not shown.
ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class EffectBin:
    """Cases with neighbouring values: their mean value (or its words) and their mean contribution in log-odds."""

    words: str
    value: float
    contribution: Estimate


@dataclass(frozen=True)
class EffectCurve:
    """Mean contribution of one feature along its values. `kind` is "number", "flag" or "category"."""

    feature: str
    label: str
    partner: str
    kind: str
    bins: tuple[EffectBin, ...]


def effect_curves(model: RiskModel, cases: DesignMatrix, parts: pd.DataFrame, draws: Floats) -> tuple[EffectCurve, ...]:
    """Curves of the strongest features, those with fewer than two bins left out.

    Parameters
    ----------
    model : RiskModel
    cases : DesignMatrix
        The explained cases.
    parts : DataFrame
        Their contributions.
    draws : array of shape (resamples, cases)
        From `contributions.household_draws`.

    Notes
    -----
    Partial dependence as read from contributions: the cases of a bin are averaged, so the curve speaks of the cases
    that there are and not of impossible mixtures. Values below the 5th and above the 95th percentile are left out, and
    so are bins of fewer than ten cases, because a mark at the edge of a chart may be one person.
    """
    values = encode(take(cases, model.features, strict=True), model.features)
    contributions = parts.to_numpy(dtype=np.float64)
    order = np.argsort(-np.abs(contributions).mean(axis=0), kind="stable")
    curves: list[EffectCurve] = []
    for place in order.tolist():
        feature, part = model.features[place], contributions[:, place]
        if len(curves) == MOST_CURVES or not part.any():
            break
        bins = tuple(
            EffectBin(words, value, _mean(part, rows, cases, draws))
            for words, value, rows in bins_of(feature, values[:, place])
        )
        if len(bins) > 1:
            curves.append(EffectCurve(feature.name, feature.label, feature.partner, feature.kind, bins))
    return tuple(curves)


def bins_of(feature: ModelFeature, values: Floats) -> list[tuple[str, float, Ints]]:
    """Bins of a feature's known values: words, mean value, and rows; each of at least `LEAST_CASES` cases.

    Examples
    --------
    >>> [(words, len(rows)) for words, _, rows in bins_of(ModelFeature("visits", "number"), np.repeat([0.0, 1, 9], 40))]
    [('0', 40), ('1', 40), ('9', 40)]
    """
    known = np.flatnonzero(~np.isnan(values))
    if feature.kind != "number":
        names = ("no", "yes") if feature.kind == "flag" else feature.levels
        found = [(name, float(level), known[values[known] == level]) for level, name in enumerate(names)]
        return [one for one in found if len(one[2]) >= LEAST_CASES]
    if len(known) < LEAST_CASES:
        return []
    low, high = np.quantile(values[known], ENDS, method="inverted_cdf")
    inside = known[(values[known] >= low) & (values[known] <= high)]
    # Ends are rounded to about a thirtieth of the curve, so that they are not the exact value of one person.
    places = 0 if high <= low else -math.floor(math.log10((high - low) / 20))
    return [(_words(values[rows], places), float(values[rows].mean()), rows) for rows in _cut(values, inside)]


def _cut(values: Floats, rows: Ints) -> list[Ints]:
    """Cut rows into stretches of neighbouring values; equal values stay together, and every stretch is large enough."""
    ordered = rows[np.argsort(values[rows], kind="stable")]
    least = max(LEAST_CASES, -(-len(rows) // MOST_BINS)) if len(np.unique(values[rows])) > MOST_BINS else LEAST_CASES
    starts = np.flatnonzero(np.diff(values[ordered], prepend=np.nan) != 0)
    cuts, last = [0], len(ordered)
    for start in starts.tolist()[1:]:
        if start - cuts[-1] >= least:
            cuts.append(start)
    if len(cuts) > 1 and last - cuts[-1] < LEAST_CASES:
        cuts.pop()
    return [ordered[a:b] for a, b in zip(cuts, [*cuts[1:], last], strict=True) if b > a and b - a >= LEAST_CASES]


def _words(values: Floats, places: int) -> str:
    low, high = (f"{round(float(end), places) + 0.0:,.{max(places, 0)}f}" for end in (values.min(), values.max()))
    low, high = (end.rstrip("0").rstrip(".") if "." in end else end for end in (low, high))
    return low if low == high else f"{low} to {high}"


def _mean(part: Floats, rows: Ints, cases: DesignMatrix, draws: Floats) -> Estimate:
    weights = draws[:, rows]
    drawn = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        resampled = weights @ part[rows] / drawn
    mean, events = float(part[rows].mean()), int(np.nansum(cases.y.to_numpy()[rows]))
    return percentile(mean, mean, resampled, n=len(rows), events=events)
