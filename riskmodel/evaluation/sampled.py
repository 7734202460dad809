"""A sample of whole households for the parts of the evidence that train or resample too often to use a million rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Ints
from riskmodel.evaluation.context import Context
from riskmodel.modelling.splits import Split

#: Most test cases, and most training cases, of a sample. Intervals from so many are narrow enough to judge by.
MOST_TEST, MOST_TRAINING = 50_000, 20_000


def sampled(context: Context, *, test: int = MOST_TEST, training: int = MOST_TRAINING) -> tuple[Context, str]:
    """Return the context of a sample of households, and what to tell a reader; the context itself when it is small.

    Households of the test rows and those of the training rows are drawn apart, each whole, until the next would exceed
    the limit; of the households that the split left out the same share is kept as of the test. The evaluation and the
    models stay those of all cases. The same seed gives the same households.

    Parameters
    ----------
    context : Context
    test, training : int
        Most test rows and most rows trained and calibrated on.

    Returns
    -------
    context, note
        The note is empty when all rows are used.
    """
    matrix, split, note = some_households(
        context.matrix, context.split, test=test, training=training, seed=context.seed
    )
    return (replace(context, matrix=matrix, split=split), note) if note else (context, "")


def some_households(
    matrix: DesignMatrix, split: Split, *, test: int = MOST_TEST, training: int = MOST_TRAINING, seed: int = 0
) -> tuple[DesignMatrix, Split, str]:
    """Return the matrix and the split of a sample of households, and the note (see `sampled`)."""
    n, m = len(split.test), len(split.fit)
    if n <= test and m <= training:
        return matrix, split, ""
    component = matrix.component.to_numpy()
    order = _lots(component, seed)
    rest = np.setdiff1d(np.arange(len(component)), np.concatenate([split.fit, split.test]), assume_unique=True)
    kept = np.sort(
        np.concatenate([
            _first(split.test, order, test),
            _first(split.fit, order, training),
            rest[order[rest] < np.quantile(order, min(1.0, test / n))],
        ])
    )  # fmt: skip
    smaller = replace(
        split,
        train=_where(split.train, kept),
        calibrate=_where(split.calibrate, kept),
        test=_where(split.test, kept),
    )
    note = (
        f"On a sample of whole households drawn at random: about {round(len(smaller.test), -2):,} of "
        f"{round(n, -2):,} test cases and {round(len(smaller.fit), -2):,} of {round(m, -2):,} training cases."
    )
    return matrix.rows(kept), smaller, note


def _lots(component: Ints, seed: int) -> Ints:
    """A random number for every row, the same for all rows of a household."""
    _, household = np.unique(component, return_inverse=True)
    lots: Ints = np.random.default_rng([seed, 11]).permutation(int(household.max()) + 1)[household]
    return lots


def _first(rows: Ints, order: Ints, most: int) -> Ints:
    """Rows of the households with the lowest numbers, as many whole ones as stay within `most` rows."""
    if len(rows) <= most:
        return rows
    beyond = np.sort(order[rows])[most]
    found: Ints = rows[order[rows] < beyond]
    return found


def _where(rows: Ints, kept: Ints) -> Ints:
    """Places of the rows that were kept among all that were."""
    place = np.searchsorted(kept, rows)
    inside = kept[np.minimum(place, len(kept) - 1)] == rows
    found: Ints = place[inside]
    return found
