"""How well a score ranks: area under the ROC curve and average precision, with ties and weights handled exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.arrays import Floats, checked, ratio


def auroc(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Probability that a random positive case scores above a random negative one; a tie counts one half.

    Parameters
    ----------
    y : array of shape (n,)
        Outcomes, 0 or 1.
    p : array of shape (n,)
        Scores; only their order matters.
    weight : array of shape (n,), optional
        Row weights; a whole number means that many copies of the row.

    Returns
    -------
    float
        Between 0 and 1, not-a-number when only one outcome occurs.

    Notes
    -----
    The Mann-Whitney statistic, equal to the trapezoidal area under the empirical ROC curve (Hanley and McNeil 1982).

    Examples
    --------
    >>> auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    positive, negative = by_level(*checked(y, p, weight))
    above = positive.cumsum() - positive
    return ratio(float((negative * (above + 0.5 * positive)).sum()), float(positive.sum() * negative.sum()))


def auprc(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Average precision: precision at each distinct score, weighted by the positives gained there.

    Takes what `auroc` takes. A score that ranks at random reaches the prevalence; not-a-number when there is no
    positive case. No straight line is drawn between the points, which would flatter it (Davis and Goadrich 2006).

    Examples
    --------
    >>> round(auprc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 6)
    0.833333
    """
    positive, negative = by_level(*checked(y, p, weight))
    found, selected = positive.cumsum(), (positive + negative).cumsum()
    gained = positive > 0
    return ratio(float((positive[gained] * found[gained] / selected[gained]).sum()), float(positive.sum()))


def by_level(outcome: Floats, score: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weight of the positive and of the negative cases at each distinct score, from the highest score down."""
    _, place = np.unique(-score, return_inverse=True)
    cases = np.bincount(place, weights=weight).astype(np.float64)
    positive = np.bincount(place, weights=weight * outcome).astype(np.float64)
    return positive, cases - positive
