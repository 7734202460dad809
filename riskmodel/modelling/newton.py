"""Ridge-penalised logistic regression by Newton's method: weighted rows, and coefficients that keep a declared sign."""

from __future__ import annotations

import numpy as np

from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.calibration import probability

_MOST_STEPS = 100
_CLOSE = 1e-8
#: Rows of the curvature added up at a time: a weighted copy of all would double the memory.
_BLOCK = 20_000


def weighted_ridge(
    design: Floats, y: Floats, weight: Floats, C: float | None, start: Floats, signs: Floats | None = None
) -> tuple[Floats, float]:
    """Return coefficients and intercept that maximise the penalised likelihood of weighted rows.

    The same optimum as `riskmodel.modelling.estimators.penalised_likelihood` on rows repeated as often as their weight
    says, reached in a few steps because resamples lie close to one another.

    Parameters
    ----------
    design
        Standardised terms, one row a case.
    y, weight
        Outcome (0 or 1) and weight of each case; rows of weight nought are not read.
    C
        Inverse strength of the ridge penalty; the intercept is not penalised. None for no penalty.
    start
        Coefficients to start from, the intercept last.
    signs
        For each coefficient 1 where it may not be below nought, -1 where it may not be above, 0 where it is free; left
        out, all are free. A coefficient that would have the other sign is exactly nought.

    Notes
    -----
    With signs it is Bertsekas's projected Newton method (1982): coefficients at nought which the likelihood pulls out
    of their range are held there, the others take Newton's step, and what oversteps nought is put back onto it. The
    penalised likelihood is concave, so the optimum is one: no other coefficients within the signs are as likely.

    Examples
    --------
    >>> design, y = np.array([[-1.0], [0.0], [1.0], [1.0]]), np.array([0.0, 0.0, 1.0, 0.0])
    >>> slopes, intercept = weighted_ridge(design, y, np.ones(4), 1.0, np.zeros(2))
    >>> slopes.round(3).tolist(), round(intercept, 3)
    ([0.508], -1.27)
    >>> slopes, intercept = weighted_ridge(design, y, np.ones(4), 1.0, np.zeros(2), np.array([-1.0]))
    >>> slopes.round(3).tolist(), round(intercept, 3)
    ([0.0], -1.099)
    """
    read = weight > 0
    terms = np.column_stack([design[read], np.ones(int(read.sum()))])
    outcome, weights = y[read], weight[read]
    penalty = np.full(terms.shape[1], 1e-10 if C is None else 1 / C)
    penalty[-1] = 0.0
    bound = np.append(np.zeros(len(penalty) - 1) if signs is None else signs, 0.0)
    beta = _within(np.array(start, dtype=np.float64), bound)
    loss = _loss(terms @ beta, outcome, weights, beta, penalty)
    for _ in range(_MOST_STEPS):
        p = probability(terms @ beta)
        gradient = terms.T @ (weights * (p - outcome)) + penalty * beta
        free = ~((bound != 0) & (beta == 0) & (bound * gradient > 0))
        curvature = _curvature(terms, weights * p * (1 - p)) + np.diag(penalty + 1e-12)
        step, size = np.zeros(len(beta)), 1.0
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        while True:
            moved = _within(beta - size * step, bound)
            new = _loss(terms @ moved, outcome, weights, moved, penalty)
            if new <= loss or size < 1e-6:
                break
            size /= 2
        furthest = np.abs(moved - beta).max()
        beta, loss = moved, new
        if furthest < _CLOSE:
            break
    return beta[:-1], float(beta[-1])


def _within(beta: Floats, bound: Floats) -> Floats:
    """Coefficients on the wrong side of nought are put onto it."""
    return np.where(bound * beta < 0, 0.0, beta)


def _curvature(terms: Floats, weights: Floats) -> Floats:
    found = np.zeros((terms.shape[1], terms.shape[1]))
    for first in range(0, len(terms), _BLOCK):
        part = terms[first : first + _BLOCK]
        found += (part * weights[first : first + _BLOCK, None]).T @ part
    return found


def _loss(log_odds: Floats, y: Floats, weight: Floats, beta: Floats, penalty: Floats) -> float:
    return float(weight @ (np.logaddexp(0.0, log_odds) - y * log_odds) + 0.5 * (penalty * beta**2).sum())
