"""Judge trained models on later cohorts, beside the baselines, against what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import EvaluationError
from riskmodel.evaluation import curves
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.bootstrap import Prediction, household_bootstrap
from riskmodel.evaluation.criteria import judge
from riskmodel.evaluation.explanation import explain_globally
from riskmodel.evaluation.fairness import Grouping, group_results, groupings
from riskmodel.evaluation.measure import Measured, exact_figures, model_result
from riskmodel.evaluation.optimism import optimism_gap
from riskmodel.evaluation.results import Comparison, Evaluation, GroupResult, ModelResult
from riskmodel.evaluation.side_by_side import side_by_side
from riskmodel.evaluation.verdict import decide
from riskmodel.modelling.splits import Split, split_for
from riskmodel.modelling.training import Training
from riskmodel.progress import SILENT, Progress

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

#: Capacities that are always reported, beside the prototype's own.
SHARES = (0.05, 0.1, 0.2)
#: Thresholds of the decision curve.
THRESHOLDS = 16
#: Figures in which the lead model is compared with the others.
COMPARED = ("auroc", "auprc", "brier", "precision", "recall")


def evaluate(
    training: Training,
    matrix: DesignMatrix,
    prototype: Prototype,
    split: Split | None = None,
    *,
    resamples: int = 1000,
    seed: int = 0,
    optimism: bool = True,
    data_is_invented: bool | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate both model families and every baseline on the test rows.

    Parameters
    ----------
    training : Training
        From `riskmodel.modelling.train.train`.
    matrix : DesignMatrix
        The matrix it was trained from, with all rows.
    prototype : Prototype
        The declaration it was trained from.
    split : Split, optional
        The split it was trained with; left out, it is made again by `split_for` with the training's seed. Its counts
        must be those of the training.
    resamples, seed : int
        Of the household bootstrap that gives every interval.
    optimism : bool
        Whether to refit the lead model on the two easier splits and report the optimism gap.
    data_is_invented : bool, optional
        Whether the people are invented; left out, what the matrix's manifest says.
    progress : Progress, optional

    Returns
    -------
    Evaluation

    Raises
    ------
    EvaluationError
        When the training, the matrix, the prototype and the split do not belong together, when the test rows have
        only one outcome, or when a success criterion names something that is not there.
    """
    watcher = progress or SILENT
    split = split or split_for(matrix, prototype, seed=int(training.record["seed"]))
    _check(training, prototype, matrix, split)
    test = matrix.rows(split.test)
    y = test.y.to_numpy(dtype=np.float64)
    groups = groupings(test.audit, y)
    watcher.step("Scoring the test cohorts", None)
    predictions = _predictions(training, test, groups)
    measured = _measure(prototype, test, y, predictions, resamples, seed, watcher)
    watcher.step("Measuring each model and baseline", len(predictions))
    models = _model_results(training, measured, groups, watcher)
    lead = models[training.lead]
    comparisons = _comparisons(training, measured)
    criteria = judge(prototype.success, measured, training.lead, lead.groups, measured.draws[training.lead])
    against_baselines = [c for c in comparisons if c.b in training.baselines]
    area = prototype.output.value == "area"
    watcher.step("Explaining the lead model", None)
    explanation = explain_globally(training.model, test, seed=seed)
    gap = {}
    if optimism:
        watcher.step("Measuring the optimism of easier splits", None)
        gap = optimism_gap(training, matrix, prototype, split, resamples=min(resamples, 200), seed=seed)
    return Evaluation(
        prototype=prototype.name,
        question=prototype.question,
        generated_from=_origin(training, matrix, prototype, resamples, seed, data_is_invented),
        test=_part(matrix, split, "test"),
        train={**_part(matrix, split, "train"), "calibrate": _part(matrix, split, "calibrate"), "note": split.note},
        lead=training.lead,
        models=models,
        comparisons=comparisons,
        explanation=explanation,
        criteria=criteria,
        verdict=decide(criteria, lead.estimates, against_baselines, output_is_area=area),
        attrition=_attrition(matrix, split),
        optimism=gap,
        withheld_groups=tuple(f"{g.attribute}: {g.group}" for g in groups if g.withheld),
    )


def _check(training: Training, prototype: Prototype, matrix: DesignMatrix, split: Split) -> None:
    record, problems = training.record, []
    if record["prototype_digest"] != prototype.digest():
        problems.append("the prototype has changed since the training")
    if record["matrix_digest"] != matrix.digest:
        problems.append("the design matrix is not the one the models were trained from")
    if record["split"] != split.summary(matrix):
        problems.append("the split is not the one of the training")
    y = matrix.y.to_numpy(dtype=np.float64)[split.test]
    if np.isnan(y).any() or not 0 < y.sum() < len(y):
        problems.append("the test rows do not hold both outcomes, all of them known")
    if problems:
        raise EvaluationError(
            f"The models of '{prototype.name}' cannot be evaluated: {'; '.join(problems)}.",
            "Models are judged on the test rows of the very split, matrix and prototype they were trained from.",
            next_step="Train again (riskmodel train), then evaluate.",
        )


def _predictions(training: Training, test: DesignMatrix, groups: tuple[Grouping, ...]) -> dict[str, Prediction]:
    rows = {grouping.key: grouping.rows for grouping in groups if not grouping.withheld}
    found = {}
    for name, model in training.all().items():
        raw = model.raw(test)
        probability = model.calibrator(raw)
        of_groups = rows if name in training.models else {}
        found[name] = Prediction(raw, probability, of_groups, curves.places_of(probability))
    return found


def _measure(
    prototype: Prototype,
    test: DesignMatrix,
    y: Floats,
    predictions: Mapping[str, Prediction],
    resamples: int,
    seed: int,
    progress: Progress,
) -> Measured:
    shares = tuple(sorted({*SHARES, prototype.capacity}))
    thresholds = tuple(np.unique(np.linspace(*prototype.threshold_range, THRESHOLDS).round(3)).tolist())
    draws = household_bootstrap(
        y,
        test.component.to_numpy(),
        predictions,
        shares=shares,
        thresholds=thresholds,
        group_share=prototype.capacity,
        resamples=resamples,
        seed=seed,
        progress=progress,
    )
    figures = side_by_side(lambda one: exact_figures(y, one, shares, thresholds), predictions.values())
    exact = dict(zip(predictions, figures, strict=True))
    return Measured(y, predictions, draws, exact, shares, thresholds, prototype.capacity)


def _model_results(
    training: Training, measured: Measured, groups: tuple[Grouping, ...], progress: Progress
) -> dict[str, ModelResult]:
    results = {}
    for name, model in training.all().items():
        found: tuple[GroupResult, ...] = ()
        if name in training.models:
            prediction, draws = measured.predictions[name], measured.draws[name]
            found = group_results(measured.y, prediction, groups, draws, measured.capacity)
        results[name] = model_result(measured, name, model.family, found)
        progress.advance()
    return results


def _comparisons(training: Training, measured: Measured) -> tuple[Comparison, ...]:
    """The lead model less each other model and baseline; net benefit at the ends and the middle of its range."""
    thresholds = measured.thresholds
    chosen = dict.fromkeys((thresholds[0], thresholds[len(thresholds) // 2], thresholds[-1]))
    metrics = (*COMPARED, *(f"net_benefit@{threshold:g}" for threshold in chosen))
    others = [name for name in training.all() if name != training.lead]
    return tuple(measured.difference(metric, training.lead, other) for other in others for metric in metrics)


def _origin(
    training: Training,
    matrix: DesignMatrix,
    prototype: Prototype,
    resamples: int,
    seed: int,
    data_is_invented: bool | None,
) -> dict[str, Any]:
    invented = matrix.manifest.get("data_is_invented", False) if data_is_invented is None else data_is_invented
    return {
        "matrix_digest": matrix.digest,
        "model_digests": {name: model.digest for name, model in training.all().items()},
        "prototype_digest": prototype.digest(),
        "data_is_invented": bool(invented),
        "resamples": resamples,
        "seed": seed,
    }


def _part(matrix: DesignMatrix, split: Split, part: str) -> dict[str, Any]:
    counted = dict(split.summary(matrix)[part])
    counted["components"] = counted.pop("households")
    return counted


def _attrition(matrix: DesignMatrix, split: Split) -> tuple[dict[str, Any], ...]:
    """From the cohort's own steps to the rows of each part."""
    steps = [dict(step) for step in matrix.manifest.get("attrition", ())]
    steps += [{"step": "left out", "text": why, "n": n} for why, n in split.dropped.items()]
    parts = {"train": "fitted on", "calibrate": "fitted and calibrated on", "test": "tested on"}
    return (*steps, *({"step": part, "text": text, "n": len(getattr(split, part))} for part, text in parts.items()))
