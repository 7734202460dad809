"""What may be printed about people: thresholds, rounding, percentages of rounded counts, bins wide enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from riskmodel.errors import DisclosureError
from riskmodel.reporting.policy import USUAL, Policy

__all__ = ["USUAL", "Bin", "Policy", "count", "falling", "join", "pool", "rounded", "share"]


def rounded(n: float, policy: Policy = USUAL) -> int:
    """The nearest multiple of the policy's rounding, halves upwards.

    Examples
    --------
    >>> rounded(812), rounded(12.5)
    (810, 15)
    """
    return int((n + policy.rounding / 2) // policy.rounding) * policy.rounding


def count(n: float, policy: Policy = USUAL, *, whole: float | None = None) -> int | None:
    """A count as it may be printed, or None when it must be withheld.

    Parameters
    ----------
    n
        The exact count of people (fractional where tied cases are shared out).
    policy
        The rules.
    whole
        The number that `n` is a part of. The rest, `whole - n`, must then be large enough too, because anybody can
        subtract.

    Returns
    -------
    int or None
        A multiple of the rounding; None when `n` or its complement is under the threshold (nought included).

    Examples
    --------
    >>> count(812), count(7), count(807, whole=812)
    (810, None, None)
    """
    if n < policy.threshold or (whole is not None and whole - n < policy.threshold):
        return None
    return rounded(n, policy)


def share(part: float, whole: float, policy: Policy = USUAL) -> float | None:
    """The share `part / whole` as it may be printed, from rounded counts; None when it must be withheld.

    Never exactly 0 or 1: those would tell something about every member of the group.

    Examples
    --------
    >>> share(33, 101), share(9, 101), share(12, 19)
    (0.35, None, None)
    """
    if whole < policy.minimum_denominator or count(part, policy, whole=whole) is None:
        return None
    value = rounded(part, policy) / rounded(whole, policy)
    return value if 0 < value < 1 else None


@dataclass(frozen=True)
class Bin:
    """A stretch of neighbouring bins large enough to print.

    `low`, `high` bound it; `n` and `events` are exact counts; `mean` is the mean of what was binned, weighted by `n`.
    """

    low: float
    high: float
    n: float
    events: float
    mean: float


def pool(bins: Sequence[Bin], policy: Policy = USUAL, *, by_events: bool = True) -> list[Bin]:
    """Merge neighbouring bins until each is large enough to print.

    Merging, unlike hiding, leaves nothing that could be found by subtracting from the total.

    Parameters
    ----------
    bins
        In order, without gaps.
    policy
        The rules.
    by_events
        Also ask for enough people with and without the outcome in every bin (for a calibration curve); otherwise only
        for enough people (for a histogram).

    Returns
    -------
    list of Bin
        Every bin printable; empty when not even all of them together are.

    Examples
    --------
    >>> tail = [Bin(0.0, 0.1, 400, 12, 0.04), Bin(0.1, 0.2, 90, 15, 0.14), Bin(0.2, 0.3, 8, 4, 0.24)]
    >>> [(b.low, b.high, b.n, b.events) for b in pool(tail)]
    [(0.0, 0.1, 400, 12), (0.1, 0.3, 98, 19)]
    """
    pooled: list[Bin] = []
    waiting: Bin | None = None
    for piece in bins:
        waiting = piece if waiting is None else join(waiting, piece)
        if _printable(waiting, policy, by_events):
            pooled.append(waiting)
            waiting = None
    if waiting is not None and waiting.n > 0 and pooled:
        pooled[-1] = join(pooled[-1], waiting)
    return pooled


def _printable(piece: Bin, policy: Policy, by_events: bool) -> bool:
    if piece.n < policy.threshold:
        return False
    return not by_events or count(piece.events, policy, whole=piece.n) is not None


def join(left: Bin, right: Bin) -> Bin:
    """Two neighbouring bins as one."""
    n = left.n + right.n
    mean = (left.mean * left.n + right.mean * right.n) / n if n else (left.mean + right.mean) / 2
    return Bin(left.low, right.high, n, left.events + right.events, mean)


def falling(counts: Sequence[float], policy: Policy = USUAL) -> list[int | None]:
    """The steps of a cohort that only loses people, so that no step shows a loss of fewer than the threshold.

    Parameters
    ----------
    counts
        How many were left after each step; never rising.
    policy
        The rules.

    Returns
    -------
    list of (int or None)
        Rounded counts. A step that lost fewer than the threshold (or nobody) shows the number of the step after it, so
        that neighbours are either equal or far enough apart. None where the count itself is too small.

    Raises
    ------
    DisclosureError
        If a step holds more than the one before it.

    Examples
    --------
    >>> falling([2000, 1993, 1700, 1700])
    [1995, 1995, 1700, 1700]
    """
    if any(after > before for before, after in pairwise(counts)):
        raise DisclosureError(
            "The number of cases rises from one step to the next.",
            "The steps of a cohort only ever leave cases out.",
            next_step="List the steps in the order in which cases are left out.",
        )
    shown: list[int | None] = []
    anchor: float | None = None
    for n in reversed(counts):
        if anchor is None or n - anchor >= policy.threshold:
            anchor = n
        shown.append(count(anchor, policy))
    return shown[::-1]
