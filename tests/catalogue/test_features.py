"""Every feature of the reference project: its name, its wording, where it comes from and what it may use."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import features
from pipelines import PROTOTYPES
from pipelines.domestic_abuse import domestic_abuse
from pipelines.school_readiness import school_readiness
from riskmodel import Sensitivity, years
from riskmodel.declare import Feature

LONGEST_LABEL = 90
# A score is no cause, and a family is not to blame; neither may a reason say more about a record than its topic.
UNWANTED = re.compile(
    r"because|due to|caus|fail|refus|neglect|bad|poor|broken|abuser|perpetrat|offender|suspect|victim|drunk|addict",
    re.IGNORECASE,
)
# A reason reads "this score is higher because ...", so a label is a clause and opens like one.
OPENING = re.compile(
    r"(the|there|a|an|another|no|one|more|fewer|social|smoking|rent|arrears|police|domestic|somebody)\b"
)

MEASURES = list({feature.name: feature for prototype in PROTOTYPES for feature in prototype.features}.values())
AUDITED = list({feature.name: feature for prototype in PROTOTYPES for feature in prototype.audit}.values())


def declared() -> list[Feature]:
    """Every feature that any module of `features` holds, alone or in a list."""
    found: dict[int, Feature] = {}
    for module in pkgutil.iter_modules(features.__path__, "features."):
        for value in vars(importlib.import_module(module.name)).values():
            held = value if isinstance(value, list) else [value]
            found |= {id(feature): feature for feature in held if isinstance(feature, Feature)}
    return list(found.values())


def by_name(feature: Feature) -> str:
    return feature.name


@pytest.mark.parametrize(("prototype", "least"), [(school_readiness, 45), (domestic_abuse, 35)])
def test_a_prototype_has_as_many_features_as_promised(prototype, least):
    assert len(prototype.features) >= least


def test_a_name_means_one_thing_everywhere():
    names = [feature.name for feature in declared()]
    assert sorted(names) == sorted(set(names))


def test_everything_declared_is_used():
    used = {feature.name for p in PROTOTYPES for feature in (*p.features, *p.audit, *p.cohort.having)}
    assert [feature.name for feature in declared() if feature.name not in used] == []


@pytest.mark.parametrize("prototype", PROTOTYPES, ids=lambda p: p.name)
def test_labels_of_a_prototype_tell_its_features_apart(prototype):
    labels = [feature.label for feature in prototype.features]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("feature", MEASURES, ids=by_name)
def test_a_label_completes_a_reason(feature):
    assert OPENING.match(feature.label), "A label is a clause: 'this score is higher because the child ...'."
    assert not feature.label.endswith(".")
    assert "  " not in feature.label
    assert len(feature.label) <= LONGEST_LABEL


@pytest.mark.parametrize("feature", [*MEASURES, *AUDITED], ids=by_name)
def test_a_label_names_no_cause_and_blames_nobody(feature):
    assert not UNWANTED.search(feature.label)


@pytest.mark.parametrize("feature", [*MEASURES, *AUDITED], ids=by_name)
def test_a_feature_says_where_it_comes_from(feature):
    assert feature.partner
    assert re.fullmatch(r"ISP-\d{3}", feature.agreement)
    assert feature.theme
    assert feature.sensitivity in Sensitivity


@pytest.mark.parametrize("feature", MEASURES, ids=by_name)
def test_a_label_that_says_more_or_less_has_a_direction(feature):
    # Labels describe the end of the scale that raises the score, which is only true with a direction.
    assert feature.direction in ("+", "-")


@pytest.mark.parametrize("feature", [f for f in MEASURES if f.dtype == "bool"], ids=by_name)
def test_a_yes_is_what_its_label_says(feature):
    # A yes or no is only given as a reason where it is yes.
    assert feature.direction == "+"


@pytest.mark.parametrize("feature", MEASURES, ids=by_name)
def test_a_window_in_a_name_is_the_window_it_uses(feature):
    named = re.search(r"_(\d)y$", feature.name)
    assert feature.within == (years(int(named[1])) if named else None)


RISES = [
    "asq_below_expected", "reviews_missed", "two_year_review_missed", "smoking_in_pregnancy", "home_moves_2y",
    "social_rent", "universal_credit_ever", "child_protection_or_care", "abuse_records_1y", "adult_substance_need",
    "sibling_not_good_level_3y", "born_before_32_weeks", "bedrooms_short",
]  # fmt: skip
FALLS = [
    "age_in_days", "mothers_education", "asq_communication", "asq_total",
    "neighbourhood_deprivation", "carers_in_home", "days_since_abuse_record_3y",
]  # fmt: skip


@pytest.mark.parametrize(("name", "direction"), [*((n, "+") for n in RISES), *((n, "-") for n in FALLS)])
def test_directions_that_research_is_sure_of(name, direction):
    assert {feature.name: feature.direction for feature in MEASURES}[name] == direction


PROTECTED_COLUMNS = {"sex", "ethnic_group", "english_additional", "mothers_age"}


@pytest.mark.parametrize("feature", MEASURES, ids=by_name)
def test_protected_characteristics_do_not_predict(feature):
    assert not feature.columns & PROTECTED_COLUMNS
    assert not feature.protected or len(feature.justification or "") > 100


@pytest.mark.parametrize("feature", MEASURES, ids=by_name)
def test_an_adults_age_does_not_predict(feature):
    if "date_of_birth" in feature.columns and feature.of is not None:
        assert feature.of.where == "role = 'child'"


@pytest.mark.parametrize("feature", MEASURES, ids=by_name)
def test_illness_and_disability_do_not_predict(feature):
    assert not re.search("illness|disability", feature.where or "")


def test_protected_attributes_are_marked_in_the_audit():
    marked = {feature.name for feature in AUDITED if feature.protected}
    assert marked == {
        "sex", "ethnic_group", "childrens_ethnic_group", "mother_under_25", "youngest_childs_mother_under_25",
        "disability_in_home",
    }  # fmt: skip


@pytest.mark.parametrize("feature", [f for f in MEASURES if f.source.name == "police_incidents"], ids=by_name)
def test_police_incidents_are_not_counted_once_for_each_person(feature):
    if feature.verb == "distinct":
        assert feature.value == "incident_id"
    assert feature.verb != "count"
