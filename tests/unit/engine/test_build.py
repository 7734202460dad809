"""Building a warehouse: what is stored, that it is the same every time, and what is refused."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from riskmodel.engine.build import build_warehouse
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import ContractError, StorageError, WarehouseError
from tests.unit.engine.clinic import HOUSEHOLD, RESIDENCE, VISITS, put

SOURCES = [VISITS, RESIDENCE]
VISIT_ROWS = [f"p{i % 30},2024-02-{1 + i % 28:02},2024-03-01,{i},{i}.5,true,n{i},1980-05-01" for i in range(90)]
# Three homes of ten people; p29 moves from the last to the first, which connects the two.
SPELLS = [f"p{i},2020-01-01,{'2022-01-01' if i == 29 else ''},h{i // 10}" for i in range(30)] + ["p29,2022-01-01,,h0"]


def extracts(folder: Path, *, shuffled: bool = False, visits: list[str] = VISIT_ROWS) -> Path:
    rows, spells = list(visits), list(SPELLS)
    if shuffled:
        random.Random(4).shuffle(rows)
        random.Random(5).shuffle(spells)
    put(folder, rows)
    (folder / "residence.csv").write_text("\n".join(["person_id,moved_in,moved_out,household_id", *spells, ""]))
    terms = "".join(f"[{s.name}]\nextracted_on = 2024-12-31\ncomplete_to = 2024-12-01\n" for s in SOURCES)
    (folder / "extracts.toml").write_text(terms)
    return folder


def build(folder: Path, **options: Any) -> Warehouse:
    given = folder / "extracts"
    if not given.exists():
        extracts(given)
    return build_warehouse(SOURCES, given, folder / "warehouse", scopes=[HOUSEHOLD], **options)


def rows_of(path: str) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(f"SELECT * FROM read_parquet('{path}')").fetchall()


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_row_is_stored_with_its_types(tmp_path: Path) -> None:
    warehouse = build(tmp_path)
    table = pq.read_table(tmp_path / "warehouse" / "visits" / "part-0000.parquet")
    assert [f"{field.name} {field.type}" for field in table.schema] == [
        "person_id string", "seen_on date32[day]", "received_on date32[day]", "room int64", "weight double",
        "urgent bool", "note string", "born_on date32[day]", "_component int64",
    ]  # fmt: skip
    assert table.num_rows == 90
    assert warehouse.sources == ("residence", "visits")
    assert set(bytes_of(warehouse.folder)) == {
        "manifest.json", "visits/part-0000.parquet", "residence/part-0000.parquet",
        "_components/residence.household_id.parquet",
    }  # fmt: skip


def test_the_manifest_says_where_everything_came_from(tmp_path: Path) -> None:
    entry = build(tmp_path).entry("visits")
    expected = {
        "partner": "Clinic", "agreement": "ISA-9", "sensitivity": "personal", "file": "visits.csv", "rows": 90,
        "dropped": {"exact_duplicates": 0}, "extracted_on": "2024-12-31", "complete_to": "2024-12-01",
        "first_happened": "2024-02-01", "last_happened": "2024-02-28", "last_known": "2024-03-01",
        "written_as": "CSV, UTF-8, comma",
    }  # fmt: skip
    assert {key: entry[key] for key in expected} == expected
    assert len(entry["file_sha256"]) == 64
    assert not any(word in json.dumps(entry) for word in ("p29", "n17"))


def test_rows_are_sorted_and_members_of_a_home_lie_together(tmp_path: Path) -> None:
    rows = rows_of(build(tmp_path).path("visits"))
    assert rows == sorted(rows, key=lambda row: (row[-1], *row[:4]))
    homes = {row[0]: row[-1] for row in rows}
    assert homes["p0"] == homes["p29"] == homes["p25"]
    assert homes["p10"] == homes["p19"] != homes["p0"]


@pytest.mark.parametrize("buckets", [1, 2, 5])
def test_everything_about_a_component_is_in_one_bucket(tmp_path: Path, buckets: int) -> None:
    warehouse = build(tmp_path, buckets=buckets)
    assert warehouse.is_clustered_by("residence", "household_id")
    found: dict[int, set[int]] = {}
    for source in warehouse.sources:
        for bucket in range(buckets):
            for row in rows_of(warehouse.path(source, bucket)):
                found.setdefault(row[-1], set()).add(bucket)
    assert {component: {component % buckets} for component in found} == found
    assert sum(len(rows_of(warehouse.path("visits", bucket))) for bucket in range(buckets)) == 90


def test_components_name_every_key_and_group(tmp_path: Path) -> None:
    rows = rows_of(build(tmp_path).components("residence", "household_id"))
    by_key = {(kind, key): component for kind, key, component in rows}
    assert len(by_key) == len(rows) == 33
    assert by_key["person_id", "p29"] == by_key["household_id", "h0"] == by_key["household_id", "h2"]
    assert by_key["person_id", "p15"] == by_key["household_id", "h1"] != by_key["household_id", "h0"]


def test_somebody_without_a_spell_is_alone(tmp_path: Path) -> None:
    extracts(tmp_path / "extracts", visits=[*VISIT_ROWS, VISIT_ROWS[0].replace("p0", "stranger")])
    rows = rows_of(build(tmp_path).components("residence", "household_id"))
    [alone] = [component for _, key, component in rows if key == "stranger"]
    assert [key for _, key, component in rows if component == alone] == ["stranger"]


def test_exact_duplicates_are_dropped_and_counted(tmp_path: Path) -> None:
    extracts(tmp_path / "extracts", visits=[*VISIT_ROWS, *VISIT_ROWS[:7]])
    warehouse = build(tmp_path)
    entry = warehouse.entry("visits")
    assert (entry["file_rows"], entry["rows"], entry["dropped"]) == (97, 90, {"exact_duplicates": 7})
    assert len(rows_of(warehouse.path("visits"))) == 90
    assert [problem["code"] for problem in warehouse.manifest["problems"]] == ["C309"]


def test_an_undeclared_column_is_not_stored(tmp_path: Path) -> None:
    sources = [replace(VISITS, columns={"room": int}), RESIDENCE]
    warehouse = build_warehouse(sources, extracts(tmp_path / "extracts"), tmp_path / "warehouse", scopes=[HOUSEHOLD])
    assert list(warehouse.entry("visits")["columns"]) == ["person_id", "seen_on", "received_on", "room"]
    assert len(rows_of(warehouse.path("visits"))[0]) == 5


def test_the_same_extracts_give_the_same_bytes(tmp_path: Path) -> None:
    extracts(tmp_path / "extracts")
    first = build(tmp_path, buckets=2)
    before = bytes_of(first.folder)
    shutil.rmtree(first.folder)
    assert bytes_of(build(tmp_path, buckets=2).folder) == before


def test_the_order_of_rows_in_an_extract_does_not_matter(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    extracts(one / "extracts")
    extracts(other / "extracts", shuffled=True)
    first, second = build(one), build(other)
    assert first.digest() == second.digest()
    parts = [{k: v for k, v in bytes_of(w.folder).items() if k != "manifest.json"} for w in (first, second)]
    assert parts[0] == parts[1]


def test_the_digest_is_about_the_data_and_not_about_files_or_buckets(tmp_path: Path) -> None:
    first = build(tmp_path)
    given = extracts(tmp_path / "parquet" / "extracts")
    pq.write_table(pc.read_csv(given / "visits.csv"), given / "visits.parquet")
    (given / "visits.csv").unlink()
    second = build(tmp_path / "parquet", buckets=4)
    assert first.digest() == second.digest()
    assert first.manifest["inputs"] != second.manifest["inputs"]


@pytest.mark.parametrize(
    "change",
    [
        {"visits": [VISIT_ROWS[0].replace(",0,", ",1,"), *VISIT_ROWS[1:]]},
        {"visits": VISIT_ROWS[1:]},
        {"visits": [*VISIT_ROWS[:-1], VISIT_ROWS[-1].replace("true", "")]},
    ],
    ids=["one value", "one row less", "one blank"],
)
def test_any_change_changes_the_digest(tmp_path: Path, change: dict[str, Any]) -> None:
    before = build(tmp_path).digest()
    extracts(tmp_path / "extracts", **change)
    assert build(tmp_path).digest() != before


def test_a_later_complete_to_changes_the_digest(tmp_path: Path) -> None:
    before = build(tmp_path).digest()
    terms = tmp_path / "extracts" / "extracts.toml"
    terms.write_text(terms.read_text().replace("complete_to = 2024-12-01", "complete_to = 2024-12-02"))
    assert build(tmp_path).digest() != before


def test_nothing_is_done_when_nothing_has_changed(tmp_path: Path) -> None:
    first = build(tmp_path)
    stamp = (first.folder / "visits" / "part-0000.parquet").stat().st_mtime_ns
    again = build(tmp_path)
    assert (first.reused, again.reused) == (False, True)
    assert (again.folder / "visits" / "part-0000.parquet").stat().st_mtime_ns == stamp


def test_a_changed_declaration_or_a_damaged_part_is_built_again(tmp_path: Path) -> None:
    build(tmp_path)
    changed = [replace(VISITS, agreement="ISA-10"), RESIDENCE]
    again = build_warehouse(changed, tmp_path / "extracts", tmp_path / "warehouse", scopes=[HOUSEHOLD])
    assert (again.reused, again.entry("visits")["agreement"]) == (False, "ISA-10")
    (again.folder / "visits" / "part-0000.parquet").write_bytes(b"")
    assert build_warehouse(changed, tmp_path / "extracts", tmp_path / "warehouse", scopes=[HOUSEHOLD]).reused is False


def test_errors_in_an_extract_refuse_the_build_and_keep_the_old_warehouse(tmp_path: Path) -> None:
    old = build(tmp_path)
    before = bytes_of(old.folder)
    put(tmp_path / "extracts", [*VISIT_ROWS, "p1,2024-02-01,2024-01-01,1,,,,", ",2024-02-01,2024-03-01,1,,,,"])
    with pytest.raises(ContractError) as error:
        build(tmp_path)
    assert "ERROR    C301" in str(error.value)
    assert "ERROR    C307" in str(error.value)
    assert "run: riskmodel build" in str(error.value)
    assert bytes_of(old.folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"extracts", "warehouse"}


def test_a_folder_that_is_not_a_warehouse_is_not_replaced(tmp_path: Path) -> None:
    extracts(tmp_path / "extracts")
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "thesis.docx").write_text("three years of work")
    with pytest.raises(WarehouseError, match="is not a warehouse, so it is not replaced"):
        build(tmp_path)
    with pytest.raises(WarehouseError, match="holds the extracts"):
        build_warehouse(SOURCES, tmp_path / "extracts", tmp_path, scopes=[HOUSEHOLD])
    assert (tmp_path / "warehouse" / "thesis.docx").exists()


def test_a_full_disk_leaves_the_old_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    old = build(tmp_path)
    before = bytes_of(old.folder)
    extracts(tmp_path / "extracts", visits=VISIT_ROWS[1:])
    monkeypatch.setattr("riskmodel.engine.build.write_parts", full)
    with pytest.raises(StorageError, match=r"the disk is full.*Free some space"):
        build(tmp_path)
    assert bytes_of(old.folder) == before
    assert {path.name for path in tmp_path.iterdir()} == {"extracts", "warehouse"}


def test_too_little_memory_is_said_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("failed to pin block")

    monkeypatch.setattr("riskmodel.engine.build.write_parts", too_much)
    with pytest.raises(WarehouseError, match="did not fit into 700MB"):
        build(tmp_path)


def test_work_is_reported(tmp_path: Path) -> None:
    class Listener:
        steps: list[tuple[str, int | None]] = []  # noqa: RUF012
        units = 0

        def step(self, name: str, total: int | None = None) -> None:
            self.steps.append((name, total))

        def advance(self, n: int = 1) -> None:
            self.units += n

    listener = Listener()
    build(tmp_path, progress=listener)
    build(tmp_path, progress=listener)
    names = [name for name, _ in listener.steps]
    assert names == [
        "Reading files", "Checking extracts", "Finding who is connected", "Storing sources", "Reading files",
        "Warehouse is up to date",
    ]  # fmt: skip
    assert listener.units == sum(total or 0 for _, total in listener.steps)
