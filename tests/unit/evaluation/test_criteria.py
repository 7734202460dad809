"""Success criteria: what counts as met, and what is said when it is not."""

import numpy as np
import pytest

from riskmodel.declare import at_least, at_most, better_than, between, group_gap_at_most
from riskmodel.errors import EvaluationError
from riskmodel.evaluation.bootstrap import EVERYONE, Draws, Prediction
from riskmodel.evaluation.criteria import judge
from riskmodel.evaluation.measure import Measured
from riskmodel.evaluation.results import Estimate, GroupResult

NOTHING = np.empty(0)


def measured(**models):
    """Each model's figures, every one with resamples 0.02 either side of it (in the same order: perfectly paired)."""
    around = np.linspace(-0.02, 0.02, 1001)
    draws = {
        name: {EVERYONE: Draws(dict(f), {k: v + around for k, v in f.items()}, NOTHING, NOTHING, NOTHING)}
        for name, f in models.items()
    }
    y = np.r_[np.ones(300), np.zeros(700)]
    predictions = {name: Prediction(y, y) for name in models}
    return Measured(y, predictions, draws, models, (0.2,), (0.1, 0.3, 0.5), 0.2)


def judged(criterion, groups=(), draws=None, **models):
    (result,) = judge([criterion], measured(**models), next(iter(models)), groups, draws or {})
    return result


@pytest.mark.parametrize(
    ("criterion", "met", "surely"),
    [
        (at_least("auroc", 0.65), True, True),
        (at_least("auroc", 0.69), True, False),
        (at_least("auroc", 0.71), False, False),
        (at_most("auroc", 0.71), True, False),
        (between("auroc", 0.6, 0.8), True, True),
        (between("auroc", 0.75, 0.8), False, False),
    ],
)
def test_a_range_is_met_by_the_figure_and_surely_by_the_interval(criterion, met, surely):
    result = judged(criterion, lead={"auroc": 0.70})
    assert (result.met, result.surely_met) == (met, surely)
    assert result.value.text() == "0.700 (0.681 to 0.719)"
    assert ("it may lie outside that" in result.reason) == (met and not surely)


def test_better_than_needs_the_lower_end_of_the_paired_difference_above_the_margin():
    models = {"lead": {"auroc": 0.70}, "area_rate": {"auroc": 0.66}}
    assert judged(better_than("area rate"), **models).met is True
    assert judged(better_than("area rate", by=0.035), **models).met is True
    assert judged(better_than("area rate", by=0.045), **models).met is False
    assert judged(better_than("area rate"), lead={"auroc": 0.66}, area_rate={"auroc": 0.66}).met is False


def test_of_a_figure_where_less_is_better_the_gain_is_turned_round():
    models = {"lead": {"brier": 0.18}, "simple": {"brier": 0.20}}
    result = judged(better_than("simple", metric="brier"), **models)
    assert result.met is True
    assert result.value.value == pytest.approx(0.02)


def test_precision_and_recall_are_those_at_capacity_and_net_benefit_that_in_mid_range():
    assert judged(at_least("recall", 0.3), lead={"recall@0.2": 0.4}).met is True
    assert judged(at_least("precision", 0.5), lead={"precision@0.2": 0.4}).met is False
    assert judged(at_least("net_benefit", 0.02), lead={"net_benefit@0.3": 0.05}).met is True


def test_a_gap_between_groups_is_judged_on_the_two_furthest_apart():
    groups = [
        GroupResult("sex", name, 100, 30, {"tpr": Estimate(value, None, None, 100, 30)})
        for name, value in (("F", 0.40), ("M", 0.30))
    ]
    draws = {f"sex: {g.group}": Draws({"tpr": g.estimates["tpr"].value},
                                      {"tpr": np.full(100, g.estimates["tpr"].value)}, NOTHING, NOTHING, NOTHING)
             for g in groups}  # fmt: skip
    wide = judged(group_gap_at_most("sex", "tpr", 0.05), groups, draws, lead={"auroc": 0.7})
    assert wide.met is False
    assert "between F (highest) and M (lowest)" in wide.reason
    assert judged(group_gap_at_most("sex", "tpr", 0.15), groups, draws, lead={"auroc": 0.7}).met is True
    one = judged(group_gap_at_most("sex", "tpr", 0.15), groups[:1], draws, lead={"auroc": 0.7})
    assert one.met is None
    assert "fewer than two groups of sex" in one.reason


def test_what_cannot_be_measured_is_neither_met_nor_missed():
    result = judged(at_least("auroc", 0.6), lead={"auroc": float("nan")})
    assert (result.met, result.surely_met) == (None, None)
    result = judged(better_than("simple"), lead={"auroc": 0.7})
    assert result.met is None
    assert "the simple could not be built" in result.reason


def test_a_calibration_slope_cannot_be_better_by_being_larger():
    models = {"lead": {"calibration_slope": 1.2}, "simple": {"calibration_slope": 1.0}}
    with pytest.raises(EvaluationError, match="neither more nor less is better"):
        judged(better_than("simple", metric="calibration_slope"), **models)


def test_all_criteria_that_name_nothing_are_refused_at_once():
    criteria = [at_least("aurocc", 0.6), group_gap_at_most("sexx", "tpr", 0.1), group_gap_at_most("sex", "tprr", 0.1)]
    with pytest.raises(EvaluationError) as caught:
        judge(criteria, measured(lead={"auroc": 0.7}), "lead", [GroupResult("sex", "F", 100, 30)], {})
    said = str(caught.value)
    assert all(word in said for word in ("aurocc at least 0.6", "groups of sexx", "tprr differs"))
    assert "'auroc'" in said
