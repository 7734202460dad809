"""Figures by group: which give way to protect a small group, and who is said to be missed more often."""

from __future__ import annotations

from dataclasses import replace

from riskmodel.declare import Criterion, group_gap_at_most
from riskmodel.evaluation.results import Estimate, Evaluation, GroupResult
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.figures import proportion
from riskmodel.reporting.groups import PrintedGroup, furthest_apart, missed_more_often, printed_groups
from tests.unit.reporting.made_up import a_prototype, inputs

# Group: cases, with the outcome, found, wrongly picked. The last one is too small for its `found` to be printed.
GROUPS = {"a": (900, 300, 120, 60), "b": (600, 200, 60, 45), "c": (300, 100, 40, 30), "d": (90, 20, 6, 14)}


def group(name: str, n: int, events: int, found: int, wrong: int) -> GroupResult:
    shares = {
        "base_rate": events / n, "selection_rate": (found + wrong) / n, "tpr": found / events,
        "fpr": wrong / (n - events), "ppv": found / (found + wrong), "oe": 1.0,
    }  # fmt: skip
    estimates = {key: Estimate(value, value - 0.05, value + 0.05, n, events) for key, value in shares.items()}
    return GroupResult("tenure", name, n, events, estimates)


def evaluation() -> Evaluation:
    made = inputs().evaluation
    groups = tuple(group(name, *counts) for name, counts in GROUPS.items())
    lead = replace(made.models["logistic"], groups=groups, capacity=())
    test = {**made.test, "n": sum(g.n for g in groups), "events": sum(g.events for g in groups)}
    return replace(made, models={**made.models, "logistic": lead}, test=test)


def printed(*success: Criterion) -> dict[str, PrintedGroup]:
    prototype = a_prototype()
    object.__setattr__(prototype, "success", success)
    found = printed_groups(prototype, judged_at_capacity(), Policy(), ["found", "picked"])
    return {one.group: one for one in found}


def judged_at_capacity() -> Evaluation:
    """The evaluation with the counts of all cases that other sections print."""
    made = evaluation()
    found, picked = sum(c[2] for c in GROUPS.values()), sum(c[2] + c[3] for c in GROUPS.values())
    point = inputs().evaluation.models["logistic"].at_capacity()
    assert point is not None
    point = replace(point, n_selected=picked, found=replace(point.found, value=float(found)))
    lead = replace(made.models["logistic"], capacity=(point,))
    return replace(made, models={**made.models, "logistic": lead})


def test_the_largest_group_gives_way_for_the_smallest() -> None:
    shown = printed()
    assert [shown[name].found.kind for name in "abcd"] == ["withheld", "share", "share", "withheld"]
    assert shown["d"].missed.kind == shown["a"].missed.kind == "withheld"
    assert shown["a"].n.text == "900"


def test_groups_that_a_criterion_is_judged_on_are_spared() -> None:
    # The criterion compares a, right most often, with d; so b, the largest of the others, gives way in place of a.
    assert set(furthest_apart(evaluation().fairness, "ppv")) == {"a", "d"}
    shown = printed(group_gap_at_most("tenure", "ppv", 0.1))
    assert [shown[name].found.kind for name in "abcd"] == ["share", "withheld", "share", "withheld"]


def test_a_group_is_missed_more_often_only_when_its_whole_interval_says_so() -> None:
    shown = list(printed().values())
    overall = proportion(0.38)
    (said,) = missed_more_often(shown, overall)
    assert said.measured
    assert [one.group for one in said.groups] == ["b"]
    assert missed_more_often(shown, proportion(0.3))[0].groups == ()


def test_without_figures_nothing_is_claimed() -> None:
    hidden = [one for one in printed().values() if one.missed.value is None]
    (said,) = missed_more_often(hidden, proportion(0.4))
    assert not said.measured
    assert said.groups == ()
