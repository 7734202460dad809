"""Explanation in detail, on a linear model whose truth is known: shares, curves, faithfulness, an invented example."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.contributions import Explained, explain_in_detail, household_draws, shares_of_movement
from riskmodel.evaluation.effects import bins_of
from riskmodel.evaluation.faithfulness import faithfulness, taken_away
from riskmodel.evaluation.reasons import strongest
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.evaluation.usual import table_of, usual_values
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.splits import split_for
from tests.unit.evaluation.conftest import make_prototype
from tests.unit.evaluation.test_reasons import turned


def context_of(training, matrix, prototype, **settings):
    split = split_for(matrix, prototype)
    return Context(training, matrix, prototype, split, None, resamples=200, refits=0, **settings)


@pytest.fixture(scope="module")
def context(training, matrix, prototype):
    return context_of(training, matrix, prototype)


@pytest.fixture(scope="module")
def found(context):
    return explain_in_detail(context)


def test_shares_of_themes_and_partners_add_up(found):
    assert found.themes[0].name == "contact"
    assert sum(one.share.value for one in found.themes) == pytest.approx(1)
    assert [(one.name, one.features, one.share.value) for one in found.partners] == [("Register", 4, 1.0)]
    assert all(one.share.low <= one.share.value <= one.share.high for one in found.themes)
    assert found.additivity_error < 1e-9
    assert decode(Explained, encode(found)) == found


def test_contributions_of_a_theme_are_added_before_they_are_measured(matrix):
    some = matrix.rows(np.arange(100))
    parts = pd.DataFrame({"a": np.ones(100), "b": -np.ones(100), "c": np.full(100, 0.5)})
    draws = household_draws(some, 50, 0)
    apart = shares_of_movement(parts, {"x": np.array([0]), "y": np.array([1]), "z": np.array([2])}, some, draws)
    assert [one.share.value for one in apart] == [0.4, 0.4, 0.2]
    together = shares_of_movement(parts, {"xy": np.array([0, 1]), "z": np.array([2])}, some, draws)
    assert [(one.name, one.share.value) for one in together] == [("z", 1.0), ("xy", 0.0)]


def test_households_are_drawn_whole(matrix):
    some = matrix.rows(np.arange(200))
    draws = household_draws(some, 20, 0)
    assert (draws[:, 0::2] == draws[:, 1::2]).all()
    assert (draws.sum(axis=1) == 200).all()


def test_curves_follow_the_model_and_leave_out_the_ends(context, found):
    curve = next(one for one in found.curves if one.feature == "visits")
    values = context.test.X["visits"]
    means = [one.contribution.value for one in curve.bins]
    assert means == sorted(means)
    assert curve.bins[-1].value <= values.quantile(0.95)
    assert all(one.contribution.n >= 10 for one in curve.bins)
    score = next(one for one in found.curves if one.feature == "score")
    falls = [one.contribution.value for one in score.bins]
    assert falls == sorted(falls, reverse=True)
    assert {one.words for one in next(c for c in found.curves if c.feature == "late").bins} == {"no", "yes"}


def test_a_bin_is_never_one_person():
    rng = np.random.default_rng(0)
    for values in (rng.exponential(size=90), rng.integers(0, 40, 60).astype(float), np.r_[np.zeros(300), 1e6]):
        bins = bins_of(ModelFeature("x", "number"), values)
        assert all(len(rows) >= 10 for _, _, rows in bins)
        assert len(bins) <= 9
        assert not any("1,000,000" in words for words, _, _ in bins)
        seen = np.concatenate([rows for _, _, rows in bins])
        assert len(seen) == len(set(seen.tolist()))
    assert [words for words, _, _ in bins_of(ModelFeature("x", "flag"), np.r_[np.zeros(50), np.ones(9)])] == ["no"]
    assert bins_of(ModelFeature("x", "number"), np.full(50, np.nan)) == []


@pytest.mark.parametrize("family", ["logistic", "gradient_boosting"])
def test_taking_the_first_reason_away_lowers_the_score(training, matrix, prototype, family):
    result = faithfulness(context_of(replace(training, lead=family), matrix, prototype))
    assert result.listed == round(0.15 * 900)
    assert result.with_reason.value > 0.95
    assert result.falls.value > 0.97
    assert result.change.value < -0.05
    assert result.change.low < result.change.value < result.change.high < 0


def test_the_fall_is_that_of_the_coefficient(training, matrix, prototype):
    context, model = context_of(training, matrix, prototype), training.models["logistic"]
    some = context.test.rows(np.arange(50))
    slope = model.predictor.unstandardised(model.features)["visits"]
    changed = taken_away(model, some, np.zeros(50, dtype=int), context.fit)
    median = context.fit.X["visits"].median()
    np.testing.assert_allclose(changed["raw"], slope * (median - some.X["visits"].to_numpy()), atol=1e-9)


def test_a_reason_that_is_not_faithful_is_found_out(context):
    """With contributions of another model the first reasons do not lower the score."""
    model = context.training.models["logistic"]
    wrong = turned(model, "visits")
    listed = context.test.rows(np.argsort(-model.raw(context.test))[:100])
    parts = -wrong.contributions(listed)
    first = strongest(model, listed, parts)
    changed = taken_away(wrong, listed.rows(first == 0), first[first == 0], context.fit)
    assert len(changed["raw"]) > 10
    assert (changed["raw"] > 0).mean() > 0.5


def test_usual_values_are_medians_no_and_absence(context):
    model = context.lead
    usual = usual_values(model.features, context.fit)
    assert usual["late"] == 0.0
    assert usual["tenure"] == "owner"
    assert usual["visits"] == context.fit.X["visits"].median()
    rare = context.fit.X.assign(score=context.fit.X["score"].where(context.fit.X["visits"] > 2))
    assert np.isnan(usual_values(model.features, replace(context.fit, X=rare))["score"])
    assert model.predict(table_of(model.features, usual)).shape == (1,)


def test_the_example_is_invented_and_says_so(training, matrix, prototype):
    example = explain_in_detail(context_of(training, matrix, prototype)).example
    assert example.low is None
    assert set(example.raised) <= {feature.label for feature in prototype.features}
    assert example.probability > example.average
    assert set(example.reasons) <= {feature.label for feature in prototype.features}
    assert all(reason in example.sentence for reason in example.reasons)
    split = split_for(matrix, prototype)
    banded = Context(training, matrix, prototype, split, None, resamples=50, refits=10)
    sure = explain_in_detail(banded).example
    assert sure.low < sure.probability < sure.high


def test_the_example_never_names_what_may_not_be_quoted(training, matrix):
    shy = make_prototype(reasons_from=["late"])
    found = explain_in_detail(context_of(training, matrix, shy))
    assert found.not_quoted == 3
    assert found.example.raised == ("something came late",)
