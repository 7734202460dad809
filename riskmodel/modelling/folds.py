"""Folds inside the training rows: later cohorts against earlier ones, or whole households dealt out."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.splits import LARGEST_LOSS
from riskmodel.periods import Period

LEAST_EVENTS = 20


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows to fit on and rows to judge on; no household is in both."""

    fit: Integers
    judge: Integers


def household_folds(rows: Integers, component: Integers, *, k: int = 5, seed: int = 0) -> tuple[Fold, ...]:
    """Deal whole households out into `k` folds of nearly equal size.

    Parameters
    ----------
    rows
        Row numbers to deal out.
    component
        Household component of every row of the matrix.
    k
        Number of folds; fewer are made when there are fewer households.
    seed
        Decides which households meet.

    Examples
    --------
    >>> folds = household_folds(np.arange(6), np.array([0, 0, 1, 2, 2, 3]), k=2)
    >>> sorted(len(fold.judge) for fold in folds)
    [3, 3]
    """
    mine = component[rows]
    names, where, sizes = np.unique(mine, return_inverse=True, return_counts=True)
    number = min(k, len(names))
    if number < 2:
        return ()
    shuffled = np.random.default_rng(seed).permutation(len(names))
    largest_first = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    fold_of = np.empty(len(names), dtype=np.int64)
    loads = [(0, fold) for fold in range(number)]
    for household in largest_first.tolist():
        load, fold = heapq.heappop(loads)
        fold_of[household] = fold
        heapq.heappush(loads, (load + int(sizes[household]), fold))
    fold_of_row = fold_of[where]
    return tuple(Fold(rows[fold_of_row != fold], rows[fold_of_row == fold]) for fold in range(number))


def tuning_folds(
    matrix: DesignMatrix, rows: Integers, horizon: Period, *, seed: int = 0
) -> tuple[tuple[Fold, ...], str]:
    """Choose folds for tuning: forward in time where the cohorts allow it, else by household.

    Forward folds judge each later training cohort with models of the earlier ones whose outcomes were known by then;
    households that are judged are taken out of what is fitted. They are used when every fold keeps enough events on
    both sides. A panel, or a single date, falls back to five household folds.

    Returns
    -------
    folds, how
        The folds, and a sentence on how they were made. Without enough data there are no folds.
    """
    forward = _forward_folds(matrix, rows, horizon)
    y = matrix.y.to_numpy()
    if forward and all(_enough(y, fold) for fold in forward):
        return forward, "each later training cohort judged by models of the cohorts known before it"
    by_household = household_folds(rows, matrix.component.to_numpy(), seed=seed)
    if by_household and all(_enough(y, fold) for fold in by_household):
        return by_household, f"{len(by_household)} folds of whole households"
    return (), "too few events to tune on: default settings"


def _forward_folds(matrix: DesignMatrix, rows: Integers, horizon: Period) -> tuple[Fold, ...]:
    days = matrix.as_of.to_numpy()[rows]
    component = matrix.component.to_numpy()[rows]
    complete = {day: np.datetime64(horizon.after(pd.Timestamp(day).date())) for day in np.unique(days)}
    folds = []
    for later in np.unique(days)[1:]:
        judged = days == later
        known = np.isin(days, [day for day, by in complete.items() if by <= later])
        fitted = known & ~np.isin(component, component[judged])
        if fitted.sum() < (1 - LARGEST_LOSS) * known.sum():
            return ()  # a panel: what is left of the earlier cohorts would be unlike them
        if fitted.any():
            folds.append(Fold(rows[fitted], rows[judged]))
    return tuple(folds)


def _enough(y: Floats, fold: Fold) -> bool:
    def least(rows: Integers) -> int:
        events = int(y[rows].sum())
        return min(events, len(rows) - events)

    return least(fold.fit) >= LEAST_EVENTS and least(fold.judge) >= LEAST_EVENTS
