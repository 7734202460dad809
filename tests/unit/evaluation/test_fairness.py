"""Groups: fairlearn's own metrics agree, small groups are pooled or withheld, and everybody meets one cut."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.bootstrap import Draws, Prediction
from riskmodel.evaluation.fairness import group_results, groupings, point_values, widest_gap
from riskmodel.evaluation.results import Estimate, GroupResult


def audit_of(**counts):
    """One attribute: name -> (cases, cases with the outcome)."""
    names = [name for name, (n, _) in counts.items() for _ in range(n)]
    y = np.concatenate([np.r_[np.ones(events), np.zeros(n - events)] for n, events in counts.values()])
    return pd.DataFrame({"kind": pd.Categorical(names, [*counts, "never seen"])}), y


def test_figures_agree_with_fairlearns_own():
    from fairlearn.metrics import false_positive_rate, selection_rate, true_positive_rate
    from sklearn.metrics import precision_score

    rng = np.random.default_rng(0)
    p = rng.random(600)
    y, kind = (rng.random(600) < p).astype(float), rng.choice(["a", "b"], 600)
    groups = groupings(pd.DataFrame({"kind": pd.Categorical(kind)}), y)
    values = point_values(y, Prediction(p, p), groups, 0.2)
    chosen = p >= np.sort(p)[-120]
    for name in ("a", "b"):
        here, found = kind == name, values[f"kind: {name}"]
        assert found["selection_rate"] == pytest.approx(selection_rate(y[here], chosen[here]))
        assert found["tpr"] == pytest.approx(true_positive_rate(y[here], chosen[here]))
        assert found["fpr"] == pytest.approx(false_positive_rate(y[here], chosen[here]))
        assert found["ppv"] == pytest.approx(precision_score(y[here], chosen[here]))
        assert found["base_rate"] == pytest.approx(y[here].mean())
        assert found["oe"] == pytest.approx(y[here].sum() / p[here].sum())


def test_large_groups_stand_alone_and_levels_nobody_has_are_left_out():
    groups = groupings(*audit_of(a=(60, 20), b=(50, 10)))
    assert [(g.group, len(g.rows), g.events, g.note) for g in groups] == [("a", 60, 20, ""), ("b", 50, 10, "")]


def test_small_groups_are_pooled_and_it_says_so():
    groups = groupings(*audit_of(a=(60, 20), b=(30, 6), c=(49, 20), d=(200, 9)))
    assert [(g.group, g.withheld) for g in groups] == [("a", False), ("Small groups together", False)]
    pool = groups[1]
    assert pool.members == ("b", "c", "d")
    assert (len(pool.rows), pool.events) == (279, 35)
    assert "pooled from b, c, d" in pool.note


def test_a_single_small_group_is_withheld_because_pooling_it_hides_nothing():
    groups = groupings(*audit_of(a=(60, 20), b=(49, 20)))
    assert [(g.group, g.withheld) for g in groups] == [("a", False), ("b", True)]
    assert "too small to report" in groups[1].note


def test_a_pool_that_is_still_too_small_is_withheld_group_by_group():
    groups = groupings(*audit_of(a=(60, 20), b=(20, 5), c=(20, 5)))
    assert [(g.group, g.withheld) for g in groups] == [("a", False), ("b", True), ("c", True)]


def test_a_group_in_which_nearly_all_have_the_outcome_is_small_too():
    groups = groupings(*audit_of(a=(60, 20), b=(60, 55)))
    assert [g.withheld for g in groups] == [False, True]


def test_withheld_groups_have_no_figures():
    audit, y = audit_of(a=(60, 20), b=(49, 20))
    groups = groupings(audit, y)
    p = np.linspace(0.1, 0.9, len(y))
    resampled = {m: np.full(10, 0.5) for m in ("base_rate", "selection_rate", "tpr", "fpr", "ppv", "oe", "auroc")}
    resampled["calibration_slope"] = np.full(10, 0.5)
    nothing = np.empty(0)
    draws = {"kind: a": Draws(dict.fromkeys(resampled, 0.5), resampled, nothing, nothing, nothing)}
    shown, hidden = group_results(y, Prediction(p, p), groups, draws, 0.2)
    assert shown.estimates["base_rate"].value == pytest.approx(1 / 3)
    assert (hidden.withheld, dict(hidden.estimates), hidden.n, hidden.events) == (True, {}, 49, 20)


def test_everybody_meets_one_cut_and_ties_are_shared():
    y = np.tile([1.0, 0.0], 100)
    p = np.r_[np.full(50, 0.9), np.full(100, 0.5), np.full(50, 0.1)]
    audit = pd.DataFrame({"kind": pd.Categorical(np.r_[np.full(100, "a"), np.full(100, "b")])})
    values = point_values(y, Prediction(p, p), groupings(audit, y), 0.5)
    # 100 places: 50 above the tie, the other 50 shared among the 100 tied cases.
    assert values["kind: a"]["selection_rate"] == pytest.approx((50 + 25) / 100)
    assert values["kind: b"]["selection_rate"] == pytest.approx(25 / 100)


def gap_world():
    def group(name, value):
        return GroupResult("kind", name, 100, 30, {"tpr": Estimate(value, None, None, 100, 30)})

    def draws(values):
        nothing = np.empty(0)
        return Draws({"tpr": float(np.mean(values))}, {"tpr": values}, nothing, nothing, nothing)

    noise = np.random.default_rng(0).normal(0, 0.01, 500)
    results = [group("a", 0.3), group("b", 0.5), group("c", 0.4), GroupResult("kind", "d", 5, 1, withheld=True)]
    drawn = {f"kind: {name}": draws(value + noise) for name, value in (("a", 0.3), ("b", 0.5), ("c", 0.4))}
    return results, drawn


def test_the_widest_gap_is_between_the_ends_and_paired():
    high, low, gap = widest_gap(*gap_world(), "kind", "tpr")
    assert (high, low) == ("b", "a")
    # Both moved together in every resample, so their difference is certain.
    assert (gap.value, gap.low, gap.high) == pytest.approx((0.2, 0.2, 0.2))


def test_one_group_has_no_gap():
    results, drawn = gap_world()
    assert widest_gap(results[:1], drawn, "kind", "tpr") is None
