"""Reading whole files: Parquet and CSV, whole and damaged."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.engine.duck import connected
from riskmodel.engine.encoding import Unreadable
from riskmodel.engine.staging import Staged, stage
from tests.unit.engine.clinic import GOOD, HEADING, TERMS, VISITS, check, codes, only, put

COLUMNS: dict[str, list[Any]] = {
    "person_id": ["a", "b"], "seen_on": [date(2024, 2, 1)] * 2, "received_on": [date(2024, 2, 3)] * 2, "room": [1, 2],
    "weight": [70.5, None], "urgent": [True, None], "note": ["fine", None], "born_on": [date(1980, 5, 1), None],
}  # fmt: skip


def parquet(folder: Path, **changes: Any) -> Path:
    (folder / "extracts.toml").write_text(TERMS)
    path = folder / "visits.parquet"
    pq.write_table(pa.table({**COLUMNS, **changes}), path)
    return path


def values(folder: Path, path: Path) -> list[tuple[Any, ...]]:
    """Stage a file and return the declared columns of its rows."""
    with connected(folder, folders=[path.parent]) as connection:
        staged: Staged = stage(connection, VISITS, path, folder)
        assert [p.code for p in staged.problems] == []
        return connection.execute(f"SELECT {HEADING} FROM {staged.table} ORDER BY _row").fetchall()


def test_parquet_is_read(tmp_path: Path) -> None:
    parquet(tmp_path)
    report = check(tmp_path)
    assert report.problems == ()
    assert report.sources[0].written_as == "Parquet"


def test_rows_of_parquet_are_counted_from_one(tmp_path: Path) -> None:
    parquet(tmp_path, received_on=[date(2024, 2, 3), date(2023, 2, 3)])
    assert only(check(tmp_path), "C307").rows == (2,)


@pytest.mark.parametrize(
    "column",
    [
        {"person_id": pa.array(["a", "b"]).dictionary_encode()},
        {"seen_on": pa.array([1706745600000, 1706745600000], pa.timestamp("ms"))},
        {"seen_on": ["2024-02-01", "2024-02-01 09:30:00"]},
        {"room": pa.array([1.0, 2.0])},
        {"room": ["1", " 2 "]},
        {"weight": pa.array([70, None], pa.int16())},
        {"urgent": pa.array([1.0, float("nan")])},
        {"note": pa.nulls(2)},
        {"weight": pa.nulls(2)},
        {"person_id": pa.array(["a", "b"], pa.large_string())},
    ],
)
def test_parquet_types_that_mean_the_same_are_accepted(tmp_path: Path, column: dict[str, Any]) -> None:
    parquet(tmp_path, **column)
    assert codes(check(tmp_path)) == []


@pytest.mark.parametrize(
    ("column", "detail"),
    [
        ({"room": pa.array([1.5, 2.0])}, "declared whole number, stored as DOUBLE"),
        ({"note": pa.array([1.5, 2.0])}, "declared text, stored as DOUBLE"),
        ({"born_on": pa.array([19800501, None])}, "declared date, stored as BIGINT"),
        ({"weight": pa.array([[1.0], None])}, "declared number, stored as DOUBLE  "),
        ({"note": pa.array([{"secret": 1}, None])}, "declared text, stored as STRUCT  secret  INTEGER "),
    ],
)
def test_parquet_types_that_do_not_fit_are_refused(tmp_path: Path, column: dict[str, Any], detail: str) -> None:
    parquet(tmp_path, **column)
    problem = only(check(tmp_path), "C204")
    assert problem.count == 1 or detail.endswith("DOUBLE")
    assert problem.detail.startswith(detail.split(" secret")[0].rstrip())


def test_keys_stored_as_numbers_are_warned_about(tmp_path: Path) -> None:
    parquet(tmp_path, person_id=[17, 18])
    report = check(tmp_path)
    assert not report.refused
    assert only(report, "C205").column == "person_id"


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_a_damaged_parquet_file_is_refused(tmp_path: Path, keep: float) -> None:
    path = parquet(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)] or b"not a table")
    assert codes(check(tmp_path)) == ["C107"]


def test_parquet_with_damaged_pages_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path)
    data = bytearray(path.read_bytes())
    data[4:200] = bytes(196)
    path.write_bytes(data)
    assert codes(check(tmp_path)) == ["C107"]


@pytest.mark.parametrize(
    ("rows", "detail"),
    [
        ([GOOD, f"{GOOD},1"], "more fields than the heading"),
        ([GOOD, "a,2024-02-01"], "fewer fields than the heading"),
        ([GOOD, GOOD.replace("fine", '"fine'), GOOD], "a quote that is not closed, or text after a closing quote"),
        ([GOOD, GOOD.replace("fine", '"fi"ne')], "a quote that is not closed, or text after a closing quote"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(tmp_path: Path, rows: list[str], detail: str) -> None:
    put(tmp_path, rows)
    problem = only(check(tmp_path), "C106")
    assert (problem.count, problem.rows, problem.detail) == (1, (3,), detail)


def test_a_quote_never_closed_in_a_large_file_is_refused(tmp_path: Path) -> None:
    rows = [f"p{i},2024-02-01,2024-02-03,1,{i},true,fine,1980-05-01" for i in range(60_000)]
    rows[40_000] = rows[40_000].replace("fine", '"fine')
    put(tmp_path, rows)
    assert only(check(tmp_path), "C106").rows[0] == 40_002


def test_a_file_whose_every_row_is_bad_is_one_problem(tmp_path: Path) -> None:
    put(tmp_path, ["a,b"] * 20_000)
    problem = only(check(tmp_path), "C106")
    assert problem.detail == "fewer fields than the heading; counting stopped"
    assert problem.count > 1_000
    assert problem.rows == (2, 3, 4, 5, 6)


def test_dates_in_another_style_are_recognised(tmp_path: Path) -> None:
    put(tmp_path, [GOOD.replace("1980-05-01", "25/05/1980")])
    hint = "declared date; they look like dd/mm/yyyy: declare dates='uk'"
    assert only(check(tmp_path), "C204").detail == hint
    put(tmp_path, ["a,01/02/2024,03/02/2024,1,,,,05/25/1980"])
    hint = "declared date; they look like mm/dd/yyyy, month first: ask for dd/mm/yyyy"
    assert only(check(tmp_path, dates="uk"), "C204").detail == hint


def test_line_breaks_and_separators_inside_quotes_are_text(tmp_path: Path) -> None:
    path = put(tmp_path, [GOOD.replace("fine", '"two\nlines, and ""quotes"""')])
    (tmp_path / "scratch").mkdir()
    assert values(tmp_path / "scratch", path)[0][6] == 'two\nlines, and "quotes"'


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_and_empty_lines_at_the_end_do_not_matter(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes(ending.join([HEADING, GOOD, GOOD.replace("a,", "b,"), "", ""]).encode())
    (tmp_path / "scratch").mkdir()
    assert [row[0] for row in values(tmp_path / "scratch", path)] == ["a", "b"]


words = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"]), max_size=12).map(
    lambda text: text.strip(" \u00a0")
)
days = st.dates(date(1950, 1, 1), date(2024, 12, 1))
rows_of_visits = st.lists(
    st.tuples(
        st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), days, days, st.integers(-99, 99),
        st.none() | st.floats(-1e6, 1e6), st.none() | st.booleans(), words.map(lambda text: text or None),
        st.none() | days,
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(
    rows=rows_of_visits, encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), delimiter=st.sampled_from(",;\t|"),
    uk=st.booleans(), packed=st.booleans(),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_whatever_way_a_partner_writes_it_the_same_rows_arrive(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], encoding: str, delimiter: str, uk: bool,
    packed: bool,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("round_trip")
    text = written([HEADING.split(","), *rows], delimiter, uk)
    data = text.encode(encoding)
    path = folder / ("visits.csv.gz" if packed else "visits.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    if encoding == "cp1252" and is_utf8(data) != data.isascii():
        return  # it could be read either way
    (folder / "scratch").mkdir()
    source = replace(VISITS, dates="uk" if uk else "iso")
    with connected(folder / "scratch", folders=[folder]) as connection:
        try:
            staged = stage(connection, source, path, folder / "scratch")
        except Unreadable:
            assert encoding == "cp1252"
            return  # Windows-1252 that looks like broken UTF-8 is refused, never misread
        assert connection.execute(f"SELECT {HEADING} FROM {staged.table} ORDER BY _row").fetchall() == rows


def written(rows: list[Any], delimiter: str, uk: bool) -> str:
    """Write rows as a partner's program would."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [value.strftime("%d/%m/%Y" if uk else "%Y-%m-%d") if isinstance(value, date) else value for value in row]
        )
    return out.getvalue()


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
