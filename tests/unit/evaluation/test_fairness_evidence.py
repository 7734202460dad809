"""Fairness evidence: figures agree with those measured elsewhere, and what was planted in a small world is found."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.bootstrap import Prediction, household_bootstrap
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.fairness import groupings, point_values
from riskmodel.evaluation.fairness_evidence import FairnessEvidence, examine_fairness
from riskmodel.evaluation.group_figures import intersection_groups
from riskmodel.evaluation.label_bias import assumed_ratio, envelope_end
from riskmodel.evaluation.lists import resample_lists
from riskmodel.evaluation.mitigation import AREA, CONSTRAINED, FEATURE, THEME, candidates, within_area
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train


def people(n, seed=0):
    """Two groups, some scores tied, two cases a household."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.normal(size=n), 1)
    y = (rng.random(n) < 1 / (1 + np.exp(1.5 - score))).astype(float)
    audit = pd.DataFrame({"kind": pd.Categorical(rng.choice(["a", "b"], n, p=[0.7, 0.3]))})
    return y, score, 1 / (1 + np.exp(1.5 - score)), np.arange(n) // 2, audit


def lists_of(y, score, p, component, audit, resamples=200, **more):
    groups = groupings(audit, y)
    settings = {"capacity": 0.2, "resamples": resamples, "seed": 3, "areas": True}
    return groups, resample_lists(y, p, component, {"lead": score, **more}, groups, **settings)


def test_figures_and_intervals_are_those_of_the_household_bootstrap():
    y, score, p, component, audit = people(800)
    groups, lists = lists_of(y, score, p, component, audit)
    exact = point_values(y, Prediction(score, p), groups, 0.2)
    drawn = household_bootstrap(
        y, component, {"lead": Prediction(score, p, {g.key: g.rows for g in groups})},
        shares=[0.2], resamples=200, seed=3,
    )["lead"]  # fmt: skip
    for place, group in enumerate(groups, start=1):
        for mine, theirs in [("tpr", "tpr"), ("fpr", "fpr"), ("ppv", "ppv"), ("expected_ratio", "oe")]:
            figure = lists.figure("lead", mine)[place]
            assert figure[0] == pytest.approx(exact[group.key][theirs])
            np.testing.assert_allclose(figure[1:], drawn[group.key].resampled[theirs], rtol=1e-5)
    np.testing.assert_allclose(lists.tallies["lead"].area[1:], drawn[""].resampled["auroc"], rtol=1e-5)


@pytest.mark.parametrize("capacity", [0.002, 0.5, 0.999])
def test_ties_and_any_capacity_pick_the_share_they_say(capacity):
    y, score, p, component, audit = people(800)
    groups = groupings(audit, y)
    scores = {"lead": score, "tied": np.round(score, 0), "flat": np.zeros(800)}
    lists = resample_lists(y, p, component, scores, groups, capacity=capacity, resamples=150, seed=3)
    for name in scores:
        np.testing.assert_allclose(
            lists.figure(name, "selection_rate")[0], max(1, round(capacity * 800)) / 800, rtol=1e-9
        )
        assert np.isnan(lists.tallies[name].area).all()
    np.testing.assert_allclose(lists.figure("flat", "tpr")[0], max(1, round(capacity * 800)) / 800, rtol=1e-9)


def test_a_list_changes_nothing_against_itself():
    y, score, p, component, audit = people(400)
    _, lists = lists_of(y, score, p, component, audit, again=score)
    change = lists.change("again", "lead", 1, "tpr")
    assert (change.value, change.low, change.high) == (0, 0, 0)


def test_burden_and_missed_are_what_their_names_say():
    y, score, p, component, audit = people(800)
    groups, lists = lists_of(y, score, p, component, audit)
    picked = lists.tallies["lead"]
    assert picked.found[0, 0] + picked.wrong[0, 0] == pytest.approx(160)
    for place, group in enumerate(groups, start=1):
        assert lists.estimate("lead", place, "burden").value == pytest.approx(
            1000 * picked.wrong[place, 0] / len(group.rows)
        )
        assert lists.estimate("lead", place, "fnr").value == pytest.approx(
            1 - lists.estimate("lead", place, "tpr").value
        )


def test_intersections_follow_the_rules_of_groups():
    rng = np.random.default_rng(1)
    audit = pd.DataFrame({"a": pd.Categorical(rng.choice(["x", "y"], 2000)), "b": pd.Categorical(
        rng.choice(["u", "v", "w"], 2000, p=[0.6, 0.39, 0.01]))})  # fmt: skip
    found = intersection_groups(audit, [("a", "b"), ("a", "absent")], (rng.random(2000) < 0.3).astype(float))
    assert {g.attribute for g in found} == {"a & b"}
    assert [g.group for g in found if not g.withheld][:4] == ["x & u", "x & v", "y & u", "y & v"]
    assert all(g.withheld or g.members for g in found if g.group.endswith("w"))


def test_the_envelope_holds_the_truth_when_recording_goes_with_the_score():
    """Recorded a third of the time, more often at higher scores: the share found of true cases is between the ends."""
    rng = np.random.default_rng(5)
    n = 60_000
    score = rng.normal(size=n)
    true = (rng.random(n) < 1 / (1 + np.exp(2 - score))).astype(float)
    chance = np.clip(0.33 + 0.06 * score, 0, 1)
    y = true * (rng.random(n) < chance)
    ratio = y.sum() / true.sum()
    audit = pd.DataFrame({"kind": pd.Categorical(["a"] * n)})
    _, lists = lists_of(y, score, 1 / (1 + np.exp(3 - score)), np.arange(n), audit, resamples=20)
    really = true[score >= np.sort(score)[-n // 5]].sum() / true.sum()
    top, bottom = lists.figure("lead", "tpr")[1, 0], envelope_end(lists, 1, ratio)[0]
    assert bottom < really < top
    assert top - really > 0.02


def test_recording_that_ignores_the_score_leaves_the_share_found_as_it_is():
    rng = np.random.default_rng(6)
    n = 60_000
    score = rng.normal(size=n)
    true = (rng.random(n) < 1 / (1 + np.exp(2 - score))).astype(float)
    y = true * (rng.random(n) < 0.4)
    audit = pd.DataFrame({"kind": pd.Categorical(["a"] * n)})
    _, lists = lists_of(y, score, 1 / (1 + np.exp(3 - score)), np.arange(n), audit, resamples=100)
    really = true[score >= np.sort(score)[-n // 5]].sum() / true.sum()
    found = lists.estimate("lead", 1, "tpr")
    assert found.low < really < found.high


def test_assumed_ratios_multiply_the_largest_groups_by_the_groups_own(prototype_of):
    told = prototype_of(reporting_ratios={"everyone": (0.2, 0.4), "group": (0.5, 1.0), "sex: M": (0.9, 0.9)})
    assert assumed_ratio(told, "group", "b", reference=False) == (0.1, 0.4)
    assert assumed_ratio(told, "group", "a", reference=True) == (0.2, 0.4)
    assert assumed_ratio(told, "sex", "M", reference=False) == pytest.approx((0.18, 0.36))
    assert assumed_ratio(prototype_of(), "sex", "M", reference=False) == (0.6, 1.0)


def test_every_area_gets_its_share_and_keeps_its_order():
    rng = np.random.default_rng(2)
    score, area = rng.normal(size=1000), rng.choice(["n", "s"], 1000)
    score[area == "n"] += 2
    inside = within_area(score, area)
    chosen = inside >= np.sort(inside)[-100]
    for name in ("n", "s"):
        here = area == name
        assert chosen[here].mean() == pytest.approx(0.1, abs=0.005)
        assert (np.argsort(inside[here]) == np.argsort(score[here])).all()


def test_candidates_are_the_declared_then_the_flagged(prototype_of):
    made = prototype_of(could_drop=["tenure", "contact"])
    assert candidates(made, ["score", "tenure"]) == [(FEATURE, "tenure"), (THEME, "contact"), (FEATURE, "score")]


@pytest.fixture(scope="module")
def planted(matrix_of, prototype_of):
    """Tenure gives group b away, and half of group b's outcomes are not recorded."""
    matrix = matrix_of(2000, seed=4)
    rng = np.random.default_rng(9)
    group = matrix.audit["group"].astype(str).to_numpy()
    tenure = np.where((group == "b") & (rng.random(len(matrix)) < 0.7), "social", matrix.X["tenure"].astype(str))
    matrix.X["tenure"] = pd.Categorical(tenure, ["owner", "private", "social"])
    matrix.y[(group == "b") & (rng.random(len(matrix)) < 0.5)] = 0.0
    prototype = prototype_of(intersections=[("sex", "group")], reporting_ratios={"group": (0.4, 1.0)})
    training = train(matrix, prototype, families=("logistic",))
    split = split_for(matrix, prototype, seed=0)
    found = evaluate(training, matrix, prototype, split, resamples=100, optimism=False)
    context = Context(training, matrix, prototype, split, found, resamples=100)
    return context, examine_fairness(context)


def test_what_was_found_can_be_saved_and_read(planted):
    _, found = planted
    assert decode(FairnessEvidence, encode(found)) == found


def test_every_shown_figure_has_an_interval_or_says_why(planted):
    _, found = planted
    for group in found.groups:
        for metric, figure in group.estimates.items():
            assert figure.n == group.n
            assert figure.low is not None or figure.note, (group, metric)


def test_the_feature_that_gives_a_group_away_is_flagged(planted):
    _, found = planted
    by = {(g.attribute, g.group): g for g in found.proxies.groups}
    assert by["group", "b"].recovered
    assert by["group", "b"].contributors[0].feature == "tenure"
    assert "tenure" in found.proxies.flagged
    assert not any(g.recovered for g in found.proxies.groups if g.attribute == "sex")
    assert sum(g.attribute == "sex" for g in found.proxies.groups) == 1


def test_a_group_recorded_half_as_often_is_flagged_and_lower_when_corrected(planted):
    _, found = planted
    group = next(g for g in found.label_bias.groups if g.group == "b")
    assert group.flag == "clear"
    assert group.oe_ratio.value < 0.8
    moved = next(one for one in found.label_bias.recalibrated if one.group == "b")
    assert moved.change.high < 0


def test_options_are_measured_against_the_lead(planted):
    context, found = planted
    kinds = [option.kind for option in found.mitigation.options]
    assert {FEATURE, CONSTRAINED, AREA} <= set(kinds)
    for option in found.mitigation.options:
        assert option.auroc.n == len(context.y)
        assert option.auroc_change.low is not None
    dropped = next(o for o in found.mitigation.options if o.removed == ("tenure",))
    b = next(g for g in dropped.groups if (g.attribute, g.group) == ("group", "b"))
    # Tenure stands for a group of whom less is recorded, so the model learnt to score it lower.
    assert b.picked_change.low > 0


def test_training_for_an_equal_share_found_narrows_the_difference():
    """On a world where the groups' scores differ, the constraint brings the shares found together."""
    from riskmodel.evaluation.constrained import _fit

    rng = np.random.default_rng(3)
    n = 8000
    group = rng.choice(["a", "b"], n)
    seen = rng.normal(size=n) - 1.0 * (group == "b")
    other = rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(1.0 - seen - 0.8 * other - 1.0 * (group == "b")))).astype(float)
    design = np.column_stack([seen, other])
    free, constrained = _fit(design, y, group, 0.5, design)

    def gap(score):
        chosen = score >= np.sort(score)[-int(0.3 * n)]
        return abs(chosen[(group == "a") & (y == 1)].mean() - chosen[(group == "b") & (y == 1)].mean())

    assert gap(constrained) < gap(free) - 0.05


def test_cohorts_are_told_apart(planted):
    _, found = planted
    days = {one.as_of: one.tested for one in found.over_time}
    assert days == {"2021-09-01": False, "2022-09-01": False, "2023-09-01": True}
