"""Explanations: contributions add up, the true driver leads, and a reason is said only where it can be true."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.explanation import additivity_error, explain_globally
from riskmodel.evaluation.reasons import reasons

FAMILIES = ("logistic", "gradient_boosting")


@pytest.mark.parametrize("family", FAMILIES)
def test_contributions_add_up_to_the_score(training, matrix, family):
    model = training.models[family]
    some = matrix.rows(np.arange(300))
    assert additivity_error(model, some, model.contributions(some)) < 1e-9
    assert explain_globally(model, some).additivity_error < 1e-9


@pytest.mark.parametrize("family", FAMILIES)
def test_importance_and_direction_follow_the_truth(training, matrix, family):
    found = explain_globally(training.models[family], matrix)
    by_name = {effect.feature: effect for effect in found.effects}
    assert found.effects[0].feature == "visits"
    assert (by_name["visits"].direction, by_name["late"].direction, by_name["score"].direction) == ("+", "+", "-")
    assert sum(effect.share for effect in found.effects) == pytest.approx(1)
    assert (by_name["visits"].partner, by_name["visits"].theme, by_name["late"].theme) == ("Register", "contact", None)


def test_only_some_rows_are_explained_and_always_the_same(training, matrix):
    first, again = (explain_globally(training.model, matrix, most_rows=100) for _ in range(2))
    assert first.n == 100
    assert first == again
    assert explain_globally(training.model, matrix, most_rows=100, seed=1) != first


def cases(**columns):
    n = len(columns["visits"])
    table = pd.DataFrame({name: np.array(values, dtype=float) for name, values in columns.items() if name != "tenure"})
    table["tenure"] = pd.Categorical(columns["tenure"], ["owner", "private", "social"])
    blank = pd.Series(["x"] * n)
    return DesignMatrix(
        X=table, y=pd.Series(np.zeros(n)), keys=blank, as_of=pd.Series(pd.to_datetime(["2024-09-01"] * n)),
        component=pd.Series(range(n)), audit=pd.DataFrame(index=range(n)), area=blank,
    )  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_reasons_are_the_labels_that_raise_the_score_strongest_first(training, family):
    people = cases(visits=[4, 0], late=[1, 0], score=[-1.5, 2], tenure=["owner", "owner"])
    told = reasons(training.models[family], people)
    labels = ["there were more visits", "something came late", "the test score was lower"]
    assert (told[0][0], sorted(told[0])) == (labels[0], sorted(labels))
    assert not set(told[1]) & set(labels)
    assert reasons(training.models[family], people, top=1)[0] == ["there were more visits"]


def test_a_reason_that_would_be_false_is_never_said(training):
    model = training.models["logistic"]
    people = cases(visits=[0, 2], late=[0, np.nan], score=[np.nan, 0], tenure=["owner", None])
    pushed = pd.DataFrame(np.full((2, 4), 0.9), columns=["visits", "late", "score", "tenure"])
    told = reasons(model, people, top=9, contributions=pushed)
    # Contributions all push up, but: no visit, not late, no score on record; late and tenure not on record.
    assert told == [["of the home's tenure"], ["there were more visits", "the test score was lower"]]


def test_a_reason_holds_no_value_and_the_declaration_has_the_last_word(training, prototype):
    people = cases(visits=[7], late=[1], score=[-1.25], tenure=["social"])
    told = reasons(training.model, people, prototype.features, top=4)[0]
    assert set(told) <= {feature.label for feature in prototype.features}
    assert not any(character.isdigit() for character in "".join(told))


def test_nothing_that_raises_the_score_gives_no_reason(training):
    people = cases(visits=[1], late=[0], score=[0], tenure=["owner"])
    still = pd.DataFrame(np.full((1, 4), 0.01), columns=["visits", "late", "score", "tenure"])
    assert reasons(training.models["logistic"], people, contributions=still) == [[]]
