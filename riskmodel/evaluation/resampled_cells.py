"""Any figure of one list in every household resample, worked out from cells of equal score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation import fused
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.bootstrap import EVERYONE, batches_of, household_weights
from riskmodel.evaluation.cells import Tally, make_levels, make_tally
from riskmodel.evaluation.fused import Counts

#: From weighted counts and the cells they belong to: figures by name, one value a resample.
Figures = Callable[[Counts, Tally], dict[str, Floats]]


def resampled(
    y: Floats,
    score: Floats,
    probability: Floats,
    household: Ints,
    households: int,
    figures: Figures,
    *,
    thresholds: Sequence[float] = (),
    resamples: int,
    seed: int,
) -> dict[str, Floats]:
    """Work out figures of a list in each resample of `household_bootstrap` with the same seed.

    Parameters
    ----------
    y, score, probability : arrays of shape (n,)
        Outcomes, what ranks the cases, and a probability that rises with it.
    household : array of shape (n,)
        Household of each row, numbered below `households`. Rows may be part of a larger whole, so that several calls
        share their resamples and differences are paired.
    households : int
        Households in the whole.
    figures : callable
        Turns counts into figures.
    thresholds : sequence of float
        Scores that cells must not straddle.
    resamples, seed : int

    Returns
    -------
    dict of str to array of shape (resamples + 1,)
        First with every household once, then each resample.
    """
    from threadpoolctl import threadpool_limits

    levels = make_levels(score, probability, thresholds)
    tally = make_tally(y, probability, household, levels, {EVERYONE: np.arange(len(y))})
    width = tally.matrix.shape[1]
    parts = []
    with threadpool_limits(1, user_api="blas"), np.errstate(invalid="ignore"):
        for weights in _batches(households, resamples, seed):
            held = np.asarray(tally.matrix @ weights[:width], dtype=np.float64)
            parts.append(figures(Counts.of(held[: tally.cells], held[tally.cells :]), tally))
    return fused.merged(parts)


def numbered(component: Sequence[int] | Ints) -> tuple[Ints, int]:
    """Number households from 0; also how many there are.

    Examples
    --------
    >>> numbered([7, 7, 3])[0].tolist(), numbered([7, 7, 3])[1]
    ([1, 1, 0], 2)
    """
    names, household = np.unique(np.asarray(component), return_inverse=True)
    return household.astype(np.int64), len(names)


def _batches(households: int, resamples: int, seed: int) -> Iterator[npt.NDArray[np.float32]]:
    yield np.ones((households, 1), dtype=np.float32)
    for numbers in batches_of(households, resamples):
        yield household_weights(households, numbers, seed)
