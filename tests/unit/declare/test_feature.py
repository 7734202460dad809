"""Features: what each verb needs, and what kind of number it gives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from riskmodel.declare import Feature, Scope, Sensitivity, Source, count, distinct, has, highest, latest, total, trend
from riskmodel.errors import DeclarationError
from riskmodel.periods import months

tests = Source(
    "tests",
    "One row a test",
    partner="Clinic",
    agreement="A-1",
    key="person_id",
    happened="tested_on",
    columns={"result": str, "score": float, "repeats": int, "failed": bool, "due_on": date},
)
stays = Source(
    "stays",
    "One row a stay in a home",
    partner="County",
    agreement="A-2",
    key="person_id",
    happened="from_on",
    ends="until_on",
    sensitivity=Sensitivity.SPECIAL,
    columns={"home_id": str, "role": str},
)


@pytest.mark.parametrize(
    ("feature", "dtype"),
    [
        (count(tests, "n", "tests"), "int"),
        (has(tests, "any_test", "a test"), "bool"),
        (total(tests, "sum_score", "score", "score"), "float"),
        (total(tests, "sum_repeats", "repeats", "repeats"), "int"),
        (highest(tests, "top", "top", "score / 2"), "float"),
        (distinct(tests, "kinds", "kinds", "result"), "int"),
        (latest(tests, "last_failed", "failed", "failed"), "bool"),
        (latest(tests, "last_repeats", "repeats", "repeats"), "int"),
        (latest(tests, "last_result", "result", "result", levels=["a", "b"]), "category"),
        (trend(tests, "rise", "rising", within=months(6)), "int"),
    ],
)
def test_each_verb_has_its_kind_of_number(feature: Feature, dtype: str) -> None:
    assert feature.dtype == dtype


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"verb": "count", "value": "score"}, "count takes no value"),
        ({"verb": "total"}, "total needs a value"),
        ({"verb": "median", "value": "score"}, "The verbs are count has total"),
        ({"verb": "trend"}, "a trend without a window"),
        ({"verb": "highest", "value": "due_on"}, "Here it must be a number."),
        ({"verb": "latest", "value": "due_on"}, "the value is a date"),
        ({"verb": "latest", "value": "result"}, "names no levels"),
        ({"verb": "latest", "value": "score", "levels": ["1"]}, "its value is not text"),
        ({"verb": "latest", "value": "result", "levels": ["a", "a"]}, "names a level twice"),
        ({"verb": "latest", "value": "result", "levels": ["a"], "direction": "+"}, "a category with a direction"),
        ({"verb": "count", "direction": "up"}, "direction='up'"),
        ({"verb": "count", "justification": ""}, "The justification of feature 'made' is empty."),
    ],
)
def test_a_wrong_feature_is_refused(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        Feature(tests, "made", "Made", **parts)
    assert said in str(caught.value)


def test_a_feature_is_as_sensitive_as_anything_that_leads_to_it() -> None:
    home = Scope("the home", via=stays, group="home_id")
    assert count(tests, "n", "tests").sensitivity is Sensitivity.PERSONAL
    assert count(tests, "n", "tests", of=home).sensitivity is Sensitivity.SPECIAL


def test_what_it_reads_includes_its_scope() -> None:
    carers = Scope("carers", via=stays, group="home_id", where="role = 'carer'")
    feature = count(tests, "n", "tests", of=carers, where="failed AND score < 3")
    assert feature.reads == {("tests", "failed"), ("tests", "score"), ("stays", "role")}
    assert feature.columns == {"failed", "score"}


def test_features_can_be_compared_and_kept_in_sets() -> None:
    made = [latest(tests, "last_result", "result", "result", levels=levels) for levels in (["a"], ("a",))]
    assert len(set(made)) == 1
