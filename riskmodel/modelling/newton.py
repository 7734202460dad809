"""Ridge-penalised logistic regression by Newton's method, from a good start and with weighted rows."""

from __future__ import annotations

import numpy as np

from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.calibration import probability

_MOST_STEPS = 50
_CLOSE = 1e-8


def weighted_ridge(design: Floats, y: Floats, weight: Floats, C: float | None, start: Floats) -> tuple[Floats, float]:
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

    Examples
    --------
    >>> design, y = np.array([[-1.0], [0.0], [1.0], [1.0]]), np.array([0.0, 0.0, 1.0, 0.0])
    >>> slopes, intercept = weighted_ridge(design, y, np.ones(4), 1.0, np.zeros(2))
    >>> slopes.round(3).tolist(), round(intercept, 3)
    ([0.508], -1.27)
    """
    read = weight > 0
    terms = np.column_stack([design[read], np.ones(int(read.sum()))])
    outcome, weights = y[read], weight[read]
    penalty = np.full(terms.shape[1], 1e-10 if C is None else 1 / C)
    penalty[-1] = 0.0
    beta = np.array(start, dtype=np.float64)
    loss = _loss(terms @ beta, outcome, weights, beta, penalty)
    for _ in range(_MOST_STEPS):
        p = probability(terms @ beta)
        gradient = terms.T @ (weights * (p - outcome)) + penalty * beta
        hessian = (terms * (weights * p * (1 - p))[:, None]).T @ terms + np.diag(penalty + 1e-12)
        step, size = np.linalg.solve(hessian, gradient), 1.0
        while (new := _loss(terms @ (beta - size * step), outcome, weights, beta - size * step, penalty)) > loss:
            size /= 2
            if size < 1e-6:
                break
        beta, loss = beta - size * step, new
        if size * np.abs(step).max() < _CLOSE:
            break
    return beta[:-1], float(beta[-1])


def _loss(log_odds: Floats, y: Floats, weight: Floats, beta: Floats, penalty: Floats) -> float:
    return float(weight @ (np.logaddexp(0.0, log_odds) - y * log_odds) + 0.5 * (penalty * beta**2).sum())
