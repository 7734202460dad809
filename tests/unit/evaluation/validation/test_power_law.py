"""Learning curves: the law behind a curve is found, and an interval for the gain holds it."""

import numpy as np
import pytest

from riskmodel.evaluation.validation.power_law import fit_power_law

SIZES = np.array([0.2, 0.4, 0.6, 0.8, 1.0])


@pytest.mark.parametrize(("level", "rise", "exponent"), [(0.8, -0.1, 0.5), (0.19, 0.02, 1.0), (0.7, 0.0, 0.5)])
def test_a_curve_without_noise_is_continued_exactly(level, rise, exponent):
    law = fit_power_law(SIZES, level + rise * SIZES**-exponent)
    assert law.at(2)[0] == pytest.approx(level + rise * 2**-exponent)


def test_a_steep_early_climb_promises_less_than_a_steady_one():
    climbs = [(SIZES**-c - SIZES[0] ** -c) / (1 - SIZES[0] ** -c) for c in (1.4, 0.3)]  # both from 0 to 1
    early, steady = (fit_power_law(SIZES, 0.65 + 0.1 * climb) for climb in climbs)
    assert (early.at(2) - early.at(1))[0] < (steady.at(2) - steady.at(1))[0]


def test_the_gain_of_noisy_curves_is_right_on_average():
    rng = np.random.default_rng(2)
    curve = 0.75 - 0.04 * SIZES**-0.6
    law = fit_power_law(SIZES, curve + 0.002 * rng.normal(size=(500, 5)))
    truth = 0.04 * (1 - 2**-0.6)
    gains = law.at(2) - law.at(1)
    assert np.median(gains) == pytest.approx(truth, abs=0.003)
    low, high = np.quantile(gains, (0.025, 0.975))
    assert low < truth < high
