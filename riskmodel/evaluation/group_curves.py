"""A smooth calibration curve inside every group, its level and slope drawn towards the other groups' by their noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Floats, Ints, logit
from riskmodel.evaluation.calibration import recalibration
from riskmodel.evaluation.fairness import Grouping, groupings
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import CalibrationPoint, Estimate

#: Scale of the half-normal priors of the two standard deviations between groups, and the grid they are summed over.
SCALE, _MOST, _GRID = 0.5, 1.5, 30
#: Draws from the posterior, risks at which a curve is drawn, and the share of cases at each end that is left out.
DRAWS, PLACES, ENDS = 2000, 25, 0.05
METHOD = "partial pooling of level and slope over the groups of the attribute"
#: Bins of predicted risk by which a group's cases are counted, and distinct risks kept apart when lines are fitted.
_BINS, _LEVELS = 200, 8192


@dataclass(frozen=True)
class GroupCurve:
    """Calibration of the lead model inside one group, after partial pooling.

    Attributes
    ----------
    attribute, group : str
    n, events : int
        Exact; disclosure control happens when they are printed.
    curve : tuple of CalibrationPoint
        From the 5th to the 95th percentile of the group's own risks, with a pointwise 95 % band.
    slope : Estimate
        1 is right; below 1 the group's risks are too extreme.
    distance : Estimate
        Mean distance between the curve and the diagonal, at the risks that the group's cases have (ICI).
    weight : float
        How far the level rests on the group itself: 1 wholly, 0 on the other groups.
    """

    attribute: str
    group: str
    n: int
    events: int
    curve: tuple[CalibrationPoint, ...]
    slope: Estimate
    distance: Estimate
    weight: float


@dataclass(frozen=True, eq=False)
class _Fit:
    """Level and slope of one group by maximum likelihood, and their covariance."""

    grouping: Grouping
    value: Floats
    variance: Floats


def group_curves(
    audit: pd.DataFrame, y: Floats, probability: Floats, household: Ints, *, seed: int = 0
) -> tuple[GroupCurve, ...]:
    """Calibration curves of the groups of every attribute with at least two that can be reported.

    Parameters
    ----------
    audit : DataFrame of n rows
        One categorical column an attribute. Groups are those of `fairness.groupings`; withheld ones have no curve.
    y, probability : arrays of shape (n,)
    household : array of shape (n,)
        Numbered from 0.
    seed : int
        Of the posterior's draws.

    Notes
    -----
    In each group the log-odds of the outcome are a straight line in the stated log-odds (Cox 1958), so that on the
    scale of risks the curve is smooth. Level, taken where the stated risks of all cases have their middle, and slope
    come with their covariance, widened by how much more households vary than single cases. Groups are then pooled as
    in `group_calibration`: normal around the mean of the groups, with standard deviations that are averaged over
    instead of being fixed (half-normal priors of scale 0.5 on both; empirical Bayes of the mean). Two numbers a group
    see no bend inside one group; the lowess curve of all cases does.
    """
    middle = float(np.average(logit(probability), weights=probability * (1 - probability) + 1e-12))
    level, risk = _levels(probability)
    found = []
    for attribute in audit.columns:
        reported = [g for g in groupings(audit[[attribute]], y) if not g.withheld]
        fits = [one for g in reported if (one := _fitted(g, y, level, risk, household, middle)) is not None]
        if len(fits) > 1:
            found += _pooled(fits, y, probability, middle, seed)
    return tuple(found)


def _levels(probability: Floats) -> tuple[Ints, Floats]:
    """The level of risk of each row, neighbours pooled where there are too many, and the risk of each level."""
    names, level = np.unique(probability, return_inverse=True)
    if len(names) > _LEVELS:
        level = (np.arange(len(names)) * _LEVELS // len(names))[level]
    n = np.bincount(level)
    return level, np.bincount(level, weights=probability) / n


def _fitted(grouping: Grouping, y: Floats, level: Ints, risk: Floats, household: Ints, middle: float) -> _Fit | None:
    rows = grouping.rows
    counted = [np.bincount(level[rows], weights=part, minlength=len(risk)) for part in (1 - y[rows], y[rows])]
    both = np.repeat([0.0, 1.0], len(risk))
    intercept, slope = recalibration(both, np.tile(risk, 2), np.concatenate(counted))
    if np.isnan(slope):
        return None
    z = logit(risk[level[rows]])
    fitted = 1 / (1 + np.exp(-(intercept + slope * z)))
    design = np.column_stack([np.ones(len(z)), z - middle])
    variance = np.linalg.inv(design.T @ (design * (fitted * (1 - fitted))[:, None]))
    # What households add: the spread of scores summed by household over that of single cases (the cluster sandwich).
    scores = design * (y[rows] - fitted)[:, None]
    _, home = np.unique(household[rows], return_inverse=True)
    summed = np.column_stack([np.bincount(home, weights=column) for column in scores.T])
    effect = max(1.0, float(np.trace(variance @ (summed.T @ summed)) / np.trace(variance @ (scores.T @ scores))))
    widened: Floats = effect * np.asarray(variance, dtype=np.float64)
    return _Fit(grouping, np.array([intercept + slope * middle, slope]), widened)


def _pooled(fits: Sequence[_Fit], y: Floats, probability: Floats, middle: float, seed: int) -> list[GroupCurve]:
    """The curve of every group of one attribute, from draws of its level and slope."""
    value, variance = np.array([fit.value for fit in fits]), np.array([fit.variance for fit in fits])
    spread, likely, mean, of_mean = _spreads(value, variance)
    rng = np.random.default_rng([seed, 13])
    cell = rng.choice(len(likely), DRAWS, p=likely)
    curves = []
    for fit in fits:
        own = spread @ np.linalg.inv(fit.variance + spread)
        centre = mean + np.einsum("tij,tj->ti", own, fit.value - mean)
        other = np.eye(2) - own
        around = own @ fit.variance + other @ of_mean @ other.transpose(0, 2, 1)
        root = np.linalg.cholesky((around + around.transpose(0, 2, 1)) / 2 + 1e-12 * np.eye(2))
        drawn = centre[cell] + np.einsum("dij,dj->di", root[cell], rng.normal(size=(DRAWS, 2)))
        weight = float(likely @ own[:, 0, 0])
        curves.append(_curve(fit.grouping, likely @ centre, drawn, y, probability, middle, weight))
    return curves


def _spreads(value: Floats, variance: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Pairs of standard deviations between groups as covariances, how likely each is, and the groups' mean under it."""
    grid = (np.arange(_GRID) + 0.5) / _GRID * _MOST
    levels, slopes = (part.ravel() for part in np.meshgrid(grid, grid, indexing="ij"))
    spread = np.zeros((len(levels), 2, 2))
    spread[:, 0, 0], spread[:, 1, 1] = levels**2, slopes**2
    total = variance[None] + spread[:, None]
    weight = np.linalg.inv(total)
    of_mean = np.linalg.inv(weight.sum(axis=1))
    mean = np.einsum("tij,tj->ti", of_mean, np.einsum("tgij,gj->ti", weight, value))
    off = value[None] - mean[:, None]
    log = -0.5 * (
        np.linalg.slogdet(total)[1].sum(axis=1)
        - np.linalg.slogdet(of_mean)[1]
        + np.einsum("tgi,tgij,tgj->t", off, weight, off)
        + (levels / SCALE) ** 2
        + (slopes / SCALE) ** 2
    )
    likely = np.exp(log - log.max())
    return spread, likely / likely.sum(), mean, of_mean


def _curve(
    grouping: Grouping, centre: Floats, drawn: Floats, y: Floats, probability: Floats, middle: float, weight: float
) -> GroupCurve:
    p, n, events = probability[grouping.rows], len(grouping.rows), grouping.events
    first, last = (float(end) for end in np.quantile(p, (ENDS, 1 - ENDS)))
    at = np.linspace(first, last, PLACES)
    observed, many = _observed(centre[None], at, middle)[0], _observed(drawn, at, middle)
    low, high = np.quantile(many, (0.025, 0.975), axis=0)
    points = (
        CalibrationPoint(float(x), float(o), float(bottom), float(top))
        for x, o, bottom, top in zip(at, observed, np.minimum(low, observed), np.maximum(high, observed), strict=True)
    )
    parts = np.array_split(np.sort(p), min(_BINS, n))
    risk, size = np.array([part.mean() for part in parts]), np.array([len(part) for part in parts]) / n
    gap = float(size @ np.abs(_observed(centre[None], risk, middle)[0] - risk))
    gaps = np.abs(_observed(drawn, risk, middle) - risk) @ size
    distance = percentile(gap, gap, gaps, n=n, events=events, distance=True)
    ends = np.quantile(drawn[:, 1], (0.025, 0.975))
    slope = Estimate(float(centre[1]), float(ends[0]), float(ends[1]), n, events, METHOD)
    kept = Estimate(distance.value, distance.low, distance.high, n, events, METHOD)
    return GroupCurve(grouping.attribute, grouping.group, n, events, tuple(points), slope, kept, weight)


def _observed(lines: Floats, at: Floats, middle: float) -> Floats:
    """Share with the outcome at the risks `at`, for each pair of level and slope in `lines`."""
    found: Floats = 1 / (1 + np.exp(-(lines[:, :1] + lines[:, 1:] * (logit(at) - middle))))
    return found
