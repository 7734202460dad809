"""How stored values become the declared types, and which do not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.engine.parsing import parsed

WRONG = object()


def read(value: Any, stored: str, kind: type, dates: str = "iso") -> Any:
    """Read one value; WRONG if it does not fit the type."""
    sql = parsed("c", stored, kind, dates)
    query = f"SELECT {sql.value}, coalesce({sql.bad or 'false'}, false) FROM (SELECT CAST(? AS {stored}) AS c)"
    with duckdb.connect() as connection:
        result, bad = connection.execute(query, [value]).fetchall()[0]
    assert not (bad and result is not None)
    return WRONG if bad else result


@pytest.mark.parametrize(
    ("text", "kind", "result"),
    [
        ("12", int, 12), (" -3 ", int, -3), ("12.0", int, 12), ("12.5", int, WRONG), ("12a", int, WRONG),
        ("0x1F", int, WRONG), ("9223372036854775808", int, WRONG), ("true", int, WRONG), ("", int, None),
        ("1.5", float, 1.5), ("1e3", float, 1000.0), ("1,5", float, WRONG), ("inf", float, WRONG),
        ("NaN", float, None), ("  ", float, None),
        *[(text, bool, True) for text in ("true", "TRUE", "1", "yes", "Y", "1.0")],
        *[(text, bool, False) for text in ("false", "False", "0", "no", "n", "0.0")],
        ("2", bool, WRONG), ("maybe", bool, WRONG),
        ("007", str, "007"), ("  x y\u00a0", str, "x y"), ("\t", str, None), ("ua0", str, "ua0"),
        ("2024-02-29", date, date(2024, 2, 29)), ("2024-02-30", date, WRONG), ("29/02/2024", date, WRONG),
        ("2024-02-29 13:45:00", date, date(2024, 2, 29)), ("2024-02-29T13:45:00", date, date(2024, 2, 29)),
        ("2024-02", date, WRONG), ("yesterday", date, WRONG), ("infinity", date, WRONG),
        ("epoch", date, WRONG), ("-infinity", date, WRONG),
    ],
)  # fmt: skip
def test_text(text: str, kind: type, result: Any) -> None:
    assert read(text, "VARCHAR", kind) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("29/02/2024", date(2024, 2, 29)), ("1/2/2024", date(2024, 2, 1)), ("29/02/2024 13:45", date(2024, 2, 29)),
        ("2024-02-29", WRONG), ("02/29/2024", WRONG), ("31/04/2024", WRONG), ("01/02/24", date(24, 2, 1)),
    ],
)  # fmt: skip
def test_uk_dates(text: str, result: Any) -> None:
    assert read(text, "VARCHAR", date, "uk") == result


@pytest.mark.parametrize(
    ("value", "stored", "kind", "result"),
    [
        (7, "INTEGER", int, 7), (7, "UBIGINT", int, 7), (7.0, "DOUBLE", int, 7), (7.5, "DOUBLE", int, WRONG),
        (float("nan"), "DOUBLE", int, None), (1e30, "DOUBLE", int, WRONG), (7.5, "DECIMAL(5,2)", int, WRONG),
        (7, "INTEGER", float, 7.0), (7.5, "FLOAT", float, 7.5), (float("nan"), "DOUBLE", float, None),
        (float("inf"), "DOUBLE", float, WRONG), (True, "BOOLEAN", bool, True), (1, "TINYINT", bool, True),
        (0.0, "DOUBLE", bool, False), (2, "INTEGER", bool, WRONG), (float("nan"), "DOUBLE", bool, None),
        (7, "BIGINT", str, "7"), (7.5, "DOUBLE", str, WRONG), (None, "DOUBLE", str, None),
        (True, "BOOLEAN", int, WRONG),
        (datetime(2024, 2, 29, 23, 59), "TIMESTAMP", date, date(2024, 2, 29)), (7, "INTEGER", date, WRONG),
        ([1], "INTEGER[]", int, WRONG), (None, "INTEGER[]", int, None),
    ],
)  # fmt: skip
def test_typed(value: Any, stored: str, kind: type, result: Any) -> None:
    assert read(value, stored, kind) == result


@settings(deadline=None, max_examples=30)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_date_survives_both_styles(day: date) -> None:
    assert read(day.isoformat(), "VARCHAR", date) == day
    assert read(day.strftime("%d/%m/%Y"), "VARCHAR", date, "uk") == day


@settings(deadline=None, max_examples=30)
@given(st.integers(-(2**63), 2**63 - 1))
def test_any_whole_number_survives(number: int) -> None:
    assert read(str(number), "VARCHAR", int) == number


@settings(deadline=None, max_examples=30)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_survives(number: float) -> None:
    assert read(repr(number), "VARCHAR", float) == number
