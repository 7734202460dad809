"""Check the arrays every metric takes: outcomes, scores and weights of one length."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from riskmodel.errors import EvaluationError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

#: Probabilities are kept this far from 0 and 1 before a logarithm is taken, as R's val.prob is commonly used.
CLIP = 1e-6


def checked(y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> tuple[Floats, Floats, Floats]:
    """Outcomes, scores and weights as float arrays of one length; a missing `weight` is all ones.

    Raises
    ------
    EvaluationError
        When the lengths differ, nothing is given, an outcome is not 0 or 1, a score is missing or not finite,
        or a weight is negative or missing.
    """
    outcomes, scores = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    weights = np.ones(len(outcomes)) if weight is None else np.asarray(weight, dtype=np.float64)
    problems = []
    if not (outcomes.ndim == scores.ndim == weights.ndim == 1) or not len(outcomes) == len(scores) == len(weights):
        problems.append(
            f"outcomes, scores and weights must be lists of one length (got {outcomes.shape}, {scores.shape}, "
            f"{weights.shape})"
        )
    if outcomes.size == 0:
        problems.append("there are no rows")
    if not np.isin(outcomes, (0.0, 1.0)).all():
        problems.append("every outcome must be 0 or 1 (leave out the rows whose outcome is unknown)")
    if not np.isfinite(scores).all():
        problems.append("every score must be a finite number")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        problems.append("every weight must be a finite number of 0 or more")
    if problems:
        raise _error(problems)
    return outcomes, scores, weights


def checked_probability(
    y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None
) -> tuple[Floats, Floats, Floats]:
    """As `checked`, and every score must lie between 0 and 1."""
    outcomes, scores, weights = checked(y, p, weight)
    if ((scores < 0) | (scores > 1)).any():
        raise _error(["every score must be a probability between 0 and 1 (use `predict`, not `raw`)"])
    return outcomes, scores, weights


def logit(p: Floats) -> Floats:
    """Log-odds of probabilities, clipped to [`CLIP`, 1 - `CLIP`] first."""
    clipped = np.clip(p, CLIP, 1 - CLIP)
    odds: Floats = np.log(clipped) - np.log1p(-clipped)
    return odds


def ratio(top: float, bottom: float) -> float:
    """`top / bottom`, not-a-number when `bottom` is zero."""
    return float(top / bottom) if bottom else float("nan")


def _error(problems: list[str]) -> EvaluationError:
    return EvaluationError(
        "A metric cannot be computed from these arrays.",
        "; ".join(problems).capitalize() + ".",
        next_step="Give one known outcome and one score for each test row.",
    )
