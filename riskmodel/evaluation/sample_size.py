"""How many people a model needs before it is built or tested: the criteria of Riley and others, as plain formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.intervals import NORMAL

#: Least shrinkage a model may need (0.9: its effects are at most a tenth too large).
SHRINKAGE = 0.9
#: Most that the apparent Nagelkerke R2 may flatter.
OPTIMISM = 0.05
#: How exactly the overall risk is to be known; finer where the outcome is rare.
MARGIN, MARGIN_RARE, RARE = 0.05, 0.02, 0.1
#: From this C-statistic on, the formula for shrinkage asks for too little.
STRONG = 0.8


@dataclass(frozen=True)
class Needed:
    """People that each criterion asks for, rounded up; `n` is the largest and `events` the outcomes expected in it."""

    shrinkage: int
    optimism: int
    overall_risk: int
    events: int

    @property
    def n(self) -> int:
        """What all three ask for."""
        return max(self.shrinkage, self.optimism, self.overall_risk)


def needed_to_develop(prevalence: float, parameters: int, r2: float, *, margin: float | None = None) -> Needed:
    """People needed to develop a model of a yes-or-no outcome.

    Parameters
    ----------
    prevalence : float
        Share with the outcome, between 0 and 1.
    parameters : int
        Candidate parameters: one a number or flag, one less than its levels a category.
    r2 : float
        Cox-Snell R2 that the model is expected to reach (see `r2_of_auroc`).
    margin : float, optional
        How exactly the overall risk must be known; 0.05, or 0.02 where fewer than 10 % have the outcome.

    Returns
    -------
    Needed

    Raises
    ------
    EvaluationError
        When a value lies outside its range.

    Notes
    -----
    Riley and others, "Minimum sample size for developing a multivariable prediction model: Part II", Statistics in
    Medicine 2019, criteria 1 to 3: expected shrinkage of at least 0.9, optimism in Nagelkerke's R2 of at most 0.05, and
    the overall risk known to within the margin. Made for regression without selection; trees need several times more.

    Examples
    --------
    The documented example of the R package pmsampsize:

    >>> needed = needed_to_develop(0.174, 24, 0.288)
    >>> needed.shrinkage, needed.optimism, needed.overall_risk, needed.n, needed.events
    (623, 662, 221, 662, 116)
    """
    _check(prevalence, parameters)
    most = largest_r2(prevalence)
    if not 0 < r2 < min(most, SHRINKAGE):
        raise _wrong(f"An R2 of {r2:g}", f"It lies above 0 and below {min(most, SHRINKAGE):.3f} at this prevalence.")
    wanted = r2 / (r2 + OPTIMISM * most)
    exact = margin or (MARGIN_RARE if prevalence < RARE else MARGIN)
    found = (
        _people(parameters, r2, SHRINKAGE),
        _people(parameters, r2, wanted),
        (NORMAL / exact) ** 2 * prevalence * (1 - prevalence),
    )
    shrinkage, optimism, overall_risk = (math.ceil(value - 1e-9) for value in found)
    events = math.ceil(max(shrinkage, optimism, overall_risk) * prevalence - 1e-9)
    return Needed(shrinkage, optimism, overall_risk, events)


def largest_r2(prevalence: float) -> float:
    """The largest Cox-Snell R2 that any model can reach at a prevalence.

    Examples
    --------
    >>> round(largest_r2(0.174), 3)
    0.603
    """
    _check(prevalence, 1)
    return 1 - math.exp(2 * _entropy_of_rate(prevalence))


def r2_of_auroc(auroc: float, prevalence: float) -> float:
    """Cox-Snell R2 of a model with a given AUROC, when its log-odds are normal in both outcomes with one spread.

    Riley and others (2021) find it by simulating a large data set; here the same expectation is integrated, so that the
    answer is the same each time.

    Parameters
    ----------
    auroc : float
        Above 0.5 and below 1.
    prevalence : float

    Examples
    --------
    >>> [round(r2_of_auroc(auroc, share), 3) for auroc, share in ((0.72, 0.317), (0.75, 0.05), (0.68, 0.23))]
    [0.128, 0.041, 0.072]
    """
    import numpy as np
    from scipy.stats import norm

    _check(prevalence, 1)
    if not 0.5 < auroc < 1:
        raise _wrong(f"An AUROC of {auroc:g}", "It lies above 0.5 (chance) and below 1.")
    gap = math.sqrt(2) * float(norm.ppf(auroc))
    points, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    start = math.log(prevalence / (1 - prevalence)) - gap**2 / 2
    # Scores are normal around `gap` with the outcome and around 0 without it; log-odds follow by Bayes' rule.
    with_it = -np.logaddexp(0, -(start + gap * (points + gap)))
    without = -np.logaddexp(0, start + gap * points)
    gained = prevalence * float(weights @ with_it) + (1 - prevalence) * float(weights @ without)
    return 1 - math.exp(-2 * (gained - _entropy_of_rate(prevalence)))


def extra_for_strong(auroc: float) -> float:
    """By how much to multiply the shrinkage criterion for strong models, for which the formula asks for too little.

    1 up to an AUROC of 0.8, 1.5 at 0.85 and 2 at 0.9 (simulations of 2024 in BMC Medical Research Methodology), in a
    straight line between and beyond.

    Examples
    --------
    >>> extra_for_strong(0.72), extra_for_strong(0.85)
    (1.0, 1.5)
    """
    return round(1 + max(0.0, auroc - STRONG) / 0.1, 9)


def needed_to_test_total(prevalence: float, *, width: float = 0.2) -> int:
    """People needed in a test so that the 95 % interval of O:E around 1 is no wider than `width`.

    Riley and others, Statistics in Medicine 2021 (validation sample sizes), for a model that is right on average.

    Examples
    --------
    >>> needed_to_test_total(0.317)
    831
    """
    _check(prevalence, 1)
    error = math.asinh(width / 2) / NORMAL
    return math.ceil((1 - prevalence) / (prevalence * error**2))


def needed_to_test_ranking(prevalence: float, auroc: float, *, width: float = 0.1) -> int:
    """People needed in a test so that the 95 % interval of the AUROC is no wider than `width`.

    Newcombe's (2006) standard error of the AUROC, as Riley and others (2021) use it.

    Examples
    --------
    >>> needed_to_test_ranking(0.317, 0.72), needed_to_test_ranking(0.05, 0.75)
    (458, 1908)
    """
    _check(prevalence, 1)
    low, high = 10, 10**9
    while low < high:
        middle = (low + high) // 2
        if 2 * NORMAL * _newcombe(auroc, prevalence, middle) <= width:
            high = middle
        else:
            low = middle + 1
    return low


def _newcombe(auroc: float, prevalence: float, n: int) -> float:
    half = n / 2 - 1
    inside = 1 + half * (1 - auroc) / (2 - auroc) + half * auroc / (1 + auroc)
    return math.sqrt(auroc * (1 - auroc) * inside / (n**2 * prevalence * (1 - prevalence)))


def _people(parameters: int, r2: float, shrinkage: float) -> float:
    return parameters / ((shrinkage - 1) * math.log(1 - r2 / shrinkage))


def _entropy_of_rate(prevalence: float) -> float:
    """Mean log-likelihood of "everybody has the average risk"."""
    return prevalence * math.log(prevalence) + (1 - prevalence) * math.log(1 - prevalence)


def _check(prevalence: float, parameters: int) -> None:
    if not 0 < prevalence < 1:
        raise _wrong(f"A prevalence of {prevalence:g}", "It lies above 0 and below 1.")
    if parameters < 1:
        raise _wrong(f"A model of {parameters} parameters", "A model has at least one.")


def _wrong(what: str, rule: str) -> EvaluationError:
    return EvaluationError(
        f"{what} cannot be planned for.", rule, next_step="Give values that describe the study that is planned."
    )
