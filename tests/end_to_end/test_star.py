"""The logistic family, without its penalty, against R's glm on real data: kindergarten reading in Tennessee."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.accuracy import brier, log_loss, scaled_brier
from riskmodel.evaluation.calibration import ici, recalibration
from riskmodel.evaluation.intervals import delong
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.estimators import Sample, fit_logistic
from riskmodel.modelling.linear import LinearPredictor

DATA = Path(__file__).parents[1] / "data" / "star"

# In R's order of levels, the first of which is R's reference.
LEVELS = {
    "gender": ("male", "female"),
    "ethnicity": ("afam", "cauc", "other"),
    "lunchk": ("non-free", "free"),
    "stark": ("regular", "small", "regular+aide"),
}
IN_R = {
    "gender is female": "genderfemale",
    "ethnicity is cauc": "ethcauc",
    "ethnicity is other": "ethother",
    "lunchk is free": "lunchkfree",
    "stark is small": "starksmall",
    "stark is regular+aide": "starkregular+aide",
}


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "expected_values_R.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Complete cases; low reading is below the lower quartile, age is in years on 1 September 1985."""
    children = pd.read_csv(DATA / "kindergarten.csv.gz")
    low = (children.readk < np.percentile(children.readk, 25)).to_numpy(dtype=float)
    complete = children.notna().all(axis=1).to_numpy()
    known = {"afam": "afam", "cauc": "cauc"}
    children["ethnicity"] = children.ethnicity.map(lambda group: known.get(group, "other"), na_action="ignore")
    quarter = children.birth.str.extract(r"(\d{4}) Q(\d)").astype(float)
    columns = [children[name].map({v: i for i, v in enumerate(levels)}) for name, levels in LEVELS.items()]
    columns.append(1985.75 - (quarter[0] + (quarter[1] - 1) / 4))
    values = np.column_stack(columns).astype(float)[complete]
    features = [ModelFeature(name, "category", levels=levels) for name, levels in LEVELS.items()]
    return Sample(values, low[complete], (*features, ModelFeature("age", "number")))


@pytest.fixture(scope="module")
def fitted(sample: Sample) -> LinearPredictor:
    return fit_logistic(sample, None)


def test_the_cases_are_those_of_the_reference(sample: Sample, expected: dict[str, Any]) -> None:
    assert (len(sample.y), sample.y.sum()) == (expected["n"], expected["events"])


def test_the_coefficients_are_those_of_r(sample: Sample, fitted: LinearPredictor, expected: dict[str, Any]) -> None:
    found = with_references_of_r(fitted.unstandardised(sample.features))
    assert len(found) == len(expected["coef"]) == 8
    for name, value in found.items():
        assert value == pytest.approx(expected["coef"][name], abs=1e-4), name


def with_references_of_r(found: dict[str, float]) -> dict[str, float]:
    """Express coefficients against R's reference levels; ours are against the most frequent ones."""
    slopes = {"(Intercept)": found["(intercept)"], "age_at_sept85": found["age"]}
    for name, levels in LEVELS.items():
        ours = {level: found.get(f"{name} is {level}", 0.0) for level in levels}
        slopes["(Intercept)"] += ours[levels[0]]
        slopes |= {IN_R[f"{name} is {level}"]: ours[level] - ours[levels[0]] for level in levels[1:]}
    return slopes


def test_the_performance_is_that_of_r(sample: Sample, fitted: LinearPredictor, expected: dict[str, Any]) -> None:
    apparent = expected["apparent"]
    scores = fitted.raw(sample.values)
    p = 1 / (1 + np.exp(-scores))
    assert brier(sample.y, p) == pytest.approx(apparent["Brier"], abs=1e-8)
    assert scaled_brier(sample.y, p) == pytest.approx(apparent["scaled_brier"], abs=1e-8)
    assert log_loss(sample.y, p) == pytest.approx(apparent["log_loss"], abs=1e-8)
    assert ici(sample.y, p) == pytest.approx(apparent["Eavg_lowess_ICI"], abs=1e-6)
    area = delong(sample.y, scores)
    reference = apparent["auc_delong"]
    assert (area.value, area.low, area.high) == pytest.approx(
        (reference["auc"], reference["lo"], reference["hi"]), abs=1e-6
    )
    assert recalibration(sample.y, p) == pytest.approx((0.0, 1.0), abs=1e-6)


def test_contributions_add_up_to_the_score(sample: Sample, fitted: LinearPredictor) -> None:
    parts = fitted.contributions(sample.values)
    np.testing.assert_allclose(parts.sum(axis=1) + fitted.expected, fitted.raw(sample.values), atol=1e-12)
