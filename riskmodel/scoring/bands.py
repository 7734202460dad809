"""From scores to an order and to bands at the capacity a prototype declares."""

from __future__ import annotations

import numpy as np

from riskmodel.modelling.arrays import Floats, Integers

FIRST, NEXT, LATER = "offer first", "next", "not now"
BANDS = (FIRST, NEXT, LATER)


def ranks(raw: Floats) -> Integers:
    """Return each case's place, 1 for the highest score; equal scores share the better place.

    Examples
    --------
    >>> ranks(np.array([0.3, 0.9, 0.9, 0.1])).tolist()
    [3, 1, 1, 4]
    """
    scores, where, n = np.unique(-raw, return_inverse=True, return_counts=True)
    place: Integers = (1 + np.cumsum(n) - n)[where].astype(np.int64) if len(scores) else np.empty(0, dtype=np.int64)
    return place


def bands(raw: Floats, capacity: float) -> list[str]:
    """Cut a cohort into those to offer help first, those who are next, and the others.

    "offer first" holds at most `capacity` of the cohort, rounded down to whole cases; "next" at most as many again.
    Equal scores are never split, because nothing would justify treating them differently: a group of equal scores that
    does not fit into a band as a whole goes to the band below, so a band may hold fewer than its share, never more.

    Parameters
    ----------
    raw
        Ranking score of every case of the cohort.
    capacity
        Share of the cohort that can be offered help, between 0 and 1.

    Examples
    --------
    >>> bands(np.array([0.9, 0.8, 0.8, 0.5, 0.1]), 0.4)
    ['offer first', 'next', 'next', 'not now', 'not now']
    """
    most = int(np.floor(capacity * len(raw) + 1e-9))
    scores, where, n = np.unique(-raw, return_inverse=True, return_counts=True)
    last = np.cumsum(n)
    first_until = int(np.searchsorted(last, most, side="right"))
    used = int(last[first_until - 1]) if first_until else 0
    next_until = int(np.searchsorted(last, used + most, side="right"))
    by_score = [FIRST if i < first_until else NEXT if i < next_until else LATER for i in range(len(scores))]
    return [by_score[i] for i in where.tolist()]
