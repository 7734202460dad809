"""Several ways of ranking the same cases, measured in every group from the same resamples of households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.bootstrap import BLOCK, household_weights
from riskmodel.evaluation.fairness import Grouping
from riskmodel.evaluation.fused import divide
from riskmodel.evaluation.intervals import of_share, percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.usefulness import places

#: Figures of a group on a list; those of the first row are shares.
SHARES = ("tpr", "selection_rate", "base_rate", "fpr", "ppv", "fnr")
FIGURES = (*SHARES, "burden", "expected_ratio", "fnr_gap")


@dataclass(frozen=True, eq=False)
class Tallies:
    """Weighted counts of one list: everyone in the first row, then each group; the exact counts in the first column.

    `found` and `wrong` are those picked with and without the outcome, `area` the AUROC of all cases (not-a-number where
    it was not asked for).
    """

    found: Floats
    wrong: Floats
    area: Floats


@dataclass(frozen=True, eq=False)
class Lists:
    """What `resample_lists` found.

    Attributes
    ----------
    groups : tuple of Grouping
        Those that are reported; group `i` is row `i + 1` of every array.
    n, events, expected : arrays of shape (groups + 1, resamples + 1)
        Weighted cases, outcomes, and sum of the given probabilities.
    tallies : mapping of str to Tallies
        By list.
    """

    groups: tuple[Grouping, ...]
    n: Floats
    events: Floats
    expected: Floats
    tallies: Mapping[str, Tallies]

    def figure(self, name: str, metric: str) -> Floats:
        """One of `FIGURES` of everyone and every group, exact and in each resample."""
        held = self.tallies[name]
        tpr = divide(held.found, self.events)
        found: dict[str, Floats] = {
            "tpr": tpr,
            "fnr": 1 - tpr,
            "fnr_gap": tpr[:1] - tpr,
            "selection_rate": divide(held.found + held.wrong, self.n),
            "base_rate": divide(self.events, self.n),
            "fpr": divide(held.wrong, self.n - self.events),
            "ppv": divide(held.found, held.found + held.wrong),
            "burden": 1000 * divide(held.wrong, self.n),
            "expected_ratio": divide(self.events, self.expected),
        }
        return found[metric]

    def place(self, attribute: str, group: str) -> int:
        """Row of a group; 0 is everyone."""
        return next(i + 1 for i, g in enumerate(self.groups) if (g.attribute, g.group) == (attribute, group))

    def estimate(self, name: str, place: int, metric: str) -> Estimate:
        """One figure with its interval; a share with few cases on one side has Wilson's."""
        found = self.of(self.figure(name, metric)[place], place)
        if metric not in SHARES or found.value is None:
            return found
        n, events, held = self.n[place, 0], self.events[place, 0], self.tallies[name]
        picked = held.found[place, 0] + held.wrong[place, 0]
        whole = {"fpr": n - events, "ppv": picked, "tpr": events, "fnr": events}.get(metric, n)
        return of_share(found, found.value * whole, whole)

    def change(self, name: str, before: str, place: int, metric: str) -> Estimate:
        """A figure under one list less the same under another, paired by resample."""
        return self.of(self.figure(name, metric)[place] - self.figure(before, metric)[place], place)

    def of(self, drawn: Floats, place: int) -> Estimate:
        """An estimate from an exact value followed by its resamples."""
        n, events = int(self.n[place, 0]), int(self.events[place, 0])
        return percentile(float(drawn[0]), float(drawn[0]), drawn[1:], n=n, events=events)


def resample_lists(
    y: Floats,
    probability: Floats,
    component: Any,
    scores: Mapping[str, Floats],
    groups: Sequence[Grouping],
    *,
    capacity: float,
    resamples: int,
    seed: int,
    areas: bool = False,
) -> Lists:
    """Cut every list at the capacity in every resample of households, and count in every reported group.

    Parameters
    ----------
    y, probability : arrays of shape (n,)
        Outcomes, and the probabilities that happened over predicted is taken of.
    component : array of shape (n,)
        Household of each row; households are drawn whole (see `household_bootstrap`).
    scores : mapping of str to array of shape (n,)
        What each list ranks by. Ties at the cut are shared out.
    groups : sequence of Grouping
        Withheld ones are left out.
    capacity : float
        Share of all cases that is picked, the same cut for every group.
    resamples, seed : int
        The same seed gives the same resamples as `household_bootstrap`.
    areas : bool
        Whether the AUROC of every list is asked for too: it takes all rows, the figures at the cut only those above.
    """
    from scipy.sparse import csr_array
    from threadpoolctl import threadpool_limits

    reported = tuple(g for g in groups if not g.withheld)
    rows = [np.arange(len(y)), *(g.rows for g in reported)]
    where = (np.concatenate([np.full(len(r), i) for i, r in enumerate(rows)]), np.concatenate(rows))
    members = csr_array((np.ones(len(where[0])), where), shape=(len(rows), len(y)))
    _, household = np.unique(np.asarray(component), return_inverse=True)
    size = int(household.max()) + 1
    parts: dict[str, list[Tallies]] = {name: [] for name in scores}
    sums: list[Floats] = []
    totals = members @ csr_array((np.ones(len(y)), (np.arange(len(y)), household)), shape=(len(y), size))
    counted = [totals, _by_household(members, household, y, size), _by_household(members, household, probability, size)]
    orders = {name: _Order.of(score, places(len(y), capacity) / len(y)) for name, score in scores.items()}
    with threadpool_limits(1, user_api="blas"):
        for weights in _batches(size, resamples, seed):
            sums.append(np.stack([matrix @ weights for matrix in counted]))
            total = sums[-1][0, 0]
            for name, order in orders.items():
                taken, top = _taken(order, weights, household, total)
                outcome = y[order.rows[:top]][:, None]
                mine = members[:, order.rows[:top]]
                found, picked = mine @ (taken * outcome), mine @ taken
                area = _area(order, y, weights[household[order.rows]]) if areas else np.full(len(total), np.nan)
                parts[name].append(Tallies(found, picked - found, area))
    n, events, expected = np.concatenate(sums, axis=2)
    return Lists(reported, n, events, expected, {name: _joined(found) for name, found in parts.items()})


@dataclass(frozen=True, eq=False)
class _Order:
    """Rows from the highest score down, the first row of each distinct score, and the share of places."""

    rows: Ints
    starts: Ints
    level: Ints
    room: float

    @classmethod
    def of(cls, score: Floats, room: float) -> _Order:
        rows = np.argsort(-score, kind="stable")
        new = np.diff(score[rows], prepend=np.inf) != 0
        return cls(rows, np.flatnonzero(new), np.cumsum(new) - 1, room)


def _batches(size: int, resamples: int, seed: int) -> Any:
    """Weights of every household: once each, and then as often as each resample drew it."""
    yield np.ones((size, 1))
    for low in range(0, resamples, BLOCK):  # few columns: every row has a figure of its own in each
        yield household_weights(size, range(low, min(low + BLOCK, resamples)), seed).astype(np.float64)


def _by_household(members: Any, household: Ints, value: Floats, size: int) -> Any:
    from scipy.sparse import csr_array

    return members @ csr_array((value, (np.arange(len(value)), household)), shape=(len(value), size))


def _taken(order: _Order, weights: Floats, household: Ints, total: Floats) -> tuple[Floats, int]:
    """How often each of the first rows is picked in each resample, and how many rows may be picked in any.

    Only the rows around the cut and above it are looked at: some more than there are places, and twice as many while a
    resample does not reach its own cut among them.
    """
    room, n = order.room * total, len(order.rows)
    top, both = min(n, int(1.2 * order.room * n) + 100), np.empty((0, 0))
    while True:
        levels = int(order.level[top - 1]) + 1
        top = n if levels == len(order.starts) else int(order.starts[levels])
        drawn = weights[household[order.rows[:top]]]
        every = np.add.reduceat(drawn, order.starts[:levels])
        both = every.cumsum(axis=0)
        if top == n or (both[-1] >= room).all():
            break
        top = min(n, 2 * top)
    level = np.minimum((both < room - 1e-9).sum(axis=0), len(both) - 1)
    columns = np.arange(len(room))
    part = np.clip(divide(room - (both[level, columns] - every[level, columns]), every[level, columns]), 0, 1)
    top = int(np.searchsorted(order.level, level.max(), side="right"))
    own = order.level[:top, None]
    return drawn[:top] * ((own < level) + (own == level) * part), top


def _area(order: _Order, y: Floats, weights: Floats) -> Floats:
    """AUROC of all cases in each resample; ties count half."""
    positive = np.add.reduceat(weights * y[order.rows][:, None], order.starts)
    negative = np.add.reduceat(weights, order.starts) - positive
    above = np.einsum("kb,kb->b", negative, positive.cumsum(axis=0) - 0.5 * positive)
    return divide(above, positive.sum(axis=0) * negative.sum(axis=0))


def _joined(parts: Sequence[Tallies]) -> Tallies:
    return Tallies(
        np.concatenate([p.found for p in parts], axis=1),
        np.concatenate([p.wrong for p in parts], axis=1),
        np.concatenate([p.area for p in parts]),
    )
