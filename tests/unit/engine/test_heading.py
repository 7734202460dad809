"""The heading of a CSV: separators and columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskmodel.engine.heading import column_problems, heading_of
from tests.unit.engine.clinic import GOOD, HEADING, VISITS, check, codes, only, put


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_finds_the_declared_columns(tmp_path: Path, delimiter: str) -> None:
    assert heading_of([HEADING.replace(",", delimiter)], VISITS).delimiter == delimiter
    put(tmp_path, [GOOD.replace(",", delimiter)], heading=HEADING.replace(",", delimiter))
    assert codes(check(tmp_path)) == []


def test_other_separators_inside_names_do_not_mislead() -> None:
    heading = heading_of(['"person_id";"a,b,c,d,e,f,g";"room"'], VISITS)
    assert (heading.delimiter, heading.names) == (";", ("person_id", "a,b,c,d,e,f,g", "room"))


def test_quotes_and_blanks_around_names_do_not_matter(tmp_path: Path) -> None:
    put(tmp_path, heading=", ".join(f'"{name}"' for name in HEADING.split(",")).replace(', "', ',"'))
    assert codes(check(tmp_path)) == []


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, heading=HEADING.replace("room", "Room No"))
    report = check(tmp_path)
    assert (only(report, "C201").column, only(report, "C201").detail) == ("room", "nearest is 'Room No'")
    assert (only(report, "C202").column, only(report, "C202").severity) == ("Room No", "warning")


def test_an_undeclared_column_is_a_warning(tmp_path: Path) -> None:
    put(tmp_path, [f"{GOOD},x"], heading=f"{HEADING},shoe_size")
    report = check(tmp_path)
    assert not report.refused
    assert (only(report, "C202").column, only(report, "C202").detail) == ("shoe_size", "it is not loaded")


def test_a_column_that_comes_twice_is_refused(tmp_path: Path) -> None:
    put(tmp_path, [f"{GOOD},7"], heading=f"{HEADING},room")
    assert only(check(tmp_path), "C203").column == "room"


def test_a_file_without_a_heading_is_refused_and_nothing_of_it_is_shown(tmp_path: Path) -> None:
    put(tmp_path, heading=GOOD)
    [problem] = check(tmp_path).problems
    assert (problem.code, problem.column, problem.detail) == ("C206", "", "none of the declared columns is there")


def test_columns_may_come_in_any_order() -> None:
    assert column_problems(VISITS, "visits.csv", list(reversed(HEADING.split(",")))) == []


def test_an_endless_quote_in_the_heading_is_not_a_crash(tmp_path: Path) -> None:
    put(tmp_path, [f'"{"x" * 200_000}'], heading='"person_id,seen_on')
    assert check(tmp_path).refused
