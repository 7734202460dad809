"""Evidence that is gathered after the figures can only make a verdict stricter; what decides nothing is still said."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from riskmodel.evaluation.checks import Finding
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.privacy import ASK_FIRST, MAY_BE_SHARED, NOT_OUTSIDE
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY, USE_AS_DECLARED, Estimate, Evaluation, Verdict
from riskmodel.evaluation.verdict import reconsider

FIRST = ("All criteria are met.",)


@pytest.fixture(scope="module")
def passed(training, matrix, prototype) -> Evaluation:
    result = evaluate(training, matrix, prototype, resamples=100, optimism=False)
    return replace(result, verdict=Verdict(USE_AS_DECLARED, FIRST))


def figure(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, low, high, n=1000, events=300)


def evidence(**changes: Any) -> Evidence:
    """Everything was looked into, and nothing was found; `changes` replaces parts."""
    fold = {"auroc": figure(0.65, 0.75), "oe": figure(0.9, 1.1)}
    pooled = {
        "auroc": SimpleNamespace(mean=figure(0.65, 0.75), new_area=figure(0.6, 0.8)),
        "oe": SimpleNamespace(mean=figure(0.9, 1.1), new_area=figure(0.7, 1.4)),
    }
    settings: dict[str, Any] = {
        "validation": elsewhere(fold, pooled),
        "fairness": biased(),
        "calibration": SimpleNamespace(groups=()),
        "stability": SimpleNamespace(replaced=figure(0.2, 0.4)),
        "privacy": SimpleNamespace(verdict=MAY_BE_SHARED),
    }
    return replace(Evidence("made_up"), **(settings | changes))


def elsewhere(fold: dict[str, Estimate], pooled: dict[str, Any]) -> Any:
    return SimpleNamespace(
        origins=SimpleNamespace(folds=(SimpleNamespace(name="2021-09-01", estimates=fold),)),
        areas=SimpleNamespace(pooled=pooled, folds=()),
        districts=SimpleNamespace(folds=()),
    )


def left_out(part: str, auroc: Estimate, oe: Estimate) -> Any:
    """Validation elsewhere in which one area, or district, was left out of training."""
    found = other()
    folds = (SimpleNamespace(name="Northam", estimates={"auroc": auroc, "oe": oe}),)
    getattr(found, part).folds = folds
    return found


def biased(least: float = 0.19, gap: Estimate | None = None, **flags: str) -> Any:
    """Groups by their flag; the largest finds at least 0.2 of true outcomes, the others `least`."""
    largest = SimpleNamespace(
        attribute="ethnic_group", group="L", flag="", reference=True, found_least=figure(0.15, 0.25), gap_least=None
    )
    share = Estimate(least, least - 0.01, least + 0.01, n=1000, events=300)
    groups = [
        SimpleNamespace(
            attribute="ethnic_group", group=name, flag=flag, reference=False, found_least=share,
            gap_least=gap or figure(-0.01, 0.03),
        )
        for name, flag in flags.items()
    ]  # fmt: skip
    return SimpleNamespace(label_bias=SimpleNamespace(groups=[largest, *groups]))


def other(auroc: Any = None, new_auroc: Any = None, date_auroc: Any = None, new_oe: Any = None, oe: Any = None) -> Any:
    """Validation elsewhere with some figures replaced."""
    pooled = {
        "auroc": SimpleNamespace(mean=auroc or figure(0.65, 0.75), new_area=new_auroc or figure(0.6, 0.8)),
        "oe": SimpleNamespace(mean=figure(0.9, 1.1), new_area=new_oe or figure(0.7, 1.4)),
    }
    return elsewhere({"auroc": date_auroc or figure(0.65, 0.75), "oe": oe or figure(0.9, 1.1)}, pooled)


def off(low: float, high: float, group: str = "F", attribute: str = "sex") -> Any:
    one = SimpleNamespace(attribute=attribute, group=group, pooled=figure(low, high))
    return SimpleNamespace(groups=(SimpleNamespace(attribute=attribute, groups=(one,)),))


def coded(severity: str) -> Finding:
    return Finding("RM301", "Duplicate cases", severity, "found", "{n} rows repeat.", "Ask.", {"n": (7,)})


def test_nothing_found_changes_nothing(passed: Evaluation) -> None:
    assert reconsider(passed, evidence()) == passed.verdict


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"checks": (coded("error"),)}, "Check RM301 found an error: duplicate cases."),
        (
            {"arithmetic": ("logistic at 20%: precision .5 cannot go with ...", "logistic at 20%: recall ...")},
            "Figures contradict each other: logistic at 20%.",
        ),
        ({"validation": other(date_auroc=figure(0.40, 0.49))}, "surely no better than chance: 2021-09-01."),
    ],
)
def test_each_of_these_alone_stops_any_use(passed: Evaluation, changes: dict[str, Any], words: str) -> None:
    verdict = reconsider(passed, evidence(**changes))
    assert verdict.decision == DO_NOT_DEPLOY
    assert verdict.reasons[0].endswith(words)
    assert verdict.reasons[1:] == FIRST
    totals = replace(passed, verdict=Verdict(AREA_ONLY, FIRST))
    assert reconsider(totals, evidence(**changes)).decision == DO_NOT_DEPLOY


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stability": SimpleNamespace(replaced=figure(0.55, 0.7))}, "trained on another sample"),
        ({"fairness": biased(A="clear", B="possible")}, "than it happens for A (ethnic group):"),
        ({"fairness": biased(0.15, figure(0.01, 0.09), A="")}, "may find A (ethnic group) much less often"),
        ({"calibration": off(1.26, 1.6)}, "Risks are surely too low for F (sex)"),
        ({"calibration": off(0.5, 0.79)}, "Risks are surely too high for F (sex)"),
        ({"validation": other(auroc=figure(0.49, 0.7))}, "and not the cases of one area"),
        ({"validation": left_out("areas", figure(0.4, 0.48), figure(0.9, 1.1))}, "worse than chance: Northam."),
        ({"validation": left_out("districts", figure(0.4, 0.48), figure(0.9, 1.1))}, "worse than chance: Northam."),
        ({"privacy": SimpleNamespace(verdict=NOT_OUTSIDE)}, "must not leave the house"),
    ],
)
def test_each_of_these_alone_leaves_totals_only(passed: Evaluation, changes: dict[str, Any], words: str) -> None:
    verdict = reconsider(passed, evidence(**changes))
    assert verdict.decision == AREA_ONLY
    assert words in verdict.reasons[0]
    assert verdict.reasons[1:] == FIRST


@pytest.mark.parametrize(
    "changes",
    [
        {"stability": SimpleNamespace(replaced=figure(0.45, 0.7))},
        {"fairness": biased(B="possible")},
        {"fairness": biased(0.15, figure(-0.01, 0.11), B="")},
        {"fairness": biased(0.17, figure(0.01, 0.05), B="")},
        {"fairness": biased(0.15, figure(0.01, 0.09), Unknown="")},
        {"calibration": off(1.2, 1.6)},
        {"calibration": off(1.26, 1.6, group="small ones")},
        {"calibration": off(1.26, 1.6, attribute="sen")},
    ],
)
def test_what_may_be_chance_or_cannot_be_printed_decides_nothing(passed: Evaluation, changes: dict[str, Any]) -> None:
    assert reconsider(passed, evidence(**changes)) == passed.verdict


def test_a_group_that_is_only_known_with_the_outcome_is_not_judged(passed: Evaluation) -> None:
    found = evidence(calibration=off(1.26, 1.6))
    assert reconsider(passed, found, with_outcome=["sex"]) == passed.verdict


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"validation": other(new_auroc=figure(0.45, 0.9))}, "its ranking may be no better than chance"),
        ({"validation": other(new_oe=figure(1.3, 2.0))}, "use it only where it learnt"),
        ({"validation": other(oe=figure(1.3, 2.0))}, "too high or too low overall (2021-09-01)"),
        ({"validation": left_out("districts", figure(0.6, 0.7), figure(1.3, 1.6))}, "too low overall: Northam."),
        ({"privacy": SimpleNamespace(verdict=ASK_FIRST)}, "Before a copy of the model is given away"),
        ({"checks": (coded("warning"), coded("note"))}, "has to answer one warning of"),
        ({"stability": None, "privacy": None}, "Not looked into: how much the list would change with another sample; "),
    ],
)
def test_what_decides_nothing_is_said_last(passed: Evaluation, changes: dict[str, Any], words: str) -> None:
    verdict = reconsider(passed, evidence(**changes))
    assert verdict.decision == USE_AS_DECLARED
    assert verdict.reasons[:-1] == FIRST
    assert words in verdict.reasons[-1]


def test_the_most_serious_comes_first(passed: Evaluation) -> None:
    verdict = reconsider(passed, evidence(checks=(coded("warning"),), calibration=off(1.26, 1.6)))
    assert [reason[:5] for reason in verdict.reasons] == ["Risks", "All c", "Whoev"]


def test_nothing_makes_a_refusal_milder(passed: Evaluation) -> None:
    refused = replace(passed, verdict=Verdict(DO_NOT_DEPLOY, ("A criterion is not met.",)))
    assert reconsider(refused, evidence(stability=None, checks=(coded("warning"),))) == refused.verdict
    more = reconsider(refused, evidence(checks=(coded("error"),), fairness=biased(A="clear")))
    assert more.decision == DO_NOT_DEPLOY
    assert more.reasons[:2] == ("A criterion is not met.", "Check RM301 found an error: duplicate cases.")
    assert "for A (ethnic group)" in more.reasons[2]


def test_no_reason_holds_a_figure_that_disclosure_control_could_withhold(passed: Evaluation) -> None:
    every = evidence(
        checks=(coded("error"), coded("warning")),
        arithmetic=("logistic, sex: F: precision .512 cannot go with recall .934",),
        fairness=biased(A="clear"),
        calibration=off(1.26, 1.6),
        validation=other(date_auroc=figure(0.4, 0.49), new_oe=figure(1.3, 2.0)),
        privacy=SimpleNamespace(verdict=NOT_OUTSIDE),
    )
    for found in (every, replace(every, checks=(coded("warning"),), arithmetic=(), validation=other())):
        said = " ".join(reconsider(passed, found).reasons)
        for figures in (".512", ".934", "1.26", "1.6", "0.49", "1.3", "7 rows"):
            assert figures not in said
