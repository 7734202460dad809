"""Rule 3: what no record means, and where nothing can be known."""

from __future__ import annotations

import pytest

from riskmodel.declare import count, days_since, distinct, has, highest, latest, lowest, total, trend
from riskmodel.periods import months
from tests.spec.county import attendance, people, surveys

NO_RECORD_OF_B = {
    people: """
        person | registered_on | received_on
        a      | 2020-01-01    | 2020-01-01
        b      | 2020-01-01    | 2020-01-01
    """,
    attendance: """
        person | session_date | received_on | mark | minutes_late
        a      | 2024-05-01   | 2024-05-01  | L    | 5
        a      | 2024-05-02   | 2024-05-02  | L    | 7
        a      | 2024-05-03   | 2024-05-03  | /    |
    """,
}


@pytest.mark.parametrize(
    ("feature", "of_a", "of_b"),
    [
        (count(attendance, "f", "a label"), 3, 0),
        (has(attendance, "f", "a label"), 1, 0),
        (total(attendance, "f", "a label", "minutes_late"), 12, 0),
        (distinct(attendance, "f", "a label", "mark"), 2, 0),
        (highest(attendance, "f", "a label", "minutes_late"), 7, None),
        (lowest(attendance, "f", "a label", "minutes_late"), 5, None),
        (latest(attendance, "f", "a label", "minutes_late"), 7, None),
        (latest(attendance, "f", "a label", "mark", levels=["/", "L", "O"]), "/", None),
        (days_since(attendance, "f", "a label"), 29, None),
        (trend(attendance, "f", "a label", within=months(2)), 1, None),
    ],
    ids=lambda value: getattr(value, "verb", None),
)
def test_no_record_is_nought_or_no_or_missing_by_the_verb(matrix_of, feature, of_a, of_b):
    matrix_of(NO_RECORD_OF_B, feature, as_of="2024-06-01", gives={"a": of_a, "b": of_b})


def test_a_blank_condition_does_not_count(matrix_of):
    matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-05-01   | 2024-05-01  |
        a      | 2024-05-02   | 2024-05-02  | O
        """,
        count(attendance, "attended", "sessions were attended", where="mark <> 'O'"),
        as_of="2024-06-01",
        gives={"a": 0},
    )


def test_blank_values_alone_add_up_to_nought_but_have_no_greatest(matrix_of):
    table = """
        person | session_date | received_on | minutes_late
        a      | 2024-05-01   | 2024-05-01  |
    """
    matrix_of(table, total(attendance, "late", "a label", "minutes_late"), as_of="2024-06-01", gives={"a": 0})
    matrix_of(table, highest(attendance, "late", "a label", "minutes_late"), as_of="2024-06-01", gives={"a": None})


def test_a_category_that_was_not_declared_is_missing(matrix_of):
    matrix = matrix_of(
        """
        person | session_date | received_on | mark
        a      | 2024-05-01   | 2024-05-01  | ?
        b      | 2024-05-01   | 2024-05-01  | O
        """,
        latest(attendance, "mark", "the last mark", "mark", levels=["/", "L", "O"]),
        as_of="2024-06-01",
        gives={"a": None, "b": "O"},
    )
    assert list(matrix.X["mark"].cat.categories) == ["/", "L", "O"]


VISITS = """
    person | visited_on | mood_concern
    a      | 2023-07-01 | true
"""


def test_a_window_that_begins_before_the_source_does_is_missing(matrix_of):
    """The service began on 2 June 2023: the first day whose 12 months lie inside is 1 June 2024."""
    concerns = count(surveys, "concerns", "concerns", where="mood_concern", within=months(12))
    matrix_of(
        VISITS,
        concerns,
        as_of=["2024-05-31", "2024-06-01"],
        gives={("a", "2024-05-31"): None, ("a", "2024-06-01"): 1},
    )


def test_without_a_window_only_the_as_of_date_must_be_covered(matrix_of):
    matrix_of(
        VISITS,
        has(surveys, "visited", "somebody visited"),
        as_of=["2023-06-01", "2023-06-02", "2023-08-01"],
        gives={("a", "2023-06-01"): None, ("a", "2023-06-02"): 0, ("a", "2023-08-01"): 1},
    )


def test_outside_the_coverage_nothing_is_known_on_a_single_date(matrix_of):
    visited = has(surveys, "visited", "somebody visited")
    matrix = matrix_of(VISITS, visited, as_of="2023-06-01", gives={"a": None})
    assert matrix.manifest["coverage"]["features_not_covered"] == {"visited": ["2023-06-01"]}
