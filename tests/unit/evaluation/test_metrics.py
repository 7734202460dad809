"""Metrics on their own: weights are copies, ties are shared, impossible figures do not exist, bad input is refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import EvaluationError
from riskmodel.evaluation import accuracy, calibration, discrimination, usefulness

METRICS = {
    "auroc": discrimination.auroc,
    "auprc": discrimination.auprc,
    "brier": accuracy.brier,
    "scaled_brier": accuracy.scaled_brier,
    "log_loss": accuracy.log_loss,
    "oe": calibration.observed_to_expected,
    "in the large": calibration.calibration_in_the_large,
    "intercept": calibration.calibration_intercept,
    "slope": calibration.calibration_slope,
    "ici": calibration.ici,
    "precision": lambda y, p, w=None: usefulness.precision_at(y, p, 0.3, w),
    "recall": lambda y, p, w=None: usefulness.recall_at(y, p, 0.3, w),
    "visits": lambda y, p, w=None: usefulness.number_needed_to_visit(y, p, 0.3, w),
    "net benefit": lambda y, p, w=None: usefulness.net_benefit(y, p, 0.35, w),
}
# Few distinct probabilities, so that ties are common.
case = st.tuples(st.integers(0, 1), st.integers(1, 12).map(lambda k: k / 13), st.integers(0, 3))


@pytest.mark.parametrize("name", METRICS)
@settings(deadline=None, derandomize=True)
@given(rows=st.lists(case, min_size=2, max_size=40))
def test_a_weight_is_that_many_copies_of_the_row(name, rows):
    y, p, w = (np.array(column) for column in zip(*rows, strict=True))
    if w.sum() == 0:
        return
    copies = np.repeat(np.arange(len(y)), w)
    weighted, copied = METRICS[name](y, p, w), METRICS[name](y[copies], p[copies])
    assert weighted == pytest.approx(copied, nan_ok=True, abs=1e-9, rel=1e-6)


@pytest.mark.parametrize("name", METRICS)
@settings(deadline=None, derandomize=True)
@given(rows=st.lists(case, min_size=2, max_size=30), seed=st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(name, rows, seed):
    y, p, _ = (np.array(column) for column in zip(*rows, strict=True))
    mixed = np.random.default_rng(seed).permutation(len(y))
    assert METRICS[name](y, p) == pytest.approx(METRICS[name](y[mixed], p[mixed]), nan_ok=True, abs=1e-9, rel=1e-6)


@settings(deadline=None, derandomize=True)
@given(rows=st.lists(case, min_size=2, max_size=40))
def test_auroc_counts_pairs(rows):
    y, p, _ = (np.array(column) for column in zip(*rows, strict=True))
    pairs = [(a > b) + 0.5 * (a == b) for a in p[y == 1] for b in p[y == 0]]
    expected = np.mean(pairs) if pairs else math.nan
    assert discrimination.auroc(y, p) == pytest.approx(expected, nan_ok=True)


def test_average_precision_agrees_with_scikit_learn():
    from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

    rng = np.random.default_rng(3)
    p = rng.integers(1, 40, 500) / 41
    y, w = (rng.random(500) < p).astype(float), rng.random(500)
    assert discrimination.auprc(y, p, w) == pytest.approx(average_precision_score(y, p, sample_weight=w), abs=1e-12)
    assert discrimination.auroc(y, p, w) == pytest.approx(roc_auc_score(y, p, sample_weight=w), abs=1e-12)
    assert accuracy.brier(y, p, w) == pytest.approx(brier_score_loss(y, p, sample_weight=w), abs=1e-12)
    assert accuracy.log_loss(y, p, w) == pytest.approx(log_loss(y, p, sample_weight=w), abs=1e-12)


def test_a_list_cut_inside_a_tie_is_the_average_over_every_way_to_break_it():
    y, p = np.array([1, 0, 1, 0, 0, 1]), np.array([0.9, 0.5, 0.5, 0.5, 0.5, 0.1])
    chance = usefulness.selection(p, 0.5)
    assert chance.tolist() == [1, 0.5, 0.5, 0.5, 0.5, 0]
    rng, found = np.random.default_rng(0), []
    for _ in range(4000):
        order = np.lexsort((rng.random(6), -p))
        found.append(y[order[:3]].mean())
    assert usefulness.precision_at(y, p, 0.5) == pytest.approx(np.mean(found), abs=0.01)
    assert usefulness.precision_at(y, p, 0.5) == pytest.approx((chance * y).sum() / 3)


def test_with_one_outcome_the_figures_that_need_two_do_not_exist():
    y, p = np.ones(4), np.array([0.2, 0.4, 0.6, 0.8])
    for name in ("auroc", "in the large", "slope", "intercept", "scaled_brier"):
        assert math.isnan(METRICS[name](y, p)), name
    assert math.isnan(usefulness.recall_at(1 - y, p, 0.5))
    assert math.isnan(usefulness.number_needed_to_visit(1 - y, p, 0.5))


def test_a_slope_that_would_be_infinite_does_not_exist():
    y = np.array([0, 0, 1, 1])
    assert math.isnan(calibration.calibration_slope(y, [0.1, 0.2, 0.7, 0.9]))
    assert math.isnan(calibration.calibration_slope(y, [0.4, 0.4, 0.4, 0.4]))


def test_recalibration_agrees_with_scikit_learn_far_from_the_start():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(5)
    z = rng.normal(0, 2.5, 4000)
    y, p = (rng.random(4000) < 1 / (1 + np.exp(2 - 0.1 * z))).astype(float), 1 / (1 + np.exp(-z))
    theirs = LogisticRegression(C=np.inf, tol=1e-10, solver="newton-cholesky").fit(z[:, None], y)
    intercept, slope = calibration.recalibration(y, p)
    assert intercept == pytest.approx(theirs.intercept_[0], abs=1e-6)
    assert slope == pytest.approx(theirs.coef_[0, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: discrimination.auroc([0, 1], [0.1]), "one length"),
        (lambda: discrimination.auroc([], []), "no rows"),
        (lambda: discrimination.auroc([0, 2], [0.1, 0.2]), "0 or 1"),
        (lambda: discrimination.auroc([0, math.nan], [0.1, 0.2]), "0 or 1"),
        (lambda: discrimination.auroc([0, 1], [0.1, math.nan]), "finite"),
        (lambda: discrimination.auroc([0, 1], [0.1, 0.2], [1, -1]), "weight"),
        (lambda: accuracy.brier([0, 1], [0.1, 1.2]), "between 0 and 1"),
        (lambda: calibration.ici([0, 1], [0.1, 0.2], [0.5, 1]), "whole numbers"),
        (lambda: usefulness.precision_at([0, 1], [0.1, 0.2], 0), "capacity"),
        (lambda: usefulness.net_benefit([0, 1], [0.1, 0.2], 1), "threshold"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(EvaluationError, match=words):
        call()


def test_all_problems_of_the_arrays_are_named_at_once():
    with pytest.raises(EvaluationError) as caught:
        discrimination.auroc([0, 3], [math.inf, 0.2], [1, -1])
    assert all(word in str(caught.value) for word in ("outcome must be 0 or 1", "finite number;", "0 or more"))


def test_pooling_neighbours_moves_no_smooth_curve(monkeypatch):
    from riskmodel.evaluation import lowess

    rng = np.random.default_rng(5)
    p = np.round(rng.beta(1.2, 8, 20_001), 6)
    y = (rng.random(len(p)) < p**1.1).astype(float)
    whole = calibration.calibration_errors(y, p)
    monkeypatch.setattr(lowess, "MOST_POINTS", 1_000)
    assert len(lowess._pooled(np.sort(p), y)[0]) <= 1_002
    np.testing.assert_allclose(calibration.calibration_errors(y, p), whole, rtol=0.03)
    monkeypatch.setattr(lowess, "MOST_POINTS", 20_001)
    assert calibration.calibration_errors(y, p) == whole
