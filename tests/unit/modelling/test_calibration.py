"""Calibrators agree with scikit-learn's, follow the stated rule, and are plain data."""

from __future__ import annotations

import numpy as np
import pytest

from riskmodel.modelling import calibration
from riskmodel.modelling.calibration import (
    Calibrator,
    choose_calibrator,
    clustered_error,
    fit_intercept,
    fit_isotonic,
    fit_platt,
    log_losses,
    probability,
)


def scores(n: int, *, seed: int = 0, intercept: float = -1.0, slope: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    raw = rng.normal(size=n) * 1.5
    return raw, (rng.random(n) < probability(intercept + slope * raw)).astype(float)


def test_platt_is_logistic_regression_on_the_log_odds() -> None:
    from sklearn.linear_model import LogisticRegression

    raw, y = scores(2000)
    ours = fit_platt(raw, y)
    theirs = LogisticRegression(C=np.inf, tol=1e-12, max_iter=1000).fit(raw[:, None], y)
    np.testing.assert_allclose(ours(raw), theirs.predict_proba(raw[:, None])[:, 1], atol=1e-7)


def test_platt_recovers_the_truth() -> None:
    raw, y = scores(200_000)
    fitted = fit_platt(raw, y)
    assert fitted.intercept == pytest.approx(-1.0, abs=0.03)
    assert fitted.slope == pytest.approx(0.6, abs=0.02)


def test_isotonic_is_scikit_learns_isotonic_regression() -> None:
    from sklearn.isotonic import IsotonicRegression

    raw, y = scores(3000)
    raw = np.round(raw, 2)  # with ties
    p = probability(raw)
    theirs = IsotonicRegression(out_of_bounds="clip").fit(p, y)
    fresh = np.random.default_rng(9).normal(size=500) * 3
    for scored in (raw, fresh):
        expected = theirs.predict(probability(scored))
        inside = (expected > 0.05) & (expected < 0.85)  # levels of exactly 0 or 1 are moved inside, the rest is equal
        assert inside.sum() > 300
        np.testing.assert_allclose(fit_isotonic(raw, y)(scored)[inside], expected[inside], atol=1e-12)


def test_isotonic_never_says_certain() -> None:
    raw = np.linspace(-3, 3, 100)
    fitted = fit_isotonic(raw, (raw > 0).astype(float))(np.array([-99.0, 99.0]))
    assert fitted.tolist() == [0.005, 0.995]


def test_the_intercept_alone_matches_the_mean_and_keeps_the_slope() -> None:
    raw, y = scores(500)
    fitted = fit_intercept(raw, y)
    assert fitted.slope == 1
    assert fitted(raw).mean() == pytest.approx(y.mean(), abs=1e-12)


def test_ranks_are_never_reversed() -> None:
    raw, y = scores(2000, slope=-0.8)
    fitted = fit_platt(raw, y)
    assert fitted.slope == 0
    np.testing.assert_allclose(fitted(raw), y.mean())


@pytest.mark.parametrize(
    ("n", "rate", "method", "slope_is_one"),
    [(30, 0.5, "identity", True), (100, 0.5, "platt", True), (1000, 0.5, "platt", False), (1000, 0.05, "platt", True)],
)
def test_the_rule_by_number_of_outcomes(n: int, rate: float, method: str, slope_is_one: bool) -> None:
    rng = np.random.default_rng(0)
    raw, y = rng.normal(size=n), (np.arange(n) < rate * n).astype(float)
    chosen = choose_calibrator(raw + y, y, np.arange(n))
    assert (chosen.method, chosen.slope == 1) == (method, slope_is_one)
    assert (chosen.n, chosen.events) == (n, int(rate * n))
    assert chosen.why


def test_isotonic_is_chosen_only_where_it_is_clearly_better() -> None:
    raw, y = scores(8000)
    assert choose_calibrator(raw, y, np.arange(8000)).method == "platt"
    rng = np.random.default_rng(1)
    bent = (rng.random(8000) < np.where(raw > 0, 0.8, 0.2)).astype(float)  # a step, which no slope can follow
    assert choose_calibrator(raw, bent, np.arange(8000)).method == "isotonic"


@pytest.mark.parametrize("fitted", [fit_platt, fit_isotonic, lambda raw, y: Calibrator()])
def test_survives_json_bit_for_bit_and_is_monotone(fitted) -> None:
    raw, y = scores(2000)
    calibrator = fitted(raw, y)
    back = Calibrator.from_files(calibrator.files())
    assert back == calibrator
    grid = np.linspace(-40, 40, 2001)
    assert (np.diff(back(grid)) >= 0).all()
    assert ((back(grid) >= 0) & (back(grid) <= 1)).all()


def test_probability_does_not_overflow() -> None:
    np.testing.assert_array_equal(probability(np.array([-1e4, 0.0, 1e4])), [0.0, 0.5, 1.0])


def test_separated_outcomes_still_give_finite_coefficients() -> None:
    raw = np.linspace(-2, 2, 40)
    fitted = fit_platt(raw, (raw > 0).astype(float))
    assert np.isfinite([fitted.intercept, fitted.slope]).all()


def test_log_loss_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import log_loss

    raw, y = scores(500)
    assert log_losses(y, probability(raw)).mean() == pytest.approx(log_loss(y, probability(raw)), rel=1e-12)


def test_the_clustered_error_of_single_cases_is_the_usual_one_and_twins_count_once() -> None:
    difference = np.random.default_rng(0).normal(size=400)
    usual = difference.std() / 20
    assert clustered_error(difference, np.arange(400)) == pytest.approx(usual)
    assert clustered_error(np.repeat(difference, 2), np.repeat(np.arange(400), 2)) == pytest.approx(usual)


def test_the_constants_are_those_the_docstring_states() -> None:
    told = choose_calibrator.__doc__ or ""
    for constant in (calibration.LEAST_FOR_INTERCEPT, calibration.LEAST_FOR_SLOPE, calibration.LEAST_FOR_ISOTONIC):
        assert f"{constant:,}" in told
