"""Whether published figures of one yes/no rule can all be true at once: accuracy, precision, recall, MCC and the like.

A rule sorts cases into four shares: true positives `a`, false positives `b`, false negatives `c`, true negatives
`d = 1 - a - b - c`. Every usual figure but one is a ratio of sums of these, so that "precision lies between .5655
and .5665", which is what a printed .566 means, is a pair of straight-line limits on `(a, b, c)`. Whether all limits
can hold at once is a linear programme, and so is the range that the others leave for one figure. Matthews'
correlation is the exception. For a given share of positives and of selected cases it rises with `a`, so its range is
found by splitting the plane of those two shares into ever smaller boxes and keeping those that could still matter
(branch and bound).

A figure is called impossible only when no set of four shares gives all printed figures after rounding. The test says
nothing about whether possible figures are right.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

#: figure -> what is divided by what, as coefficients of (true positive, false positive, false negative, true negative)
RATIOS: dict[str, tuple[tuple[int, int, int, int], tuple[int, int, int, int]]] = {
    "accuracy": ((1, 0, 0, 1), (1, 1, 1, 1)),
    "precision": ((1, 0, 0, 0), (1, 1, 0, 0)),
    "recall": ((1, 0, 0, 0), (1, 0, 1, 0)),
    "specificity": ((0, 0, 0, 1), (0, 1, 0, 1)),
    "false_positive_rate": ((0, 1, 0, 0), (0, 1, 0, 1)),
    "npv": ((0, 0, 0, 1), (0, 0, 1, 1)),
    "f1": ((2, 0, 0, 0), (2, 1, 1, 0)),
    "prevalence": ((1, 0, 1, 0), (1, 1, 1, 1)),
    "selection_rate": ((1, 1, 0, 0), (1, 1, 1, 1)),
}
FIGURES = (*RATIOS, "mcc")

# Room for arithmetic in floating point, far below any printed digit.
_SLACK = 1e-9
# How exactly the range of the correlation is found, and when to stop looking.
_GAP = 5e-4
_MOST_BOXES = 400

#: Least and greatest share of positives, then of selected cases.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Printed:
    """A figure as it was printed: its value, and how far the true one may lie from it.

    Examples
    --------
    >>> Printed.read(".566")
    Printed(value=0.566, half=0.0005)
    >>> Printed.read("59.5%").low
    0.5945
    """

    value: float
    half: float

    @classmethod
    def read(cls, text: str) -> Printed:
        """Read a printed number; its last digit says how it was rounded. A percentage ends in %.

        Raises
        ------
        ValueError
            If it is not a number.
        """
        bare = text.strip().replace(",", "")
        scale = 1.0
        if bare.endswith("%"):
            bare, scale = bare[:-1].strip(), 100.0
        value = float(bare)
        digits = len(bare.split(".")[1]) if "." in bare else 0
        half = 0.5 * 10.0**-digits / scale
        return cls(value / scale, half)

    @property
    def low(self) -> float:
        """Least true value that is printed so."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """Greatest true value that is printed so."""
        return self.value + self.half


@dataclass(frozen=True)
class Judgement:
    """Whether one row of printed figures can be true.

    Attributes
    ----------
    name
        What the figures are about.
    possible
        False when no set of cases gives all of them.
    implied
        For each figure that was printed: the range that the other figures leave for it, and None where they leave none.
    reasons
        In plain English, most telling first; empty when possible.
    """

    name: str
    possible: bool
    implied: Mapping[str, tuple[float, float] | None]
    reasons: tuple[str, ...]


def judge_figures(figures: Mapping[str, Printed], *, name: str = "figures", n: int | None = None) -> Judgement:
    """Say whether the printed figures of one yes/no rule can all be true at once.

    Parameters
    ----------
    figures
        Figure (one of `FIGURES`) -> what was printed.
    name
        What they are about, for the message.
    n
        Number of cases, if it was printed: shares must then be whole numbers of cases.

    Returns
    -------
    Judgement

    Examples
    --------
    >>> printed = {k: Printed.read(v) for k, v in
    ...            {"accuracy": ".595", "precision": ".566", "recall": ".894", "mcc": ".73"}.items()}
    >>> print(judge_figures(printed).reasons[0])
    MCC is printed as 0.73; with accuracy 0.595, precision 0.566 and recall 0.894 it lies between 0.219 and 0.227
    """
    implied = {figure: implied_range({k: v for k, v in figures.items() if k != figure}, figure) for figure in figures}
    reasons = [
        f"{_said(figure)} is printed as {figures[figure].value:g}; with {_listed(figures, figure)} "
        f"it lies between {span[0]:.3f} and {span[1]:.3f}"
        for figure, span in sorted(implied.items(), key=lambda item: item[0] != "mcc")
        if span is not None and not _overlap(figures[figure], span)
    ]
    if not reasons and any(span is None for span in implied.values()):
        reasons = [f"{_listed(figures, None)} cannot hold together"]
    if not reasons and n is not None and not _whole_cases(figures, n):
        reasons = [f"no whole numbers of {n:,} cases give {_listed(figures, None)}"]
    return Judgement(name, not reasons, implied, tuple(reasons))


def implied_range(others: Mapping[str, Printed], figure: str) -> tuple[float, float] | None:
    """Return the least and greatest value of `figure` that the other ratios allow, None if they contradict themselves.

    A printed correlation among `others` is not used: it is judged by what the ratios imply for it.

    Parameters
    ----------
    others
        Figure -> what was printed.
    figure
        One of `FIGURES`.
    """
    limits = _limits(others)
    return _correlation_range(limits) if figure == "mcc" else _ratio_range(limits, figure)


def _limits(figures: Mapping[str, Printed]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Rows `r` with `r @ (a, b, c, d) <= 0`, one for each end of each printed ratio."""
    rows = []
    for figure, printed in figures.items():
        if figure in RATIOS:
            over, under = (np.array(part, dtype=np.float64) for part in RATIOS[figure])
            rows += [(printed.low - _SLACK) * under - over, over - (printed.high + _SLACK) * under]
    return np.array(rows).reshape(-1, 4)


def _ratio_range(limits: np.ndarray[Any, Any], figure: str) -> tuple[float, float] | None:
    """Least and greatest value of a ratio over the four shares (Charnes and Cooper's linear programme)."""
    from scipy.optimize import linprog

    over, under = (np.array(part, dtype=np.float64) for part in RATIOS[figure])
    ends = []
    for sign in (1.0, -1.0):
        # Shares are scaled so that the denominator is 1: the limits are of degree one, so they stay as they are.
        found = linprog(
            sign * over,
            A_ub=limits if len(limits) else None,
            b_ub=np.zeros(len(limits)) if len(limits) else None,
            A_eq=under.reshape(1, 4),
            b_eq=[1.0],
            bounds=[(0, 1e6)] * 4,
        )
        if not found.success:
            return None
        ends.append(sign * float(found.fun))
    return ends[0], ends[1]


def _correlation_range(limits: np.ndarray[Any, Any]) -> tuple[float, float] | None:
    """Range of Matthews' correlation over the four shares."""
    positives, selected = _ratio_range(limits, "prevalence"), _ratio_range(limits, "selection_rate")
    if positives is None or selected is None:
        return None
    box = (*_clipped(positives), *_clipped(selected))
    return -_greatest(limits, -1.0, box), _greatest(limits, 1.0, box)


def _clipped(span: tuple[float, float]) -> tuple[float, float]:
    """Keep away from 0 and 1, where the correlation is not defined; at least as wide as the arithmetic is sure of."""
    return min(max(span[0] - _SLACK, 1e-6), 1 - 2e-6), max(min(span[1] + _SLACK, 1 - 1e-6), 2e-6)


def _greatest(limits: np.ndarray[Any, Any], sign: float, box: Box) -> float:
    """Greatest `sign * correlation`: never below the true one, and above it by at most `_GAP` (best box first)."""
    first = _bound(limits, sign, box)
    if first is None:
        return 1.0
    best, heap = first[1], [(-first[0], box)]
    for _ in range(_MOST_BOXES):
        top, widest = heapq.heappop(heap)
        if -top - best < _GAP:
            return -top
        for part in _halves(widest):
            found = _bound(limits, sign, part)
            if found is not None:
                best = max(best, found[1])
                heapq.heappush(heap, (-found[0], part))
        if not heap:
            return -top
    return -heap[0][0]


def _halves(box: Box) -> list[Box]:
    p0, p1, s0, s1 = box
    if p1 - p0 >= s1 - s0:
        middle = (p0 + p1) / 2
        return [(p0, middle, s0, s1), (middle, p1, s0, s1)]
    middle = (s0 + s1) / 2
    return [(p0, p1, s0, middle), (p0, p1, middle, s1)]


def _bound(limits: np.ndarray[Any, Any], sign: float, box: Box) -> tuple[float, float] | None:
    """What `sign * correlation` cannot exceed for shares of positives and selected inside `box`, and one it reaches."""
    from scipy.optimize import linprog

    p0, p1, s0, s1 = box
    sides = np.array([[-1, 0, -1, 0], [1, 0, 1, 0], [-1, -1, 0, 0], [1, 1, 0, 0]], dtype=np.float64)
    # r @ x <= e becomes (r - e) @ x <= 0, because the four shares add up to 1.
    inside = np.vstack([limits, sides - np.array([-p0, p1, -s0, s1])[:, None]])
    room = np.full(len(inside), _SLACK)
    found = linprog([-sign, 0, 0, 0], A_ub=inside, b_ub=room, A_eq=[[1, 1, 1, 1]], b_eq=[1.0])
    if not found.success:
        return None
    low, high = _mcc_range((float(found.x[0]), float(found.x[0])), box)
    return (high if sign > 0 else -low), sign * _correlation(*(float(share) for share in found.x))


def _correlation(a: float, b: float, c: float, d: float) -> float:
    under = (a + b) * (a + c) * (d + b) * (d + c)
    return (a * d - b * c) / math.sqrt(under) if under > 0 else 0.0


def _mcc_range(true_positive: tuple[float, float], box: Box) -> tuple[float, float]:
    """Limits of (a - p s) / sqrt(p (1 - p) s (1 - s)) for true positives, positives and selected in their ranges."""
    p0, p1, s0, s1 = box
    top_low, top_high = true_positive[0] - p1 * s1, true_positive[1] - p0 * s0
    spreads = [(q * (1 - q)) for q in (p0, p1, s0, s1)]
    peak = [0.25 if x <= 0.5 <= y else max(u, v) for x, y, u, v in ((p0, p1, *spreads[:2]), (s0, s1, *spreads[2:]))]
    least = math.sqrt(min(spreads[:2]) * min(spreads[2:]))
    most = math.sqrt(peak[0] * peak[1])
    low = -1.0 if least == 0 and top_low < 0 else top_low / (least if top_low < 0 else most)
    high = 1.0 if least == 0 and top_high > 0 else top_high / (least if top_high > 0 else most)
    return max(low, -1.0), min(high, 1.0)


def _whole_cases(figures: Mapping[str, Printed], n: int, *, most: int = 400) -> bool:
    """Whether whole numbers of cases give the printed figures; taken as true for more than `most` cases."""
    if n > most:
        return True
    limits = _limits(figures)
    for positives in range(n + 1):
        true_positive = np.arange(positives + 1)[:, None]
        false_positive = np.arange(n - positives + 1)[None, :]
        shape = np.broadcast_shapes(true_positive.shape, false_positive.shape)
        cells = [
            np.broadcast_to(part, shape)
            for part in (true_positive, false_positive, positives - true_positive, n - positives - false_positive)
        ]
        fits = np.ones(shape, dtype=bool)
        for row in limits:
            fits &= sum(weight * cell for weight, cell in zip(row, cells, strict=True)) <= _SLACK * n
        for figure in figures.keys() & RATIOS.keys():  # what was printed was not divided by nought
            fits &= sum(weight * cell for weight, cell in zip(RATIOS[figure][1], cells, strict=True)) > 0
        if fits.any() and _mcc_fits(figures.get("mcc"), [cell[fits] for cell in cells]):
            return True
    return False


def _mcc_fits(printed: Printed | None, cells: Sequence[np.ndarray[Any, Any]]) -> bool:
    if printed is None:
        return True
    a, b, c, d = (cell.astype(np.float64) for cell in cells)
    under = np.sqrt((a + b) * (a + c) * (d + b) * (d + c))
    value = np.divide(a * d - b * c, under, out=np.zeros_like(under), where=under > 0)
    return bool(((value >= printed.low - _SLACK) & (value <= printed.high + _SLACK)).any())


def _overlap(printed: Printed, span: tuple[float, float]) -> bool:
    return printed.high >= span[0] - _SLACK and printed.low <= span[1] + _SLACK


def _said(figure: str) -> str:
    return {"mcc": "MCC", "npv": "NPV", "f1": "F1"}.get(figure, figure.replace("_", " "))


def _listed(figures: Mapping[str, Printed], without: str | None) -> str:
    parts = [f"{_said(name)} {printed.value:g}" for name, printed in figures.items() if name != without]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
