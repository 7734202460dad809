"""Both prototypes: what they promise before training, and the limits they state."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipelines import PROTOTYPES, synthetic
from pipelines.areas import WARDS
from pipelines.domestic_abuse import domestic_abuse
from pipelines.school_readiness import school_readiness
from riskmodel import Output, months

each = pytest.mark.parametrize("prototype", PROTOTYPES, ids=lambda p: p.name)


@each
def test_no_outcome_of_training_reaches_into_the_test(prototype):
    ends = [prototype.outcome.within.after(day) for day in prototype.train_as_of]
    assert max(ends) <= min(prototype.test_as_of)


@each
def test_probabilities_are_calibrated_on_the_latest_training_cohort(prototype):
    assert prototype.calibrate_as_of == (max(prototype.train_as_of),)


@each
def test_the_cohort_to_score_comes_after_every_cohort_with_an_outcome(prototype):
    assert prototype.score_as_of == date(2025, 9, 1)
    assert max(prototype.outcome.within.after(day) for day in prototype.test_as_of) <= prototype.score_as_of


@each
def test_success_is_declared_for_ranking_calibration_usefulness_and_groups(prototype):
    kinds = {criterion.kind for criterion in prototype.success}
    metrics = {criterion.metric for criterion in prototype.success}
    baselines = {criterion.baseline for criterion in prototype.success if criterion.baseline}
    assert kinds == {"range", "better_than", "group_gap"}
    assert {"auroc", "calibration_slope", "oe"} <= metrics
    assert baselines == {"area_rate", "simple", "current_rule"}


@each
def test_groups_compared_by_a_criterion_are_audited(prototype):
    audited = {feature.name for feature in prototype.audit} | set(prototype.outcome.audit)
    assert {c.attribute for c in prototype.success if c.attribute} <= audited


@each
def test_the_simple_rules_are_features(prototype):
    names = [feature.name for feature in prototype.features]
    assert prototype.baseline_flag in names
    assert prototype.current_rule in names


@each
def test_cases_of_one_home_stay_together(prototype):
    assert prototype.cohort.together.group == "household_id"


@each
def test_use_and_misuse_are_spelt_out(prototype):
    assert prototype.output is Output.INDIVIDUAL
    assert prototype.expires == months(12)
    assert "ligibility" in prototype.never
    assert "nforcement" in prototype.never
    assert len(prototype.limits) >= 4
    assert all(limit.endswith(".") for limit in prototype.limits)


@each
def test_the_owner_is_a_role_and_not_a_person(prototype):
    assert prototype.owner.partition(",")[0] in {"Early Years", "Safeguarding Partnership"}
    assert len(prototype.owner.partition(",")[2].split()) > 4  # what that is, for those outside


def test_readiness_knows_its_label_era_and_unknown_outcomes():
    assert any("2021" in limit for limit in school_readiness.limits)
    assert min(school_readiness.train_as_of + school_readiness.validate_as_of) >= date(2020, 9, 1)
    assert school_readiness.outcome.no_record == "unknown"
    assert school_readiness.threshold_range == (0.2, 0.6)


def test_abuse_says_that_records_are_not_abuse():
    assert domestic_abuse.limits[0].startswith("Recorded abuse is not abuse.")
    assert "named safeguarding" in domestic_abuse.use
    assert "smaller than a neighbourhood of some 1,500 people (LSOA)" in domestic_abuse.never
    assert domestic_abuse.outcome.no_record == "negative"
    assert domestic_abuse.threshold_range == (0.05, 0.25)


@each
def test_a_promise_that_is_changed_afterwards_shows_in_the_digest(prototype):
    easier = replace(prototype, success=prototype.success[1:])
    assert replace(prototype).digest() == prototype.digest()
    assert easier.digest() != prototype.digest()


def test_wards_are_called_as_in_the_list_that_the_county_is_made_from() -> None:
    path = Path(synthetic.__file__).parent / "geography" / "basildon_lsoa.csv"
    with path.open(encoding="utf-8") as rows:
        assert {row["ward_code"]: row["ward_name"] for row in csv.DictReader(rows)} == WARDS
    for prototype in PROTOTYPES:
        assert prototype.cohort.area_names == WARDS
