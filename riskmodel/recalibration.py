"""Recalibrating a trained model on a newer cohort: a step of its own, recorded, and tested again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodel import workflow
from riskmodel.errors import ProjectError
from riskmodel.progress import SILENT, Progress
from riskmodel.runs import load_evidence, load_matrix, load_training

if TYPE_CHECKING:
    from riskmodel.declare import Prototype
    from riskmodel.engine.matrix import DesignMatrix
    from riskmodel.evaluation.correction_taken import CorrectionTaken
    from riskmodel.evaluation.results import Evaluation
    from riskmodel.project import Project

_RULE = (
    "A correction is fitted on cohorts later than those trained on, whose outcomes were known before the first test "
    "date, and never on cases that are tested on."
)
_NEXT = "Declare a later test date, or leave the latest cohort out of train_as_of, then train again."


@dataclass(frozen=True)
class Recalibrated:
    """What recalibrating left behind: the new evaluation, before and after on the test cases, and the card."""

    evaluation: Evaluation
    step: CorrectionTaken
    pages: list[Path]


def recalibrate(
    project: Project,
    prototype: str,
    method: str,
    *,
    by: str,
    as_of: Sequence[date] = (),
    resamples: int = 1_000,
    refits: int = 100,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Recalibrated:
    """Correct the lead model's probabilities on a newer cohort, then evaluate it again and write its card.

    The corrected model takes the place of the trained one; its provenance, the record of the training and the MLflow
    run say what was done, on what, by whom, and which model it was before.

    Parameters
    ----------
    project
        The project.
    prototype
        Name of a prototype that was trained.
    method
        ``"intercept"``, ``"intercept and slope"`` or ``"isotonic"``.
    by
        The role that decided on it.
    as_of
        Cohorts to fit the correction on; left out, the latest one whose outcomes were known at the first test date.
    resamples, refits, seed, progress
        As for `riskmodel.workflow.evaluate`.

    Raises
    ------
    ProjectError
        If a cohort is one that is tested or was trained on, or its outcomes were not known before the test; or the data
        have changed since the training.
    ModelError
        If there are too few outcomes for the method, or the model was recalibrated before.
    """
    from riskmodel.modelling.recalibrate import recalibrated

    chosen, training = project.prototype(prototype), load_training(project, prototype)
    days = correction_dates(chosen, as_of)
    progress.step("Building the newer cohort")
    cases = newer_cases(project, prototype, days)
    p, y = training.model.predict(cases), cases.y.to_numpy(dtype=np.float64)
    model = recalibrated(training.model, method, p, y, as_of=days, by=by)
    training.with_lead(model).save(project.run_folder(prototype) / "models")
    result = workflow.evaluate(project, prototype, resamples=resamples, refits=refits, seed=seed, progress=progress)
    pages = workflow.card(project, prototype, progress=progress)
    found = load_evidence(project, prototype).calibration
    assert found is not None
    assert found.taken is not None
    return Recalibrated(result, found.taken, pages)


def correction_dates(prototype: Prototype, as_of: Sequence[date] = ()) -> tuple[date, ...]:
    """Return the cohorts that a correction may be fitted on; a ProjectError names every one that it may not.

    Parameters
    ----------
    prototype
        The declaration.
    as_of
        The cohorts that are asked for; left out, the latest one whose outcomes were known at the first test date.
    """
    first, last = min(prototype.test_as_of), max(prototype.train_as_of)
    days = tuple(sorted(set(as_of))) or (prototype.outcome.within.before(first),)
    problems = [f"{day}: {why}" for day in days if (why := _why_not(prototype, day, first, last))]
    if problems:
        raise ProjectError(
            f"{prototype.name} cannot be recalibrated on these cohorts. {'. '.join(problems)}.",
            rule=_RULE,
            next_step=_NEXT,
        )
    return days


def _why_not(prototype: Prototype, day: date, first: date, last: date) -> str:
    if day in prototype.test_as_of:
        return "it is tested on"
    if day in prototype.train_as_of:
        return "it was trained and calibrated on"
    if day <= last:
        return f"it is not later than the last cohort trained on ({last})"
    if prototype.outcome.within.after(day) > first:
        return f"its outcomes are not known before the first test date ({first})"
    return ""


def newer_cases(project: Project, prototype: str, days: Sequence[date]) -> DesignMatrix:
    """Build the cases of the newer cohorts with a known outcome, without any household that is in the test.

    Parameters
    ----------
    project, prototype
        As for `recalibrate`.
    days
        From `correction_dates`.
    """
    from riskmodel.engine.run import build_matrix
    from riskmodel.engine.warehouse import Warehouse
    from riskmodel.modelling.splits import split_for

    chosen, training = project.prototype(prototype), load_training(project, prototype)
    data, warehouse = load_matrix(project, prototype), Warehouse.open(project.warehouse)
    if data.manifest.get("warehouse_digest") != warehouse.digest():
        raise ProjectError(
            f"The data of {prototype} have changed since it was trained.",
            rule="A correction is fitted on the data that the model is tested on.",
            next_step=f"Run first: riskmodel run {prototype}",
        )
    tested = data.rows(split_for(data, chosen, seed=int(training.record["seed"])).test)
    # Households are numbered anew in each matrix, so the newer cohort is built together with the tested ones.
    both = build_matrix(chosen, warehouse, [*days, *chosen.test_as_of])
    in_test = pd.MultiIndex.from_arrays([both.keys, both.as_of]).isin(
        pd.MultiIndex.from_arrays([tested.keys, tested.as_of])
    )
    component = both.component.to_numpy()
    apart = ~np.isin(component, component[in_test])
    newer = both.as_of.isin([pd.Timestamp(day) for day in days]).to_numpy() & both.y.notna().to_numpy()
    return both.rows(np.flatnonzero(newer & apart))
