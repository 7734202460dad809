"""Periods on the calendar, against counting days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.errors import DeclarationError
from riskmodel.periods import Period, completed_years, days, months, weeks, years

DAYS = st.dates(date(1950, 1, 1), date(2080, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_months_keep_the_day_or_end_the_month(day: date, n: int) -> None:
    for moved in (months(n).after(day), months(n).before(day)):
        last = (moved + timedelta(days=1)).day == 1
        assert moved.day == day.day or (last and moved.day < day.day)
    assert (months(n).after(day).year - day.year) * 12 + months(n).after(day).month - day.month == n


@given(DAYS, st.integers(1, 3000))
def test_days_are_days(day: date, n: int) -> None:
    assert (days(n).after(day) - day).days == (day - days(n).before(day)).days == n
    assert weeks(n).after(day) == days(7 * n).after(day)


@given(DAYS, st.integers(0, 110), st.integers(0, 370))
def test_age_is_the_number_of_birthdays(born: date, whole: int, more: int) -> None:
    on = min(years(whole).after(born) if whole else born, date(2090, 1, 1)) + timedelta(days=more)
    birthdays = sum(
        (year, born.month, born.day) <= (on.year, on.month, on.day) for year in range(born.year + 1, on.year + 1)
    )
    assert completed_years(born, on) == birthdays


def test_a_window_of_twelve_months_holds_a_whole_year() -> None:
    assert months(12).before(date(2024, 6, 1)) + timedelta(days=1) == date(2023, 6, 2)


def test_words() -> None:
    assert [str(p) for p in (years(2), months(1), weeks(2), Period(1, 1))] == [
        "24 months",
        "1 month",
        "14 days",
        "1 month and 1 day",
    ]


@pytest.mark.parametrize("wrong", [(0, 0), (-1, 0), (1.5, 0), (True, 0)])
def test_a_period_is_a_positive_whole_length(wrong: tuple[int, int]) -> None:
    with pytest.raises(DeclarationError, match="not a length of time"):
        Period(*wrong)
