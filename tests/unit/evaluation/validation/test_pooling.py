"""Random-effects pooling: a published meta-analysis, and coverage by simulation."""

import numpy as np
import pytest

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.validation.pooling import allowed, pool

# Thirteen trials of a vaccine against tuberculosis (Colditz and others 1994): with and without the disease, first among
# the vaccinated, then among the others. They are the data set dat.bcg of the R package metafor (Viechtbauer 2010). Its
# published output for rma(measure="RR", method="REML") is the answer, with test="knha" for the Hartung-Knapp error.
TRIALS = np.array([
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
], dtype=float)  # fmt: skip


def test_a_published_meta_analysis_is_found_again():
    ill, well, others_ill, others_well = TRIALS.T
    ratio = np.log(ill / (ill + well)) - np.log(others_ill / (others_ill + others_well))
    variance = 1 / ill - 1 / (ill + well) + 1 / others_ill - 1 / (others_ill + others_well)
    found = pool(ratio, np.sqrt(variance))
    assert found.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert found.mean == pytest.approx(-0.7145, abs=5e-5)
    assert found.plain_error == pytest.approx(0.1798, abs=5e-5)
    assert found.i2 == pytest.approx(0.9222, abs=5e-5)
    assert found.error == pytest.approx(0.1808, abs=5e-5)
    assert (found.low, found.high) == pytest.approx((-1.1084, -0.3206), abs=5e-5)
    # The textbook interval with k - 2 degrees of freedom is a little narrower: it takes the variance as known.
    assert (found.new_low, found.new_high) == pytest.approx((-2.01, 0.58), abs=0.08)
    assert found.new_high - found.new_low > 2 * 2.201 * np.hypot(found.tau2**0.5, found.error)


def test_the_interval_of_the_variance_is_that_of_the_q_profile():
    # Published output of metafor's confint for the same fit: tau^2 0.3132, 95 % interval 0.1197 to 1.1115.
    ill, well, others_ill, others_well = TRIALS.T
    ratio = np.log(ill / (ill + well)) - np.log(others_ill / (others_ill + others_well))
    variance = 1 / ill - 1 / (ill + well) + 1 / others_ill - 1 / (others_ill + others_well)
    variances = allowed(ratio, variance)
    levels = (np.arange(len(variances)) + 0.5) / len(variances)
    low, high = np.interp([0.025, 0.975], levels, np.sort(variances))
    assert low == pytest.approx(0.1197, rel=0.02)
    assert high == pytest.approx(1.1115, rel=0.02)


def test_areas_that_agree_have_no_spread_and_the_plain_interval_is_the_narrowest():
    found = pool([0.5, 0.5, 0.5, 0.5], [0.1, 0.2, 0.1, 0.2])
    assert (found.mean, found.tau2, found.i2) == (pytest.approx(0.5), 0, 0)
    assert found.error == found.plain_error == pytest.approx((2 / 0.01 + 2 / 0.04) ** -0.5)


def _share_covered(tau: float, k: int, times: int, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    mean = new = 0
    for _ in range(times):
        errors = rng.uniform(0.08, 0.25, k)
        found = pool(0.9 + tau * rng.normal(size=k) + errors * rng.normal(size=k), errors)
        mean += found.low <= 0.9 <= found.high
        new += found.new_low <= 0.9 + tau * rng.normal() <= found.new_high
    return mean / times, new / times


@pytest.mark.parametrize(("tau", "k"), [(0.0, 8), (0.15, 15), (0.15, 8), (0.4, 8)])
def test_a_new_area_lies_in_its_interval_nineteen_times_in_twenty(tau, k):
    mean, new = _share_covered(tau, k, 600, seed=k)
    assert mean >= 0.92
    assert new >= 0.92
    assert new <= 0.98 or tau < 0.1  # where there is no spread at all, it cannot be known that there is none


@pytest.mark.parametrize(("values", "errors"), [([1, 2], [1, 1]), ([1, 2, 3], [1, 0, 1]), ([1, 2, np.nan], [1, 1, 1])])
def test_what_cannot_be_pooled_is_refused(values, errors):
    with pytest.raises(EvaluationError, match="cannot be pooled"):
        pool(values, errors)
