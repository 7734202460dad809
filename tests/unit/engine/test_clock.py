"""Bounds of windows are worked out on the calendar, as literals for one date and as columns for several."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from riskmodel.engine.clock import Clock, date_of, day
from riskmodel.engine.sql import column
from riskmodel.periods import Period, days, months, years

LEAP, MARCH = date(2024, 2, 29), date(2024, 3, 31)


def test_one_date_gives_literals() -> None:
    clock = Clock.of([LEAP, LEAP], [months(12)], [years(1)])
    assert clock.is_single
    assert clock.carried == ()
    assert date_of(clock.as_of("c")) == LEAP
    assert date_of(clock.start(months(12), "c")) == date(2023, 2, 28)
    assert date_of(clock.end(years(1), "c")) == date(2025, 2, 28)


def test_several_dates_give_columns_that_a_table_of_dates_fills() -> None:
    clock = Clock.of([MARCH, LEAP], [months(1), days(3)], [months(1)])
    assert clock.as_of("c").sql() == '"c"."as_of"'
    assert clock.start(months(1), "c").sql() == '"c"."1 month before"'
    table = duckdb.sql(clock.table().sql("duckdb")).fetchall()
    assert table == [
        (LEAP, date(2024, 2, 26), date(2024, 1, 29), date(2024, 3, 29)),
        (MARCH, date(2024, 3, 28), date(2024, 2, 29), date(2024, 4, 30)),
    ]


@pytest.mark.parametrize(
    ("dates", "periods", "widest"),
    [
        ([LEAP], [months(1), months(12), days(90)], months(12)),
        ([LEAP, MARCH], [months(3), days(60)], months(3)),
        ([LEAP], [months(1), days(31)], days(31)),
        ([date(2023, 3, 28), date(2023, 5, 28)], [months(1), days(29)], None),  # a month is 28 days, then 30
        ([LEAP], [days(7)], days(7)),
    ],
)
def test_the_widest_window_holds_all_others_on_every_date(
    dates: list[date], periods: list[Period], widest: Period | None
) -> None:
    assert Clock.of(dates, periods, []).widest(periods) == widest


def test_only_a_literal_stands_for_a_date() -> None:
    assert date_of(day(MARCH)) == MARCH
    assert date_of(column("as_of")) is None
