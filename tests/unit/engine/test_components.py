"""Who is connected through spells, and how that cuts the warehouse into buckets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.declare.scope import Scope
from riskmodel.engine.components import (
    MAX_BUCKETS,
    ROWS_PER_BUCKET,
    Membership,
    bucket_count,
    cluster,
    connect,
    memberships_of,
)
from riskmodel.errors import WarehouseError
from tests.unit.engine.clinic import HOUSEHOLD, RESIDENCE

HOME = Membership("residence", "person_id", "household_id")
SCHOOL = Membership("enrolment", "person_id", "school_id")


def edges(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([a for a, _ in pairs], dtype=np.int64), np.array([b for _, b in pairs], dtype=np.int64)


def slowly(n: int, pairs: list[tuple[int, int]]) -> list[int]:
    """Components by painting over, numbered in the order of their first node."""
    colour = list(range(n))
    for a, b in pairs:
        colour = [colour[a] if one == colour[b] else one for one in colour]
    first = list(dict.fromkeys(colour))
    return [first.index(one) for one in colour]


@settings(deadline=None)
@given(st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_components_are_those_found_slowly(case: tuple[int, list[tuple[int, int]]]) -> None:
    n, pairs = case
    assert connect(n, [edges(*pairs)]).tolist() == slowly(n, pairs)


def test_several_memberships_connect_together() -> None:
    assert connect(5, [edges((0, 1)), edges((1, 2))]).tolist() == [0, 0, 0, 1, 2]


def test_without_spells_everybody_is_alone() -> None:
    assert connect(3, []).tolist() == [0, 1, 2]
    assert connect(0, []).tolist() == []


def test_a_membership_that_connects_nearly_everybody_does_not_decide_the_buckets() -> None:
    n = 100_000
    homes = edges(*[(i, i + 1) for i in range(0, n - 20_000, 2)])
    school = (np.arange(n - 20_000), np.full(n - 20_000, n - 1))
    chosen, labels = cluster(n, {HOME: homes, SCHOOL: school}, buckets=4)
    assert chosen == [HOME]
    assert np.bincount(labels).max() == 2
    chosen, _ = cluster(n, {SCHOOL: school, HOME: homes}, buckets=4)
    assert chosen == [HOME]


def test_in_one_bucket_everybody_is_together() -> None:
    chosen, _ = cluster(4, {SCHOOL: edges((0, 3), (1, 3), (2, 3))}, buckets=1)
    assert chosen == [SCHOOL]


def test_a_small_component_does_no_harm() -> None:
    chosen, labels = cluster(4, {HOME: edges((0, 3), (1, 3), (2, 3))}, buckets=16)
    assert chosen == [HOME]
    assert labels.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("rows", "buckets"),
    [(0, 1), (ROWS_PER_BUCKET, 1), (ROWS_PER_BUCKET + 1, 2), (9 * ROWS_PER_BUCKET, 16), (10**9, MAX_BUCKETS)],
)
def test_buckets_grow_with_the_rows(rows: int, buckets: int) -> None:
    assert bucket_count(rows) == buckets


def test_scopes_through_the_same_spells_are_one_membership() -> None:
    adults = Scope("adults living in the same home", via=RESIDENCE, group="household_id", when="then")
    assert memberships_of([HOUSEHOLD, adults], ["residence"]) == [HOME]


def test_a_scope_through_a_source_that_is_not_built_is_an_error() -> None:
    scope = Scope("the home", via=replace(RESIDENCE, name="residences"), group="household_id")
    with pytest.raises(WarehouseError, match=r"goes through source 'residences', which is not built.*'residence'"):
        memberships_of([scope], ["residence", "visits"])
