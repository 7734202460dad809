"""No small count can be read, or worked out, from what disclosure control lets through."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.errors import DisclosureError
from riskmodel.reporting.disclosure import Bin, Policy, count, falling, pool, rounded, share

counts = st.integers(0, 5_000)


@given(n=counts, whole=st.integers(0, 10_000))
def test_a_printed_count_and_its_complement_are_never_small(n: int, whole: int) -> None:
    printed = count(n, whole=whole)
    if n < 10 or whole - n < 10:
        assert printed is None
    else:
        assert printed is not None
        assert printed % 5 == 0
        assert printed >= 10
        assert rounded(whole) - printed >= 10


@given(n=st.integers(10, 5_000))
def test_a_printed_count_leaves_five_possible_true_ones(n: int) -> None:
    same = [other for other in range(max(n - 6, 0), n + 7) if rounded(other) == rounded(n)]
    assert len(same) == 5


@given(part=counts, whole=st.integers(0, 10_000))
def test_a_share_comes_from_rounded_counts_and_is_never_none_or_all(part: int, whole: int) -> None:
    value = share(part, whole)
    if value is None:
        assert whole < 20 or part < 10 or whole - part < 10
    else:
        assert value == rounded(part) / rounded(whole)
        assert 0 < value < 1


def test_a_share_of_fewer_than_twenty_is_withheld() -> None:
    assert share(10, 20) == 0.5
    assert share(9.5, 19) is None


def test_nought_is_withheld_as_a_small_count_is() -> None:
    assert count(0) is None
    assert share(0, 500) is None
    assert share(500, 500) is None


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1)), min_size=1, max_size=20))
def test_pooled_bins_are_all_large_enough_and_lose_nobody(made: list[tuple[int, float]]) -> None:
    bins = [Bin(place, place + 1, n, round(n * part), place + 0.5) for place, (n, part) in enumerate(made)]
    pooled = pool(bins)
    for one in pooled:
        assert count(one.events, whole=one.n) is not None
    if pooled:
        assert sum(one.n for one in pooled) == sum(one.n for one in bins)
        assert sum(one.events for one in pooled) == sum(one.events for one in bins)
        assert all(left.high == right.low for left, right in itertools.pairwise(pooled))
    else:
        everybody = sum(one.n for one in bins)
        assert count(sum(one.events for one in bins), whole=everybody) is None


def test_a_pooled_mean_weighs_by_the_number_of_cases() -> None:
    (both,) = pool([Bin(0, 0.1, 30, 5, 0.05), Bin(0.1, 0.2, 10, 5, 0.15)])
    assert both.mean == pytest.approx((30 * 0.05 + 10 * 0.15) / 40)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_neighbouring_steps_are_equal_or_a_threshold_apart(losses: list[int]) -> None:
    steps = [sum(losses[place:]) + 3 for place in range(len(losses) + 1)]
    shown = falling(steps)
    for before, after in itertools.pairwise(shown):
        if before is not None and after is not None:
            assert before == after or before - after >= 10
    assert shown[-1] == count(steps[-1])


def test_a_step_cannot_gain_cases() -> None:
    with pytest.raises(DisclosureError, match="rises from one step to the next"):
        falling([100, 120])


@pytest.mark.parametrize("settings", [{"threshold": 0}, {"rounding": 0}, {"threshold": 3, "rounding": 5}])
def test_rules_that_protect_nobody_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(DisclosureError, match=r"riskmodel\.toml"):
        Policy.of(settings)


def test_stricter_rules_are_kept() -> None:
    strict = Policy.of({"threshold": 20, "rounding": 10, "other": "ignored"})
    assert count(19, strict) is None
    assert count(24, strict) == 20
