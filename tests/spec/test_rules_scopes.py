"""Rule 4: whose records count, through membership spells, now or when it happened."""

from __future__ import annotations

import pytest

from riskmodel.declare import Cohort, Scope, count, has, total
from riskmodel.errors import DeclarationError
from riskmodel.periods import years
from tests.spec.county import bills, home, home_then, incidents, parents, people, residence

abuse = count(incidents, "abuse", "abuse at home", where="domestic_abuse", of=home)
abuse_then = count(incidents, "abuse", "abuse at home", where="domestic_abuse", of=home_then)

# The child lived with A until 1 March 2023 and has lived with B since; both were in incidents before and after.
MOVED = {
    people: """
        person | registered_on | received_on
        child  | 2018-01-01    | 2018-01-01
    """,
    residence: """
        person | moved_in   | received_on | moved_out  | household | role
        child  | 2018-01-01 | 2018-01-01  |            | first     | child
        child  | 2018-01-01 | 2023-03-05  | 2023-03-01 | first     | child
        child  | 2023-03-01 | 2023-03-05  |            | second    | child
        a      | 2018-01-01 | 2018-01-01  |            | first     | parent
        b      | 2018-01-01 | 2018-01-01  |            | second    | other
    """,
    incidents: """
        person | occurred_on | received_on | domestic_abuse
        a      | 2023-02-28  | 2023-03-01  | true
        a      | 2023-03-02  | 2023-03-04  | true
        b      | 2023-02-27  | 2023-03-01  | true
        b      | 2023-03-01  | 2023-03-04  | true
        b      | 2023-03-03  | 2023-03-04  | true
    """,
}


def test_as_of_counts_all_records_of_those_who_share_the_home_now(matrix_of):
    matrix_of(MOVED, abuse, as_of="2024-06-01", gives={"child": 3})


def test_then_counts_the_records_of_those_who_shared_the_home_when_it_happened(matrix_of):
    """One of A, before the child left; two of B, from the day on which the child moved in."""
    matrix_of(MOVED, abuse_then, as_of="2024-06-01", gives={"child": 3})


def test_then_does_not_count_what_a_later_member_did_before(matrix_of):
    """The incident of B on 27 February, when the child still lived with A, does not count."""
    before = "domestic_abuse AND date_diff('day', occurred_on, as_of) > 458"  # before 1 March 2023
    asked = count(incidents, "abuse", "abuse at home", where=before, of=home_then)
    matrix_of(MOVED, asked, as_of="2024-06-01", gives={"child": 1})


def test_a_move_counts_only_once_it_is_known(matrix_of):
    """On 4 March the move of 1 March had not been received: the child still counted as living with A."""
    matrix_of(
        MOVED, abuse, as_of=["2023-03-04", "2023-03-05"], gives={("child", "2023-03-04"): 2, ("child", "2023-03-05"): 3}
    )


def test_a_member_reached_in_two_ways_counts_once(matrix_of):
    """Both lived, for a while, in two households at the same time."""
    tables = {
        people: """
            person | registered_on | received_on
            child  | 2018-01-01    | 2018-01-01
        """,
        residence: """
            person | moved_in   | received_on | moved_out | household | role
            child  | 2018-01-01 | 2018-01-01  |           | first     | child
            child  | 2019-01-01 | 2019-01-01  |           | second    | child
            a      | 2018-01-01 | 2018-01-01  |           | first     | parent
            a      | 2019-01-01 | 2019-01-01  |           | second    | parent
        """,
        incidents: """
            person | occurred_on | received_on | domestic_abuse
            a      | 2023-02-28  | 2023-03-01  | true
        """,
    }
    matrix_of(tables, abuse, as_of="2024-06-01", gives={"child": 1})


def test_children_who_share_one_of_two_homes_reach_different_people(matrix_of):
    tables = {
        people: """
            person | registered_on | received_on
            ann    | 2018-01-01    | 2018-01-01
            bob    | 2018-01-01    | 2018-01-01
            cay    | 2018-01-01    | 2018-01-01
            dan    | 2018-01-01    | 2018-01-01
        """,
        residence: """
            person | moved_in   | received_on | household
            ann    | 2018-01-01 | 2018-01-01  | first
            ann    | 2018-01-01 | 2018-01-01  | second
            bob    | 2018-01-01 | 2018-01-01  | second
            bob    | 2018-01-01 | 2018-01-01  | third
            cay    | 2018-01-01 | 2018-01-01  | second
            dan    | 2018-01-01 | 2018-01-01  | second
            x      | 2018-01-01 | 2018-01-01  | first
            y      | 2018-01-01 | 2018-01-01  | third
            z      | 2018-01-01 | 2018-01-01  | second
        """,
        incidents: """
            person | occurred_on | received_on | domestic_abuse
            x      | 2023-02-28  | 2023-03-01  | true
            y      | 2023-02-28  | 2023-03-01  | true
            y      | 2023-03-28  | 2023-04-01  | true
            z      | 2023-01-01  | 2023-01-01  | true
            z      | 2023-01-02  | 2023-01-02  | true
            z      | 2023-01-03  | 2023-01-03  | true
        """,
    }
    matrix_of(tables, abuse, as_of="2024-06-01", gives={"ann": 4, "bob": 5, "cay": 3, "dan": 3})


def test_then_counts_a_member_reached_in_two_ways_once(matrix_of):
    tables = {
        people: """
            person | registered_on | received_on
            child  | 2018-01-01    | 2018-01-01
        """,
        residence: """
            person | moved_in   | received_on | moved_out | household | role
            child  | 2018-01-01 | 2018-01-01  |           | first     | child
            child  | 2019-01-01 | 2019-01-01  |           | second    | child
            a      | 2018-01-01 | 2018-01-01  |           | first     | parent
            a      | 2019-01-01 | 2019-01-01  |           | second    | parent
        """,
        incidents: """
            person | occurred_on | received_on | domestic_abuse
            a      | 2023-02-28  | 2023-03-01  | true
        """,
    }
    matrix_of(tables, abuse_then, as_of="2024-06-01", gives={"child": 1})


def test_the_case_is_a_member_of_its_own_household(matrix_of):
    tables = {
        people: "person | registered_on | received_on\nchild | 2018-01-01 | 2018-01-01",
        residence: """
            person | moved_in   | received_on | household
            child  | 2018-01-01 | 2018-01-01  | first
        """,
        incidents: """
            person | occurred_on | received_on | domestic_abuse
            child  | 2023-02-28  | 2023-03-01  | true
        """,
    }
    matrix_of(tables, abuse, as_of="2024-06-01", gives={"child": 1})


def test_a_spell_begins_on_its_first_day_and_is_over_on_its_last(matrix_of):
    tables = {
        people: "person | registered_on | received_on\nchild | 2018-01-01 | 2018-01-01",
        residence: """
            person | moved_in   | received_on | moved_out  | household
            child  | 2018-01-01 | 2018-01-01  |            | first
            early  | 2018-01-01 | 2018-01-01  | 2024-06-01 | first
            late   | 2024-06-01 | 2024-06-01  |            | first
        """,
        incidents: """
            person | occurred_on | received_on | domestic_abuse
            early  | 2023-02-28  | 2023-03-01  | true
            late   | 2023-02-28  | 2023-03-01  | true
            late   | 2023-03-28  | 2023-04-01  | true
        """,
    }
    matrix_of(
        tables,
        abuse,
        as_of=["2024-05-31", "2024-06-01"],
        gives={("child", "2024-05-31"): 1, ("child", "2024-06-01"): 2},
    )


def test_a_condition_on_memberships_narrows_the_members(matrix_of):
    by_parents = has(incidents, "abuse", "a parent was involved in abuse", where="domestic_abuse", of=parents)
    matrix_of(
        MOVED,
        by_parents,
        as_of=["2023-03-04", "2024-06-01"],
        gives={("child", "2023-03-04"): 1, ("child", "2024-06-01"): 0},
    )


BILLS = """
    household | billed_on  | owed
    first     | 2022-05-01 | 100
    first     | 2023-05-01 | 200
    second    | 2022-05-01 | 30
    second    | 2023-05-01 | 40
"""


@pytest.mark.parametrize(("scope", "owed"), [(home, 70.0), (home_then, 140.0)], ids=["as_of", "then"])
def test_records_of_the_household_itself(matrix_of, scope, owed):
    """Now: all bills of the second home. Then: those of the first while the child lived there, then of the second."""
    arrears = total(bills, "arrears", "council tax is owed", "owed", of=scope)
    matrix_of({**MOVED, bills: BILLS}, arrears, as_of="2024-06-01", gives={"child": owed})


def test_people_without_a_known_home_reach_nobody(matrix_of):
    tables = {people: "person | registered_on | received_on\nchild | 2018-01-01 | 2018-01-01"}
    matrix_of(tables, abuse, as_of="2024-06-01", gives={"child": 0})


def test_households_can_be_cases_and_reach_their_members(matrix_of):
    from tests.spec.county import households

    tables = {**MOVED, households: """
        household | recorded_on
        first     | 2018-01-01
        second    | 2018-01-01
    """}  # fmt: skip
    cohort = Cohort("Every household", households, together=home)
    matrix_of(tables, abuse, cohort=cohort, as_of="2023-03-04", gives={"first": 2, "second": 3})


def test_records_that_the_cases_cannot_reach_are_refused_by_name(matrix_of):
    with pytest.raises(DeclarationError, match="bills"):
        matrix_of(BILLS, total(bills, "arrears", "council tax is owed", "owed"), as_of="2024-06-01")


def test_a_scope_that_chooses_members_cannot_lead_to_records_of_the_household(matrix_of):
    with pytest.raises(DeclarationError, match="parents"):
        matrix_of(BILLS, total(bills, "arrears", "council tax is owed", "owed", of=parents), as_of="2024-06-01")


def test_members_must_be_covered_too(matrix_of):
    """Who lived where before 2023 was never recorded, so what happened at home then is missing, not nought."""
    import dataclasses
    from datetime import date

    known_since = dataclasses.replace(residence, covers=(date(2023, 1, 1), None))
    scope = Scope("anyone living with the child now", via=known_since, group="household")
    tables = {source: text for source, text in MOVED.items() if source != residence} | {known_since: MOVED[residence]}
    asked = count(incidents, "abuse", "abuse at home", of=scope, within=years(2))
    matrix_of(
        tables,
        asked,
        as_of=["2022-12-31", "2023-03-04"],
        gives={("child", "2022-12-31"): None, ("child", "2023-03-04"): 2},
    )
