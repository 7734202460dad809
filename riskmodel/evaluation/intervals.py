"""Every interval there is: Wilson for shares, DeLong for areas, and percentiles of a household bootstrap."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.arrays import Floats, checked
from riskmodel.evaluation.results import Estimate

#: Coverage of every interval, and the standard normal quantile that goes with it.
LEVEL = 0.95
NORMAL = 1.959963984540054
#: Below so many cases with, or without, what a share counts, its interval is Wilson's.
FEW = 10


def wilson(found: float, n: float) -> tuple[float, float]:
    """95 % interval for a share of `found` in `n` independent cases; (nan, nan) when `n` is 0.

    Notes
    -----
    Wilson's score interval (1927): never leaves 0 to 1 and behaves for small `n`, unlike the normal interval. Assumes
    independent cases, so it is used where no household structure is left (bins of a chart, counts of a ward).

    Examples
    --------
    >>> [round(end, 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if n <= 0:
        return float("nan"), float("nan")
    share, z2 = found / n, NORMAL**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def of_share(estimate: Estimate, found: float, of: float) -> Estimate:
    """Replace the bootstrap's interval of a share by Wilson's where fewer than ten cases lie on one side of it.

    With nobody (or everybody) found, every resample finds nobody, and the bootstrap's interval shrinks to a point.

    Parameters
    ----------
    estimate : Estimate
        The share with its bootstrap interval.
    found, of : float
        The counts it is made of.

    Examples
    --------
    >>> of_share(Estimate(0.0, 0.0, 0.0, n=66, events=20), found=0, of=46).text()
    '0.000 (0.000 to 0.077)'
    """
    if estimate.value is None or min(found, of - found) >= FEW:
        return estimate
    low, high = wilson(found, of)
    if math.isnan(low):
        return estimate
    note = "Wilson's interval, because few cases lie on one side; it takes cases as independent"
    return replace(estimate, low=min(low, estimate.value), high=max(high, estimate.value), method="Wilson", note=note)


def delong(y: npt.ArrayLike, p: npt.ArrayLike) -> Estimate:
    """AUROC with DeLong's 95 % interval, cut off at 0 and 1.

    Notes
    -----
    DeLong, DeLong and Clarke-Pearson (1988) with the rank formula of Sun and Xu (2014), so time grows as n log n. The
    estimator of the variance assumes independent cases: with siblings in the data use the household bootstrap. A note
    says so when there is too little to judge (fewer than two positive or two negative cases).

    Examples
    --------
    >>> delong([0, 0, 0, 1, 1, 1], [0.1, 0.3, 0.5, 0.4, 0.6, 0.9]).text()
    '0.889 (0.581 to 1.000)'
    """
    outcome, score, _ = checked(y, p)
    n, events = len(outcome), int(outcome.sum())
    if min(events, n - events) < 2:
        note = "fewer than two cases of one outcome"
        return Estimate(_area_or_none(outcome, score), None, None, n, events, "DeLong", note)
    area, of_positive, of_negative = _placements(outcome, score)
    error = math.sqrt(of_positive.var(ddof=1) / events + of_negative.var(ddof=1) / (n - events))
    low, high = max(0.0, area - NORMAL * error), min(1.0, area + NORMAL * error)
    return Estimate(area, low, high, n, events, "DeLong")


def delong_difference(y: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[Estimate, float]:
    """AUROC of `a` minus that of `b` on the same cases, with a 95 % interval, and the two-sided p-value.

    Takes two scores of the same cases; the interval allows for their correlation. Same source and assumption as
    `delong`. The p-value is not-a-number when the two scores rank identically.

    Examples
    --------
    >>> difference, p = delong_difference([0, 0, 0, 1, 1, 1], [1, 2, 4, 3, 5, 6], [1, 4, 3, 2, 5, 6])
    >>> difference.text(), round(p, 3)
    ('0.111 (-0.197 to 0.419)', 0.48)
    """
    outcome, first, _ = checked(y, a)
    _, second, _ = checked(y, b)
    n, events = len(outcome), int(outcome.sum())
    if min(events, n - events) < 2:
        note = "fewer than two cases of one outcome"
        return Estimate(None, None, None, n, events, "paired DeLong", note), float("nan")
    area_a, positive_a, negative_a = _placements(outcome, first)
    area_b, positive_b, negative_b = _placements(outcome, second)
    variance = (positive_a - positive_b).var(ddof=1) / events + (negative_a - negative_b).var(ddof=1) / (n - events)
    difference, error = area_a - area_b, math.sqrt(variance)
    p_value = math.erfc(abs(difference) / error / math.sqrt(2)) if error > 0 else float("nan")
    low, high = difference - NORMAL * error, difference + NORMAL * error
    return Estimate(difference, low, high, n, events, "paired DeLong"), p_value


def _area_or_none(outcome: Floats, score: Floats) -> float | None:
    from riskmodel.evaluation.discrimination import auroc

    area = auroc(outcome, score)
    return None if math.isnan(area) else area


def _placements(outcome: Floats, score: Floats) -> tuple[float, Floats, Floats]:
    """AUROC, and for each positive (negative) case the share of the other kind that it is ranked above (below)."""
    from scipy.stats import rankdata

    positive, negative = score[outcome == 1], score[outcome == 0]
    m, n = len(positive), len(negative)
    ranks = rankdata(np.concatenate([positive, negative]))
    of_positive = (ranks[:m] - rankdata(positive)) / n
    of_negative = 1 - (ranks[m:] - rankdata(negative)) / m
    return float(of_positive.mean()), of_positive, of_negative


def percentile(
    value: float,
    pooled: float,
    resampled: Floats,
    *,
    n: int,
    events: int,
    distance: bool = False,
) -> Estimate:
    """95 % interval of a figure from its resamples.

    Parameters
    ----------
    value : float
        The figure itself, exact. Not-a-number gives an estimate without value.
    pooled : float
        The figure by the resampling's own arithmetic, which may pool neighbouring scores; the small gap to `value` is
        added to every resample.
    resampled : array of shape (resamples,)
        Not-a-number where the figure does not exist in a resample. Those are left out and counted in the note; when
        they are more than one in twenty there is no interval.
    n, events : int
        Denominators to report.
    distance : bool
        The figure is a mean distance, such as the ICI, which noise can only raise. Its square grows by the square of
        the noise, once in the test set and once more in each resample, so the mean of the squared resamples tells how
        much; it is taken off both ends twice.

    Notes
    -----
    The percentile interval (Efron and Tibshirani 1993, chapter 13). Coverage is tested by simulation; for a distance
    it is 95 % where there is one and more where it is nearly 0.

    Examples
    --------
    >>> percentile(0.5, 0.5, np.linspace(0.4, 0.6, 1001), n=100, events=50).text()
    '0.500 (0.405 to 0.595)'
    """
    method = f"household bootstrap, {len(resampled):,} resamples"
    if math.isnan(value):
        return Estimate(None, None, None, n, events, method, "does not exist on these rows")
    kept = resampled[np.isfinite(resampled)]
    failed = len(resampled) - len(kept)
    note = f"it does not exist in {failed:,} of {len(resampled):,} resamples" if failed else ""
    if failed > 0.05 * len(resampled) or not len(kept):
        return Estimate(value, None, None, n, events, method, note or "no resamples were drawn")
    moved = kept + (value - pooled)
    low, high = (float(end) for end in np.quantile(moved, (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)))
    if distance:
        noise = max(0.0, float((moved**2).mean()) - value**2)
        low, high = (math.sqrt(max(0.0, max(0.0, end) ** 2 - 2 * noise)) for end in (low, high))
        low, high = min(low, value), max(high, value)
    return Estimate(value, low, high, n, events, method, note)
