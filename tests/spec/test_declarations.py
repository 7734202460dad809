"""What may be declared, and what a wrong declaration answers: each rule, told where it is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from riskmodel.declare import (
    Cohort,
    Outcome,
    Output,
    Prototype,
    Scope,
    Sensitivity,
    Source,
    at_least,
    better_than,
    count,
    group_gap_at_most,
    has,
    highest,
    latest,
    total,
    trend,
)
from riskmodel.errors import DeclarationError
from riskmodel.periods import months, weeks, years

people = Source(
    "people",
    "One row a person and address",
    partner="County register",
    agreement="ISA-1",
    key="person_id",
    happened="recorded_on",
    known="received_on",
    columns={"date_of_birth": date, "sex": str, "ethnic_group": str, "ward_code": str},
)
residence = Source(
    "residence",
    "One row a stay of a person in a household",
    partner="County register",
    agreement="ISA-1",
    key="person_id",
    happened="moved_in",
    known="received_on",
    ends="moved_out",
    columns={"household_id": str, "role": str},
)
attendance = Source(
    "attendance",
    "One row a session",
    partner="Schools",
    agreement="ISA-2",
    key="person_id",
    happened="session_on",
    known="received_on",
    columns={"mark": str, "minutes_late": int, "authorised": bool},
)
incidents = Source(
    "incidents",
    "One row a person in an incident",
    partner="Police",
    agreement="ISA-3",
    key="person_id",
    happened="occurred_on",
    known="received_on",
    sensitivity=Sensitivity.CRIMINAL,
    columns={"domestic_abuse": bool, "harm_score": float},
)
home = Scope("anyone living with the child", via=residence, group="household_id")
missed = count(attendance, "missed", "more sessions were missed", where="mark = 'O'", within=months(12))
sex = latest(people, "sex", "the child's sex", "sex", levels=["F", "M"], protected=True)


def declared(**changes: Any) -> Prototype:
    """A prototype that keeps every rule, with the changes under test."""
    parts: dict[str, Any] = {
        "name": "persistent_absence",
        "question": "Which children may be absent persistently next year?",
        "cohort": Cohort("Children of school age", people, where="age(date_of_birth) BETWEEN 5 AND 15"),
        "outcome": Outcome(attendance, "absent", "Absent again", where="mark = 'O'", within=months(12)),
        "features": [missed],
        "audit": [sex],
        "success": [at_least("auroc", 0.65)],
        "capacity": 0.2,
        "output": Output.INDIVIDUAL,
        "use": "Offer help",
        "never": "Sanctions",
        "owner": "Attendance team",
        "expires": months(12),
        "train_as_of": (date(2021, 9, 1), date(2022, 9, 1)),
        "test_as_of": (date(2023, 9, 1),),
        "score_as_of": date(2024, 9, 1),
    }
    return Prototype(**parts | changes)


def wrong(declare: Callable[[], object]) -> str:
    """What the error says when `declare` is called."""
    with pytest.raises(DeclarationError) as caught:
        declare()
    return str(caught.value)


# Names and columns


def test_a_wrong_column_is_refused_where_it_is_written_and_the_nearest_is_named() -> None:
    said = wrong(lambda: count(attendance, "missed", "Sessions missed", where="marks = 'O'"))
    assert "there is no column 'marks'" in said
    assert "source 'attendance'" in said
    assert "The nearest right name is 'mark'." in said


def test_text_in_double_quotes_is_explained() -> None:
    assert "single quotes: 'O'" in wrong(lambda: count(attendance, "missed", "Sessions missed", where='mark = "O"'))


def test_a_name_is_snake_case_and_the_error_offers_one() -> None:
    assert "'sessions_missed'" in wrong(lambda: count(attendance, "Sessions missed", "Sessions missed"))


def test_two_things_may_not_share_a_name() -> None:
    other = count(attendance, "missed", "Sessions missed at all", where="mark <> '/'")
    assert "'missed'" in wrong(lambda: declared(features=[missed, other]))
    assert "'sex'" in wrong(lambda: declared(audit=[sex, latest(people, "sex", "Sex", "sex", levels=["F"])]))


def test_a_list_inside_the_list_of_features_is_explained() -> None:
    assert "[*missed, abuse_at_home]" in wrong(lambda: declared(features=[[missed]]))


# Types


def test_a_flag_is_not_compared_with_text() -> None:
    said = wrong(lambda: has(incidents, "abuse", "Abuse recorded", of=home, where="domestic_abuse = 'Y'"))
    assert "`domestic_abuse` is true or false but `'Y'` is text" in said
    assert "Write domestic_abuse or NOT domestic_abuse." in said


def test_a_condition_is_true_or_false() -> None:
    assert "the value is text. A condition must be true or false." in wrong(
        lambda: count(attendance, "missed", "Sessions missed", where="mark")
    )


def test_only_numbers_are_added_up() -> None:
    assert "the value is text" in wrong(lambda: total(attendance, "late", "Minutes late", "mark"))
    said = wrong(lambda: total(attendance, "late", "Minutes late", "authorised"))
    assert "the value is true or false" in said
    assert "use count" in said
    assert total(attendance, "late", "Minutes late", "minutes_late").dtype == "int"


def test_a_date_is_not_compared_with_text() -> None:
    said = wrong(lambda: Cohort("Children", people, where="date_of_birth > '2015-01-01'"))
    assert "DATE '2024-06-01'" in said
    assert Cohort("Children", people, where="date_of_birth > DATE '2015-01-01'")


def test_a_text_value_names_its_levels() -> None:
    assert "Add levels=[...]" in wrong(lambda: latest(attendance, "last_mark", "Last mark", "mark"))


# Snippets mean the same on every engine


@pytest.mark.parametrize(
    ("snippet", "advice"),
    [
        ("count(*) > 2", "the verb brings records together"),
        ("mark IN (SELECT mark FROM codes)", "A snippet reads one source"),
        ("row_number() OVER (ORDER BY session_on) = 1", "Use a verb such as latest"),
        ("session_on > current_date - 30", "Use as_of"),
        ("session_on > as_of - INTERVAL 3 MONTH", "within=months(12)"),
        ("date_diff('month', session_on, as_of) < 3", "Write date_diff('day', a, b)"),
        ("as_of - session_on < 30", "date_diff('day', session_on, as_of)"),
        ("minutes_late / minutes_late > 1", "nullif(minutes_late, 0)"),
        ("CAST(minutes_late / 2 AS INT) > 1", "Use round, floor or ceil"),
        ("mark = NULL", "IS NULL"),
        ("mark = 'O'; mark = 'U'", "more than one statement"),
        ("mark = 'O' AND", "Look for a missing quote, bracket or operand."),
        ("mark = 'O", "Look for a missing quote, bracket or operand."),
        ("starts_wiht(mark, 'O')", "The nearest right name is 'starts_with'."),
        ("age(mark) > 3", "What age takes must be a date."),
    ],
)
def test_sql_whose_meaning_is_not_sure_is_refused_with_advice(snippet: str, advice: str) -> None:
    assert advice in wrong(lambda: count(attendance, "missed", "Sessions missed", where=snippet))


# Whose records count


def test_a_record_of_somebody_else_needs_a_scope() -> None:
    by_household = Cohort("Households", residence_register())
    said = wrong(lambda: declared(cohort=by_household))
    assert "cannot reach the records of source 'attendance', keyed by 'person_id'" in said
    assert "of=..." in said


def residence_register() -> Source:
    return Source(
        "households",
        "One row a household",
        partner="County register",
        agreement="ISA-1",
        key="household_id",
        happened="recorded_on",
        columns={"ward_code": str},
    )


def test_a_scope_goes_through_spells_to_a_declared_group() -> None:
    assert "has no ends=" in wrong(lambda: Scope("the family", via=people, group="ward_code"))
    assert "'household_id'" in wrong(lambda: Scope("the family", via=residence, group="household"))


# Rule 2: windows


def test_the_halves_of_a_trend_are_whole() -> None:
    assert trend(attendance, "rise", "More sessions missed lately", within=months(6)).within == months(6)
    said = wrong(lambda: trend(attendance, "rise", "More sessions missed lately", within=months(3)))
    assert "3 months cannot be cut into two equal halves" in said
    assert "7 days" in wrong(lambda: trend(attendance, "rise", "More sessions missed lately", within=weeks(1)))


# Rule 3: without a record


def test_without_a_record_counts_are_zero_and_values_are_missing() -> None:
    assert not missed.missing_without_record
    assert not has(attendance, "late", "Late", where="minutes_late > 0").missing_without_record
    assert highest(attendance, "latest_arrival", "Latest arrival", "minutes_late").missing_without_record


# Rule 5: a source that keeps only its latest state


def test_a_source_that_keeps_only_its_latest_state_cannot_train() -> None:
    tenancies = Source(
        "tenancies",
        "One row a tenant, as of now",
        partner="Housing",
        agreement="ISA-4",
        key="person_id",
        happened="updated_on",
        keeps="latest",
        columns={"arrears": float},
    )
    arrears = latest(tenancies, "arrears", "Rent is owed", "arrears")
    said = wrong(lambda: declared(features=[missed, arrears]))
    assert "'tenancies'" in said
    assert "Ask the partner for a history" in said
    assert declared(audit=[sex, has(tenancies, "tenant", "Is a tenant")])


# Rule 7: protected characteristics


def test_a_protected_characteristic_predicts_only_with_a_reason() -> None:
    said = wrong(lambda: declared(features=[missed, sex]))
    assert "predicts from protected characteristics: 'sex'" in said
    assert "justification='...'" in said


def test_a_protected_column_does_not_return_under_another_name() -> None:
    boys = has(people, "is_boy", "Is a boy", where="sex = 'M'")
    assert "'is_boy' (reads what 'sex' reads)" in wrong(lambda: declared(features=[missed, boys]))


def test_the_reason_is_part_of_the_declaration() -> None:
    boys = has(people, "is_boy", "Is a boy", where="sex = 'M'", justification="The screening test has norms by sex.")
    assert "norms by sex" in str(declared(features=[missed, boys]).declaration())


def test_other_columns_of_the_same_source_are_free() -> None:
    moves = count(people, "moves", "The family moved often", where="ward_code IS NOT NULL")
    assert declared(features=[missed, moves])


def test_an_audit_attribute_makes_groups() -> None:
    assert "CASE that names bands" in wrong(lambda: declared(audit=[missed]))


# Rule 8: provenance travels


def test_partner_agreement_and_sensitivity_travel_with_the_feature() -> None:
    abuse = has(incidents, "abuse_at_home", "abuse at home", of=home, where="domestic_abuse", within=years(2))
    row = declared(features=[abuse]).dictionary()[0]
    assert (row["partner"], row["agreement"], row["sensitivity"]) == ("Police", "ISA-3", "criminal")
    assert (row["window"], row["scope"], row["verb"]) == ("24 months", "anyone living with the child", "has")


# Promises are made before training


def test_the_outcomes_of_training_are_complete_when_testing_begins() -> None:
    said = wrong(lambda: declared(train_as_of=(date(2021, 9, 1), date(2022, 9, 2))))
    assert "2022-09-02" in said
    assert "'absent' takes 12 months" in said


def test_probabilities_are_calibrated_on_the_latest_training_cohorts() -> None:
    assert declared().calibrate_as_of == (date(2022, 9, 1),)
    assert "calibrates on 2021-09-01" in wrong(lambda: declared(calibrate_as_of=(date(2021, 9, 1),)))


def test_a_district_holds_areas_of_its_own() -> None:
    def cohort(districts: dict[str, list[str]], area: str | None = "ward_code") -> Cohort:
        return Cohort("Children", people, area=area, districts=districts)

    assert cohort({"North": ["W1", "W2"], "South": ["W3"]}).districts["North"] == ("W1", "W2")
    assert "'W1' is named 2 times" in wrong(lambda: cohort({"North": ["W1"], "South": ["W1"]}))
    assert "'South' holds no area" in wrong(lambda: cohort({"North": ["W1"], "South": []}))
    assert "there is only one" in wrong(lambda: cohort({"North": ["W1"]}))
    assert "no area=" in wrong(lambda: cohort({"North": ["W1"], "South": ["W2"]}, area=None))


def test_dates_of_validation_are_others_than_those_of_training_and_test() -> None:
    assert declared(validate_as_of=[date(2023, 3, 1)]).validate_as_of == (date(2023, 3, 1),)
    assert "validates on 2022-09-01" in wrong(lambda: declared(validate_as_of=[date(2022, 9, 1)]))
    assert "not a date" in wrong(lambda: declared(validate_as_of=["2023-03-01"]))


def test_success_is_defined_before_training_and_can_be_judged() -> None:
    assert "has no success criteria" in wrong(lambda: declared(success=[]))
    assert "'auroc'" in wrong(lambda: declared(success=[at_least("aurocc", 0.7)]))
    assert "'sex'" in wrong(lambda: declared(success=[group_gap_at_most("sexes", "tpr", 0.1)]))


def test_a_baseline_to_beat_exists() -> None:
    assert "'area_rate'" in wrong(lambda: declared(success=[better_than("area rates")]))
    assert "has no area" in wrong(lambda: declared(success=[better_than("area rate")]))
    assert "has no baseline_flag" in wrong(lambda: declared(success=[better_than("simple")]))
    assert "The nearest right name is 'missed'." in wrong(lambda: declared(baseline_flag="misssed"))
    assert declared(success=[better_than("simple")], baseline_flag="missed")


def test_the_capacity_is_a_share() -> None:
    assert "capacity=20" in wrong(lambda: declared(capacity=20))


@pytest.mark.parametrize("part", ["use", "never", "owner", "question"])
def test_what_it_is_for_and_who_answers_for_it_is_not_left_blank(part: str) -> None:
    assert f"The {part} of prototype 'persistent_absence' is empty." in wrong(lambda: declared(**{part: " "}))
