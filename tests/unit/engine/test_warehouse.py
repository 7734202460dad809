"""Opening a warehouse, and what is said when it cannot be used."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from riskmodel.engine.build import build_warehouse
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import WarehouseError
from tests.unit.engine.clinic import VISITS, put


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    put(tmp_path / "extracts")
    return build_warehouse([VISITS], tmp_path / "extracts", tmp_path / "warehouse", buckets=2)


def test_it_opens_as_it_was_built(warehouse: Warehouse) -> None:
    opened = Warehouse.open(warehouse.folder, verify=True)
    assert opened == warehouse
    assert opened.buckets == 2
    assert opened.complete_to("visits") == date(2024, 12, 1)
    assert opened.extracted_on("visits") == date(2024, 12, 31)
    assert opened.path("visits") == f"{warehouse.folder}/visits/part-*.parquet"
    assert opened.path("visits", 1) == f"{warehouse.folder}/visits/part-0001.parquet"


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"There is no warehouse at .*none.*Run: riskmodel build"):
        Warehouse.open(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not a warehouse: manifest.json is missing"),
        ("{", "cannot be read as JSON"),
        ("[]", "was written by another version"),
        ('{"format": 0}', "was written by another version"),
    ],
)
def test_a_folder_without_a_proper_manifest_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(WarehouseError, match=message):
        Warehouse.open(tmp_path)


def test_a_missing_part_is_refused(warehouse: Warehouse) -> None:
    (warehouse.folder / "visits" / "part-0000.parquet").unlink()
    with pytest.raises(WarehouseError, match=r"lacks .*part-0000"):
        Warehouse.open(warehouse.folder)


def test_a_part_of_another_size_is_refused(warehouse: Warehouse) -> None:
    part = warehouse.folder / "visits" / "part-0000.parquet"
    part.write_bytes(part.read_bytes() + b"x")
    with pytest.raises(WarehouseError, match=r"part-0000.parquet was changed after it was built"):
        Warehouse.open(warehouse.folder)


def test_one_changed_byte_is_found_when_asked_to_verify(warehouse: Warehouse) -> None:
    part = warehouse.folder / "visits" / "part-0000.parquet"
    data = bytearray(part.read_bytes())
    data[20] ^= 1
    part.write_bytes(data)
    assert Warehouse.open(warehouse.folder) == warehouse
    with pytest.raises(WarehouseError, match="was changed after it was built"):
        Warehouse.open(warehouse.folder, verify=True)


def test_an_unknown_source_names_the_nearest(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match=r"holds no source 'visit'.*nearest right name is 'visits'"):
        warehouse.path("visit")


def test_an_unknown_membership_says_what_to_do(warehouse: Warehouse) -> None:
    assert not warehouse.is_clustered_by("residence", "household_id")
    with pytest.raises(
        WarehouseError, match=r"no components for the membership 'residence.household_id'.*riskmodel build"
    ):
        warehouse.components("residence", "household_id")


def test_a_folder_with_odd_characters_works(tmp_path: Path) -> None:
    import duckdb

    odd = tmp_path / "it's [odd] * 1"
    put(odd / "extracts")
    warehouse = build_warehouse([VISITS], odd / "extracts", odd / "warehouse")
    path = warehouse.path("visits").replace("'", "''")
    assert duckdb.connect().execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchall() == [(1,)]


def test_the_manifest_is_plain_json(warehouse: Warehouse) -> None:
    assert json.loads((warehouse.folder / "manifest.json").read_text()) == warehouse.manifest
