"""Random-effects pooling: what holds on average over areas, and what to expect in an area not yet seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.intervals import LEVEL

#: Levels of confidence over which the variance between areas is spread.
_LEVELS = 200


@dataclass(frozen=True)
class RandomEffects:
    """A pooled figure.

    Attributes
    ----------
    mean : float
        Average over the population of areas.
    error, plain_error : float
        Standard error by Hartung and Knapp (never less than the plain one), and the plain one.
    low, high : float
        95 % interval of the average.
    new_low, new_high : float
        95 % prediction interval: where the true figure of a new area is expected.
    tau2 : float
        Variance between areas, beyond what chance explains.
    i2 : float
        Share of the observed spread that is between areas, 0 to 1.
    k : int
        Areas pooled.
    """

    mean: float
    error: float
    plain_error: float
    low: float
    high: float
    new_low: float
    new_high: float
    tau2: float
    i2: float
    k: int


def pool(values: npt.ArrayLike, errors: npt.ArrayLike) -> RandomEffects:
    """Pool one figure of several areas.

    Parameters
    ----------
    values : array of shape (k,)
        The figure in each area, on a scale on which its error is about normal (log-odds of an AUROC, log of O:E).
    errors : array of shape (k,)
        Their standard errors, above 0.

    Returns
    -------
    RandomEffects

    Raises
    ------
    EvaluationError
        With fewer than three areas, or an error that is not above 0.

    Notes
    -----
    Variance between areas by restricted maximum likelihood; interval of the mean by Hartung and Knapp with k - 1
    degrees of freedom, not narrower than the plain standard error would give (Röver, Knapp and Friede 2015).

    The usual prediction interval takes the variance between areas as known. With few areas it is not, and where it is
    estimated as 0 that interval holds a new area in fewer than 19 of 20 cases (Partlett and Riley 2017; our simulations
    find 87 %). Here the variance is spread over its confidence distribution, by inverting the Q statistic (Viechtbauer
    2007; the idea of Nagashima, Noma and Furukawa 2019): the interval holds the middle 95 % of the mixture of normals
    that follows. Coverage is tested by simulation.

    Examples
    --------
    >>> found = pool([0.9, 1.1, 1.0, 1.3, 0.7], [0.1, 0.1, 0.1, 0.1, 0.1])
    >>> round(found.mean, 3), round(found.tau2, 3), found.new_low < found.low < found.high < found.new_high
    (1.0, 0.04, True)
    """
    from scipy.stats import t

    value, variance = np.asarray(values, dtype=np.float64), np.asarray(errors, dtype=np.float64) ** 2
    k = len(value)
    if k < 3 or not (np.isfinite(value).all() and np.isfinite(variance).all() and (variance > 0).all()):
        raise EvaluationError(
            f"{k} figures cannot be pooled.",
            "Pooling takes at least three areas, each with a finite figure and a standard error above 0.",
            next_step="Leave out areas whose figure could not be measured.",
        )
    tau2 = between(value, variance)
    weight = 1 / (variance + tau2)
    mean = float((weight * value).sum() / weight.sum())
    plain = float(1 / math.sqrt(weight.sum()))
    spread = float((weight * (value - mean) ** 2).sum()) / (k - 1)
    error = plain * math.sqrt(max(1.0, spread))
    half = float(t.ppf(0.5 + LEVEL / 2, k - 1)) * error
    new_low, new_high = _new_area(value, variance)
    typical = _typical(variance)
    return RandomEffects(
        mean, error, plain, mean - half, mean + half, new_low, new_high, tau2, tau2 / (tau2 + typical), k
    )


def between(value: Floats, variance: Floats) -> float:
    """Variance between areas by restricted maximum likelihood, 0 when chance explains everything."""
    from scipy.optimize import minimize_scalar

    def loss(tau2: float) -> float:
        total = variance + tau2
        weight = 1 / total
        mean = (weight * value).sum() / weight.sum()
        lost = np.log(total).sum() + math.log(weight.sum()) + (weight * (value - mean) ** 2).sum()
        return float(lost)

    # The spread of the values themselves bounds the variance; the square root is searched to be exact near 0.
    most = math.sqrt(float(value.var()) * 4 + 1e-12)
    found = minimize_scalar(lambda tau: loss(tau * tau), bounds=(0.0, most), method="bounded", options={"xatol": 1e-9})
    tau2 = float(found.x) ** 2
    return tau2 if loss(tau2) < loss(0.0) else 0.0


def _new_area(value: Floats, variance: Floats) -> tuple[float, float]:
    """Where the true figure of a new area lies, over all variances between areas that the data allow."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    tau2 = allowed(value, variance)
    weight = 1 / (variance[:, None] + tau2)
    mean = (weight * value[:, None]).sum(axis=0) / weight.sum(axis=0)
    spread = np.sqrt(tau2 + 1 / weight.sum(axis=0))
    ends = (float((mean - 40 * spread).min()), float((mean + 40 * spread).max()))

    def end(below: float) -> float:
        return float(brentq(lambda x: float(norm.cdf((x - mean) / spread).mean()) - below, *ends))

    return end(0.5 - LEVEL / 2), end(0.5 + LEVEL / 2)


def allowed(value: Floats, variance: Floats) -> Floats:
    """Variances between areas at evenly spread levels of confidence: those that give Q each quantile of chi-squared."""
    from scipy.stats import chi2

    most = 100 * (value.var() + variance.mean())
    grid = np.concatenate([[0.0], np.geomspace(1e-4, 1, 200) * most])
    weight = 1 / (variance[:, None] + grid)
    mean = (weight * value[:, None]).sum(axis=0) / weight.sum(axis=0)
    q = (weight * (value[:, None] - mean) ** 2).sum(axis=0)
    wanted = chi2.ppf((np.arange(_LEVELS) + 0.5) / _LEVELS, len(value) - 1)
    # Q falls as the variance grows; a quantile above Q at 0 belongs to no variance at all.
    found: Floats = np.interp(-wanted, -q, grid)
    return found


def _typical(variance: Floats) -> float:
    """The typical variance within an area (Higgins and Thompson 2002)."""
    weight = 1 / variance
    return float((len(weight) - 1) * weight.sum() / (weight.sum() ** 2 - (weight**2).sum()))
