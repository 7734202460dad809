"""Charts' points: bins that count everybody once, a smooth band, bars of a round width."""

import numpy as np
import pytest

from riskmodel.evaluation.bootstrap import EVERYONE, Prediction, household_bootstrap
from riskmodel.evaluation.curves import binned_calibration, histogram, places_of, smooth_calibration_band


def world(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    p = rng.beta(2, 4, n)
    return (rng.random(n) < p).astype(float), p


def test_tenths_count_every_case_once():
    y, p = world()
    points = binned_calibration(y, p)
    assert len(points) == 10
    assert [point.n for point in points] == [200] * 10
    assert sum(point.events for point in points) == y.sum()
    assert all(point.low <= point.observed <= point.high for point in points)
    assert [point.predicted for point in points] == sorted(point.predicted for point in points)


def test_equal_risks_stay_in_one_bin():
    p = np.r_[np.full(70, 0.2), np.full(30, 0.6)]
    y = np.r_[np.ones(14), np.zeros(56), np.ones(18), np.zeros(12)]
    points = binned_calibration(y, p)
    assert [(point.predicted, point.observed, point.n) for point in points] == [
        (pytest.approx(0.2), 0.2, 70),
        (pytest.approx(0.6), 0.6, 30),
    ]


def test_the_smooth_band_holds_a_true_diagonal():
    y, p = world()
    prediction = Prediction(p, p, curve_at=places_of(p))
    draws = household_bootstrap(y, np.arange(len(y)), {"m": prediction}, shares=[0.2], resamples=200)["m"][EVERYONE]
    points = smooth_calibration_band(y, p, draws)
    assert len(points) == 40
    assert all(point.low <= point.observed <= point.high for point in points)
    assert np.mean([point.low <= point.predicted <= point.high for point in points]) > 0.7
    assert np.quantile(p, 0.01) == pytest.approx(points[0].predicted)


def test_a_model_of_few_risks_has_no_smooth_curve():
    y = np.tile([0.0, 1.0, 0.0], 50)
    p = np.where(np.arange(150) < 60, 0.2, 0.5)
    prediction = Prediction(p, p, curve_at=places_of(p))
    draws = household_bootstrap(y, np.arange(150), {"m": prediction}, shares=[0.2], resamples=20)["m"][EVERYONE]
    assert smooth_calibration_band(y, p, draws) == ()


@pytest.mark.parametrize(("top", "width"), [(0.09, 0.005), (0.19, 0.01), (0.35, 0.02), (0.8, 0.05), (1.0, 0.1)])
def test_bars_have_a_round_width_and_count_everybody(top, width):
    p = np.linspace(0, top, 101)
    y = (np.arange(101) % 2).astype(float)
    bars = histogram(y, p)
    assert bars[0].high - bars[0].low == pytest.approx(width)
    assert (sum(bar.n for bar in bars), sum(bar.events for bar in bars)) == (101, 50)
    assert len(bars) <= 20
    assert bars[-1].low <= top
