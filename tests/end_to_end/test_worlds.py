"""Worlds whose truth is known get the verdict they deserve."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskmodel import project, workflow
from riskmodel.cli.start import make_project
from riskmodel.errors import ModelError
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.results import DO_NOT_DEPLOY, USE_AS_DECLARED, Evaluation
from riskmodel.project import Project
from riskmodel.runs import load_matrix

pytestmark = pytest.mark.slow


def world(folder: Path, preset: str, children: int) -> Project:
    make_project(folder)
    here = project.load(folder)
    workflow.synthesise(here, preset=preset, children=children)
    workflow.build(here)
    return here


def judged(here: Project, name: str) -> Evaluation:
    training = workflow.train(here, name)
    return evaluate(training, load_matrix(here, name), here.prototype(name), resamples=200, optimism=False)


def test_where_nothing_depends_on_anything_nothing_is_found(tmp_path: Path) -> None:
    here = world(tmp_path / "no_signal", "no_signal", 40_000)
    for name in here.prototypes:
        result = judged(here, name)
        assert result.verdict.decision == DO_NOT_DEPLOY
        assert any("not surely better than chance" in reason for reason in result.verdict.reasons)
        if name == "school_readiness":
            for family in result.families().values():
                assert family.estimates["auroc"].value == pytest.approx(0.5, abs=0.02)


def test_where_only_recording_differs_no_list_is_allowed(tmp_path: Path) -> None:
    here = world(tmp_path / "label_bias_only", "label_bias_only", 20_000)
    assert judged(here, "domestic_abuse").verdict.decision != USE_AS_DECLARED
    # What is recorded about schools is as good there as anywhere.
    assert judged(here, "school_readiness").verdict.decision == USE_AS_DECLARED


def test_a_world_too_small_to_learn_from_is_refused(tmp_path: Path) -> None:
    here = world(tmp_path / "tiny", "tiny", 162)
    for name in here.prototypes:
        with pytest.raises(ModelError, match="at least 10 cases with the outcome"):
            workflow.train(here, name)
    assert not here.cards.exists()
