"""How the cases tested on differ from those learnt from: groups, the strongest measures, and the outcome."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.intervals import NORMAL
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import ModelFeature

#: Measures that are compared, and the least share of cases at nought for which a count is told as "any or none".
MOST, OFTEN_NOUGHT = 10, 0.1
METHOD = "standard error clustered by household"


@dataclass(frozen=True)
class Side:
    """One line on one side of the split.

    Attributes
    ----------
    n, known : int
        Cases, and those with a value; exact, disclosure control happens when they are printed.
    counted : int
        Cases with what the line is about; for a mean, those with a value other than nought.
    mean : float or None
        Mean of the known values; None where the line is about a share.
    top_two : float
        Share of the sum of all sizes that the two largest make up; 0 where the line is about a share.
    """

    n: int
    known: int
    counted: int
    mean: float | None = None
    top_two: float = 0.0


@dataclass(frozen=True)
class Shift:
    """The outcome, a group or a measure among the cases learnt from and among those tested on.

    Attributes
    ----------
    name, label, partner : str
        Of a group: the attribute, the group and "". Of the outcome: "outcome", its label and "".
    kind : str
        "any": the share with a value other than nought. "usual": the share with the category `usual`, the most usual
        one among cases learnt from. "mean": the mean.
    always : bool
        Whether every case has a value by definition, as a count has.
    learnt, tested : Side
    difference : Estimate
        Share or mean of the cases tested less that of those learnt from, in standard deviations within a side.
    missing : Estimate or None
        The same of the share without a value; None where every case has one by definition.
    """

    name: str
    label: str
    partner: str
    kind: str
    usual: str
    always: bool
    learnt: Side
    tested: Side
    difference: Estimate
    missing: Estimate | None


@dataclass(frozen=True)
class CasesCompared:
    """The outcome, every group of every audit attribute, and the strongest measures, the strongest first."""

    outcome: Shift
    groups: tuple[Shift, ...]
    measures: tuple[Shift, ...]


@dataclass(frozen=True, eq=False)
class _Half:
    """Rows of one side, the household of each, and how many households there are."""

    rows: Ints
    household: Ints
    size: int


def compare_cases(context: Context) -> CasesCompared:
    """Cases that the models were trained and calibrated on beside those they were tested on.

    Parameters
    ----------
    context : Context

    Notes
    -----
    The difference is the standardised mean difference: test less training, over the root of the mean of the two
    variances. Below 0.1 it is usually taken as negligible (Austin 2009, Statistics in Medicine 28:3083). Its standard
    error is linearised (it allows for the deviation being estimated) and clustered by household, which no split cuts in
    two, so that the sides are independent. Shares and means are of cases with a value.

    The measures are the ten with the greatest mean absolute contribution to the lead model's score.
    """
    learnt, tested = _half(context, context.split.fit), _half(context, context.split.test)
    y = context.matrix.y.to_numpy(dtype=np.float64)
    outcome = _shift(("outcome", context.prototype.outcome.label, ""), "any", "", True, y, learnt, tested, y)
    found = context.evaluation.explanation
    used = [] if found is None else [one.feature for one in found.effects if one.importance > 0]
    features = {feature.name: feature for feature in context.lead.features if feature.origin == "features"}
    strongest = [features[name] for name in used if name in features][:MOST]
    measures = tuple(_measure(context, feature, learnt, tested, y) for feature in strongest)
    return CasesCompared(outcome, tuple(_groups(context, learnt, tested, y)), measures)


def _half(context: Context, rows: Ints) -> _Half:
    households, household = np.unique(context.matrix.component.to_numpy()[rows], return_inverse=True)
    return _Half(rows, household.astype(np.int64), len(households))


def _groups(context: Context, learnt: _Half, tested: _Half, y: Floats) -> Iterator[Shift]:
    for attribute in context.matrix.audit.columns:
        column = context.matrix.audit[attribute].astype("category").cat
        codes = column.codes.to_numpy()
        for code, group in enumerate(column.categories):
            member = (codes == code).astype(np.float64)
            if member[learnt.rows].any() or member[tested.rows].any():
                yield _shift((str(attribute), str(group), ""), "any", "", True, member, learnt, tested, y)


def _measure(context: Context, feature: ModelFeature, learnt: _Half, tested: _Half, y: Floats) -> Shift:
    values: pd.Series[float] = context.matrix.X[feature.name]
    declared = {one.name: one for one in context.prototype.features}.get(feature.name)
    always = declared is not None and not declared.missing_without_record
    name = (feature.name, feature.label, feature.partner)
    if feature.kind == "category":
        column = values.astype("category").cat
        codes = column.codes.to_numpy()
        there = codes[learnt.rows]
        usual = int(np.bincount(there[there >= 0], minlength=1).argmax())
        words = str(column.categories[usual]) if len(column.categories) else ""
        is_usual: Floats = np.where(codes < 0, np.nan, codes == usual).astype(np.float64)
        return _shift(name, "usual", words, always, is_usual, learnt, tested, y)
    numbers: Floats = np.asarray(values, dtype=np.float64)
    nought = float((numbers[learnt.rows] == 0).mean())
    if feature.kind == "flag" or (always and nought >= OFTEN_NOUGHT):
        some: Floats = np.where(np.isnan(numbers), np.nan, numbers != 0).astype(np.float64)
        return _shift(name, "any", "", always, some, learnt, tested, y)
    return _shift(name, "mean", "", always, numbers, learnt, tested, y)


def _shift(
    name: tuple[str, str, str],
    kind: str,
    usual: str,
    always: bool,
    values: Floats,
    learnt: _Half,
    tested: _Half,
    y: Floats,
) -> Shift:
    sides = [_side(values[half.rows], kind) for half in (learnt, tested)]
    events = int(y[tested.rows].sum())
    difference = standardised(values, learnt, tested, events)
    missing = None if always else standardised(np.isnan(values).astype(np.float64), learnt, tested, events)
    return Shift(*name, kind, usual, always, sides[0], sides[1], difference, missing)


def _side(values: Floats, kind: str) -> Side:
    known = values[~np.isnan(values)]
    counted = int(np.count_nonzero(known))
    if kind != "mean" or not len(known):
        return Side(len(values), len(known), counted)
    sizes = np.abs(known)
    total = float(sizes.sum())
    largest = float(np.partition(sizes, len(sizes) - 2)[-2:].sum()) if len(sizes) > 1 else total
    return Side(len(values), len(known), counted, float(known.mean()), largest / total if total else 0.0)


def standardised(values: Floats, learnt: _Half, tested: _Half, events: int) -> Estimate:
    """Mean of the values tested less that of those learnt from, in standard deviations; missing values are left out."""
    parts = []
    for half in (learnt, tested):
        x = values[half.rows]
        known: Flags = ~np.isnan(x)
        parts.append((x[known], half.household[known], half.size))
    n = sum(len(x) for x, _, _ in parts)
    if min(len(x) for x, _, _ in parts) == 0:
        return Estimate(None, None, None, n, events, METHOD, "no case has a value on one side")
    means, variances = ([float(f(x)) for x, _, _ in parts] for f in (np.mean, np.var))
    spread2 = (variances[0] + variances[1]) / 2
    if not spread2 > 0:
        return Estimate(None, None, None, n, events, METHOD, "the same for every case of a side")
    spread = math.sqrt(spread2)
    value = (means[1] - means[0]) / spread
    error2 = 0.0
    for sign, (x, household, size), mean, variance in zip((-1, 1), parts, means, variances, strict=True):
        off = x - mean
        pull = (sign * off / spread - value / (4 * spread2) * (off**2 - variance)) / len(x)
        error2 += float((np.bincount(household, weights=pull, minlength=size) ** 2).sum()) * size / max(size - 1, 1)
    half_width = NORMAL * math.sqrt(error2)
    return Estimate(value, value - half_width, value + half_width, n, events, METHOD)
