"""Rules 2 and 6: the outcome lies after the as-of date, and is missing while it cannot be known."""

from __future__ import annotations

from riskmodel.declare import Outcome
from riskmodel.periods import months, years
from tests.spec.county import assessments, home, home_then, incidents, people, residence

not_ready = Outcome(assessments, "not_ready", "No good level of development", where="NOT good_level", within=years(2))
abuse = Outcome(incidents, "abuse", "Domestic abuse", where="domestic_abuse", within=months(12), no_record="negative")

ASSESSED = """
    person | assessed_on | received_on | good_level | free_school_meals
    a      | 2024-06-30  | 2024-07-31  | false      | true
    b      | 2024-06-30  | 2024-07-31  | true       | false
    c      | 2022-06-30  | 2022-07-31  | false      | false
    d      | 2024-06-30  | 2024-07-31  |            |
"""


def test_no_record_means_unknown_and_so_does_a_blank_answer(matrix_of):
    """C was assessed too early to be an answer, and the answer of D is blank."""
    matrix_of(ASSESSED, not_ready, as_of="2022-09-01", gives={"a": 1, "b": 0, "c": None, "d": None})


INCIDENTS = """
    person | occurred_on | received_on | domestic_abuse
    a      | 2023-06-01  | 2023-06-01  | true
    b      | 2023-06-02  | 2023-09-01  | true
    c      | 2024-06-01  | 2026-01-01  | true
    d      | 2024-06-02  | 2024-06-02  | true
    e      | 2024-01-01  | 2024-01-01  | false
"""


def test_no_record_can_mean_no(matrix_of):
    """The window after 1 June 2023 is 2 June 2023 to 1 June 2024, however late a record was received."""
    matrix_of(INCIDENTS, abuse, as_of="2023-06-01", gives={"a": 0, "b": 1, "c": 1, "d": 0, "e": 0})


def test_the_outcome_is_missing_until_its_window_is_complete(matrix_of):
    some = {"a": 0, "b": 1, "c": 1, "d": 0, "e": 0}
    matrix_of(INCIDENTS, abuse, as_of="2023-06-01", complete_to="2024-06-01", gives=some)
    matrix_of(INCIDENTS, abuse, as_of="2023-06-01", complete_to="2024-05-31", gives=dict.fromkeys(some))


def test_of_several_dates_only_the_incomplete_ones_are_missing(matrix_of):
    matrix = matrix_of(INCIDENTS, abuse, as_of=["2022-06-01", "2023-06-01"], complete_to="2024-01-01")
    by_date = matrix.y.groupby(matrix.as_of).apply(lambda y: y.notna().all())
    assert by_date.tolist() == [True, False]


HOMES = {
    people: "person | registered_on | received_on\nchild | 2018-01-01 | 2018-01-01",
    residence: """
        person | moved_in   | received_on | moved_out  | household | role
        child  | 2018-01-01 | 2018-01-01  |            | first     | child
        gone   | 2018-01-01 | 2018-01-01  |            | first     | parent
        gone   | 2018-01-01 | 2023-12-03  | 2023-12-01 | first     | parent
        new    | 2023-12-01 | 2023-12-05  |            | first     | partner
    """,
}


def _incident(person: str, day: str) -> str:
    return f"person | occurred_on | received_on | domestic_abuse\n{person} | {day} | {day} | true"


def test_the_outcome_of_a_household_is_that_of_its_members_on_the_as_of_date(matrix_of):
    at_home = Outcome(
        incidents, "abuse", "Abuse at home", where="domestic_abuse", within=months(12), of=home, no_record="negative"
    )
    by_a_leaver = {**HOMES, incidents: _incident("gone", "2024-01-01")}
    by_a_newcomer = {**HOMES, incidents: _incident("new", "2024-01-01")}
    matrix_of(by_a_leaver, at_home, as_of="2023-06-01", gives={"child": 1})
    matrix_of(by_a_newcomer, at_home, as_of="2023-06-01", gives={"child": 0})


def test_or_of_those_who_are_members_when_it_happens(matrix_of):
    """The move of December was not known on the as-of date; an outcome may use what became known since."""
    at_home = Outcome(
        incidents, "abuse", "Abuse at home", where="domestic_abuse", within=months(12), of=home_then,
        no_record="negative",
    )  # fmt: skip
    by_a_leaver = {**HOMES, incidents: _incident("gone", "2024-01-01")}
    by_a_newcomer = {**HOMES, incidents: _incident("new", "2024-01-01")}
    matrix_of(by_a_leaver, at_home, as_of="2023-06-01", gives={"child": 0})
    matrix_of(by_a_newcomer, at_home, as_of="2023-06-01", gives={"child": 1})


def test_columns_of_the_outcome_are_kept_for_audit_only(matrix_of):
    audited = Outcome(
        assessments, "not_ready", "No good level", where="NOT good_level", within=years(2), audit=["free_school_meals"]
    )
    matrix = matrix_of(ASSESSED, audited, as_of="2022-09-01")
    assert matrix.audit["free_school_meals"].tolist() == ["Yes", "No", "Unknown", "Unknown"]
    assert "free_school_meals" not in matrix.X


def test_an_outcome_that_is_settled_later_counts_as_it_is_now(matrix_of):
    convicted = Outcome(incidents, "convicted", "A conviction", where="verdict = 'guilty'", within=months(12))
    matrix_of(
        """
        person | occurred_on | received_on | domestic_abuse | verdict   | verdict_on
        a      | 2024-01-10  | 2024-01-12  | true           | guilty    | 2026-05-01
        b      | 2024-01-10  | 2024-01-12  | true           | acquitted | 2026-05-01
        c      | 2024-01-10  | 2024-01-12  | true           |           |
        """,
        convicted,
        as_of="2023-06-01",
        gives={"a": 1, "b": 0, "c": None},
    )
