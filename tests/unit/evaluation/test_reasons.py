"""Reasons: one a theme, in approved words only, and none that the model's own coefficient makes untrue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.reasons import NOT_QUOTED, practitioner_sentence, raising, reasons, strongest, turned_round
from riskmodel.modelling.linear import LinearPredictor
from tests.unit.evaluation.test_explanation import cases

VISITS, LATE, SCORE, TENURE = (
    "there were more visits", "something came late", "the test score was lower", "of the home's tenure",
)  # fmt: skip


@pytest.fixture
def people():
    return cases(visits=[3], late=[1], score=[-1], tenure=["social"])


def pushed(visits, late, score, tenure):
    return pd.DataFrame([[visits, late, score, tenure]], columns=["visits", "late", "score", "tenure"])


def themed(model, **themes):
    return replace(model, features=tuple(replace(f, theme=themes.get(f.name, f.theme)) for f in model.features))


def test_a_theme_gives_one_reason_while_other_themes_have_any(training, people):
    model = themed(training.models["logistic"], visits="contact", late="contact", score="tests", tenure="home")
    parts = pushed(0.9, 0.8, 0.3, 0.2)
    assert reasons(model, people, contributions=parts, top=3) == [[VISITS, SCORE, TENURE]]
    assert reasons(model, people, contributions=parts, top=2) == [[VISITS, SCORE]]


def test_a_theme_gives_a_second_reason_where_others_have_none(training, people):
    model = themed(training.models["logistic"], visits="contact", late="contact", score="tests", tenure="home")
    assert reasons(model, people, contributions=pushed(0.9, 0.8, 0.3, 0.0)) == [[VISITS, LATE, SCORE]]
    assert reasons(model, people, contributions=pushed(0.9, 0.8, 0.0, 0.01)) == [[VISITS, LATE]]


def test_what_may_not_be_quoted_is_replaced_once_and_in_its_place(training, people):
    model = themed(training.models["logistic"], visits="a", late="b", score="c", tenure="d")
    parts = pushed(0.9, 0.8, 0.7, 0.6)
    told = reasons(model, people, contributions=parts, quoted={"tenure", "visits"})
    assert told == [[VISITS, NOT_QUOTED, TENURE]]
    assert reasons(model, people, contributions=parts, quoted=set()) == [[NOT_QUOTED]]
    but_visits = {"score", "late", "tenure"}
    assert reasons(model, people, contributions=parts, quoted=but_visits) == [[NOT_QUOTED, LATE, SCORE]]


def test_what_may_not_be_quoted_is_not_hinted_at_where_there_is_no_record(training):
    nobody = cases(visits=[0], late=[0], score=[np.nan], tenure=[None])
    model = training.models["logistic"]
    assert reasons(model, nobody, contributions=pushed(0.9, 0.9, 0.9, 0.9), quoted=set()) == [[]]


def turned(model, name):
    """The model with the coefficient of one feature turned round."""
    place = [feature.name for feature in model.features].index(name)
    predictor = model.predictor
    assert isinstance(predictor, LinearPredictor)
    slopes = tuple(
        -slope if term.feature == place and term.kind in ("value", "log") else slope
        for slope, term in zip(predictor.coefficients, predictor.preparation.terms, strict=True)
    )
    return replace(model, predictor=replace(predictor, coefficients=slopes))


@pytest.mark.parametrize("name", ["visits", "score", "late"])
def test_a_turned_coefficient_gives_no_reason_and_is_named(training, name):
    model = turned(training.models["logistic"], name)
    assert turned_round(training.models["logistic"]) == ()
    assert turned_round(training.models["gradient_boosting"]) == ()
    assert turned_round(model) == (name,)
    label = {"visits": VISITS, "late": LATE, "score": SCORE}[name]
    some = cases(visits=[0, 1, 5], late=[0, 1, 1], score=[2, 0, -2], tenure=["owner"] * 3)
    assert label not in {reason for told in reasons(model, some, top=9) for reason in told}
    place = [feature.name for feature in model.features].index(name)
    assert not raising(model, some, model.contributions(some))[:, place].any()


def test_the_strongest_feature_is_found_whether_or_not_it_is_quoted(training, people):
    model = training.models["logistic"]
    assert strongest(model, people, pushed(0.1, 0.5, 0.2, 0.3)).tolist() == [1]
    assert strongest(model, people, pushed(0.0, 0.01, -0.2, 0.0)).tolist() == [-1]


def test_a_practitioner_reads_a_chance_and_no_cause():
    said = practitioner_sentence(0.42, 0.3, [VISITS, NOT_QUOTED], (0.35, 0.5))
    assert "42 in 100" in said
    assert "9 times in 10 give between 35 in 100 and 50 in 100" in said
    assert f"Raised by: {VISITS}; {NOT_QUOTED}." in said
    assert "because" not in said
    assert "A person decides." in said
    assert "4 in 1,000" in practitioner_sentence(0.004, 0.3, [])
