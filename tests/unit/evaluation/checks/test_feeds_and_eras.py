"""Pauses that are a source's own rhythm are no silence, and a break matters only where there are records beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from riskmodel.declare import Source
from riskmodel.evaluation.checks.finding import ERROR, FOUND, NOTE, PASSED, WARNING
from tests.unit.evaluation.checks.world import but, finding, manifest, monthly, on_test, prototype, source

BROKEN = (date(2022, 1, 1),)


def endings(**entry: object) -> dict[str, object]:
    return manifest(endings=entry)


def seen_from(sound, breaks, counted):
    declared = prototype(endings=source("endings", breaks=breaks))
    return finding(replace(sound, prototype=declared, warehouse=endings(monthly=counted)), "RM105")


def test_a_window_across_a_break_is_of_the_side_that_holds_records(sound):
    later = {month: n for month, n in monthly().items() if month >= "2022-01"}
    assert seen_from(sound, BROKEN, later).status == PASSED
    assert seen_from(sound, BROKEN, monthly()).severity == ERROR


def test_outcomes_of_both_sides_in_both_parts_are_a_warning(sound):
    declared = prototype(endings=source("endings", breaks=(date(2022, 10, 1), date(2023, 10, 1))))
    mixed = replace(sound, prototype=declared, warehouse={})
    assert finding(mixed, "RM105").severity == ERROR
    split = replace(sound.split, train=sound.split.test, calibrate=sound.split.test)
    assert finding(replace(mixed, split=split), "RM105").severity == WARNING


def test_a_source_that_reports_once_a_year_is_not_silent(sound):
    yearly = {month: 1200 for month in monthly() if month.endswith("-06")}
    assert finding(replace(sound, warehouse=manifest(visits={"monthly": yearly})), "RM304").status == PASSED
    stopped = {month: n for month, n in yearly.items() if month < "2023-06"}
    silent = finding(replace(sound, warehouse=manifest(visits={"monthly": stopped})), "RM304")
    assert silent.status == FOUND
    assert "from July 2022 on" in silent.reason


def test_silence_after_the_last_day_that_is_needed_is_no_fault(sound):
    entry = {"monthly": monthly(last="2024-06")}
    quiet = replace(sound, warehouse=manifest(visits=entry))
    assert finding(quiet, "RM304").status == FOUND
    earlier = replace(sound.prototype, score_as_of=date(2024, 7, 1))
    assert finding(replace(quiet, prototype=earlier), "RM304").status == PASSED
    # The outcome is needed to the end of the last window.
    assert finding(replace(sound, warehouse=endings(**entry), prototype=earlier), "RM304").status == FOUND


def test_a_cohort_without_a_case_is_missing(sound):
    more = prototype(train_as_of=(date(2020, 9, 1), date(2021, 9, 1), date(2022, 9, 1)))
    assert "The cohorts of 2020-09-01" in finding(replace(sound, prototype=more), "RM106").reason


def test_a_month_that_is_not_over_is_not_counted_as_silent(sound):
    entry = {"monthly": monthly(last="2024-07"), "complete_to": "2024-09-02"}
    assert finding(replace(sound, warehouse=manifest(visits=entry)), "RM304").status == PASSED


def test_a_measure_that_nobody_has_in_the_test_is_silent_too(sound):
    gone = but(sound, late=sound.matrix.X["late"].mask(on_test(sound), 0.0))
    assert "late (Visits) is nought or missing for every test case" in finding(gone, "RM304").reason


def test_an_outcome_window_without_any_record_is_an_error_and_a_long_pause_a_note(sound):
    silent = {month: n for month, n in monthly().items() if not "2021-09" <= month <= "2022-09"}
    found = finding(replace(sound, warehouse=endings(monthly=silent)), "RM106")
    assert (found.status, found.severity) == (FOUND, ERROR)
    paused = {month: n for month, n in monthly().items() if not "2020-06" <= month <= "2021-10"}
    found = finding(replace(sound, warehouse=endings(monthly=paused)), "RM106")
    assert (found.status, found.severity) == (FOUND, NOTE)
    assert "from June 2020 to October 2021" in found.reason


def test_a_measure_asked_of_a_day_that_its_source_does_not_reach_is_beyond_the_data(sound):
    found = finding(replace(sound, warehouse=manifest(visits={"complete_to": "2023-08-01"})), "RM107")
    assert "visits (2023-08-01)" in found.reason


def test_an_audit_attribute_of_the_latest_state_is_a_note(sound):
    register = source("register", keeps="latest")
    sex = replace(sound.prototype.audit[0], source=register)
    found = finding(replace(sound, prototype=replace(sound.prototype, audit=[sex])), "RM215")
    assert (found.status, found.severity) == (FOUND, NOTE)


def test_columns_that_the_contract_found_rewritten_are_a_warning(sound):
    problem = {"code": "C402", "source": "visits", "column": "points", "severity": "warning"}
    found = finding(replace(sound, warehouse={**manifest(), "problems": [problem]}), "RM203")
    assert (found.status, found.severity) == (FOUND, WARNING)
    assert "visits.points (C402)" in found.reason


@pytest.mark.parametrize("kind", [source("a"), source("b", breaks=(date(2021, 9, 1),))])
def test_breaks_are_part_of_what_is_declared(kind: Source):
    assert prototype(visits=kind).digest() == prototype(visits=replace(kind)).digest()
    assert prototype(visits=kind).digest() != prototype(visits=replace(kind, breaks=(date(2019, 1, 1),))).digest()
