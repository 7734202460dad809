"""The quick weighted fit reaches the same optimum as scikit-learn on repeated rows."""

import numpy as np
import pytest

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
