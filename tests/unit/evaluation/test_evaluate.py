"""An evaluation from end to end on a small invented world: its figures, its file, its table, and what it refuses."""

import dataclasses

import numpy as np
import pytest

from riskmodel.declare import Output, at_least
from riskmodel.errors import EvaluationError
from riskmodel.evaluation import discrimination
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.results import (
    AREA_ONLY,
    DO_NOT_DEPLOY,
    GROUP_METRICS,
    OVERALL_METRICS,
    USE_AS_DECLARED,
    Evaluation,
)
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train


@pytest.fixture(scope="module")
def evaluation(training, matrix, prototype):
    return evaluate(training, matrix, prototype, resamples=200)


def test_both_models_and_all_baselines_are_measured(evaluation):
    assert list(evaluation.families()) == ["logistic", "gradient_boosting"]
    assert list(evaluation.baselines()) == ["base_rate", "area_rate", "simple", "current_rule"]
    for result in evaluation.models.values():
        assert tuple(result.estimates) == OVERALL_METRICS
        assert [point.share for point in result.capacity] == [0.05, 0.1, 0.15, 0.2]
        assert result.at_capacity().share == 0.15
        assert len(result.decision_curve) == 16


def test_only_test_rows_count(evaluation, training, matrix):
    test = matrix.rows((matrix.as_of.dt.year == 2023).to_numpy())
    expected = discrimination.auroc(test.y, training.model.raw(test))
    found = evaluation.models[evaluation.lead].estimates["auroc"]
    assert found.value == pytest.approx(expected)
    assert found.low < expected < found.high
    assert (evaluation.test["n"], evaluation.test["events"]) == (len(test), test.y.sum())
    assert evaluation.test["as_of"] == ["2023-09-01"]
    assert evaluation.train["calibrate"]["as_of"] == ["2022-09-01"]


def test_every_interval_holds_its_value(evaluation):
    table = evaluation.frame()
    known = table[table["low"].notna()]
    assert len(known) > 400
    assert (known["low"] <= known["value"] + 1e-12).all()
    assert (known["value"] <= known["high"] + 1e-12).all()


def test_the_counts_at_capacity_belong_together(evaluation):
    for result in evaluation.families().values():
        point = result.at_capacity()
        assert point.n_selected == round(0.15 * evaluation.test["n"]) == point.selected.value
        assert point.precision.value == pytest.approx(point.found.value / point.n_selected)
        assert point.recall.value == pytest.approx(point.found.value / evaluation.test["events"])
        assert point.number_needed_to_visit.value == pytest.approx(1 / point.precision.value)


def test_a_base_rate_ranks_nobody(evaluation):
    base = evaluation.models["base_rate"]
    assert base.estimates["auroc"].value == 0.5
    assert base.estimates["calibration_slope"].value is None
    precision = base.at_capacity().precision
    assert precision.value == pytest.approx(evaluation.test["events"] / evaluation.test["n"])
    # All cases are tied, so what is found is an average over all of them: certain as the share with the outcome is.
    assert precision.high - precision.low < 0.08
    assert base.capacity[0].precision.method.startswith("household bootstrap")


def test_groups_cover_the_test_rows_and_small_ones_are_named(evaluation):
    shown = [group for group in evaluation.fairness if group.attribute == "sex"]
    assert sum(group.n for group in shown) == evaluation.test["n"]
    assert all(tuple(group.estimates) == GROUP_METRICS for group in shown)
    assert evaluation.withheld_groups == ("group: c", "group: Unknown")
    overall = sum(group.estimates["selection_rate"].value * group.n for group in shown)
    assert overall == pytest.approx(evaluation.models[evaluation.lead].at_capacity().n_selected)


def test_the_lead_is_compared_with_everything_else(evaluation):
    assert {c.a for c in evaluation.comparisons} == {evaluation.lead}
    assert {c.b for c in evaluation.comparisons} == set(evaluation.models) - {evaluation.lead}
    first = evaluation.models[evaluation.lead].estimates["auroc"].value
    for comparison in evaluation.comparisons:
        if comparison.metric == "auroc":
            second = evaluation.models[comparison.b].estimates["auroc"].value
            assert comparison.difference.value == pytest.approx(first - second)


def test_the_verdict_follows_and_says_why(evaluation):
    assert [result.met for result in evaluation.criteria] == [True] * 4
    assert evaluation.verdict.decision == USE_AS_DECLARED
    assert evaluation.verdict.reasons


def test_optimism_is_measured_on_the_same_number_of_rows(evaluation):
    assert list(evaluation.optimism) == ["random", "household", "honest", "random - household", "household - honest"]
    assert {estimate.n for estimate in evaluation.optimism.values()} == {evaluation.test["n"]}


def test_the_origin_is_bound_to_digests(evaluation, training, matrix, prototype):
    origin = evaluation.generated_from
    assert origin["prototype_digest"] == prototype.digest()
    assert origin["matrix_digest"] == matrix.digest
    assert origin["model_digests"] == {name: model.digest for name, model in training.all().items()}
    assert origin["data_is_invented"] is True


def test_it_is_the_same_after_saving_and_loading(evaluation, tmp_path):
    path = evaluation.save(tmp_path / "evaluation.json")
    assert Evaluation.load(path) == evaluation
    assert "NaN" not in path.read_text()


def test_the_same_seed_gives_the_same_file(training, matrix, prototype, tmp_path):
    texts = []
    for name in ("a", "b"):
        found = evaluate(training, matrix, prototype, resamples=50, seed=3, optimism=False)
        texts.append(found.save(tmp_path / name).read_bytes())
    assert texts[0] == texts[1]


def test_a_world_without_signal_is_not_deployed(matrix_of, prototype):
    matrix = matrix_of(seed=5, signal=0.0)
    found = evaluate(train(matrix, prototype), matrix, prototype, resamples=200, optimism=False)
    assert found.verdict.decision == DO_NOT_DEPLOY
    assert found.models[found.lead].estimates["auroc"].value == pytest.approx(0.5, abs=0.06)
    assert any("better than chance" in reason for reason in found.verdict.reasons)


def test_a_prototype_for_areas_gets_an_area_verdict(matrix, prototype_of):
    prototype = prototype_of(output=Output.AREA, success=[at_least("auroc", 0.6)])
    found = evaluate(train(matrix, prototype), matrix, prototype, resamples=100, optimism=False)
    assert found.verdict.decision == AREA_ONLY


def test_progress_is_told(training, matrix, prototype):
    steps = []

    class Watcher:
        def step(self, name, total=None):
            steps.append([name, total, 0])

        def advance(self, n=1):
            steps[-1][2] += n

    evaluate(training, matrix, prototype, resamples=30, optimism=False, progress=Watcher())
    assert [total for name, total, done in steps if total is not None and done != total] == []
    assert ["Resampling households", 30, 30] in steps


def test_what_does_not_belong_together_is_refused(training, matrix, matrix_of, prototype, prototype_of):
    changed = prototype_of(capacity=0.3)
    other = matrix_of(n=700)
    other = dataclasses.replace(other, manifest={**other.manifest, "digest": "e" * 64})
    with pytest.raises(EvaluationError) as caught:
        evaluate(training, other, changed)
    said = str(caught.value)
    assert "prototype has changed" in said
    assert "not the one the models were trained from" in said
    assert "split is not the one" in said


def test_test_rows_with_one_outcome_are_refused(training, matrix, prototype):
    y = matrix.y.where(matrix.as_of.dt.year != 2023, 0.0)
    one = dataclasses.replace(matrix, y=y)
    with pytest.raises(EvaluationError, match="both outcomes"):
        evaluate(training, one, prototype, split_for(matrix, prototype))


def test_a_file_that_is_no_evaluation_is_refused(tmp_path, evaluation):
    missing, broken, other = tmp_path / "none.json", tmp_path / "broken.json", tmp_path / "other.json"
    broken.write_text('{"prototype": ')
    other.write_text('{"prototype": "x", "surprise": 1}')
    for path, words in ((missing, "There is no evaluation"), (broken, "cannot be read"), (other, "surprise")):
        with pytest.raises(EvaluationError, match=words):
            Evaluation.load(path)


def test_numbers_are_plain_in_the_dictionary(evaluation):
    def leaves(value):
        if isinstance(value, dict):
            for item in value.values():
                yield from leaves(item)
        elif isinstance(value, list):
            for item in value:
                yield from leaves(item)
        else:
            yield value

    kinds = {type(leaf) for leaf in leaves(evaluation.to_dict())}
    assert kinds <= {str, int, float, bool, type(None)}
    assert not any(isinstance(leaf, float) and not np.isfinite(leaf) for leaf in leaves(evaluation.to_dict()))
