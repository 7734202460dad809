"""Building a matrix: dates and cases asked for, a warehouse that does not fit, the same data giving the same bytes."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from riskmodel.declare import Cohort, Outcome, Scope, Source, count, has, latest, total
from riskmodel.engine.execute import ROWS_AT_ONCE, batched
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import MatrixError, WarehouseError
from riskmodel.periods import months
from tests.generative import worlds
from tests.generative.store import store

LONG_AGO = date(2020, 1, 1)
DATA: dict[str, list[dict[str, Any]]] = {
    "people": [
        {"person_id": p, "recorded_on": LONG_AGO, "received_on": LONG_AGO, "born": None, "ward": w, "sex": "F"}
        for p, w in zip("abcdef", ["w1", "w2", "w1", None, "w2", "w1"], strict=True)
    ],
    "households": [{"household_id": "h1", "recorded_on": LONG_AGO, "received_on": LONG_AGO, "ward": "w1"}],
    "residence": [
        {"person_id": p, "moved_in": LONG_AGO, "received_on": LONG_AGO, "moved_out": None, "household_id": h,
         "role": "carer"}
        for p, h in zip("abcdef", ["h1", "h1", "h2", "h3", "h4", "h4"], strict=True)
    ],
    "visits": [
        {"person_id": p, "seen_on": date(2023, 6, day), "received_on": date(2023, 7, 1), "cost": day,
         "weight": 0.1 * day, "kind": "a", "urgent": day > 9, "result": None, "result_on": None}
        for p, day in zip("aabbcdeff", range(3, 12), strict=True)
    ],
    "bills": [{"household_id": "h1", "billed_on": date(2022, 1, 1), "amount": 10.5, "paid": False}],
}  # fmt: skip
PROTOTYPE = worlds.prototype(
    Cohort("Everybody", worlds.people, area="ward", together=worlds.home),
    Outcome(worlds.visits, "urgent_visit", "An urgent visit", where="urgent", within=months(6)),
    [
        count(worlds.visits, "visits", "visits"),
        total(worlds.visits, "weight_at_home", "weight", "weight", of=worlds.home),
        total(worlds.bills, "billed", "bills", "amount", of=worlds.home),
    ],
    audit=(latest(worlds.people, "sex", "the sex", "sex", levels=["F", "M"]),),
)
AS_OF = date(2023, 8, 31)


def warehouse_of(folder: Path, data: dict[str, Any] = DATA, **settings: Any) -> Warehouse:
    sources = [source for source in worlds.SOURCES if source.name in data]
    settings = {"complete_to": worlds.COMPLETE_TO, "clustered_by": worlds.home} | settings
    return store(folder, sources, data, **settings)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return warehouse_of(tmp_path / "warehouse", buckets=3)


def test_without_dates_those_of_training_test_and_validation_are_built(warehouse: Warehouse) -> None:
    train, other = (date(2021, 3, 1), date(2022, 3, 1)), date(2023, 3, 1)
    prototype = dataclasses.replace(
        PROTOTYPE, train_as_of=train, test_as_of=(AS_OF,), calibrate_as_of=(), validate_as_of=(other,)
    )
    matrix = build_matrix(prototype, warehouse)
    assert sorted({day.date() for day in matrix.as_of}) == [*train, other, AS_OF]
    assert len(matrix) == 24


def test_no_date_at_all_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(MatrixError, match="No as-of date"):
        build_matrix(PROTOTYPE, warehouse, [])


def test_every_case_may_have_a_date_of_its_own(warehouse: Warehouse) -> None:
    asked = pd.DataFrame({"key": ["b", "a", "a"], "as_of": pd.to_datetime(["2023-08-31", "2023-06-30", "2023-08-31"])})
    matrix = build_matrix(PROTOTYPE, warehouse, cases=asked)
    assert list(zip(matrix.keys, matrix.X["visits"], strict=True)) == [("a", 0.0), ("a", 2.0), ("b", 2.0)]


def test_dates_for_all_and_dates_for_each_are_refused(warehouse: Warehouse) -> None:
    asked = pd.DataFrame({"key": ["a"], "as_of": [AS_OF]})
    with pytest.raises(MatrixError, match="either for all cases"):
        build_matrix(PROTOTYPE, warehouse, AS_OF, cases=asked)


def test_other_features_than_the_declared(warehouse: Warehouse) -> None:
    only = has(worlds.visits, "visited", "a visit", where="urgent")
    matrix = build_matrix(PROTOTYPE, warehouse, AS_OF, features=[only])
    assert matrix.X.columns.tolist() == ["visited"]
    assert matrix.X["visited"].tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    assert matrix.digest != build_matrix(PROTOTYPE, warehouse, AS_OF).digest


def saved(matrix: DesignMatrix, folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in matrix.save(folder).iterdir()}


def test_the_same_data_give_the_same_bytes(warehouse: Warehouse, tmp_path: Path) -> None:
    once, again = build_matrix(PROTOTYPE, warehouse, AS_OF), build_matrix(PROTOTYPE, warehouse, AS_OF)
    assert saved(once, tmp_path / "one") == saved(again, tmp_path / "two")


def test_the_digest_is_that_of_declarations_data_and_dates(warehouse: Warehouse, tmp_path: Path) -> None:
    digest = build_matrix(PROTOTYPE, warehouse, AS_OF).digest
    more = {**DATA, "bills": [*DATA["bills"], {**DATA["bills"][0], "amount": 1.0}]}
    others = [
        build_matrix(PROTOTYPE, warehouse, date(2023, 9, 1)),
        build_matrix(PROTOTYPE, warehouse, AS_OF, cases=["a"]),
        build_matrix(dataclasses.replace(PROTOTYPE, capacity=0.2), warehouse, AS_OF),
        build_matrix(PROTOTYPE, warehouse_of(tmp_path / "more", more), AS_OF),
    ]
    assert len({digest, *(matrix.digest for matrix in others)}) == 5


def test_all_parts_share_rows_and_types(warehouse: Warehouse) -> None:
    matrix = build_matrix(PROTOTYPE, warehouse, AS_OF)
    for part in (matrix.X, matrix.y, matrix.keys, matrix.as_of, matrix.component, matrix.audit, matrix.area):
        assert part.index.equals(pd.RangeIndex(6))
    assert {str(kind) for kind in matrix.X.dtypes} == {"float64"}
    assert matrix.component.dtype == "int64"
    assert str(matrix.audit["sex"].dtype) == "category"
    assert matrix.area.tolist() == ["w1", "w2", "w1", "Unknown", "w2", "w1"]


def test_a_source_that_was_not_built_is_named(tmp_path: Path) -> None:
    lacking = {name: rows for name, rows in DATA.items() if name != "bills"}
    with pytest.raises(WarehouseError, match="'bills'"):
        build_matrix(PROTOTYPE, warehouse_of(tmp_path, lacking), AS_OF)


def test_scoring_needs_no_outcome(tmp_path: Path) -> None:
    prototype = dataclasses.replace(PROTOTYPE, features=PROTOTYPE.features[2:])
    lacking = {name: rows for name, rows in DATA.items() if name != "visits"}
    warehouse = warehouse_of(tmp_path, lacking)
    matrix = build_matrix(prototype, warehouse, prototype.score_as_of)
    assert matrix.y.isna().all()
    with pytest.raises(WarehouseError, match="'visits'"):
        build_matrix(prototype, warehouse, AS_OF)


def test_a_warehouse_of_other_declarations_is_refused(warehouse: Warehouse) -> None:
    changed = dataclasses.replace(worlds.bills, columns={"amount": int, "paid": bool, "sent": bool})
    other = total(changed, "billed", "bills", "amount", of=worlds.home)
    with pytest.raises(WarehouseError, match="amount, sent are not there"):
        build_matrix(PROTOTYPE, warehouse, AS_OF, features=[other])


def test_a_truncated_file_is_one_clear_error(warehouse: Warehouse) -> None:
    part = Path(warehouse.path("visits", 0))
    part.write_bytes(part.read_bytes()[:-40])
    with pytest.raises(WarehouseError, match="could not be read"):
        build_matrix(PROTOTYPE, warehouse, AS_OF)


def test_a_sum_beyond_64_bits_is_one_clear_error_without_a_value(tmp_path: Path) -> None:
    visits = [{**DATA["visits"][0], "cost": 2**62, "kind": kind} for kind in "abc"]
    warehouse = warehouse_of(tmp_path, {**DATA, "visits": visits})
    with pytest.raises(MatrixError, match="records of visits") as error:
        build_matrix(PROTOTYPE, warehouse, AS_OF, features=[total(worlds.visits, "cost", "cost", "cost")])
    assert not any(digit in str(error.value) for digit in "0123456789")


class Steps:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def step(self, name: str, total: int | None = None) -> None:
        self.told.append((name, total))

    def advance(self, n: int = 1) -> None:
        self.told.append(n)


def test_progress_is_told_of_every_batch(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.engine.execute.ROWS_AT_ONCE", 1)
    steps = Steps()
    build_matrix(PROTOTYPE, warehouse, AS_OF, progress=steps)
    assert steps.told == [("Building features", 3), 1, 1, 1]


def test_an_interrupt_ends_the_work_and_leaves_nothing_behind(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Interrupted(Steps):
        def advance(self, n: int = 1) -> None:
            raise KeyboardInterrupt

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr("riskmodel.engine.execute.ROWS_AT_ONCE", 1)
    with pytest.raises(KeyboardInterrupt):
        build_matrix(PROTOTYPE, warehouse, AS_OF, progress=Interrupted())
    assert not list(scratch.iterdir())


def test_a_scope_that_is_not_clustered_is_read_over_all_buckets(tmp_path: Path) -> None:
    """Wards connect people across buckets, so that everything is computed in one go, and correctly."""
    warehouse = warehouse_of(tmp_path, clustered_by=worlds.home, buckets=3)
    stays = Source(
        "residence", "One row a stay", partner="Invented", agreement="None", key="person_id", happened="moved_in",
        known="received_on", ends="moved_out", columns={"household_id": str, "role": str},
    )  # fmt: skip
    same_role = Scope("everybody of the same role", via=stays, group="role")
    crowd = count(worlds.visits, "crowd", "visits of everybody", of=same_role)
    matrix = build_matrix(PROTOTYPE, warehouse, AS_OF, features=[crowd])
    assert matrix.X["crowd"].tolist() == [9.0] * 6


def test_batches_are_bounded_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sized:
        buckets = 64

        def entry(self, source: str) -> dict[str, int]:
            return {"rows": 8 * ROWS_AT_ONCE}

    monkeypatch.setattr("riskmodel.engine.execute.sources_of", lambda plan: ["visits", "bills"])
    batches = batched(object(), Sized(), together=False)
    assert [len(batch) for batch in batches] == [4] * 16
    assert batched(object(), Sized(), together=True) == [list(range(64))]
