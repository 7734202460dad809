"""The verdict: each reason not to deploy is enough on its own, and the reasons come first."""

import pytest

from riskmodel.evaluation.results import (
    AREA_ONLY,
    DO_NOT_DEPLOY,
    USE_AS_DECLARED,
    Comparison,
    CriterionResult,
    Estimate,
)
from riskmodel.evaluation.verdict import decide


def figure(value, low, high, n=2000, events=600):
    return Estimate(value, low, high, n, events, "household bootstrap")


def criterion(met, surely=True):
    return CriterionResult("auroc at least 0.65", "auroc", None, met, surely, "it is what it is")


def verdict(criteria=None, gain=(0.1, 0.05, 0.15), output_is_area=False, n=2000, events=600, **changes):
    estimates = {
        "auroc": figure(0.72, 0.70, 0.74, n, events),
        "calibration_slope": figure(1.0, 0.9, 1.1),
        "oe": figure(1.0, 0.95, 1.05),
    } | changes
    comparison = Comparison("auroc", "logistic", "area_rate", figure(*gain))
    judged = [criterion(True)] if criteria is None else criteria
    return decide(judged, estimates, [comparison], output_is_area=output_is_area)


def test_a_model_that_keeps_its_promises_may_be_used():
    found = verdict()
    assert found.decision == USE_AS_DECLARED
    assert "All 1 success criteria" in found.reasons[0]


def test_a_promise_kept_only_just_is_said():
    found = verdict([criterion(True, surely=False)])
    assert found.decision == USE_AS_DECLARED
    assert "not beyond doubt" in found.reasons[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"criteria": [criterion(False)]}, "not met: auroc at least 0.65"),
        ({"criteria": [criterion(None, None)]}, "cannot be judged"),
        ({"auroc": figure(0.53, 0.49, 0.57)}, "better than chance"),
        ({"auroc": figure(None, None, None)}, "better than chance"),
        ({"gain": (0.01, -0.01, 0.03)}, "not surely better than the area rate"),
        ({"calibration_slope": figure(0.6, 0.5, 0.7)}, "calibration slope is 0.600"),
        ({"calibration_slope": figure(None, None, None)}, "calibration slope could not be measured"),
        ({"oe": figure(1.5, 1.3, 1.7)}, "happened to those predicted is 1.500"),
        ({"events": 99}, "fewer than 100 cases with the outcome"),
        ({"n": 690, "events": 600}, "fewer than 100 cases without the outcome"),
    ],
)
def test_each_reason_alone_says_do_not_deploy(changes, words):
    found = verdict(**changes)
    assert found.decision == DO_NOT_DEPLOY
    assert len(found.reasons) == 1
    assert words in found.reasons[0]


def test_what_a_failed_criterion_says_is_not_said_again():
    """Neither the baseline nor the slope that a criterion named; by chance, the base rate is nobody's better."""
    beaten = CriterionResult(
        "auroc better than the area rate", "auroc", figure(0, -0.1, 0.1), False, False, "it is not"
    )
    slope = figure(0.6, 0.5, 0.7)
    between = CriterionResult("calibration slope between 0.8 and 1.25", "calibration_slope", slope, False, False, "no")
    found = verdict([beaten, between], gain=(0.01, -0.01, 0.03), calibration_slope=slope)
    assert len(found.reasons) == 2
    named = [Comparison("auroc", "logistic", name, figure(0.0, -0.1, 0.1)) for name in ("base_rate", "simple")]
    estimates = {name: figure(1.0, 0.9, 1.1) for name in ("calibration_slope", "oe")} | {"auroc": figure(0.5, 0.4, 0.6)}
    reasons = decide([beaten], estimates, named, output_is_area=False).reasons
    assert [said for said in reasons if "base rate" in said] == []
    assert len([said for said in reasons if "simple" in said]) == 1


def test_a_slope_that_may_be_right_does_not_stop_it():
    assert verdict(calibration_slope=figure(0.75, 0.65, 0.85)).decision == USE_AS_DECLARED


def test_few_outcomes_allow_totals_only():
    found = verdict(events=150)
    assert found.decision == AREA_ONLY
    assert "Fewer than 200" in found.reasons[0]


def test_a_prototype_for_areas_stays_one():
    assert verdict(output_is_area=True).decision == AREA_ONLY
