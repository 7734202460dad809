"""The dates of the invented county: when its records begin, when they were extracted, its years and school years."""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.draw import Bools, Ints, day

BIRTHS_FROM = day(2012, 9, 1)
BIRTHS_UNTIL = day(2025, 9, 1)  # the first day without
REGISTER_FROM = day(2010, 1, 1)
COMPLETE_TO = day(2025, 9, 1)
EXTRACTED_ON = day(2025, 10, 31)

# County years run from September; the last one is cut off by the extract.
FIRST_YEAR = 2012
YEARS = 14
YEAR_STARTS: Ints = np.array([day(FIRST_YEAR + k, 9, 1) for k in range(YEARS + 1)], dtype=np.int64)
FRAMEWORKS = {2018: "2012", 2019: "2012", 2022: "2021", 2023: "2021", 2024: "2021", 2025: "2021"}


def year_index(days: Ints) -> Ints:
    """Return the county year of each day: 0 is September 2012 to August 2013; -1 is earlier."""
    return np.searchsorted(YEAR_STARTS, days, side="right") - 1


def school_year_of_birth(born: Ints) -> Ints:
    """Return the calendar year of the September on or before each date of birth."""
    return year_index(born) + FIRST_YEAR


def reception_starts(born: Ints) -> Ints:
    """Return the day on which each child starts Reception: 1 September after the fourth birthday."""
    return september(school_year_of_birth(born) + 5)


def profile_year(born: Ints) -> Ints:
    """Return the year in which each child's Reception ends."""
    return school_year_of_birth(born) + 6


def september(years: Ints) -> Ints:
    """Return 1 September of each year."""
    starts = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 8
    return starts.astype("datetime64[D]").astype(np.int64)


def birthday(born: Ints, age: float) -> Ints:
    """Return about the day on which each child reaches an age in years."""
    return born + np.round(age * 365.25).astype(np.int64)


def under_five_on(born: Ints, on: int) -> Bools:
    """Return who is born and has not had a fifth birthday by the day `on`."""
    months = born.astype("datetime64[D]").astype("datetime64[M]")
    in_month = born - months.astype("datetime64[D]").astype(np.int64)
    fifth = (months + 60).astype("datetime64[D]").astype(np.int64) + in_month
    return (born <= on) & (fifth > on)
