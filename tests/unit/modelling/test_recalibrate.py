"""A recalibrated model is another model, right on the cases it was corrected on, and says what was done."""

from datetime import date

import numpy as np
import pytest

from riskmodel.errors import ModelError
from riskmodel.modelling.calibration import Calibrator, probability
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.rates import RatePredictor
from riskmodel.modelling.recalibrate import fit_correction, log_odds, recalibrated


def world(n=6000, seed=1):
    rng = np.random.default_rng(seed)
    raw = rng.normal(-1, 1, n)
    return raw, (rng.random(n) < probability(0.4 + 0.7 * raw)).astype(float)


@pytest.mark.parametrize("first", [Calibrator(), Calibrator("platt", -0.2, 1.1),
                                   Calibrator("isotonic", x=(0.0, 0.3, 1.0), y=(0.05, 0.4, 0.9))])  # fmt: skip
@pytest.mark.parametrize("method", ["intercept", "intercept and slope", "isotonic"])
def test_the_copy_predicts_what_the_correction_says(first, method):
    raw, y = world()
    model = RiskModel("m", "logistic", (), RatePredictor("constant", 0.0), first, {"seed": 1})
    p = model.calibrator(raw)
    copy = recalibrated(model, method, p, y, as_of=[date(2023, 9, 1)], by="Early Years")
    wanted = fit_correction(method, p, y)(log_odds(p))
    np.testing.assert_allclose(copy.calibrator(raw), wanted, atol=2e-3)
    assert copy.calibrator(raw).mean() == pytest.approx(y.mean(), abs=2e-3)
    assert (np.diff(copy.calibrator(np.sort(raw))) >= 0).all()
    record = copy.provenance["recalibrated"]
    assert (record["method"], record["as_of"], record["n"], record["by"]) == (
        method,
        ["2023-09-01"],
        6000,
        "Early Years",
    )
    assert record["from_digest"] == model.digest != copy.digest
    assert copy.provenance["seed"] == 1


@pytest.mark.parametrize(("method", "n"), [("slopes", 6000), ("isotonic", 900)])
def test_too_few_outcomes_or_an_unknown_way_are_refused(method, n):
    raw, y = world(n)
    model = RiskModel("m", "logistic", (), RatePredictor("constant", 0.0), Calibrator())
    with pytest.raises(ModelError, match="recalibrated"):
        recalibrated(model, method, probability(raw), y, as_of=[], by="Early Years")


def test_a_saved_copy_is_read_back(tmp_path):
    raw, y = world()
    model = RiskModel("m", "baseline", (), RatePredictor("constant", -1.0), Calibrator())
    copy = recalibrated(model, "intercept", probability(raw), y, as_of=[date(2023, 9, 1)], by="Early Years")
    copy.save(tmp_path / "copy")
    assert RiskModel.load(tmp_path / "copy").provenance["recalibrated"] == copy.provenance["recalibrated"]
