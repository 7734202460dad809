"""Checks of rows: blanks, dates, spells and repeats."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.engine.clinic import GOOD, RESIDENCE, check, codes, only, put


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",2024-02-01,2024-02-03,1,,,,", "C301", "person_id"),
        ("   ,2024-02-01,2024-02-03,1,,,,", "C301", "person_id"),
        ("b,,2024-02-03,1,,,,", "C302", "seen_on"),
        ("b,2024-02-01,,1,,,,", "C303", "received_on"),
        ("b,2024-02-01,2024-02-03,,,,,", "C304", "room"),
        ("b,1899-12-31,2024-02-03,1,,,,", "C305", "seen_on"),
        ("b,2024-02-01,2024-02-03,1,,,,1024-01-01", "C305", "born_on"),
        ("b,2024-02-01,2025-01-01,1,,,,", "C306", "received_on"),
        ("b,2024-02-01,2024-01-31,1,,,,", "C307", "received_on, seen_on"),
    ],
)
def test_one_wrong_row_is_one_problem(tmp_path: Path, row: str, code: str, column: str) -> None:
    put(tmp_path, [GOOD, row])
    [problem] = check(tmp_path).problems
    assert (problem.code, problem.column, problem.count, problem.rows) == (code, column, 1, (3,))
    assert problem.severity == "error"


@pytest.mark.parametrize(
    "row",
    [
        "b,1900-01-01,2024-12-31,1,,,,1900-01-01",
        "b,2024-02-01,2024-02-01,1,,,,2024-02-01",
    ],
)
def test_the_limits_themselves_are_right(tmp_path: Path, row: str) -> None:
    put(tmp_path, [GOOD, row])
    assert codes(check(tmp_path)) == []


def test_a_wrong_value_is_not_also_called_blank(tmp_path: Path) -> None:
    put(tmp_path, ["b,soon,2024-02-03,many,,,,"])
    assert codes(check(tmp_path)) == ["C204", "C204"]


def test_a_source_without_a_known_date_is_judged_by_the_day_it_happened(tmp_path: Path) -> None:
    (tmp_path / "residence.csv").write_text(
        "person_id,moved_in,moved_out,household_id\na,2020-01-01,,h1\nb,2021-01-01,2020-12-31,h1\nc,2020-01-01,2020-01-01,h2\n"
    )
    (tmp_path / "extracts.toml").write_text("[residence]\nextracted_on = 2020-12-31\ncomplete_to = 2020-12-31\n")
    report = check(tmp_path, RESIDENCE)
    assert codes(report) == ["C306", "C308"]
    assert only(report, "C308").rows == (3,)


def test_a_planned_end_of_a_spell_may_lie_after_the_extract(tmp_path: Path) -> None:
    (tmp_path / "residence.csv").write_text("person_id,moved_in,moved_out,household_id\na,2020-01-01,2030-01-01,h1\n")
    (tmp_path / "extracts.toml").write_text("[residence]\nextracted_on = 2020-12-31\ncomplete_to = 2020-12-31\n")
    assert codes(check(tmp_path, RESIDENCE)) == []


def test_exact_duplicates_are_counted_beyond_the_first(tmp_path: Path) -> None:
    put(tmp_path, [GOOD, GOOD.replace("fine", "other"), GOOD, GOOD])
    report = check(tmp_path)
    assert not report.refused
    problem = only(report, "C309")
    assert (problem.count, problem.rows) == (2, (4,))


def test_blanks_count_as_equal_in_duplicates(tmp_path: Path) -> None:
    put(tmp_path, ["b,2024-02-01,2024-02-03,1,,,,", "b,2024-02-01,2024-02-03,1,,,,"])
    assert only(check(tmp_path), "C309").count == 1


def test_columns_declared_unique_may_not_repeat(tmp_path: Path) -> None:
    put(tmp_path, [GOOD, GOOD.replace("fine", "other"), GOOD.replace("2024-02-01", "2024-01-01")])
    problem = only(check(tmp_path, unique=("person_id", "seen_on")), "C310")
    assert (problem.column, problem.count, problem.rows) == ("person_id, seen_on", 2, (2,))


def test_exact_duplicates_do_not_break_unique(tmp_path: Path) -> None:
    put(tmp_path, [GOOD, GOOD])
    assert codes(check(tmp_path, unique=("person_id",))) == ["C309"]
