"""The public copy of a model scores to the last bit like the model, and no longer holds what it learned from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskmodel.errors import ModelError
from riskmodel.modelling.calibration import Calibrator
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.public import public_copy, stripped_text

FAMILIES = ("logistic", "gradient_boosting")


def saved(model: RiskModel, folder: Path) -> dict[str, str]:
    model.save(folder)
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


@pytest.mark.parametrize("family", FAMILIES)
def test_it_predicts_identically_to_the_last_bit(training, matrix, tmp_path, family):
    model = training.models[family]
    public_copy(model).save(tmp_path / "copy")
    copy = RiskModel.load(tmp_path / "copy")
    assert np.array_equal(copy.raw(matrix), model.raw(matrix))
    assert np.array_equal(copy.predict(matrix), model.predict(matrix))
    assert copy.digest != model.digest


def test_values_never_seen_in_training_are_scored_identically_too(training, matrix):
    wild = matrix.X.assign(visits=1e6, score=-1e6)
    wild.loc[wild.index % 3 == 0, ["visits", "score", "late", "tenure"]] = np.nan
    for family in FAMILIES:
        model = training.models[family]
        assert np.array_equal(public_copy(model).raw(wild), model.raw(wild))


def test_the_trees_hold_no_range_count_weight_or_gain_of_training_cases(training, tmp_path):
    model = training.models["gradient_boosting"]
    before, after = saved(model, tmp_path / "a")["model.txt"], saved(public_copy(model), tmp_path / "b")["model.txt"]
    told = ("leaf_count", "internal_count", "leaf_weight", "internal_weight", "split_gain", "internal_value")
    for word in (*told, "feature_importances", "parameters:", "tree_sizes"):
        assert word in before, word
        assert word not in after, word
    assert re.search(r"feature_infos=.*\[", before)
    assert set(re.search(r"feature_infos=(.*)", after).group(1).split()) == {"none"}


def test_the_logistic_copy_holds_no_mean_or_deviation(training, tmp_path):
    terms = json.loads(saved(public_copy(training.models["logistic"]), tmp_path / "a")["coefficients.json"])["terms"]
    assert {(term["mean"], term["scale"]) for term in terms} == {(0.0, 1.0)}


@pytest.mark.parametrize("family", FAMILIES)
def test_no_number_of_training_cases_is_left_in_any_file(training, tmp_path, family):
    model = training.models[family]
    split = model.provenance["split"]
    numbers = {str(split[part][key]) for part in ("train", "calibrate") for key in ("n", "events", "households")}
    numbers |= {str(model.calibrator.n), str(model.calibrator.events), model.provenance["matrix_digest"]}
    for name, text in saved(public_copy(model), tmp_path / "a").items():
        if name != "manifest.json":  # sizes in bytes
            assert not [n for n in numbers if re.search(rf"(?<![\w.]){n}(?![\w.])", text)], name


def test_the_shares_of_missing_values_are_too_coarse_to_count_by(training):
    for feature in public_copy(training.model).features:
        assert feature.missing_share * 20 == pytest.approx(round(feature.missing_share * 20))


@pytest.mark.parametrize("family", FAMILIES)
def test_explaining_is_refused_with_the_model_that_can(training, matrix, tmp_path, family):
    model = training.models[family]
    public_copy(model).save(tmp_path / "copy")
    copy = RiskModel.load(tmp_path / "copy")
    with pytest.raises(ModelError, match=f"predicts and does not explain.*{model.digest}"):
        copy.contributions(matrix)
    with pytest.raises(ModelError, match="does not explain"):
        _ = copy.expected
    assert np.isfinite(model.contributions(matrix).to_numpy()).all()


def test_a_baseline_or_a_copy_has_no_public_copy(training):
    with pytest.raises(ModelError, match="a baseline"):
        public_copy(training.baselines["area_rate"])
    with pytest.raises(ModelError, match="a public copy already"):
        public_copy(public_copy(training.model))


def test_a_calibration_curve_made_of_a_handful_of_cases_is_refused(training):
    curve = Calibrator("isotonic", x=(0.1, 0.4, 0.9), y=(123 / 4567, 3 / 7, 1234 / 2001), n=6000, events=2000)
    with pytest.raises(ModelError, match=r"1 level\(s\)"):
        public_copy(replace(training.model, calibrator=curve))
    fine = replace(curve, y=(123 / 4567, 301 / 701, 1234 / 2001))
    assert public_copy(replace(training.model, calibrator=fine)).calibrator.n == 0


def test_the_text_of_categories_stays_as_it_is(training):
    text = training.models["gradient_boosting"].predictor.text
    assert [line for line in stripped_text(text).splitlines() if line.startswith("cat_threshold")] == [
        line for line in text.splitlines() if line.startswith("cat_threshold")
    ]
