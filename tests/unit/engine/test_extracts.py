"""Finding extract files and the days they were taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from riskmodel.engine.extracts import Terms, find_extracts
from tests.unit.engine.clinic import GOOD, HEADING, RESIDENCE, VISITS, check, codes, only, put


@pytest.mark.parametrize("name", ["visits.csv", "visits.csv.gz"])
def test_text_is_found_plain_or_packed(tmp_path: Path, name: str) -> None:
    put(tmp_path, name=name)
    assert codes(check(tmp_path)) == []


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, name="visit.csv")
    problem = only(check(tmp_path), "C101")
    assert problem.detail == "visits.csv or visits.csv.gz or visits.parquet; nearest is visit.csv"


def test_a_link_to_a_file_elsewhere_is_followed(tmp_path: Path) -> None:
    path = put(tmp_path / "extracts")
    (tmp_path / "elsewhere").mkdir()
    path.rename(tmp_path / "elsewhere" / "received.csv")
    path.symlink_to(tmp_path / "elsewhere" / "received.csv")
    assert codes(check(tmp_path / "extracts")) == []


def test_two_files_for_one_source_are_refused(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, name="visits.csv.gz")
    assert only(check(tmp_path), "C102").detail == "visits.csv, visits.csv.gz"


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").mkdir()
    assert only(check(tmp_path), "C103").detail == "it is a folder"


@pytest.mark.parametrize(
    "content", ["", "\n\n  \n", "\ufeff", HEADING + "\n"], ids=["no bytes", "blank", "mark", "heading"]
)
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "visits.csv").write_text(content, encoding="utf-8")
    assert "C104" in codes(check(tmp_path))


def test_stated_days_are_read(tmp_path: Path) -> None:
    put(tmp_path)
    found = find_extracts([VISITS], tmp_path)
    assert found.terms == {"visits": Terms(date(2024, 12, 31), date(2024, 12, 1))}


def test_without_stated_days_the_latest_known_day_is_taken_and_the_report_says_so(tmp_path: Path) -> None:
    put(tmp_path, [GOOD, "b,2024-03-01,2024-04-01,1,,,,"])
    (tmp_path / "extracts.toml").unlink()
    report = check(tmp_path)
    assert only(report, "C110").severity == "warning"
    assert only(report, "C110").detail == "visits"
    [summary] = report.sources
    assert (summary.extracted_on, summary.complete_to) == ("2024-04-01", "2024-04-01")


NO_DATE = "extracted_on is not a date such as 2025-09-01, without quotes"


@pytest.mark.parametrize(
    ("toml", "code", "detail"),
    [
        ("[visits\n", "C108", "it cannot be read as TOML"),
        ("[visits]\nextracted_on = '2024-12-31'\n", "C108", NO_DATE),
        ("[visits]\nextracted = 2024-12-31\n", "C108", "unknown setting extracted; nearest is extracted_on"),
        ("visits = 2024-12-31\n", "C108", "it is not a table"),
        ("[visits]\nextracted_on=2024-12-01\ncomplete_to=2024-12-31", "C108", "complete_to is later than extracted_on"),
        ("[visit]\nextracted_on = 2024-12-31\n", "C109", "[visit]; nearest is visits"),
    ],
)  # fmt: skip
def test_wrong_terms_are_named(tmp_path: Path, toml: str, code: str, detail: str) -> None:
    put(tmp_path)
    (tmp_path / "extracts.toml").write_text(toml)
    report = check(tmp_path)
    assert only(report, code).detail == detail
    assert report.refused == (code == "C108")


def test_many_unstated_days_make_one_warning(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "extracts.toml").unlink()
    (tmp_path / "residence.csv").write_text("person_id,moved_in,moved_out,household_id\na,2020-01-01,,h1\n")
    assert only(check(tmp_path, VISITS, RESIDENCE), "C110").detail == "visits, residence"
