"""Rules 1 and 2: only what had happened and was known by the as-of date counts, in windows of calendar length."""

from __future__ import annotations

from riskmodel.declare import count, days_since, has, latest, trend
from riskmodel.periods import days, months
from tests.spec.county import attendance, incidents

missed = count(attendance, "missed", "sessions were missed", where="mark = 'O'")


def test_a_record_received_later_does_not_count(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-05-10   | 2024-05-17  | O
        a      | 2024-05-11   | 2024-07-01  | O
        """,
        missed,
        as_of="2024-06-01",
        gives={"a": 1},
    )


def test_a_record_counts_from_the_day_on_which_it_happened_and_was_known(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-06-01   | 2024-06-01  | O
        b      | 2024-06-01   | 2024-06-02  | O
        c      | 2024-06-02   | 2024-06-02  | O
        """,
        missed,
        as_of="2024-06-01",
        gives={"a": 1, "b": 0, "c": 0},
    )


def test_every_as_of_date_sees_its_own_past(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2022-05-10   | 2022-05-17  | O
        a      | 2023-05-10   | 2023-09-01  | O
        """,
        missed,
        as_of=["2022-06-01", "2023-06-01", "2024-06-01"],
        gives={("a", "2022-06-01"): 1, ("a", "2023-06-01"): 1, ("a", "2024-06-01"): 2},
    )


def test_a_window_of_12_months_ends_on_the_as_of_date_and_begins_the_day_after_the_same_day_a_year_ago(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2023-06-01   | 2023-06-01  | O
        b      | 2023-06-02   | 2023-06-02  | O
        c      | 2024-06-01   | 2024-06-01  | O
        """,
        count(attendance, "missed", "sessions were missed", within=months(12)),
        as_of="2024-06-01",
        gives={"a": 0, "b": 1, "c": 1},
    )


def test_a_month_before_31_march_begins_after_the_last_day_of_february(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-02-29   | 2024-02-29  | O
        b      | 2024-03-01   | 2024-03-01  | O
        """,
        has(attendance, "missed", "sessions were missed", within=months(1)),
        as_of="2024-03-31",
        gives={"a": 0, "b": 1},
    )


def test_a_year_before_29_february_begins_after_28_february(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2023-02-28   | 2023-02-28  | O
        b      | 2023-03-01   | 2023-03-01  | O
        """,
        count(attendance, "missed", "sessions were missed", within=months(12)),
        as_of="2024-02-29",
        gives={"a": 0, "b": 1},
    )


def test_days_since_the_latest_record(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-02-28   | 2024-02-28  | O
        a      | 2024-02-01   | 2024-02-28  | O
        b      | 2024-03-01   | 2024-03-01  | O
        """,
        days_since(attendance, "days_since_session", "the last session was long ago"),
        as_of="2024-03-01",
        gives={"a": 2, "b": 0},
    )


def test_a_trend_is_the_later_half_of_the_window_minus_the_earlier_half(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-06-01   | 2024-06-01  | O
        a      | 2023-12-02   | 2023-12-02  | O
        a      | 2023-12-01   | 2023-12-01  | O
        b      | 2023-06-02   | 2023-06-02  | O
        b      | 2023-06-01   | 2023-06-01  | O
        """,
        trend(attendance, "more_missed", "sessions are missed more and more", within=months(12)),
        as_of="2024-06-01",
        gives={"a": 1, "b": -1},
    )


def test_the_as_of_date_can_be_used_in_a_condition(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-05-30   | 2024-05-30  | O
        a      | 2024-05-01   | 2024-05-01  | O
        """,
        count(attendance, "older", "older sessions", where="date_diff('day', session_date, as_of) > 7"),
        as_of="2024-06-01",
        gives={"a": 1},
    )


VERDICTS = """
    person | occurred_on | received_on | domestic_abuse | verdict | verdict_on
    a      | 2024-01-10  | 2024-01-12  | true           | guilty  | 2024-05-01
    b      | 2024-01-10  | 2024-01-12  | true           | guilty  | 2024-08-01
"""


def test_a_column_that_is_settled_later_counts_only_from_its_own_date(matrix_of):
    matrix_of(
        VERDICTS,
        count(incidents, "convicted", "somebody was convicted", where="verdict = 'guilty'"),
        as_of="2024-06-01",
        gives={"a": 1, "b": 0},
    )


def test_the_date_on_which_it_is_settled_is_not_known_earlier_either(matrix_of):
    matrix_of(
        VERDICTS,
        count(incidents, "open", "cases are open", where="verdict_on IS NULL"),
        as_of="2024-06-01",
        gives={"a": 0, "b": 1},
    )


def test_what_is_settled_later_is_missing_as_a_value(matrix_of):
    matrix_of(
        VERDICTS,
        latest(incidents, "verdict", "the last verdict", "verdict", levels=["guilty", "acquitted"]),
        as_of="2024-06-01",
        gives={"a": "guilty", "b": None},
    )


def test_a_window_in_days(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-05-31   | 2024-05-31  | O
        a      | 2024-05-30   | 2024-05-30  | O
        """,
        count(attendance, "missed", "sessions were missed", within=days(2)),
        as_of="2024-06-01",
        gives={"a": 1},
    )
