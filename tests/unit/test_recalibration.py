"""Recalibrating a project's model: on newer cohorts only, apart from the test, on the record, and tested again."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from riskmodel import latest, workflow
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import ModelError, ProjectError
from riskmodel.evaluation.evidence import Evidence
from riskmodel.modelling.recalibrate import calibrator_before
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.training import Training
from riskmodel.project import Project
from riskmodel.recalibration import correction_dates, newer_cases, recalibrate
from riskmodel.runs import load_refits
from tests.unit.scoring.invented_world import TEST, TRAIN, make_prototype, people, write_extracts

EARLIER, NEWER = TRAIN
NAME = "crisis_next_year"


def prototype():
    home = latest(people, "home", "how the home is held", value="tenure", levels=["owner", "rented"])
    limits = ("Everything here is invented.",)
    return replace(make_prototype(), train_as_of=(EARLIER,), calibrate_as_of=(), audit=(home,), limits=limits)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    root = tmp_path_factory.mktemp("recalibrated")
    write_extracts(root / "extracts")
    made = Project(
        root, "Test", True, root / "extracts", root / "warehouse", root / "runs", root / "cards", root / "scores",
        "sqlite:///mlflow.db", (), {}, {NAME: prototype()},
    )  # fmt: skip
    workflow.build(made)
    workflow.train(made, NAME)
    return made


@pytest.fixture(scope="module")
def before(project) -> Training:
    return Training.load(project.run_folder(NAME) / "models")


@pytest.fixture(scope="module")
def cases(project, before) -> DesignMatrix:
    return newer_cases(project, NAME, [NEWER])


@pytest.fixture(scope="module")
def made(project, before, cases):
    return recalibrate(project, NAME, "intercept", by="Early Help", resamples=100, refits=20)


def test_the_latest_cohort_known_before_the_test_is_the_usual_one():
    assert correction_dates(prototype()) == (NEWER,)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (TEST[0], "it is tested on"),
        (EARLIER, "it was trained and calibrated on"),
        (date(2020, 9, 1), "not later than the last cohort trained on"),
        (date(2023, 3, 1), "not known before the first test date"),
    ],
)
def test_a_cohort_that_is_tested_or_trained_on_or_not_yet_known_is_refused(day, why):
    with pytest.raises(ProjectError, match=why):
        correction_dates(prototype(), [day, NEWER])


def test_where_every_earlier_cohort_was_trained_on_there_is_none():
    with pytest.raises(ProjectError, match="trained and calibrated on"):
        correction_dates(make_prototype())


def test_no_household_of_the_test_takes_part(project, before, cases):
    matrix = DesignMatrix.load(project.run_folder(NAME) / "matrix")
    tested = matrix.rows(split_for(matrix, prototype(), seed=0).test)
    assert len(cases) > 100
    assert set(cases.as_of.dt.date) == {NEWER}
    assert not cases.y.isna().any()
    assert not set(cases.keys) & set(tested.keys)  # in this world a household is one person


def test_the_step_is_on_the_record_of_training_model_card_and_catalogue(project, before, cases, made):
    after = Training.load(project.run_folder(NAME) / "models")
    step = after.model.provenance["recalibrated"]
    assert after.record["recalibrated"] == step
    assert (step["method"], step["by"], step["as_of"]) == ("intercept", "Early Help", [str(NEWER)])
    assert (step["n"], step["events"]) == (len(cases), int(cases.y.sum()))
    assert step["from_digest"] == before.model.digest != after.model.digest
    assert calibrator_before(after.model) == before.model.calibrator
    other = next(name for name in after.models if name != after.lead)
    assert after.models[other].digest == before.models[other].digest
    card = json.loads((project.cards / NAME / "card.json").read_text("utf-8"))
    assert "Recalibrated after training" in json.dumps(card)
    assert "Early Help" in (project.cards / NAME / "card.md").read_text("utf-8")
    with sqlite3.connect(project.root / "mlflow.db") as store:
        params = dict(store.execute("select key, value from params where key like 'recalibrated.%'"))
    assert params["recalibrated.method"] == "intercept"
    assert params["recalibrated.from_digest"] == before.model.digest


def test_before_and_after_are_measured_on_the_test_cases(project, before, made):
    matrix = DesignMatrix.load(project.run_folder(NAME) / "matrix")
    test = matrix.rows(split_for(matrix, prototype(), seed=0).test)
    y = test.y.to_numpy()
    after = Training.load(project.run_folder(NAME) / "models")
    step = made.step
    assert (step.tested, step.tested_events) == (len(test), int(y.sum()))
    for held, model in ((step.before, before.model), (step.after, after.model)):
        p = model.predict(test)
        assert held["oe"].value == pytest.approx(y.sum() / p.sum())
        assert held["brier"].value == pytest.approx(np.mean((y - p) ** 2))
        assert held["oe"].low < held["oe"].value < held["oe"].high
    change = step.change["brier"]
    assert change.value == pytest.approx(step.after["brier"].value - step.before["brier"].value)
    assert change.high - change.low < 0.5 * (step.before["brier"].high - step.before["brier"].low)  # paired
    assert made.evaluation.models[made.evaluation.lead].estimates["oe"].value == pytest.approx(step.after["oe"].value)
    assert Evidence.load(project.run_folder(NAME) / "evidence.json").calibration.taken == step


def test_the_band_of_a_score_lies_around_the_corrected_risk(project, before, made):
    after = Training.load(project.run_folder(NAME) / "models")
    matrix = DesignMatrix.load(project.run_folder(NAME) / "matrix")
    test = matrix.rows(split_for(matrix, prototype(), seed=0).test)
    low, high = load_refits(project, NAME, after).band(test)
    assert np.abs((low + high) / 2 - after.model.predict(test)).mean() < 0.02
    moved = np.abs(after.model.predict(test) - before.model.predict(test)).mean()
    assert moved > 0.005  # else the test above would say nothing of the correction


def test_a_second_correction_is_refused(project, made):
    with pytest.raises(ModelError, match="recalibrated before"):
        recalibrate(project, NAME, "intercept", by="Early Help")
