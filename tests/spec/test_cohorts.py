"""Who is a case on the as-of date, how many were kept by each step, and who must not be split apart."""

from __future__ import annotations

import pytest

from riskmodel.declare import Cohort, Outcome, count, has
from riskmodel.errors import MatrixError
from riskmodel.periods import months
from tests.spec.county import attendance, everybody, home, incidents, people, residence

missed = count(attendance, "missed", "sessions were missed")
REGISTER = """
    person | registered_on | received_on | born       | ward
    a      | 2020-10-01    | 2020-10-03  | 2020-09-01 | north
    a      | 2022-01-01    | 2022-02-01  | 2020-09-01 | south
    b      | 2021-01-01    | 2021-01-01  | 2020-09-02 | north
    c      | 2023-10-01    | 2023-10-01  | 2020-01-01 | north
"""


def test_the_latest_version_known_by_the_as_of_date_counts(matrix_of):
    cohort = Cohort("Everybody", people, area="ward")
    matrix = matrix_of({people: REGISTER}, cohort=cohort, as_of=["2022-01-15", "2022-02-01"])
    assert matrix.keys.tolist() == ["a", "b", "a", "b"]
    assert matrix.area.tolist() == ["north", "north", "south", "north"]


def test_an_older_version_that_arrives_later_does_not_replace_a_newer_one(matrix_of):
    register = """
        person | registered_on | received_on | ward
        a      | 2022-01-01    | 2022-01-05  | south
        a      | 2021-01-01    | 2022-03-01  | north
    """
    cohort = Cohort("Everybody", people, area="ward")
    assert matrix_of({people: register}, cohort=cohort, as_of="2022-06-01").area.tolist() == ["south"]


def test_the_condition_is_on_the_version_that_counts(matrix_of):
    cohort = Cohort("Everybody in the north", people, where="ward = 'north'")
    matrix = matrix_of({people: REGISTER}, cohort=cohort, as_of=["2022-01-15", "2022-02-01"])
    assert list(zip(matrix.keys, matrix.as_of.dt.month, strict=True)) == [("a", 1), ("b", 1), ("b", 2)]


def test_children_aged_three_on_1_september(matrix_of):
    cohort = Cohort("Children aged 3", people, where="age(born) = 3")
    matrix = matrix_of({people: REGISTER}, cohort=cohort, as_of="2023-09-01")
    assert matrix.keys.tolist() == ["a"]


def test_cases_may_have_to_have_something(matrix_of):
    cohort = Cohort(
        "Known to nursery", people, having=[has(attendance, "attends", "attends nursery", within=months(1))]
    )
    tables = {people: REGISTER, attendance: """
        person | session_date | received_on | mark
        a      | 2023-08-15   | 2023-08-15  | /
        b      | 2023-07-15   | 2023-07-15  | /
    """}  # fmt: skip
    matrix = matrix_of(tables, missed, cohort=cohort, as_of="2023-09-01", gives={"a": 1})
    steps = [(entry["step"], entry["n"]) for entry in matrix.manifest["attrition"]]
    assert steps == [("register", 2), ("having", 1), ("outcome", 0)]


def test_every_step_from_the_register_to_the_known_outcome_is_counted(matrix_of):
    cohort = Cohort("Children of the north", people, where="ward = 'north'")
    abuse = Outcome(incidents, "abuse", "Abuse", where="domestic_abuse", within=months(12))
    tables = {people: REGISTER, incidents: """
        person | occurred_on | received_on | domestic_abuse
        b      | 2023-12-01  | 2023-12-01  | false
    """}  # fmt: skip
    matrix = matrix_of(tables, abuse, cohort=cohort, as_of=["2021-06-01", "2023-11-01"])
    counted = {entry["text"]: entry["by_as_of"] for entry in matrix.manifest["attrition"]}
    assert counted == {
        "On the register of cases (people) on the as-of date": {"2021-06-01": 2, "2023-11-01": 3},
        "Children of the north": {"2021-06-01": 2, "2023-11-01": 2},
        "With a known outcome: Abuse": {"2021-06-01": 0, "2023-11-01": 1},
    }


HOMES = """
    person | moved_in   | received_on | moved_out | household
    a      | 2020-01-01 | 2020-01-01  |           | first
    d      | 2020-01-01 | 2020-01-01  |           | first
    d      | 2024-01-01 | 2024-01-01  |           | second
    b      | 2024-01-01 | 2024-01-01  |           | second
    c      | 2020-01-01 | 2020-01-01  |           | third
"""


def test_those_ever_connected_by_a_household_are_kept_together(matrix_of):
    """A and B never lived together, but D lived with both, one of them later."""
    cohort = Cohort("Everybody", people, together=home)
    matrix = matrix_of({people: REGISTER, residence: HOMES}, cohort=cohort, as_of=["2021-06-01", "2023-11-01"])
    component = dict(zip(matrix.keys, matrix.component, strict=True))
    assert component["a"] == component["b"] != component["c"]
    assert matrix.component[matrix.keys == "a"].nunique() == 1


def test_those_who_share_a_value_are_kept_together(matrix_of):
    cohort = Cohort("Everybody", people, together="ward")
    matrix = matrix_of({people: REGISTER}, cohort=cohort, as_of=["2022-01-15", "2023-11-01"])
    assert matrix.component.nunique() == 1  # A lived in both wards


def test_without_a_rule_only_the_dates_of_one_case_are_kept_together(matrix_of):
    matrix = matrix_of({people: REGISTER}, cohort=everybody, as_of=["2022-01-15", "2023-11-01"])
    assert matrix.keys.tolist() == ["a", "b", "a", "b", "c"]
    assert matrix.component.tolist() == [0, 1, 0, 1, 2]


def test_only_the_cases_asked_for(matrix_of):
    matrix = matrix_of({people: REGISTER}, as_of="2023-11-01", cases=["c", "a", "nobody"])
    assert matrix.keys.tolist() == ["a", "c"]


def test_no_case_asked_for_is_a_mistake(matrix_of):
    with pytest.raises(MatrixError, match="cases"):
        matrix_of({people: REGISTER}, as_of="2023-11-01", cases=[])


def test_a_cohort_may_be_empty(matrix_of):
    matrix = matrix_of({people: REGISTER}, as_of="2019-11-01")
    assert len(matrix) == 0
    assert matrix.manifest["attrition"][0]["n"] == 0
