"""Intervals: known formulas, honest notes, and 95 % of them cover the truth in simulated worlds."""

import math

import numpy as np
import pytest

from riskmodel.evaluation.bootstrap import EVERYONE, Prediction, household_bootstrap
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import delong, delong_difference, of_share, percentile, wilson
from riskmodel.evaluation.measure import exact_figures
from riskmodel.evaluation.results import Estimate


@pytest.mark.parametrize(("found", "n"), [(0, 10), (3, 10), (10, 10), (7, 812), (1, 1)])
def test_wilson_agrees_with_scipy(found, n):
    from scipy.stats import binomtest

    theirs = binomtest(found, n).proportion_ci(0.95, "wilson")
    assert wilson(found, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_of_nobody_does_not_exist():
    assert all(math.isnan(end) for end in wilson(0, 0))


def test_delong_says_when_there_is_too_little_to_judge():
    estimate = delong([0, 0, 1], [0.1, 0.5, 0.4])
    assert (estimate.value, estimate.low, estimate.high) == (0.5, None, None)
    assert "fewer than two" in estimate.note
    assert delong([0, 0], [0.1, 0.5]).value is None
    difference, p_value = delong_difference([0, 0, 1], [1, 2, 3], [1, 3, 2])
    assert difference.value is None
    assert math.isnan(p_value)


def test_two_scores_that_rank_alike_do_not_differ():
    difference, p_value = delong_difference([0, 1, 0, 1, 1], [1, 2, 3, 4, 5], [10, 20, 30, 40, 50])
    assert (difference.value, difference.low, difference.high) == (0, 0, 0)
    assert math.isnan(p_value)


def test_the_percentile_interval_moves_with_the_exact_value():
    resampled = np.linspace(0.3, 0.5, 1001)
    estimate = percentile(0.45, 0.40, resampled, n=10, events=5)
    assert (estimate.low, estimate.high) == pytest.approx((0.355, 0.545))


def test_resamples_without_the_figure_are_counted_and_many_of_them_leave_no_interval():
    resampled = np.linspace(0.3, 0.5, 1000)
    resampled[:30] = math.nan
    estimate = percentile(0.4, 0.4, resampled, n=10, events=5)
    assert estimate.low is not None
    assert "30 of 1,000 resamples" in estimate.note
    resampled[:60] = math.nan
    estimate = percentile(0.4, 0.4, resampled, n=10, events=5)
    assert (estimate.value, estimate.low, estimate.high) == (0.4, None, None)
    assert "60 of 1,000 resamples" in estimate.note


def test_a_figure_that_does_not_exist_has_no_value():
    estimate = percentile(math.nan, math.nan, np.full(10, math.nan), n=4, events=0)
    assert (estimate.value, estimate.low, estimate.high, estimate.text()) == (None, None, None, "not estimable")


def test_a_distance_is_never_negative_and_its_interval_holds_the_value():
    noise = np.abs(np.random.default_rng(0).normal(0, 0.02, 1000))
    estimate = percentile(0.015, 0.015, 0.015 + noise, n=10, events=5, distance=True)
    assert 0 <= estimate.low <= 0.015 <= estimate.high


@pytest.mark.parametrize(("found", "of"), [(0, 46), (46, 46), (9, 46), (37, 46), (3, 5)])
def test_a_share_with_few_on_one_side_has_wilsons_interval(found, of):
    bootstrapped = Estimate(found / of, found / of, found / of, 100, 50, "household bootstrap, 1,000 resamples")
    estimate = of_share(bootstrapped, found, of)
    assert (estimate.low, estimate.high) == pytest.approx(wilson(found, of))
    assert (estimate.value, estimate.method) == (found / of, "Wilson")
    assert "independent" in estimate.note


def test_a_share_with_enough_on_both_sides_keeps_the_bootstraps():
    bootstrapped = Estimate(0.25, 0.12, 0.4, 100, 50, "household bootstrap, 1,000 resamples")
    assert of_share(bootstrapped, 10, 40) is bootstrapped


def world(rng, n):
    """Pairs who share a home and part of their risk; the probabilities are right on average."""
    home = np.arange(n) // 2
    together, score = 0.8 * rng.normal(size=n // 2)[home], rng.normal(size=n) + 0.6 * rng.normal(size=n // 2)[home]
    y = (rng.random(n) < 1 / (1 + np.exp(1 - score - together))).astype(float)
    return y, score, 1 / (1 + np.exp(0.93 - 0.9 * score)), home


SHARES, THRESHOLDS = (0.2,), (0.3,)
# The ICI's truth is nearly 0 here, where its interval is too wide by design.
COVERED = (
    "auroc", "auprc", "brier", "scaled_brier", "log_loss", "oe", "calibration_in_the_large", "calibration_intercept",
    "calibration_slope", "precision@0.2", "recall@0.2", "number_needed_to_visit@0.2", "net_benefit@0.3",
    "net_benefit_gain@0.3",
)  # fmt: skip


def coverage(repeats, n, resamples):
    """Share of intervals that hold the truth, by figure."""
    y, score, p, _ = world(np.random.default_rng(99), 1_000_000)
    truth = exact_figures(y, Prediction(score, p), SHARES, THRESHOLDS)
    rng, held = np.random.default_rng(1), dict.fromkeys(truth, 0)
    for repeat in range(repeats):
        y, score, p, home = world(rng, n)
        prediction = Prediction(score, p)
        draws = household_bootstrap(
            y, home, {"m": prediction}, shares=SHARES, thresholds=THRESHOLDS, resamples=resamples, seed=repeat
        )["m"][EVERYONE]
        exact = exact_figures(y, prediction, SHARES, THRESHOLDS)
        for name, value in truth.items():
            found = percentile(
                exact[name], draws.point[name], draws.resampled[name], n=n, events=1, distance=name == "ici"
            )
            held[name] += found.low <= value <= found.high
    return {name: count / repeats for name, count in held.items()}


def test_intervals_cover_the_truth_in_a_quick_simulation():
    shares = coverage(120, 500, 200)
    # 120 repeats: chance alone moves 95 % by two points either way, one time in three.
    assert {name: shares[name] for name in COVERED if not 0.88 <= shares[name] <= 1.0} == {}
    assert np.mean([shares[name] for name in COVERED]) == pytest.approx(0.95, abs=0.03)


@pytest.mark.slow
def test_nineteen_in_twenty_intervals_cover_the_truth():
    shares = coverage(600, 600, 250)
    # The standard error of a coverage is 0.9 points, which chance adds to 93 to 97 on either side.
    assert {name: shares[name] for name in COVERED if not 0.92 <= shares[name] <= 0.98} == {}
    assert np.mean([shares[name] for name in COVERED]) == pytest.approx(0.95, abs=0.012)
    assert shares["ici"] >= 0.93


def test_drawing_rows_instead_of_households_would_cover_too_little():
    """Four of a household share one outcome: rows would pretend to four times the evidence."""
    held = {"households": 0, "rows": 0}
    for repeat in range(80):
        rng = np.random.default_rng(repeat)
        home = np.arange(400) // 4
        y, p = (rng.random(100) < 0.3).astype(float)[home], rng.random(400)
        for name, component in (("households", home), ("rows", np.arange(400))):
            draws = household_bootstrap(
                y, component, {"m": Prediction(p, p)}, shares=[0.2], thresholds=[0.5], resamples=100
            )["m"][""]
            found = percentile(y.mean(), y.mean(), draws.resampled["net_benefit_of_all@0.5"] / 2 + 0.5, n=1, events=1)
            held[name] += found.low <= 0.3 <= found.high
    assert held["households"] / 80 >= 0.88
    assert held["rows"] / 80 <= 0.75


@pytest.mark.slow
def test_delong_intervals_cover_the_truth_where_cases_are_independent():
    rng, held = np.random.default_rng(3), 0
    truth = auroc(*_independent(np.random.default_rng(9), 2_000_000))
    for _ in range(2000):
        found = delong(*_independent(rng, 300))
        held += found.low <= truth <= found.high
    assert 0.935 <= held / 2000 <= 0.965


def _independent(rng, n):
    score = rng.normal(size=n)
    return (rng.random(n) < 1 / (1 + np.exp(1 - score))).astype(float), score
