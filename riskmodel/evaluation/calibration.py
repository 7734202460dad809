"""Whether a stated risk of 40 % comes true 40 % of the time: on average, in spread, and along the whole curve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.arrays import Floats, checked_probability, logit, ratio
from riskmodel.evaluation.lowess import lowess

#: Standard deviation of the log-odds below which no slope is fitted.
LEAST_SPREAD = 0.01


def observed_to_expected(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Outcomes that happened over outcomes the probabilities promised; 1 is right, below 1 the model promises too many.

    Parameters
    ----------
    y, p, weight : arrays of shape (n,)
        Outcomes (0 or 1), probabilities (0 to 1) and optional row weights.

    Examples
    --------
    >>> observed_to_expected([0, 0, 1, 1], [0.2, 0.4, 0.6, 0.8])
    1.0
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    return ratio(float((weights * outcome).sum()), float((weights * probability).sum()))


def calibration_in_the_large(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """What must be added to every log-odds so that the average risk is right; 0 is perfect.

    The intercept of a logistic regression of the outcome with the log-odds as offset (Van Calster et al. 2019), by
    Newton's method. Not-a-number when only one outcome occurs.

    Examples
    --------
    >>> abs(round(calibration_in_the_large([0, 0, 1, 1], [0.2, 0.4, 0.6, 0.8]), 6))
    0.0
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    if not _both(outcome, weights):
        return float("nan")
    offset, shift = logit(probability), 0.0
    for _ in range(100):
        fitted = 1 / (1 + np.exp(-(offset + shift)))
        spread = float((weights * fitted * (1 - fitted)).sum())
        step = float((weights * (outcome - fitted)).sum()) / spread if spread > 0 else 0.0
        shift += float(np.clip(step, -2, 2))
        if abs(step) < 1e-12:
            break
    return shift


def recalibration(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> tuple[float, float]:
    """Intercept and slope of a logistic regression of the outcome on the log-odds: 0 and 1 are perfect.

    Returns
    -------
    (float, float)
        Both not-a-number when only one outcome occurs, when the log-odds hardly differ (a standard deviation below
        0.01: there is no spread to judge), or when they separate the outcomes completely (no finite slope exists).

    Notes
    -----
    Weak calibration (Cox 1958; Van Calster et al. 2016), by Newton's method with step halving.

    Examples
    --------
    >>> y, p = [0, 1, 0, 1, 1, 0], [0.2, 0.3, 0.4, 0.6, 0.7, 0.8]
    >>> intercept, slope = recalibration(y, p)
    >>> round(slope, 4)
    0.2923
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    kept = weights > 0
    outcome, z, weights = outcome[kept], logit(probability[kept]), weights[kept]
    if not _both(outcome, weights) or _spread(z, weights) < LEAST_SPREAD or _separated(outcome, z):
        return float("nan"), float("nan")
    return _newton(outcome, z, weights)


def calibration_intercept(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """The intercept of `recalibration`: 0 is perfect. Read it together with the slope."""
    return recalibration(y, p, weight)[0]


def calibration_slope(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """The slope of `recalibration`: 1 is perfect, below 1 the risks are too extreme (the mark of overfitting)."""
    return recalibration(y, p, weight)[1]


def smooth_calibration(
    y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Observed share along the predicted risk, by lowess (span 2/3, no robustness steps), as R's val.prob draws it.

    Returns
    -------
    (array, array)
        Distinct predicted risks in rising order, and the smoothed observed share at each.
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    return lowess(probability, outcome, weight=None if weight is None else weights)


def calibration_errors(
    y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None
) -> tuple[float, float, float, float]:
    """Mean (ICI), median (E50), 90th percentile (E90) and largest (Emax) gap between the curve and the stated risks.

    The gaps are taken at every row's own probability, so common risks count more (Austin and Steyerberg 2019). Weights,
    where given, must be whole numbers: that many copies of the row.

    Examples
    --------
    >>> y, p = [0, 0, 0, 1, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    >>> ici, e50, e90, emax = calibration_errors(y, p)
    >>> ici <= e90 <= emax
    True
    """
    _, probability, weights = checked_probability(y, p, weight)
    risk, curve = smooth_calibration(y, p, weight)
    gaps = np.repeat(np.abs(np.interp(probability, risk, curve) - probability), np.round(weights).astype(np.int64))
    e50, e90 = np.quantile(gaps, (0.5, 0.9))
    return float(gaps.mean()), float(e50), float(e90), float(gaps.max())


def ici(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Integrated calibration index: the mean gap of `calibration_errors`; 0 is perfect."""
    return calibration_errors(y, p, weight)[0]


def _both(outcome: Floats, weights: Floats) -> bool:
    positive, total = float((weights * outcome).sum()), float(weights.sum())
    return 0 < positive < total


def _spread(z: Floats, weights: Floats) -> float:
    mean = np.average(z, weights=weights)
    return float(np.sqrt(np.average((z - mean) ** 2, weights=weights)))


def _separated(outcome: Floats, z: Floats) -> bool:
    high, low = z[outcome == 1], z[outcome == 0]
    return bool(high.min() >= low.max() or low.min() >= high.max())


def _newton(outcome: Floats, z: Floats, weights: Floats) -> tuple[float, float]:
    beta, loss = np.array([0.0, 1.0]), np.inf
    direction = np.zeros(2)
    for _ in range(100):
        linear = beta[0] + beta[1] * z
        now = float((weights * (np.logaddexp(0, linear) - outcome * linear)).sum())
        if now > loss + 1e-12 * abs(loss):  # overshot: go back half the way
            direction = direction / 2
            beta = beta - direction
            continue
        fitted = 1 / (1 + np.exp(-linear))
        rest, spread = weights * (outcome - fitted), weights * fitted * (1 - fitted)
        slope = spread @ z
        information = np.array([[spread.sum(), slope], [slope, (spread * z) @ z]])
        direction = np.linalg.solve(information, np.array([rest.sum(), rest @ z]))
        beta, loss = beta + direction, now
        if np.abs(direction).max() < 1e-12:
            break
    return float(beta[0]), float(beta[1])
