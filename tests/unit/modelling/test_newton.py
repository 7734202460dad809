"""The quick weighted fit reaches the optimum that other solvers find, with signs and without."""

import numpy as np
import pytest
from scipy.optimize import minimize

from riskmodel.modelling.estimators import penalised_likelihood
from riskmodel.modelling.newton import weighted_ridge


@pytest.mark.parametrize("C", [0.003, 1.0, None])
@pytest.mark.parametrize("start", [0.0, 3.0])
def test_weights_are_repeated_rows(C, start):
    rng = np.random.default_rng(3)
    design = rng.normal(size=(400, 6))
    y = (rng.random(400) < 1 / (1 + np.exp(1 - design[:, 0]))).astype(float)
    weight = rng.integers(0, 4, 400)
    times = np.repeat(np.arange(400), weight)
    expected, intercept = penalised_likelihood(design[times], y[times], C)
    found, constant = weighted_ridge(design, y, weight.astype(float), C, np.full(7, start))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert constant == pytest.approx(intercept, abs=1e-6)


def correlated(seed):
    rng = np.random.default_rng(seed)
    design = rng.normal(size=(300, 8)) @ rng.normal(size=(8, 8))
    design = (design - design.mean(axis=0)) / design.std(axis=0)
    y = (rng.random(300) < 1 / (1 + np.exp(1 - design @ rng.normal(size=8)))).astype(float)
    return design, y, rng.integers(0, 3, 300).astype(float), rng.permutation(np.repeat([1.0, -1.0, 0.0], (3, 3, 2)))


@pytest.mark.parametrize("C", [0.003, 1.0, 30.0])
@pytest.mark.parametrize("seed", range(8))
def test_with_signs_it_is_the_optimum_within_bounds(seed, C):
    """Scipy's L-BFGS-B knows nothing of Newton's steps; no coefficients within the bounds are more likely than ours."""
    design, y, weight, signs = correlated(seed)
    terms = np.column_stack([design, np.ones(len(y))])
    penalty = np.append(np.full(8, 1 / C), 0.0)

    def loss(beta):
        log_odds = terms @ beta
        p = 1 / (1 + np.exp(-log_odds))
        value = weight @ (np.logaddexp(0, log_odds) - y * log_odds) + 0.5 * (penalty * beta**2).sum()
        return value, terms.T @ (weight * (p - y)) + penalty * beta

    limits = {1.0: (0, None), -1.0: (None, 0), 0.0: (None, None)}
    bounds = [*(limits[sign] for sign in signs), (None, None)]
    precise = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 10_000, "maxfun": 100_000}
    theirs = minimize(loss, np.zeros(9), jac=True, method="L-BFGS-B", bounds=bounds, options=precise)
    found, constant = weighted_ridge(design, y, weight, C, np.full(9, 0.5), signs)
    assert (signs * found >= 0).all()
    np.testing.assert_allclose(np.append(found, constant), theirs.x, atol=1e-4)
    assert loss(np.append(found, constant))[0] <= theirs.fun + 1e-9
    # What is held at nought would leave its range if it could, and nothing else has anywhere to go.
    gradient = loss(np.append(found, constant))[1][:-1]
    held = (signs != 0) & (found == 0)
    assert held.any()
    assert (signs[held] * gradient[held] > 0).all()
    np.testing.assert_allclose(gradient[~held], 0, atol=1e-5)


def test_signs_that_the_data_agree_with_change_nothing():
    design, y, weight, _ = correlated(3)
    free, constant = weighted_ridge(design, y, weight, 1.0, np.zeros(9))
    held, same = weighted_ridge(design, y, weight, 1.0, np.zeros(9), np.sign(free))
    np.testing.assert_allclose(held, free, atol=1e-7)
    assert same == pytest.approx(constant, abs=1e-7)
