"""How far probabilities lie from what happened: Brier score, scaled Brier score and log loss."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.arrays import CLIP, checked_probability, ratio


def brier(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Mean squared gap between probability and outcome; 0 is perfect (Brier 1950).

    Parameters
    ----------
    y, p, weight : arrays of shape (n,)
        Outcomes (0 or 1), probabilities (0 to 1) and optional row weights.

    Returns
    -------
    float
        Not-a-number when the weights sum to nothing.

    Examples
    --------
    >>> brier([0, 1], [0.25, 0.75])
    0.0625
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    return ratio(float((weights * (probability - outcome) ** 2).sum()), float(weights.sum()))


def scaled_brier(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Part of the Brier score of "everyone has the average risk" that the model removes; 1 is perfect, 0 no better.

    Negative when the model does worse than the average risk of the very rows it is tested on. Not-a-number when only
    one outcome occurs (Steyerberg et al. 2010).

    Examples
    --------
    >>> scaled_brier([0, 1], [0.25, 0.75])
    0.75
    """
    outcome, _, weights = checked_probability(y, p, weight)
    average = ratio(float((weights * outcome).sum()), float(weights.sum()))
    return 1 - ratio(brier(y, p, weight), average * (1 - average))


def log_loss(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """Mean negative log-likelihood in nats; probabilities are clipped to one in a million from 0 and 1.

    Examples
    --------
    >>> round(log_loss([0, 1], [0.25, 0.75]), 6)
    0.287682
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    kept = np.clip(probability, CLIP, 1 - CLIP)
    lost = -(outcome * np.log(kept) + (1 - outcome) * np.log1p(-kept))
    return ratio(float((weights * lost).sum()), float(weights.sum()))
