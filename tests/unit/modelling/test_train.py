"""A whole training: deterministic, honest about its choice, and recovering a simulated truth."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.errors import BundleError, LeakageError, ModelError
from riskmodel.modelling.splits import split_at_random, split_for
from riskmodel.modelling.train import Training, refit, train

HERE = Path(__file__).parent
PROGRAM = f"""
import sys; sys.path[:0] = [{str(HERE)!r}, {str(HERE.parents[2])!r}]
import conftest
from riskmodel.modelling.train import train
training = train(conftest.make_matrix(400), conftest._prototype())
print(*[model.digest for model in training.all().values()])
"""


def auroc(y: np.ndarray, score: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, score))


def test_two_processes_give_the_same_bytes(matrix_of, prototype) -> None:
    said = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    here = [model.digest for model in train(matrix_of(400), prototype).all().values()]
    assert said[0] == said[1] == here
    assert len(set(here)) == 6


def test_the_seed_reaches_the_trees(matrix_of, prototype, training) -> None:
    matrix = matrix_of(400)
    first, second = train(matrix, prototype), train(matrix, prototype, seed=1)
    assert first.models["gradient_boosting"].digest != second.models["gradient_boosting"].digest
    assert first.record["split"] == second.record["split"]


def test_the_outcomes_of_the_test_change_no_model(matrix, prototype, training) -> None:
    test = split_for(matrix, prototype).test
    y = matrix.y.copy()
    y.iloc[test] = 1 - y.iloc[test]
    other = train(replace(matrix, y=y), prototype)
    for name, model in training.all().items():
        assert other.all()[name].predictor.files() == model.predictor.files()
        assert other.all()[name].calibrator == model.calibrator


def test_columns_may_come_in_any_order(matrix, prototype, training) -> None:
    turned = matrix.X[matrix.X.columns[::-1]]
    for model in training.models.values():
        np.testing.assert_array_equal(model.predict(turned), model.predict(matrix.X))


def test_the_truth_is_recovered(matrix_of, prototype) -> None:
    matrix = matrix_of(6000, seed=4)
    training = train(matrix, prototype)
    test = matrix.rows(split_for(matrix, prototype).test)
    logistic = training.models["logistic"]
    slopes = logistic.predictor.unstandardised(logistic.features)
    assert slopes["visits"] == pytest.approx(0.8, abs=0.06)
    assert slopes["late"] == pytest.approx(0.9, abs=0.1)
    assert slopes["score"] == pytest.approx(-0.6, abs=0.06)
    assert slopes["tenure is social"] == pytest.approx(0.5, abs=0.12)
    assert abs(slopes["age_in_months"]) < 0.02
    for model in training.models.values():
        predicted = model.predict(test)
        assert predicted.mean() == pytest.approx(test.y.mean(), abs=0.02)
        assert auroc(test.y.to_numpy(), model.raw(test)) > 0.72


def test_where_there_is_nothing_to_find_nothing_is_found(matrix_of, prototype) -> None:
    matrix = matrix_of(2000, seed=2, signal=0.0)
    training = train(matrix, prototype)
    test = matrix.rows(split_for(matrix, prototype).test)
    for model in training.models.values():
        assert auroc(test.y.to_numpy(), model.raw(test)) == pytest.approx(0.5, abs=0.035)
        assert np.ptp(model.predict(test)) < 0.15


def test_the_simpler_family_leads_unless_boosting_is_clearly_better(matrix_of, prototype, training) -> None:
    assert training.lead == "logistic"
    assert "not better by more than one standard error" in training.lead_reason
    matrix = matrix_of(3000, seed=6)
    rng = np.random.default_rng(0)
    valley = np.abs(matrix.X["age_in_months"].to_numpy() - 41.5) > 3  # no straight line can follow this
    y = pd.Series((rng.random(len(matrix)) < np.where(valley, 0.7, 0.2)).astype(float))
    assert train(replace(matrix, y=y), prototype).lead == "gradient_boosting"


def test_the_chosen_setting_is_the_best_one_tried(training) -> None:
    table = training.frame()
    assert list(table.columns) == ["family", "settings", "loss", "error", "n", "events", "chosen"]
    for _, tried in table.groupby("family"):
        assert tried.loc[tried["chosen"], "loss"].tolist() == [tried["loss"].min()]
        assert (tried["n"] == 1200 * 1).all()


def test_baselines_are_what_they_say(training, matrix, prototype) -> None:
    split = split_for(matrix, prototype)
    latest = matrix.rows(split.calibrate)
    assert list(training.baselines) == ["base_rate", "area_rate", "simple", "current_rule"]
    base = training.baselines["base_rate"].predict(matrix)
    assert np.ptp(base) == 0
    assert base[0] == pytest.approx(latest.y.mean(), abs=1e-3)
    by_area = pd.Series(training.baselines["area_rate"].predict(matrix)).groupby(matrix.area).nunique()
    assert (by_area == 1).all()
    assert [f.name for f in training.baselines["simple"].features] == ["age_in_months", "sex", "late"]
    rule = pd.Series(training.baselines["current_rule"].predict(latest)).groupby(latest.X["late"]).first()
    observed = latest.y.groupby(latest.X["late"]).mean()
    np.testing.assert_allclose(rule, observed, atol=1e-9)


def test_a_matrix_with_neither_area_flag_nor_rule_has_the_base_rate_alone(matrix_of, prototype) -> None:
    matrix = matrix_of(400)
    bare = replace(matrix, area=pd.Series(["Unknown"] * len(matrix)), audit=pd.DataFrame(index=matrix.X.index))
    asked = replace(
        prototype, baseline_flag=None, current_rule=None,
        features=[f for f in prototype.features if f.name != "age_in_months"],
    )  # fmt: skip
    bare = replace(bare, X=bare.X.drop(columns="age_in_months"))
    assert list(train(bare, asked, families=("logistic",)).baselines) == ["base_rate"]


@pytest.mark.parametrize("few", [7, 15])
def test_a_handful_without_a_value_does_not_throw_the_simple_baseline(matrix, prototype, few) -> None:
    """None of the few had the outcome in training; in the test a third of all cases are without the value."""
    split = split_for(matrix, prototype)
    blank = np.zeros(len(matrix), dtype=bool)
    blank[split.fit[np.flatnonzero(matrix.y.to_numpy()[split.fit] == 0)[:: len(split.fit) // 40][:few]]] = True
    blank[split.test[::3]] = True
    gappy = replace(matrix, X=matrix.X.assign(late=matrix.X["late"].mask(blank)))
    simple = train(gappy, prototype, families=("logistic",)).baselines["simple"]
    raw = simple.raw(gappy.rows(split.test))
    without = blank[split.test]
    assert raw[~without].min() < raw[without].mean() < raw[~without].max()


def test_refitting_on_the_same_rows_gives_the_same_model(training, matrix, prototype) -> None:
    split = split_for(matrix, prototype)
    for model in training.models.values():
        assert refit(matrix, prototype, split, model).digest == model.digest
        elsewhere = refit(matrix, prototype, split_at_random(matrix, split), model)
        assert elsewhere.digest != model.digest
        assert elsewhere.provenance["settings"] == model.provenance["settings"]


def test_it_expires_a_while_after_its_last_known_outcome(training) -> None:
    assert training.model.provenance["outcomes_known_to"] == "2024-09-01"
    assert training.model.provenance["expires_on"] == "2025-09-01"


def test_a_training_reads_back_and_refuses_another_bundle(training, matrix, tmp_path: Path) -> None:
    folder = training.save(tmp_path / "training")
    back = Training.load(folder)
    assert (back.lead, back.lead_reason, back.trials) == (training.lead, training.lead_reason, training.trials)
    assert dict(back.record) == dict(training.record)
    assert back.params() == training.params()
    np.testing.assert_array_equal(back.model.predict(matrix), training.model.predict(matrix))
    training.models["gradient_boosting"].save(folder / "models" / "logistic")
    with pytest.raises(BundleError, match="not the one that is expected"):
        Training.load(folder)
    with pytest.raises(BundleError, match="it is missing"):
        Training.load(tmp_path)


def test_a_leak_stops_the_training(matrix, prototype) -> None:
    with pytest.raises(LeakageError, match="'score'"):
        train(replace(matrix, X=matrix.X.assign(score=matrix.y + 0.01 * matrix.X["visits"])), prototype)


def test_too_few_outcomes_stop_the_training(matrix_of, prototype) -> None:
    few = replace(matrix_of(100), y=pd.Series(np.tile(np.arange(100) < 3, 4).astype(float)))
    with pytest.raises(ModelError, match=r"There are 300 training cases, 9 of them with the outcome"):
        train(few, prototype)


def test_a_missing_feature_stops_the_training(matrix, prototype) -> None:
    with pytest.raises(ModelError, match="lacks 1 feature"):
        train(replace(matrix, X=matrix.X.drop(columns="late")), prototype)


def test_a_very_small_world_is_trained_without_tuning(matrix_of, prototype) -> None:
    training = train(matrix_of(40, seed=3), prototype)
    assert training.lead == "logistic"
    assert "default settings" in training.record["tuning"]
    assert training.frame()["loss"].isna().all()
    assert {m.calibrator.method for m in training.models.values()} == {"identity"}


def test_progress_is_told(matrix_of, prototype) -> None:
    told: list[str] = []

    class Watcher:
        def step(self, name: str, total: int | None = None) -> None:
            told.append(name)

        def advance(self, n: int = 1) -> None:
            told.append("+")

    train(matrix_of(200), prototype, progress=Watcher())
    assert [name for name in told if name != "+"] == [
        "Training logistic", "Training gradient boosting", "Fitting baselines",
    ]  # fmt: skip
    assert told.count("+") == 13
