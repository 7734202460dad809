"""Counting the register by audit group: every step before the cohort, at the training and test dates alone."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from riskmodel.declare import Cohort, has
from riskmodel.engine import register
from riskmodel.engine.register import before_cohort
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from tests.generative import worlds
from tests.unit.engine.test_run import AS_OF, DATA, PROTOTYPE, warehouse_of

BEFORE = date(2022, 3, 1)
URGENT = has(worlds.visits, "urgent_before", "an urgent visit", where="urgent")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    people = [row | {"sex": "M" if row["person_id"] in "bf" else "F"} for row in DATA["people"]]
    return warehouse_of(tmp_path / "warehouse", DATA | {"people": people})


def cohort_of(where: str | None, *having: object) -> object:
    cohort = Cohort("Some", worlds.people, where=where, having=having, area="ward", together=worlds.home)
    return dataclasses.replace(
        PROTOTYPE, cohort=cohort, train_as_of=(BEFORE,), test_as_of=(AS_OF,), validate_as_of=(date(2023, 3, 1),)
    )


def counted(prototype: object, warehouse: Warehouse) -> list[tuple[str, int, dict[str, dict[str, int]]]]:
    attrition = build_matrix(prototype, warehouse).manifest["attrition"]
    found = before_cohort(prototype, warehouse, attrition)
    return [(step["step"], step["n"], step["groups"]) for step in found]


def test_a_cohort_that_takes_the_register_as_it_is_has_no_earlier_step(warehouse: Warehouse) -> None:
    assert counted(cohort_of(None), warehouse) == []


def test_the_register_is_counted_at_the_training_and_test_dates(warehouse: Warehouse) -> None:
    groups = {"sex": {"F": 8, "M": 4, "Unknown": 0}}
    assert counted(cohort_of("ward = 'w1'"), warehouse) == [("register", 12, groups)]
    assert counted(cohort_of(None, URGENT), warehouse) == [("register", 12, groups)]


def test_a_condition_and_a_needed_feature_are_two_steps(warehouse: Warehouse) -> None:
    assert counted(cohort_of("ward = 'w1'", URGENT), warehouse) == [
        ("register", 12, {"sex": {"F": 8, "M": 4, "Unknown": 0}}),
        ("where", 6, {"sex": {"F": 4, "M": 2, "Unknown": 0}}),
    ]


def test_a_register_that_is_too_large_is_counted_as_a_whole_alone(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "MOST_CASES", 10)
    assert counted(cohort_of("ward = 'w1'", URGENT), warehouse) == [
        ("register", 12, {}),
        ("where", 6, {"sex": {"F": 4, "M": 2, "Unknown": 0}}),
    ]
