"""What the manifest says of records by month, and of how long they take to arrive."""

from __future__ import annotations

from pathlib import Path

from riskmodel.declare.source import Source
from riskmodel.engine.build import build_warehouse
from riskmodel.engine.manifest import content_of

VISITS = Source(
    "visits", "One row a visit", partner="Clinic", agreement="ISA-9", key="person_id", happened="seen_on",
    known="received_on", columns={"room": int},
)  # fmt: skip


def entry_of(folder: Path, *rows: str) -> dict[str, object]:
    extracts = folder / "extracts"
    extracts.mkdir()
    (extracts / "visits.csv").write_text("person_id,seen_on,received_on,room\n" + "".join(f"{row}\n" for row in rows))
    warehouse = build_warehouse([VISITS], extracts, folder / "warehouse", buckets=2)
    assert content_of({"visits": warehouse.entry("visits")}) == warehouse.digest()
    return warehouse.entry("visits")


def test_records_are_counted_by_the_month_in_which_they_happened(tmp_path: Path) -> None:
    rows = ["a,2024-01-31,2024-02-02,1", "b,2024-01-05,2024-03-01,1", "a,2024-03-01,2024-03-01,2"]
    assert entry_of(tmp_path, *rows, rows[0])["monthly"] == {"2024-01": 2, "2024-03": 1}


def test_the_delay_is_the_time_from_happened_to_known(tmp_path: Path) -> None:
    rows = [f"p{day:02d},2024-01-01,2024-01-{day:02d},1" for day in range(1, 22)]
    assert entry_of(tmp_path, *rows)["delay_days"] == {"median": 10, "nearly_all": 19}


def test_a_source_on_its_own_keeps_each_record_once(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, "a,2024-01-31,2024-02-02,1", "a,2024-02-05,2024-03-01,1", "a,2024-02-05,2024-03-01,1")
    assert (entry["rows"], entry["dropped"]) == (2, {"exact_duplicates": 1})
