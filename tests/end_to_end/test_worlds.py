"""Worlds whose truth is known get the verdict they deserve, with figures and evidence, and for the right reason.

The default county, which is judged as a user would see it, is in `test_whole_path.py`: it takes the whole demo.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from riskmodel import project, workflow
from riskmodel.cli.start import make_project
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import ContractError, ModelError
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence, gather_evidence
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY, USE_AS_DECLARED, Evaluation, Verdict
from riskmodel.evaluation.verdict import reconsider
from riskmodel.modelling.estimators import LOGISTIC
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.modelling.tuning import GRID
from riskmodel.project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """A verdict must not hang on tuning, nor on how many areas are left out: few of both save most of the time."""
    with (
        patch.dict(GRID, {LOGISTIC: ({"C": 0.01},)}),
        patch("riskmodel.evaluation.validation.areas.MOST_GROUPS", {LOGISTIC: 6}),
    ):
        yield


@dataclass(frozen=True)
class Judged:
    """What a world came to: figures, evidence, and the verdict on both."""

    figures: Evaluation
    evidence: Evidence
    verdict: Verdict

    def says(self, words: str) -> bool:
        return any(words in reason for reason in self.verdict.reasons)


def world(folder: Path, preset: str, children: int) -> Project:
    make_project(folder)
    here = project.load(folder)
    workflow.synthesise(here, preset=preset, children=children)
    workflow.build(here)
    return here


def judged(here: Project, name: str) -> Judged:
    """Every step from the warehouse to the verdict, with few resamples and refits."""
    context = evaluated(here, name)
    evidence = gather_evidence(context)
    verdict = reconsider(context.evaluation, evidence, context.prototype.outcome.audit)
    return Judged(context.evaluation, evidence, verdict)


def measured(here: Project, name: str) -> Evaluation:
    """The same without the evidence, which takes most of the time."""
    return evaluated(here, name).evaluation


def evaluated(here: Project, name: str) -> Context:
    chosen, warehouse = here.prototype(name), Warehouse.open(here.warehouse)
    matrix = build_matrix(chosen, warehouse)
    split = split_for(matrix, chosen)
    training = train(matrix, chosen, split, families=(LOGISTIC,))
    figures = evaluate(training, matrix, chosen, split, resamples=100, optimism=False)
    return Context(training, matrix, chosen, split, figures, warehouse.manifest, resamples=100, refits=8)


def test_where_nothing_depends_on_anything_nothing_is_found(tmp_path: Path) -> None:
    here = world(tmp_path / "no_signal", "no_signal", 30_000)
    school, abuse = judged(here, "school_readiness"), measured(here, "domestic_abuse")
    for figures, verdict in ((school.figures, school.verdict), (abuse, abuse.verdict)):
        assert verdict.decision == DO_NOT_DEPLOY
        assert verdict.reasons[0].startswith("A success criterion is not met: auroc at least")
        assert any("not surely better than chance: AUROC" in reason for reason in verdict.reasons)
        assert figures.models[LOGISTIC].estimates["auroc"].value == pytest.approx(0.5, abs=0.04)
    # The evidence agrees: neither elsewhere nor with another sample is there a ranking.
    assert school.says("In areas that were left out of training the ranking is not surely better than chance")
    assert school.evidence.stability.replaced.value > 0.5 * school.evidence.stability.by_chance


def test_where_only_recording_differs_groups_are_named_and_there_is_no_list(tmp_path: Path) -> None:
    """Abuse is as common in all groups; the police record it less often for some, most of all for Asian households."""
    here = world(tmp_path / "label_bias_only", "label_bias_only", 40_000)
    abuse = judged(here, "domestic_abuse")
    assert abuse.verdict.decision == AREA_ONLY
    assert "Asian (childrens ethnic group)" in abuse.verdict.reasons[0]
    assert "record" in abuse.verdict.reasons[0]
    # Nothing else stands in the way: by the figures, and as recorded, all is well.
    assert abuse.figures.verdict.decision == USE_AS_DECLARED
    assert not any(finding.is_error for finding in abuse.evidence.checks)
    # What is recorded about schools is as good there as anywhere.
    school = judged(here, "school_readiness")
    assert school.verdict.decision == USE_AS_DECLARED
    assert school.verdict.reasons[0].startswith("All 8 success criteria")
    assert not school.evidence.fairness.label_bias.groups


def test_a_world_too_small_to_learn_from_is_refused(tmp_path: Path) -> None:
    here = world(tmp_path / "tiny", "tiny", 162)
    for name in here.prototypes:
        with pytest.raises(ModelError, match="at least 10 cases with the outcome"):
            workflow.train(here, name)
    assert not here.cards.exists()


def test_a_world_small_enough_to_train_on_and_too_small_to_judge_is_refused_too(tmp_path: Path) -> None:
    here = world(tmp_path / "small", "vange_ward", 3_000)
    found = judged(here, "school_readiness")
    assert found.verdict.decision == DO_NOT_DEPLOY
    assert found.verdict.reasons[0].startswith("Too few cases to judge")
    assert {"RM101", "RM103"} <= {finding.code for finding in found.evidence.checks if finding.status == "found"}


def test_a_world_with_leaks_gets_no_verdict_because_nothing_can_be_learnt_from_it(tmp_path: Path) -> None:
    make_project(tmp_path / "leaks")
    here = project.load(tmp_path / "leaks")
    workflow.synthesise(here, children=4_000, leaks=True)
    with pytest.raises(ContractError, match="reception_attendance"):
        workflow.build(here)
    assert not (here.warehouse / "manifest.json").exists()
