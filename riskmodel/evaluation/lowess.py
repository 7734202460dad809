"""Locally weighted straight lines (lowess), step for step as R's `lowess` without robustness iterations."""

from __future__ import annotations

import numpy as np

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.arrays import Floats, Ints

SPAN = 2 / 3
#: Most points that lines are fitted through one by one.
MOST_POINTS = 50_000


def lowess(x: Floats, y: Floats, *, span: float = SPAN, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """Smooth `y` along `x`.

    Each point gets a straight line through its nearest `span` of all points, weighted by the tricube of their distance.
    Lines are fitted at points more than a hundredth of the range apart; between them the curve is straight
    (Cleveland 1981; the same shortcut as R's default `delta`). Of more than `MOST_POINTS` points, neighbours are put
    together at their means first.

    Parameters
    ----------
    x, y : arrays of shape (n,)
    span : float
        Share of the points in each line.
    weight : array of shape (n,), optional
        Whole numbers: copies of each point.

    Returns
    -------
    (array, array)
        Distinct `x` in rising order, and the curve there.
    """
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    if weight is not None:
        copies = _copies(weight[order])
        x, y = np.repeat(x, copies), np.repeat(y, copies)
    x, y, size = _pooled(x, y)
    n = len(x)
    near = min(n, max(2, int(span * n + 1e-7)))
    if near >= n:
        left_of = np.zeros(n, dtype=np.int64)
    else:
        # The window starts at the first point from which the next point to the right is no nearer.
        left_of = np.searchsorted(x[: n - near] + x[near:], 2 * x, side="left").astype(np.int64)
    at = _stations(x)
    fitted = np.array([_line(x, y, size, i, int(left_of[i]), near) for i in at])
    points = np.unique(x)
    return points, np.interp(points, x[at], fitted)


def windows(x: Floats, at: Floats, span: float = SPAN) -> Floats:
    """Half-width of the window that holds the nearest `span` of the sorted points `x` around each of `at`."""
    n = len(x)
    near = min(n, max(2, int(span * n + 1e-7)))
    left = np.zeros(len(at), dtype=np.int64)
    if near < n:
        left = np.searchsorted(x[: n - near] + x[near:], 2 * at, side="left").astype(np.int64)
    width: Floats = np.maximum(at - x[left], x[left + near - 1] - at)
    return width


def _pooled(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Sorted points, or means of so many neighbours that about `MOST_POINTS` are left, and how many each stands for.

    The two ends stay as they are.
    """
    n = len(x)
    if n <= MOST_POINTS:
        return x, y, np.ones(n)
    starts = np.concatenate([[0], np.arange(1, n - 1, -(-n // MOST_POINTS)), [n - 1]])
    size = np.diff(np.append(starts, n)).astype(np.float64)
    first, last = x[starts], x[np.append(starts[1:], n) - 1]
    # The mean of equal numbers may differ from them in its last digit, and would then be a point of its own.
    place = np.where(first == last, first, np.clip(np.add.reduceat(x, starts) / size, first, last))
    return place, np.add.reduceat(y, starts) / size, size


def _copies(weight: Floats) -> Ints:
    copies = np.round(weight).astype(np.int64)
    if (copies != weight).any():
        raise EvaluationError(
            "A smooth calibration curve was given weights that are not whole numbers.",
            "Its weights are copies of a row, because its windows hold a share of the rows.",
            next_step="Round the weights, or use the calibration slope, which takes any weights.",
        )
    return copies


def _stations(x: Floats) -> list[int]:
    """Rows at which a line is fitted: more than a hundredth of the range apart, and both ends."""
    n, delta = len(x), 0.01 * float(x[-1] - x[0])
    stations, i = [], 0
    while i < n:
        stations.append(i)
        last = int(np.searchsorted(x, x[i], side="right")) - 1
        if last >= n - 1:
            break
        beyond = int(np.searchsorted(x, x[i] + delta, side="right"))
        i = max(last + 1, beyond - 1)
    return stations


def _line(x: Floats, y: Floats, size: Floats, i: int, left: int, near: int) -> float:
    """Value at `x[i]` of the weighted straight line through the window, or the weighted mean when it has no spread."""
    here = float(x[i])
    width = max(here - float(x[left]), float(x[left + near - 1]) - here)
    stop = int(np.searchsorted(x, here + 0.999 * width, side="right"))
    xs, ys = x[left:stop], y[left:stop]
    distance = np.abs(xs - here)
    with np.errstate(divide="ignore", invalid="ignore"):
        tricube = (1 - (distance / width) ** 3) ** 3
    weights = np.where(distance <= 0.001 * width, 1.0, tricube)
    weights = np.where(distance <= 0.999 * width, weights, 0.0) * size[left:stop]
    weights = weights / weights.sum()
    if width > 0:
        centre = float((weights * xs).sum())
        spread = float((weights * (xs - centre) ** 2).sum())
        if np.sqrt(spread) > 0.001 * float(x[-1] - x[0]):
            weights = weights * ((here - centre) / spread * (xs - centre) + 1)
    return float((weights * ys).sum())
