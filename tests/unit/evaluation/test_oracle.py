"""Our metrics beside the answers of R (rms, pROC, glm) and dcurves on fixed data."""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation import accuracy, calibration, discrimination, intervals, usefulness

FOLDER = Path(__file__).parents[2] / "data" / "metrics_oracle"
EXPECTED = json.loads((FOLDER / "expected_values_R_and_dcurves.json").read_text())


def table(name):
    with gzip.open(FOLDER / f"{name}.csv.gz") as stream:
        return pd.read_csv(stream)


def cancer():
    data = table("dcurves_df_binary")
    return data["cancer"].to_numpy(float), data["cancerpredmarker"].to_numpy(float)


def cancer_by_glm():
    data = table("dcurves_df_binary")
    coefficients = EXPECTED["df_binary_glm_age_famhistory_marker"]["coef"]
    linear = sum((data[name] * b if name != "(Intercept)" else b) for name, b in coefficients.items())
    return data["cancer"].to_numpy(float), (1 / (1 + np.exp(-linear))).to_numpy(float)


def external():
    data = table("calibrationcurves_testdata")
    coefficients = EXPECTED["calibrationcurves_train_test"]["coef"]
    linear = sum((data[name] * b if name != "(Intercept)" else b) for name, b in coefficients.items())
    return data["y"].to_numpy(float), (1 / (1 + np.exp(-linear))).to_numpy(float)


CASES = {
    "cancerpredmarker": (cancer, EXPECTED["df_binary_cancerpredmarker"]),
    "glm on its own data": (cancer_by_glm, EXPECTED["df_binary_glm_age_famhistory_marker"]["apparent"]),
    "glm on new data": (external, EXPECTED["calibrationcurves_train_test"]["external"]),
}
case = pytest.mark.parametrize("name", CASES)


def check(ours, theirs, tolerance=1e-6):
    assert ours == pytest.approx(theirs, rel=tolerance, abs=tolerance)


@case
def test_accuracy_agrees_with_r(name):
    make, expected = CASES[name]
    y, p = make()
    assert (len(y), y.sum()) == (expected["n"], expected["events"])
    check(accuracy.brier(y, p), expected["Brier"])
    check(accuracy.scaled_brier(y, p), expected["scaled_brier"])
    check(accuracy.log_loss(y, p), expected["log_loss"])


@case
def test_area_and_its_interval_agree_with_proc(name):
    make, expected = CASES[name]
    y, p = make()
    theirs, ours = expected["auc_delong"], intervals.delong(y, p)
    check(discrimination.auroc(y, p), theirs["auc"], 1e-9)
    check(ours.value, theirs["auc"], 1e-9)
    check(ours.low, theirs["lo"], 1e-8)
    check(ours.high, theirs["hi"], 1e-8)
    check(discrimination.auroc(y, p), expected["C_index"], 5e-5)  # rms' C is not exact


@case
def test_weak_calibration_agrees_with_glm(name):
    make, expected = CASES[name]
    y, p = make()
    check(calibration.calibration_slope(y, p), expected["slope_glm"])
    check(calibration.calibration_intercept(y, p), expected["val_prob_intercept"])
    check(calibration.calibration_in_the_large(y, p), expected["calibration_in_the_large"])
    check(calibration.observed_to_expected(y, p), expected["O_E"])


@case
def test_the_smooth_curve_agrees_with_val_prob(name):
    make, expected = CASES[name]
    y, p = make()
    ici, _, e90, emax = calibration.calibration_errors(y, p)
    check(ici, expected["Eavg_lowess_ICI"], 1e-8)
    check(e90, expected["E90_lowess"], 1e-8)
    check(emax, expected["Emax_lowess"], 1e-8)


@pytest.mark.parametrize("row", EXPECTED["df_binary_decision_curve"], ids=lambda r: f"{r['model']}-{r['threshold']}")
def test_net_benefit_agrees_with_dcurves(row):
    data = table("dcurves_df_binary")
    y = data["cancer"].to_numpy(float)
    p = np.ones(len(y)) if row["model"] == "all" else data[row["model"]].to_numpy(float)
    check(usefulness.net_benefit(y, p, row["threshold"]), row["net_benefit"], 1e-9)
    if row["model"] == "all":
        check(usefulness.net_benefit_of_all(y, row["threshold"]), row["net_benefit"], 1e-9)


@pytest.mark.parametrize("marker", ["s100b", "wfns", "ndka"])
def test_area_with_ties_agrees_with_proc(marker):
    data, expected = table("proc_aSAH"), EXPECTED["aSAH"]
    ours = intervals.delong(data["outcome"] == "Poor", data[marker])
    check(ours.value, expected[f"auc_{marker}"], 1e-9)
    check([ours.low, ours.value, ours.high], expected[f"ci_{marker}"], 1e-9)


@pytest.mark.parametrize("other", ["wfns", "ndka"])
def test_paired_areas_agree_with_proc(other):
    data, expected = table("proc_aSAH"), EXPECTED["aSAH"]
    difference, p_value = intervals.delong_difference(data["outcome"] == "Poor", data["s100b"], data[other])
    theirs = expected[f"delong_paired_s100b_vs_{other}"]
    check(p_value, theirs["p"], 1e-9)
    error = (difference.high - difference.low) / 2 / intervals.NORMAL
    check(difference.value / error, theirs["z"], 1e-9)
