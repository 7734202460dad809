"""Months as numbers, and how many records a source holds in each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any


def month_of(day: date) -> int:
    """Return the number of a day's month, counted without gaps.

    Examples
    --------
    >>> month_of(date(2024, 1, 31)) - month_of(date(2023, 12, 1))
    1
    """
    return 12 * day.year + day.month - 1


def month_words(number: int) -> str:
    """Return a month as people write it.

    Examples
    --------
    >>> month_words(month_of(date(2021, 9, 1)))
    'September 2021'
    """
    return f"{date(number // 12, number % 12 + 1, 1):%B %Y}"


def volumes(entry: Mapping[str, Any]) -> dict[int, int] | None:
    """Return records by month from a manifest's entry, first to last month without gaps; None when it has none.

    Examples
    --------
    >>> volumes({"monthly": {"2023-12": 5, "2024-02": 7}})
    {24287: 5, 24288: 0, 24289: 7}
    """
    counted = {month_of(date.fromisoformat(f"{month}-01")): int(n) for month, n in entry.get("monthly", {}).items()}
    if not counted:
        return None
    return {month: counted.get(month, 0) for month in range(min(counted), max(counted) + 1)}


def last_full_month(entry: Mapping[str, Any]) -> int | None:
    """Return the last month of which everything has reached the extract; None when that is not said."""
    try:
        complete_to = date.fromisoformat(str(entry.get("complete_to")))
    except ValueError:
        return None
    whole = (complete_to + timedelta(days=1)).day == 1
    return month_of(complete_to) - (0 if whole else 1)


def longest_pause(counted: Mapping[int, int]) -> tuple[int, int]:
    """Return the length and first month of the longest run of months without a record; length 0 when there is none.

    Examples
    --------
    >>> longest_pause({1: 4, 2: 0, 3: 0, 4: 1, 5: 0})
    (2, 2)
    """
    best = run = (0, 0)
    for month in sorted(counted):
        run = (0, 0) if counted[month] else (run[0] + 1, run[1] or month)
        best = max(best, run, key=lambda pause: pause[0])
    return best
