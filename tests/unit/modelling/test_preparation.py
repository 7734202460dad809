"""What the logistic model is fed: learnt from training rows alone, and the same however rows arrive."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.preparation import LEAST_IN_TERM, Preparation, prepare

FEATURES = (
    ModelFeature("visits", "number"),
    ModelFeature("late", "flag"),
    ModelFeature("tenure", "category", levels=("owner", "private", "social")),
)
NAN = np.nan


def test_medians_usual_values_flags_and_levels() -> None:
    values = np.array([[1, 1, 0], [3, 1, 0], [NAN, NAN, 1], [8, 0, NAN], [2, 1, 2.0]])
    preparation = prepare(np.repeat(values, LEAST_IN_TERM, axis=0), FEATURES)
    assert preparation.names(FEATURES) == [
        "visits", "visits is missing", "late", "late is missing",
        "tenure is private", "tenure is social", "tenure is missing",
    ]  # fmt: skip
    fills = {name: term.fill for name, term in zip(preparation.names(FEATURES), preparation.terms, strict=True)}
    assert fills["visits"] == 2.5
    assert fills["late"] == 1
    assert fills["tenure is social"] == 0


def test_every_term_is_standardised_on_the_training_rows() -> None:
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.normal(5, 3, 500), rng.integers(0, 2, 500), rng.integers(0, 3, 500)]).astype(float)
    values[rng.random(values.shape) < 0.1] = NAN
    design = prepare(values, FEATURES)(values)
    np.testing.assert_allclose(design.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(design.std(axis=0), 1, atol=1e-12)


def test_later_rows_change_nothing_that_was_learnt() -> None:
    rng = np.random.default_rng(0)
    train = np.column_stack([rng.normal(size=100), rng.integers(0, 2, 100), rng.integers(0, 3, 100)]).astype(float)
    preparation = prepare(train, FEATURES)
    later = np.array([[1000.0, 1, 2], [NAN, NAN, NAN]])
    together, apart = preparation(later), np.vstack([preparation(later[:1]), preparation(later[1:])])
    np.testing.assert_array_equal(together, apart)
    assert not np.isnan(together).any()


def test_a_long_tail_is_read_on_a_log_scale_and_a_short_one_is_not() -> None:
    rng = np.random.default_rng(0)
    long, short = rng.poisson(0.2, 1000) ** 2 * 5.0, rng.normal(50, 5, 1000)
    features = (ModelFeature("arrears", "number"), ModelFeature("score", "number"))
    preparation = prepare(np.column_stack([long, short]), features)
    assert preparation.names(features) == ["log(1 + arrears)", "score"]


def test_columns_that_never_vary_have_no_term() -> None:
    assert prepare(np.full((5, 1), 3.0), FEATURES[:1]).terms == ()
    assert prepare(np.full((5, 1), NAN), FEATURES[:1]).terms == ()


@pytest.mark.parametrize("n", [LEAST_IN_TERM - 1, LEAST_IN_TERM])
def test_what_fewer_than_ten_cases_differ_in_has_no_term(n: int) -> None:
    values = np.column_stack([np.arange(100.0), np.zeros(100), np.zeros(100)])
    values[:n, 0], values[:n, 1], values[:n, 2] = NAN, 1, 2
    with_terms = ["visits", "visits is missing", "late", "tenure is social"]
    assert prepare(values, FEATURES).names(FEATURES) == (with_terms if n == LEAST_IN_TERM else with_terms[:1])


def test_signs_are_those_of_the_declared_values_alone() -> None:
    rng = np.random.default_rng(0)
    values = np.column_stack([rng.poisson(0.2, 300) ** 2 * 5.0, rng.random(300) < 0.5, rng.integers(0, 3, 300)])
    values[rng.random(values.shape) < 0.1] = NAN
    features = [replace(f, direction=sign) for f, sign in zip(FEATURES, ("+", "-", "+"), strict=True)]
    preparation = prepare(values, features)
    signs = dict(zip(preparation.names(features), preparation.signs(features).tolist(), strict=True))
    assert signs.pop("log(1 + visits)") == 1.0
    assert signs.pop("late") == -1.0
    assert set(signs.values()) == {0.0}


def test_agrees_with_scikit_learn() -> None:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(3)
    values = rng.normal(size=(200, 2))
    values[rng.random(values.shape) < 0.2] = NAN
    theirs = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()).fit_transform(values)
    ours = prepare(values, (ModelFeature("a", "number"), ModelFeature("b", "number")))(values)
    np.testing.assert_allclose(ours[:, [0, 2, 1, 3]], theirs, atol=1e-12)


@pytest.mark.parametrize("seed", [0, 1])
def test_survives_json(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(20, 1))
    preparation = prepare(values, FEATURES[:1])
    back = Preparation.from_plain(json.loads(json.dumps(preparation.plain())))
    assert back == preparation
