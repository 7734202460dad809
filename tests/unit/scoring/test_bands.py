"""Bands hold at most their share, and equal scores stay together."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from riskmodel.scoring.bands import BANDS, FIRST, LATER, NEXT, bands, ranks


@pytest.mark.parametrize(
    ("raw", "capacity", "expected"),
    [
        ([5, 4, 3, 2, 1], 0.2, [FIRST, NEXT, LATER, LATER, LATER]),
        ([5, 5, 3, 2, 1], 0.2, [LATER] * 5),  # two equals do not fit into a band of one, so neither is picked
        ([5, 5, 3, 2, 1], 0.4, [FIRST, FIRST, NEXT, NEXT, LATER]),
        ([5, 4, 4, 2, 1], 0.4, [FIRST, NEXT, NEXT, LATER, LATER]),
        ([1, 1, 1, 1, 1], 0.4, [LATER] * 5),
        ([5, 4, 3, 2, 1], 1.0, [FIRST] * 5),
        ([5, 4], 0.2, [LATER, LATER]),
        ([], 0.2, []),
    ],
)
def test_the_tie_rule(raw: list[float], capacity: float, expected: list[str]) -> None:
    assert bands(np.array(raw, dtype=float), capacity) == expected


@pytest.mark.parametrize("seed", range(20))
def test_no_band_holds_more_than_its_share_and_no_tie_is_split(seed: int) -> None:
    rng = np.random.default_rng(seed)
    raw = rng.integers(0, rng.integers(2, 200), 500).astype(float)
    capacity = float(rng.uniform(0.01, 0.6))
    given = bands(raw, capacity)
    counts = Counter(given)
    assert counts[FIRST] <= capacity * 500
    assert counts[NEXT] <= capacity * 500
    order = {band: place for place, band in enumerate(BANDS)}
    places = np.array([order[band] for band in given])
    for score in np.unique(raw):
        assert len(set(places[raw == score])) == 1
    assert (np.diff(places[np.argsort(-raw, kind="stable")]) >= 0).all()


def test_a_capacity_of_whole_cases_is_not_lost_to_rounding() -> None:
    assert bands(np.arange(10.0), 0.3).count(FIRST) == 3
    assert bands(np.arange(100.0), 0.07).count(FIRST) == 7


def test_ranks_share_the_better_place() -> None:
    from scipy.stats import rankdata

    raw = np.random.default_rng(0).integers(0, 30, 200).astype(float)
    np.testing.assert_array_equal(ranks(raw), rankdata(-raw, method="min"))
    assert ranks(np.empty(0)).tolist() == []
