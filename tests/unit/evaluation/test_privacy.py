"""Privacy of the model: an honest one withstands the attacks, one that learned by heart does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskmodel import latest
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.membership import Attack, membership_attacks
from riskmodel.evaluation.privacy import ASK_FIRST, MAY_BE_SHARED, NOT_OUTSIDE, judge, privacy
from riskmodel.evaluation.privacy_rules import PrivacyRules
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.evaluation.structure import of_leaves, of_terms, structure
from riskmodel.modelling import estimators
from riskmodel.modelling.calibration import Calibrator
from riskmodel.modelling.columns import describe, take
from riskmodel.modelling.columns import encode as encoded
from riskmodel.modelling.estimators import Sample, fit
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.training import Training
from riskmodel.reporting.policy import Policy


def context_of(training, matrix, prototype, lead) -> Context:
    split = split_for(matrix, prototype, seed=0)
    return Context(replace(training, lead=lead), matrix, prototype, split, None, resamples=200)


def by_heart(matrix, prototype_of, people) -> Context:
    """Trees grown to single cases over thirty columns of noise that happen to tell everybody apart."""
    noise = [f"noise_{place}" for place in range(30)]
    drawn = np.random.default_rng(0).normal(size=(len(matrix), len(noise)))
    wide = replace(matrix, X=matrix.X.assign(**dict(zip(noise, drawn.T, strict=True))))
    features = [*prototype_of().features, *(latest(people, name, "of noise", value="points") for name in noise)]
    prototype = prototype_of(features=features)
    split = split_for(wide, prototype, seed=0)
    described = describe(prototype.features, wide.X)
    settings = {"num_leaves": 200, "min_child_samples": 1, "rounds": 150}
    values = encoded(take(wide, described, strict=True), described)[split.fit]
    sample = Sample(values, wide.y.to_numpy(float)[split.fit], described)
    grown = RiskModel(
        "gradient_boosting", "gradient_boosting", described, fit("gradient_boosting", sample, settings), Calibrator(),
        {"settings": settings},
    )  # fmt: skip
    return Context(Training({grown.name: grown}, {}, grown.name, {}), wide, prototype, split, None, resamples=200)


@pytest.mark.parametrize("lead", ["logistic", "gradient_boosting"])
def test_an_honest_model_withstands(training, matrix, prototype, lead):
    found = privacy(context_of(training, matrix, prototype, lead))
    assert found.verdict == MAY_BE_SHARED, found.reasons
    assert [attack.name for attack in found.attacks] == ["confidence", "calibrated", "test"]
    for attack in found.attacks:
        assert attack.auroc.low < attack.auroc.value < 0.6
        assert 0.5 < attack.by_chance < 0.56
    assert found.structure.least >= 10
    assert decode(Evidence, encode(Evidence("p", privacy=found))).privacy == found


def test_a_model_that_learned_by_heart_is_found_out(matrix_of, prototype_of, monkeypatch):
    # The library itself never grows leaves of fewer than ten cases; without that rule it would.
    monkeypatch.setitem(estimators._FIXED, "min_sum_hessian_in_leaf", 1e-3)
    found = privacy(by_heart(matrix_of(300), prototype_of, prototype_of().cohort.source))
    assert found.verdict == NOT_OUTSIDE
    assert not found.shareable
    assert all(attack.auroc.low > 0.6 and attack.p < 0.01 for attack in found.attacks)
    assert found.structure.least < 10
    assert found.structure.in_small.value > 0.1
    assert any("surely above 0.6" in reason for reason in found.reasons)


def test_not_even_the_greediest_settings_give_a_leaf_of_fewer_than_ten(matrix_of, prototype_of):
    found = privacy(by_heart(matrix_of(300), prototype_of, prototype_of().cohort.source))
    assert found.structure.least >= estimators.LEAST_IN_LEAF
    assert found.structure.in_small.value == 0


def test_an_attack_on_scores_that_remember_nothing_is_guessing(training, matrix_of, prototype):
    values = [
        membership_attacks(context_of(training, matrix_of(400, seed), prototype, "logistic"))[0].auroc
        for seed in range(2, 10)
    ]
    assert np.mean([one.value for one in values]) == pytest.approx(0.5, abs=0.03)
    assert sum(one.low <= 0.5 <= one.high for one in values) >= 6


def test_the_same_seed_gives_the_same_attack(training, matrix, prototype):
    context = context_of(training, matrix, prototype, "logistic")
    assert membership_attacks(context) == membership_attacks(context)


def test_leaves_are_counted_in_the_trees_as_they_are(training, matrix, prototype):
    context = context_of(training, matrix, prototype, "gradient_boosting")
    found, text = structure(context, 10), context.lead.predictor.text
    counts = [int(n) for line in text.splitlines() if line.startswith("leaf_count=") for n in line[11:].split()]
    assert found.parameters == len(counts)
    assert found.least == min(counts)
    assert found.cases == len(context.fit)


def test_small_pure_and_lonely_leaves_are_counted():
    leaves = np.array([[0, 0]] * 20 + [[1, 0]] * 15 + [[1, 1]] * 5)
    y = np.array([0.0] * 20 + [1.0] * 20)
    found = of_leaves(leaves, y, 10)
    assert (found.parameters, found.least, found.small, found.pure) == (4, 5, 1, 2)
    assert (found.in_small.events, found.alone.events) == (5, 5)


def test_terms_that_are_no_yes_or_no_are_left_out():
    y = np.array([1.0, 1.0, 0.0, 0.0] * 10)
    rare = np.array([1.0] + [0.0] * 39)
    found = of_terms(np.column_stack([np.arange(40.0), rare, y]), ["count", "rare", "twin"], y, 10)
    assert (found.least, found.small, found.pure, found.named) == (1, 1, 2, ("rare", "twin"))
    assert found.spare == 36


def test_the_rule_is_as_stated():
    def attack(low: float, value: float) -> object:
        from riskmodel.evaluation.membership import Attack

        return Attack("test", Estimate(value, low, value + 0.02, 100, 50), 0.55, 0.5)

    fine = of_terms(np.array([[0.0], [1.0]] * 50), ["a"], np.array([0.0, 1.0, 1.0, 0.0] * 25), 10)
    assert judge(fine, [attack(0.49, 0.52)])[0] == MAY_BE_SHARED
    assert judge(fine, [attack(0.59, 0.61)])[0] == ASK_FIRST
    assert judge(fine, [attack(0.56, 0.58)])[0] == ASK_FIRST
    assert judge(fine, [attack(0.601, 0.62)])[0] == NOT_OUTSIDE
    assert judge(fine, [])[0] == ASK_FIRST
    assert judge(None, [attack(0.49, 0.52)])[0] == ASK_FIRST
    assert judge(replace(fine, spare=9), [attack(0.49, 0.52)])[0] == NOT_OUTSIDE
    assert judge(replace(fine, small=1, named=("a",)), [attack(0.49, 0.52)])[0] == ASK_FIRST


def test_the_limits_are_those_of_the_policy(training, matrix, prototype) -> None:
    rules = Policy(least_leaf=400, leaf_k=25, membership_limit=0.58, membership_review=0.52).privacy
    context = replace(context_of(training, matrix, prototype, "gradient_boosting"), privacy=rules)
    found = privacy(context)
    assert found.verdict == NOT_OUTSIDE
    assert "fewer than 400 training cases" in found.reasons[0]
    assert (found.rules, found.structure.k) == (rules, 25)
    assert decode(Evidence, encode(Evidence("invented", privacy=found))).privacy == found


@pytest.mark.parametrize(("auroc", "verdict"), [(0.57, MAY_BE_SHARED), (0.64, NOT_OUTSIDE)])
def test_an_attack_is_held_against_the_limit_that_was_set(auroc: float, verdict: str) -> None:
    value = Estimate(auroc, auroc - 0.01, auroc + 0.01, 1000, 500)
    attack = Attack("confidence", value, 0.53, 0.01)
    inside = of_leaves(np.zeros((40, 2), dtype=np.int64), np.repeat([0.0, 1.0], 20), 10)
    assert judge(inside, [attack], PrivacyRules(membership_limit=0.62, membership_review=0.57))[0] == verdict
    assert judge(inside, [attack], PrivacyRules(membership_limit=0.7, membership_review=0.7))[0] == MAY_BE_SHARED
