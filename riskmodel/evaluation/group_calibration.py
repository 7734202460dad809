"""Calibration inside every group, small groups drawn towards the others as far as the data do not tell them apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.fairness import rows_by_level
from riskmodel.evaluation.intervals import NORMAL
from riskmodel.evaluation.results import Estimate

#: Scale of the half-normal prior of the standard deviation of log O:E between groups, and the grid it is summed over.
SCALE, _MOST, _GRID = 0.5, 2.0, 200
#: How both estimates were made.
RAW, POOLED = "normal on the log scale, widened for households", "partial pooling over the groups of the attribute"


@dataclass(frozen=True)
class GroupCalibration:
    """Outcomes that happened for each one predicted, in one group.

    Attributes
    ----------
    attribute, group : str
    n, events : int
        Exact; disclosure control happens when they are printed.
    expected : float
        Sum of the predicted risks.
    raw : Estimate
        O:E of the group alone; without an interval when nobody had the outcome.
    pooled : Estimate
        O:E after partial pooling.
    weight : float
        How far the pooled estimate rests on the group itself: 1 wholly, 0 on the other groups.
    """

    attribute: str
    group: str
    n: int
    events: int
    expected: float
    raw: Estimate
    pooled: Estimate
    weight: float


@dataclass(frozen=True)
class AttributeCalibration:
    """All groups of one attribute, how much they truly differ (`spread`, the standard deviation of log O:E), and O:E
    of all groups together as `average`."""

    attribute: str
    groups: tuple[GroupCalibration, ...]
    spread: float
    average: float


def group_calibration(
    audit: pd.DataFrame, y: Floats, probability: Floats, household: Ints
) -> tuple[AttributeCalibration, ...]:
    """O:E of every group of every attribute, raw and partially pooled.

    Parameters
    ----------
    audit : DataFrame of n rows
        One categorical column an attribute; "Unknown" is a group like any other, and no group is too small.
    y, probability : arrays of shape (n,)
    household : array of shape (n,)
        Numbered from 0.

    Notes
    -----
    Normal-normal partial pooling on log O:E, half an outcome added to both sides (Efron and Morris 1975; Normand and
    others 1997 on hospitals). The error of a group is that of its sum of outcomes were its O:E the average one, so that
    a group with few outcomes by chance is not taken for a precise one; it is widened by how much more households vary
    than single cases. How much the groups truly differ is estimated from the groups themselves (empirical Bayes). With
    few groups it is hardly known, so it is not fixed at one value: estimates are averaged over all its values, by their
    restricted likelihood and a weak half-normal prior of scale 0.5 (Roever and others 2021), and an interval is the
    middle 95 % of that mixture. With the variance fixed at its moment estimate, intervals would be too short. An
    attribute with one group is not pooled.
    """
    found = []
    for attribute in audit.columns:
        present = {name: rows for name, rows in rows_by_level(audit[attribute]).items() if len(rows)}
        if present:
            found.append(_attribute(str(attribute), present, y, probability, household))
    return tuple(found)


def _attribute(
    attribute: str, rows: dict[str, Ints], y: Floats, probability: Floats, household: Ints
) -> AttributeCalibration:
    counted = np.array([[y[r].sum(), probability[r].sum()] for r in rows.values()])
    average = float((counted[:, 0].sum() + 0.5) / (counted[:, 1].sum() + 0.5))
    risk = np.clip(average * probability, 1e-6, 1 - 1e-6)
    widening = _household_effect(y, risk, household)
    variance = np.array([
        widening * float((risk[r] * (1 - risk[r])).sum()) / max(float(risk[r].sum()), 1e-9) ** 2 for r in rows.values()
    ])  # fmt: skip
    value = np.log((counted[:, 0] + 0.5) / (counted[:, 1] + 0.5))
    drawn: list[tuple[float, float, float, float] | None] = [None]
    spread = 0.0
    if len(rows) > 1:
        drawn[:], spread = _pooled(value, variance)
    groups = []
    for (name, r), x, v, pool, (o, e) in zip(rows.items(), value, variance, drawn, counted.tolist(), strict=True):
        n, events, half = len(r), int(o), NORMAL * math.sqrt(v)
        raw = Estimate(o / e, math.exp(x - half), math.exp(x + half), n, events, RAW)
        if not o:
            raw = Estimate(0.0, None, None, n, events, RAW, "nobody had the outcome")
        pooled, weight = raw, 1.0
        if pool is not None:
            middle, low, high = (math.exp(end) for end in pool[:3])
            pooled, weight = Estimate(middle, low, high, n, events, POOLED), pool[3]
        groups.append(GroupCalibration(attribute, name, n, events, e, raw, pooled, weight))
    return AttributeCalibration(attribute, tuple(groups), spread, average)


def _household_effect(y: Floats, risk: Floats, household: Ints) -> float:
    """Variance of outcomes summed by household over that of independent cases; at least 1."""
    left = y - risk
    summed = np.bincount(household, weights=left)
    return max(1.0, float((summed**2).sum() / max(float((left**2).sum()), 1e-12)))


def _pooled(value: Floats, variance: Floats) -> tuple[list[tuple[float, float, float, float]], float]:
    """Mean, middle 95 % and own weight of each group's log O:E, and the mean spread between groups."""
    tau, likely = _spreads(value, variance)
    tau2 = tau**2
    weight = 1 / (variance[:, None] + tau2)
    mean = (weight * value[:, None]).sum(axis=0) / weight.sum(axis=0)
    found = []
    for x, v in zip(value, variance, strict=True):
        own = tau2 / (tau2 + v)
        middle = own * x + (1 - own) * mean
        spread = np.sqrt(own * v + (1 - own) ** 2 / weight.sum(axis=0))
        found.append((float(likely @ middle), *_middle_95(middle, spread, likely), float(likely @ own)))
    return found, float(likely @ tau)


def _spreads(value: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """A grid of standard deviations between groups, and how likely each is after seeing the groups."""
    tau = (np.arange(_GRID) + 0.5) / _GRID * _MOST
    total = variance[:, None] + tau**2
    weight = 1 / total
    mean = (weight * value[:, None]).sum(axis=0) / weight.sum(axis=0)
    off = (weight * (value[:, None] - mean) ** 2).sum(axis=0)
    log = -0.5 * (np.log(total).sum(axis=0) + np.log(weight.sum(axis=0)) + off + (tau / SCALE) ** 2)
    likely = np.exp(log - log.max())
    return tau, likely / likely.sum()


def _middle_95(middle: Floats, spread: Floats, likely: Floats) -> tuple[float, float]:
    from scipy.optimize import brentq
    from scipy.stats import norm

    reach = 12 * float(spread.max()) + 1e-9
    ends = (float(middle.min()) - reach, float(middle.max()) + reach)

    def end(below: float) -> float:
        return float(brentq(lambda x: float(likely @ norm.cdf((x - middle) / spread)) - below, *ends))

    return end(0.025), end(0.975)
