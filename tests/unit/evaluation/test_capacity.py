"""From visits to the cut-off: counts, costs and comparisons against worked examples and simulation."""

import numpy as np
import pytest

from riskmodel.declare import Team
from riskmodel.evaluation.capacity import Capacity, capacity
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.evaluation.usefulness import net_benefit, precision_at, recall_at
from tests.unit.evaluation.conftest import make_matrix, make_prototype
from tests.unit.evaluation.test_stability import context_of


def found_with(team=None, *, n=700, resamples=80, **changes):
    context = context_of(make_matrix(n), make_prototype(team=team, **changes), resamples=resamples)
    return context, capacity(context)


@pytest.fixture(scope="module")
def derived():
    return found_with()


def test_without_a_team_the_visits_follow_from_the_share(derived):
    context, found = derived
    work, n = found.overall, len(context.y)
    assert not found.declared
    assert work.visits == round(0.15 * n)
    assert work.a_month == work.visits / 12
    assert work.right.value == pytest.approx(precision_at(context.y, context.ranking, 0.15))
    assert work.recall.value == pytest.approx(recall_at(context.y, context.ranking, 0.15))
    assert work.found.value + work.missed.value == pytest.approx(context.y.sum())
    assert work.found.value + work.wasted.value == pytest.approx(work.visits)
    assert decode(Capacity, encode(found)) == found


def test_the_cost_ratio_makes_the_cut_off_the_best_place_to_stop():
    t = found_with(Team(visits_a_month=10))[1].overall
    assert t.visits == 120
    assert t.cost_ratio.value == pytest.approx((1 - t.cut_off.value) / t.cut_off.value)
    assert t.cost_ratio.low <= t.cost_ratio.value <= t.cost_ratio.high
    # at a true risk t, a visit gains t of a case and is in vain for 1 - t: worth it when a case counts (1 - t) / t
    assert t.cut_off.value * t.cost_ratio.value == pytest.approx(1 - t.cut_off.value)


def test_the_odds_of_the_cut_off_are_the_best_stop_in_a_calibrated_world():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 4, 200_000)
    y = (rng.random(len(p)) < p).astype(float)
    t = np.quantile(p, 0.8)
    gains = {cut: net_benefit(y, np.where(p >= cut, 1.0, 0.0), t) for cut in (0.5 * t, 0.8 * t, t, 1.2 * t, 1.5 * t)}
    assert max(gains, key=gains.get) == t


def test_areas_with_their_own_visits_have_lists_of_their_own():
    context, found = found_with(Team(visits_a_month={"North": 3, "South": 5, "Nowhere": 2}))
    places = context.test.area.astype(str).to_numpy()
    assert [(one.area, one.visits) for one in found.areas] == [("North", 36), ("South", 60)]
    for one in found.areas:
        rows = places == one.area
        assert one.n == rows.sum()
        chosen = np.argsort(-context.ranking[rows], kind="stable")[: one.visits]
        assert one.found.value == pytest.approx(context.y[rows][chosen].sum(), abs=1)
    assert found.overall.visits == 96
    assert found.left_out == (places == "East").sum()
    assert found.one_more is None
    assert found.overall.found.value == pytest.approx(sum(one.found.value for one in found.areas))
    assert found.overall.found.value + found.overall.missed.value == pytest.approx(context.y.sum())
    width = [one.found.high - one.found.low for one in (found.overall, *found.areas)]
    assert max(width[1:]) < width[0] < sum(width[1:]) + 1


def test_a_team_that_can_visit_everybody_misses_nobody():
    context, found = found_with(Team(visits_a_month=1000), n=400)
    assert found.overall.visits == len(context.y)
    assert found.one_more is None
    assert found.overall.missed.value == 0
    assert found.overall.recall.value == 1


def test_one_more_visit_a_week_goes_to_the_next_on_the_list(derived):
    context, found = derived
    order = np.argsort(-context.ranking, kind="stable")
    further = order[found.overall.visits : found.overall.visits + 52]
    assert found.one_more.visits == 52
    assert found.one_more.found.value == pytest.approx(context.y[further].sum(), abs=1)
    assert found.one_more.right.value == pytest.approx(found.one_more.found.value / 52)
    assert found.one_more.right.low < context.probability[further].mean() < found.one_more.right.high


def test_today_is_compared_at_the_same_number_of_visits(derived):
    context, found = derived
    assert found.practice.kind == "rule"
    assert found.practice.visits == found.overall.visits
    assert found.practice.by_model == found.overall.found
    late = context.test.X["late"].to_numpy() == 1  # the rule is yes or no: its cases share the places
    assert found.practice.by_practice.value == pytest.approx(context.y[late].mean() * found.overall.visits)
    difference = found.practice.difference
    assert difference.value == pytest.approx(found.practice.by_model.value - found.practice.by_practice.value)
    assert difference.low > 0
    assert 0 < found.practice.in_common.value < 1


def test_recorded_decisions_set_the_number_of_visits():
    context, found = found_with(Team(visits_a_month=9, decisions="late"))
    late = context.test.X["late"].to_numpy() == 1
    assert found.practice.kind == "decisions"
    assert found.practice.visits == late.sum()
    assert found.practice.by_practice.value == context.y[late].sum()
    assert "help" in found.practice.note
    with_audit = found_with(Team(visits_a_month=9, decisions="sex"))[1]
    assert with_audit.practice is None  # nobody's sex says yes


def test_no_rule_and_no_decisions_give_no_comparison():
    assert found_with(current_rule=None)[1].practice is None


def test_net_benefit_beside_the_best_baseline_is_paired(derived):
    context, found = derived
    assert {one.baseline for one in found.benefit} == {"simple"}
    simple = context.training.baselines["simple"].predict(context.test)
    for one in found.benefit:
        mine, theirs = (net_benefit(context.y, p, one.threshold) for p in (context.probability, simple))
        assert one.difference.value == pytest.approx(mine - theirs)
        assert one.standardised.value == pytest.approx((mine - theirs) / context.y.mean())
        assert one.difference.low <= one.difference.value <= one.difference.high


def test_intervals_of_what_is_found_cover_the_expectation():
    """The list of one fixed model on fresh cohorts of independent cases."""
    from riskmodel.evaluation import fused
    from riskmodel.evaluation.intervals import percentile
    from riskmodel.evaluation.resampled_cells import resampled

    def cohort(seed, n):
        rng = np.random.default_rng(seed)
        p = rng.beta(1, 4, n)
        return (rng.random(n) < p).astype(float), p

    y, p = cohort(10_000, 400_000)
    true = float(y[p >= np.quantile(p, 0.8)].mean())
    inside, worlds = 0, 150
    for seed in range(worlds):
        y, p = cohort(seed, 500)

        def figures(counts, tally):
            hits, false = fused.selected(counts, tally.groups[0], fused.cut_line(counts, 0.2))
            return {"right": hits / (hits + false)}

        drawn = resampled(y, p, p, np.arange(500), 500, figures, resamples=200, seed=seed)["right"]
        found = percentile(float(drawn[0]), float(drawn[0]), drawn[1:], n=500, events=int(y.sum()))
        inside += found.low <= true <= found.high
    assert 0.90 <= inside / worlds <= 0.99
