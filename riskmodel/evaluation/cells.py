"""Pool test rows into cells of equal (or nearly equal) score, so that a resample costs cells and not rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.arrays import CLIP, Floats, Ints, logit

#: Most score levels kept apart. Up to this many distinct scores every resampled figure is exact.
MOST_LEVELS = 2048
#: Rows at the top of the list whose scores are kept apart even then, because precision changes fastest there.
FINE_ROWS = 512
#: Most bins of predicted risk in one group, for the figures of calibration.
MOST_BINS = 256


@dataclass(frozen=True)
class Levels:
    """Score levels of the rows, 0 the highest.

    Attributes
    ----------
    of_row : array of shape (n,)
        Level of each row.
    count : int
        How many levels there are.
    reaching : array of shape (thresholds,)
        How many levels have a probability of at least each threshold.
    """

    of_row: Ints
    count: int
    reaching: Ints


@dataclass(frozen=True)
class Group:
    """The cells of one group of cases (or of all of them), from the highest level down.

    Attributes
    ----------
    name : str
        "" for all cases.
    first, last : int
        Its rows in the tally of positive cases: [first, last).
    level : array of shape (cells,)
    risk, brier, loss : arrays of shape (cells,), (2, cells), (2, cells)
        Mean probability, and mean squared error and log loss of the positive and the negative cases.
    bins : array of shape (bins,)
        First cell of each bin of predicted risk.
    bin_risk, bin_log_odds : arrays of shape (bins,)
        Mean probability and mean log-odds of each bin.
    """

    name: str
    first: int
    last: int
    level: Ints
    risk: Floats
    brier: Floats
    loss: Floats
    bins: Ints
    bin_risk: Floats
    bin_log_odds: Floats


@dataclass(frozen=True)
class Tally:
    """All groups of one model, and the sparse matrix that turns household weights into weights of cells.

    `matrix` has one column a household; its first half of rows counts the positive cases of each cell, the second half
    the negative ones.
    """

    matrix: Any
    cells: int
    groups: tuple[Group, ...]
    levels: Levels


def make_levels(
    score: Floats, probability: Floats, thresholds: Sequence[float] = (), most: int = MOST_LEVELS
) -> Levels:
    """Number the distinct scores from the highest down; where there are too many, pool neighbours of equal number.

    Pooling never crosses a decision threshold and leaves the first `FINE_ROWS` rows alone.

    Raises
    ------
    EvaluationError
        When the probability does not rise with the score, so that the two describe different lists.
    """
    order = np.lexsort((-probability, -score))
    s, p = score[order], probability[order]
    new = np.concatenate([[True], s[1:] != s[:-1]])
    _check_monotone(p, new)
    starts, n = np.flatnonzero(new), len(s)
    if len(starts) > most:
        coarse = starts * (most - min(FINE_ROWS, most // 4)) // n
        keep = (starts < min(FINE_ROWS, most // 4)) | (np.diff(coarse, prepend=-1) != 0)
        for threshold in thresholds:
            reached = p[starts] >= threshold
            keep |= np.concatenate([[True], reached[1:] != reached[:-1]])
        starts = starts[keep]
    of_row = np.empty(n, dtype=np.int64)
    of_row[order] = np.searchsorted(starts, np.arange(n), side="right") - 1
    reaching = np.array([(p[starts] >= threshold).sum() for threshold in thresholds], dtype=np.int64)
    return Levels(of_row, len(starts), reaching)


def make_tally(
    y: Floats,
    probability: Floats,
    component: Ints,
    levels: Levels,
    members: dict[str, Ints],
    most_bins: int = MOST_BINS,
) -> Tally:
    """Build the cells of each group.

    Parameters
    ----------
    y, probability : arrays of shape (n,)
    component : array of shape (n,)
        Household of each row, numbered 0 to households - 1.
    levels : Levels
    members : dict of str to array
        Rows of each group; a row may be in several groups.
    most_bins : int
        Most bins of predicted risk in a group.
    """
    from scipy.sparse import csr_array

    groups, cell_of, rows_of, first = [], [], [], 0
    for name, rows in members.items():
        level, cell = np.unique(levels.of_row[rows], return_inverse=True)
        groups.append(_group(name, first, level, cell, y[rows], probability[rows], most_bins))
        cell_of.append(first + cell)
        rows_of.append(rows)
        first += len(level)
    row, cells = np.concatenate(rows_of), np.concatenate(cell_of)
    place = np.where(y[row] == 1, cells, first + cells)
    households = int(component.max()) + 1
    matrix = csr_array((np.ones(len(row), np.float32), (place, component[row])), shape=(2 * first, households))
    return Tally(matrix, first, tuple(groups), levels)


def _group(name: str, first: int, level: Ints, cell: Ints, y: Floats, p: Floats, most_bins: int) -> Group:
    cells, kept = len(level), np.clip(p, CLIP, 1 - CLIP)
    n = np.bincount(cell, minlength=cells)
    brier = [_mean(cell, (p - outcome) ** 2, y == outcome, cells) for outcome in (1, 0)]
    loss = [_mean(cell, -np.log(kept if outcome else 1 - kept), y == outcome, cells) for outcome in (1, 0)]
    bin_of_cell = np.arange(cells) if cells <= most_bins else (n.cumsum() - n) * most_bins // n.sum()
    bins = np.flatnonzero(np.diff(bin_of_cell, prepend=-1))
    bin_of_row = (np.searchsorted(bins, np.arange(cells), side="right") - 1)[cell]
    everyone = np.ones(len(p), dtype=np.bool_)
    return Group(
        name, first, first + cells, level,
        _mean(cell, p, everyone, cells), np.array(brier), np.array(loss), bins,
        _mean(bin_of_row, p, everyone, len(bins)), _mean(bin_of_row, logit(p), everyone, len(bins)),
    )  # fmt: skip


def _mean(place: Ints, value: Floats, which: Any, size: int) -> Floats:
    """Mean value at each place over the chosen rows; 0 where there is none."""
    n = np.bincount(place[which], minlength=size)
    mean: Floats = np.bincount(place[which], weights=value[which], minlength=size) / np.maximum(n, 1)
    return mean


def _check_monotone(p: Floats, new: Any) -> None:
    rise = np.diff(p, prepend=p[0])
    if (rise > 1e-9).any() or (np.abs(rise[~new]) > 1e-9).any():
        raise EvaluationError(
            "The probabilities of a model do not follow its ranking scores.",
            "A higher score must never have a lower probability, and equal scores have equal probabilities.",
            next_step="Give `raw` and `predict` of one model, or the probabilities as scores too.",
        )
