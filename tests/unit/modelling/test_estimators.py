"""Both families agree with direct calls to the libraries behind them, and keep their promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.errors import ModelError
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.estimators import FAMILIES, Sample, boost, fit, fit_logistic, monotone
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.trees import TreePredictor

FEATURES = (
    ModelFeature("visits", "number", direction="+"),
    ModelFeature("score", "number", direction="-"),
    ModelFeature("noise", "number"),
    ModelFeature("tenure", "category", levels=("owner", "private", "social")),
)
BOOSTING = {"num_leaves": 8, "min_child_samples": 50, "rounds": 40}


@pytest.fixture(scope="module")
def sample() -> Sample:
    rng = np.random.default_rng(5)
    values = np.column_stack([rng.poisson(1, 3000), rng.normal(size=(3000, 2)), rng.integers(0, 3, 3000)]).astype(float)
    log_odds = -1 + 0.7 * values[:, 0] - 0.8 * values[:, 1] + 0.6 * (values[:, 3] == 2)
    y = (rng.random(3000) < 1 / (1 + np.exp(-log_odds))).astype(float)
    values[rng.random(values.shape) < 0.05] = np.nan
    return Sample(values, y, FEATURES)


def test_the_plain_logistic_predicts_what_scikit_learn_predicts(sample: Sample) -> None:
    from sklearn.linear_model import LogisticRegression

    ours = fit_logistic(sample, 0.1)
    design = ours.preparation(sample.values)
    theirs = LogisticRegression(C=0.1, tol=1e-10, max_iter=10_000).fit(design, sample.y)
    np.testing.assert_allclose(ours.raw(sample.values), theirs.decision_function(design), atol=1e-5)


def test_a_coefficient_keeps_its_declared_direction(sample: Sample) -> None:
    """Turned round, both directions are wrong: the coefficients are nought and the fit is that of the other columns."""
    turned = tuple(replace(f, direction={"+": "-", "-": "+"}.get(f.direction or "")) for f in FEATURES)
    model = fit_logistic(Sample(sample.values, sample.y, turned), 0.1)
    named = dict(zip(model.preparation.names(turned), model.coefficients, strict=True))
    assert named["visits"] == named["score"] == 0.0
    assert named["visits is missing"] != 0.0
    kept = dict(zip(model.preparation.names(FEATURES), fit_logistic(sample, 0.1).coefficients, strict=True))
    assert kept["visits"] > 0.3
    assert kept["score"] < -0.3


def test_without_a_penalty_the_score_equations_hold(sample: Sample) -> None:
    """At the maximum likelihood the residuals are orthogonal to every term."""
    model = fit_logistic(sample, None)
    residual = sample.y - 1 / (1 + np.exp(-model.raw(sample.values)))
    design = model.preparation(sample.values)
    np.testing.assert_allclose(design.T @ residual / len(residual), 0, atol=1e-8)
    assert abs(residual.mean()) < 1e-8


def test_unstandardised_coefficients_give_the_same_scores() -> None:
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.normal(50, 9, 400), rng.integers(0, 2, 400)]).astype(float)
    y = (rng.random(400) < 0.4).astype(float)
    features = (ModelFeature("age", "number"), ModelFeature("late", "flag"))
    model = fit_logistic(Sample(values, y, features), None)
    plain = model.unstandardised(features)
    by_hand = plain["(intercept)"] + plain["age"] * values[:, 0] + plain["late"] * values[:, 1]
    np.testing.assert_allclose(by_hand, model.raw(values), atol=1e-10)


def test_a_logistic_without_any_varying_feature_predicts_the_rate() -> None:
    model = fit_logistic(Sample(np.ones((10, 1)), np.array([1.0] * 3 + [0.0] * 7), FEATURES[:1]), 1.0)
    np.testing.assert_allclose(1 / (1 + np.exp(-model.raw(np.ones((2, 1))))), 0.3)


def test_boosting_predicts_what_lightgbm_predicts(sample: Sample) -> None:
    ours = fit("gradient_boosting", sample, BOOSTING, seed=3)
    direct = boost(sample, BOOSTING, 40, seed=3).predict(sample.values, raw_score=True)
    np.testing.assert_array_equal(ours.raw(sample.values), direct)


@pytest.mark.parametrize(("place", "sign"), [(0, 1), (1, -1)])
def test_declared_directions_hold_everywhere(sample: Sample, place: int, sign: int) -> None:
    model = fit("gradient_boosting", sample, {**BOOSTING, "num_leaves": 15, "rounds": 150})
    rows = np.repeat(sample.values[:300], 60, axis=0)
    known = sample.values[:, place][~np.isnan(sample.values[:, place])]
    rows[:, place] = np.tile(np.linspace(known.min() - 1, known.max() + 1, 60), 300)
    steps = np.diff(model.raw(rows).reshape(300, 60), axis=1) * sign
    assert steps.min() >= 0
    assert steps.max() > 0


def test_without_directions_noise_is_free_to_bend(sample: Sample) -> None:
    """The test above could not fail if no model ever bent: here the constraint is absent, and it does."""
    free = Sample(sample.values, sample.y, tuple(ModelFeature(f.name, f.kind, levels=f.levels) for f in FEATURES))
    assert monotone(free.features) == {}
    model = fit("gradient_boosting", free, {**BOOSTING, "num_leaves": 15, "rounds": 150})
    rows = np.repeat(sample.values[:300], 60, axis=0)
    rows[:, 1] = np.tile(np.linspace(-3, 3, 60), 300)
    assert np.diff(model.raw(rows).reshape(300, 60), axis=1).max() > 0


@pytest.mark.parametrize("family", FAMILIES)
def test_contributions_add_up_to_the_score(sample: Sample, family: str) -> None:
    model = fit(family, sample, {"C": 0.1} if family == "logistic" else BOOSTING)
    parts = model.contributions(sample.values)
    assert parts.shape == sample.values.shape
    np.testing.assert_allclose(parts.sum(axis=1) + model.expected, model.raw(sample.values), atol=1e-9, rtol=0)


def test_linear_contributions_are_coefficient_times_distance_from_the_mean(sample: Sample) -> None:
    complete = ~np.isnan(sample.values).any(axis=1)
    values = sample.values[complete][:, :2]
    model = fit_logistic(Sample(values, sample.y[complete], FEATURES[:2]), None)
    slopes = model.unstandardised(FEATURES[:2])
    for place, name in enumerate(("visits", "score")):
        expected = slopes[name] * (values[:, place] - values[:, place].mean())
        np.testing.assert_allclose(model.contributions(values)[:, place], expected, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_case_scores_the_same_alone_and_in_a_batch(sample: Sample, family: str) -> None:
    model = fit(family, sample, {"C": 0.1} if family == "logistic" else BOOSTING)
    batch = model.raw(sample.values[:50])
    alone = np.concatenate([model.raw(sample.values[i : i + 1]) for i in range(50)])
    np.testing.assert_array_equal(batch, alone)
    assert model.raw(sample.values[:0]).shape == (0,)
    assert model.contributions(sample.values[:0]).shape == (0, 4)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_text_form_predicts_bit_for_bit(sample: Sample, family: str) -> None:
    model = fit(family, sample, {"C": 0.1} if family == "logistic" else BOOSTING)
    if isinstance(model, LinearPredictor):
        back: LinearPredictor | TreePredictor = LinearPredictor.from_files(model.files())
    else:
        back = TreePredictor.from_files(model.files(), 4)
    np.testing.assert_array_equal(back.raw(sample.values), model.raw(sample.values))
    assert back.files() == model.files()


def test_too_few_rows_to_split_still_give_a_model() -> None:
    values = np.arange(40, dtype=float)[:, None]
    y = np.tile([0.0, 1.0], 20)
    model = fit("gradient_boosting", Sample(values, y, FEATURES[2:3]), BOOSTING)
    assert np.ptp(model.raw(values)) == 0
    np.testing.assert_allclose(model.contributions(values).sum(axis=1) + model.expected, model.raw(values), atol=1e-9)


def test_unknown_families_and_constant_outcomes_are_refused(sample: Sample) -> None:
    with pytest.raises(ModelError, match="nearest right name is 'logistic'"):
        fit("logistics", sample, {"C": 1.0})
    with pytest.raises(ModelError, match="the same in all 5 training rows"):
        fit("logistic", Sample(np.zeros((5, 1)), np.ones(5), FEATURES[:1]), {"C": 1.0})
