"""Rule 9: how `latest` breaks ties, and ages in completed years."""

from __future__ import annotations

import pytest

from riskmodel.declare import latest
from tests.spec.county import attendance, people

late = latest(attendance, "late", "how late the child last was", "minutes_late")


def test_latest_takes_the_record_that_happened_last(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | minutes_late
        a      | 2024-05-02   | 2024-05-02  | 5
        a      | 2024-05-01   | 2024-05-20  | 9
        """,
        late,
        as_of="2024-06-01",
        gives={"a": 5},
    )


def test_of_the_same_day_it_takes_the_one_known_later(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | minutes_late
        a      | 2024-05-02   | 2024-05-09  | 5
        a      | 2024-05-02   | 2024-05-02  | 9
        """,
        late,
        as_of="2024-06-01",
        gives={"a": 5},
    )


def test_and_of_those_the_greatest_value(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | minutes_late
        a      | 2024-05-02   | 2024-05-02  | 5
        a      | 2024-05-02   | 2024-05-02  | 9
        a      | 2024-05-02   | 2024-05-02  | 7
        """,
        late,
        as_of="2024-06-01",
        gives={"a": 9},
    )


def test_records_without_a_value_are_passed_over(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | minutes_late
        a      | 2024-05-02   | 2024-05-02  | 5
        a      | 2024-05-03   | 2024-05-03  |
        """,
        late,
        as_of="2024-06-01",
        gives={"a": 5},
    )


@pytest.mark.parametrize(
    ("as_of", "age"),
    [("2024-02-28", 3), ("2024-02-29", 4), ("2024-03-01", 4), ("2025-02-28", 4), ("2025-03-01", 5)],
)
def test_somebody_born_on_29_february_turns_a_year_older_on_that_day_or_on_1_march(matrix_of, as_of, age):
    born = "person | registered_on | received_on | born\na | 2020-02-29 | 2020-02-29 | 2020-02-29"
    matrix_of(born, latest(people, "years_old", "the child is older", "age(born)"), as_of=as_of, gives={"a": age})


@pytest.mark.parametrize(("as_of", "age"), [("2023-08-31", 2), ("2023-09-01", 3), ("2024-08-31", 3)])
def test_age_is_in_completed_years(matrix_of, as_of, age):
    born = "person | registered_on | received_on | born\na | 2020-09-01 | 2020-09-01 | 2020-09-01"
    matrix_of(born, latest(people, "years_old", "the child is older", "age(born)"), as_of=as_of, gives={"a": age})


def test_ages_on_several_dates(matrix_of):
    born = "person | registered_on | received_on | born\na | 2020-09-01 | 2020-09-01 | 2020-09-01"
    ages = latest(people, "years_old", "the child is older", "age(born)")
    gives = {("a", "2022-08-31"): 1, ("a", "2023-09-01"): 3}
    matrix_of(born, ages, as_of=["2022-08-31", "2023-09-01"], gives=gives)
