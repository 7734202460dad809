"""Evidence that is gathered after the figures can only make a verdict stricter."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY, USE_AS_DECLARED, Estimate, Evaluation, Verdict
from riskmodel.evaluation.verdict import reconsider


@pytest.fixture(scope="module")
def passed(training, matrix, prototype) -> Evaluation:
    result = evaluate(training, matrix, prototype, resamples=100, optimism=False)
    return replace(result, verdict=Verdict(USE_AS_DECLARED, ("All criteria are met.",)))


def unstable(low: float) -> Evidence:
    share = Estimate(low + 0.05, low, low + 0.1, n=100, events=30)
    return replace(Evidence("made_up"), stability=SimpleNamespace(replaced=share))


def test_nothing_found_changes_nothing(passed: Evaluation) -> None:
    assert reconsider(passed, Evidence("made_up")) == passed.verdict


def test_figures_that_contradict_each_other_stop_it(passed: Evaluation) -> None:
    verdict = reconsider(passed, replace(Evidence("made_up"), arithmetic=("logistic at 20%: precision ...",)))
    assert verdict.decision == DO_NOT_DEPLOY
    assert verdict.reasons[0].startswith("Figures contradict each other: logistic at 20%")


def test_a_list_that_surely_changes_by_half_is_no_list(passed: Evaluation) -> None:
    verdict = reconsider(passed, unstable(0.55))
    assert verdict.decision == AREA_ONLY
    assert "another sample" in verdict.reasons[0]
    assert reconsider(passed, unstable(0.45)).decision == USE_AS_DECLARED


def test_a_group_that_is_clearly_recorded_less_stops_a_list(passed: Evaluation) -> None:
    groups = [
        SimpleNamespace(attribute="ethnic_group", group=g, flag=f) for g, f in (("A", "clear"), ("B", "possible"))
    ]
    evidence = replace(Evidence("made_up"), fairness=SimpleNamespace(label_bias=SimpleNamespace(groups=groups)))
    verdict = reconsider(passed, evidence)
    assert verdict.decision == AREA_ONLY
    assert "for A (ethnic group):" in verdict.reasons[0]


def test_nothing_makes_a_refusal_milder(passed: Evaluation) -> None:
    refused = replace(passed, verdict=Verdict(DO_NOT_DEPLOY, ("A criterion is not met.",)))
    assert reconsider(refused, unstable(0.9)) == refused.verdict
