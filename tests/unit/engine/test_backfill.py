"""The statistical rule for columns that are filled in later."""

from __future__ import annotations

import numpy as np
import pytest

from riskmodel.engine.backfill import blank_tail


def test_the_tail_reported_is_the_longest() -> None:
    records = np.full(60, 40)
    tail = blank_tail(records, np.where(np.arange(60) < 25, 0, 36))
    assert tail is not None
    assert (tail.days, tail.records, tail.filled_before, tail.filled_since) == (750, 1000, 0.9, 0.0)


def test_chance_decides_at_the_stated_threshold() -> None:
    records = np.full(26, 50)
    before = np.where(np.arange(26) < 3, 0, 50)
    assert blank_tail(records, before) is not None
    few = np.where(np.arange(26) < 3, 10, 50)
    assert blank_tail(few, np.minimum(before, few)) is None


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.6])
def test_chance_alone_never_raises_it(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    records = rng.poisson(rng.choice([3, 30, 300]), size=130)
    # Families and batches: whole groups of records are filled or not.
    for size in (1, 8, 20):
        filled = np.minimum(size * rng.binomial(records // size + 1, share), records)
        assert blank_tail(records, filled) is None


@pytest.mark.parametrize("every", [6, 12])
def test_a_column_of_a_yearly_or_half_yearly_count_is_not_blank_between_counts(every: int) -> None:
    records = np.where(np.arange(130) % every == 3, 1500, 0)
    assert blank_tail(records, records // 2) is None


def test_a_yearly_count_that_lacks_a_column_the_last_time_is_found() -> None:
    records = np.where(np.arange(130) % 12 == 3, 1500, 0)
    assert blank_tail(records, np.where(np.arange(130) < 12, 0, records // 2)) is not None


def test_nothing_before_the_tail_means_nothing_to_compare_with() -> None:
    assert blank_tail(np.array([500]), np.array([0])) is None
    assert blank_tail(np.array([500, 500]), np.array([0, 0])) is None
