"""Shrunk area rates: between the area's own rate and everybody's, as far as the counts support it."""

from __future__ import annotations

import numpy as np
import pytest

from riskmodel.modelling.rates import RatePredictor, shrunk_rates


def test_rates_lie_between_their_own_and_the_overall_one() -> None:
    n, events = np.array([20.0, 200.0, 2000.0]), np.array([10.0, 40.0, 200.0])
    rates, strength = shrunk_rates(events, n)
    overall = events.sum() / n.sum()
    own = events / n
    assert ((rates >= np.minimum(own, overall)) & (rates <= np.maximum(own, overall))).all()
    moved = (rates - own) / (overall - own)
    np.testing.assert_allclose(moved, strength / (n + strength))
    assert moved[0] > moved[1] > moved[2]


def test_the_spread_of_the_truth_is_recovered() -> None:
    rng = np.random.default_rng(0)
    true = rng.beta(0.2 * 50, 0.8 * 50, 2000)
    n = rng.integers(20, 200, 2000).astype(float)
    rates, strength = shrunk_rates(rng.binomial(n.astype(int), true).astype(float), n)
    assert strength == pytest.approx(50, rel=0.15)
    events = rates * (n + strength)
    assert ((rates - true) ** 2).mean() < ((events / n - true) ** 2).mean()


def test_an_area_never_seen_gets_the_overall_rate() -> None:
    predictor = RatePredictor("lookup", -1.0, (0.0, 1.0))
    assert predictor.raw(np.array([[0.0], [1.0], [np.nan]])).tolist() == [0.0, 1.0, -1.0]
    np.testing.assert_array_equal(predictor.contributions(np.array([[1.0]])), [[2.0]])


def test_a_rule_ranks_by_its_value_and_what_is_missing_last() -> None:
    assert RatePredictor("rule", 0.0).raw(np.array([[3.0], [np.nan], [1.0]])).tolist() == [3.0, 0.0, 1.0]


def test_a_constant_has_no_column() -> None:
    predictor = RatePredictor("constant", -2.0)
    assert predictor.raw(np.empty((3, 0))).tolist() == [-2.0] * 3
    assert predictor.contributions(np.empty((3, 0))).shape == (3, 0)
