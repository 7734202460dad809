"""Calibration curves of groups, by simulation: against the curves that the outcomes were drawn from."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.arrays import logit
from riskmodel.evaluation.calibration import recalibration
from riskmodel.evaluation.group_curves import ENDS, group_curves
from riskmodel.evaluation.serialise import decode, encode


def world(seed, sizes, levels, slopes, household=1):
    """Outcomes of groups whose true log-odds are a line in the stated ones; the line as a function of risk."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    home = np.arange(len(group)) // household
    z = rng.normal(-1, 1, len(group))
    p = 1 / (1 + np.exp(-z))
    middle = np.average(z, weights=p * (1 - p))

    def truth(number, risk):
        return 1 / (1 + np.exp(-(middle + levels[number] + slopes[number] * (logit(risk) - middle))))

    true = np.array([truth(g, risk) for g, risk in zip(group, p, strict=True)])
    y = (rng.random(home.max() + 1)[home] < true).astype(float)
    return pd.DataFrame({"kind": pd.Categorical([f"g{g}" for g in group])}), y, p, home, truth


@pytest.mark.parametrize(("spread", "household"), [(0.0, 1), (0.3, 1), (0.3, 2)])
def test_bands_slopes_and_distances_cover_the_truth(spread, household):
    held = {"band": [], "slope": [], "distance": []}
    for seed in range(40):
        rng = np.random.default_rng(1000 + seed)
        levels, slopes = spread * rng.normal(size=4), 1 + spread / 2 * rng.normal(size=4)
        audit, y, p, home, truth = world(seed, [140, 200, 400, 900], levels, slopes, household)
        for one in group_curves(audit, y, p, home):
            number = int(one.group[1])
            own = p[(audit["kind"] == one.group).to_numpy()]
            at = np.array([point.predicted for point in one.curve])
            inside = [point.low <= value <= point.high
                      for point, value in zip(one.curve, truth(number, at), strict=True)]  # fmt: skip
            held["band"].append(np.mean(inside))
            held["slope"].append(one.slope.low <= slopes[number] <= one.slope.high)
            distance = np.abs(truth(number, own) - own).mean()
            held["distance"].append(one.distance.low <= distance <= one.distance.high)
    shares = {name: np.mean(found) for name, found in held.items()}
    # Without any difference between groups the pooling is too careful by design; 160 groups leave chance of 1.7 points.
    assert all(0.91 <= share <= 1.0 for share in shares.values()), shares
    if spread:
        assert all(share <= 0.99 for name, share in shares.items() if name != "distance"), shares


def test_a_large_group_keeps_its_own_line_and_a_small_one_is_drawn_to_the_others():
    audit, y, p, home, _ = world(3, [20_000, 20_000, 90], [0.0, 0.5, 0.0], [1.0, 0.8, 1.0])
    first, second, small = group_curves(audit, y, p, home)
    own = recalibration(y[20_000:40_000], p[20_000:40_000])[1]
    assert second.slope.value == pytest.approx(own, abs=0.02)
    assert second.weight > 0.95 > 0.9 > small.weight
    assert second.distance.low > 0.03
    assert first.distance.value < 0.02
    bands = [one.curve[12].high - one.curve[12].low for one in (first, small)]
    assert bands[1] > 3 * bands[0]


def test_curves_stay_inside_the_risks_that_a_group_has():
    audit, y, p, home, _ = world(5, [300, 500], [0.0, 0.0], [1.0, 1.0])
    for one in group_curves(audit, y, p, home):
        own = p[(audit["kind"] == one.group).to_numpy()]
        assert one.curve[0].predicted == pytest.approx(np.quantile(own, ENDS))
        assert one.curve[-1].predicted == pytest.approx(np.quantile(own, 1 - ENDS))
        assert (one.n, one.events) == (len(own), int(y[(audit["kind"] == one.group).to_numpy()].sum()))
        assert decode(type(one), encode(one)) == one


def test_a_group_too_small_to_report_has_no_curve_and_one_group_alone_neither():
    audit, y, p, home, _ = world(6, [300, 20], [0.0, 0.0], [1.0, 1.0])
    assert group_curves(audit, y, p, home) == ()


def test_outcomes_that_come_by_household_widen_the_band():
    levels, slopes = [0.0, 0.1], [1.0, 1.0]
    audit, y, p, _, _ = world(7, [600, 600], levels, slopes)
    y, p = np.repeat(y[::3], 3), np.repeat(p[::3], 3)
    alone = group_curves(audit, y, p, np.arange(1200))[0]
    together = group_curves(audit, y, p, np.arange(1200) // 3)[0]
    width = [one.curve[12].high - one.curve[12].low for one in (alone, together)]
    assert width[1] > 1.25 * width[0]


def test_pooling_of_very_many_risks_into_levels_moves_nothing():
    audit, y, p, home, _ = world(8, [9000, 9000], [0.0, 0.3], [1.0, 0.9])
    for one, rows in zip(group_curves(audit, y, p, home), (slice(0, 9000), slice(9000, None)), strict=True):
        assert one.slope.value == pytest.approx(recalibration(y[rows], p[rows])[1], abs=0.01)
