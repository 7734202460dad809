"""Calibration in detail, by simulation: distances, groups and recalibration against the truth they were drawn from."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.calibration import calibration_errors
from riskmodel.evaluation.calibration_evidence import (
    CalibrationEvidence,
    calibration_distances,
    cross_fitted,
    examine_calibration,
)
from riskmodel.evaluation.group_calibration import group_calibration
from riskmodel.evaluation.serialise import decode, encode
from tests.unit.evaluation.conftest import make_matrix, make_prototype
from tests.unit.evaluation.test_stability import context_of


def drawn(n, seed, intercept=0.0, slope=1.0, base=-1.0):
    """Stated risks, and outcomes of the true risk: `intercept` + `slope` x stated, in log-odds."""
    rng = np.random.default_rng(seed)
    z = base + rng.normal(size=n)
    p, truth = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-(intercept + slope * z)))
    return (rng.random(n) < truth).astype(float), p, truth


def test_distances_are_those_of_the_whole_test_set():
    y, p, _ = drawn(2000, 4)
    found = calibration_distances(y, p, np.arange(2000), 2000, resamples=50, seed=0)
    assert [found[name].value for name in ("ici", "e50", "e90", "emax")] == list(calibration_errors(y, p))
    assert found["ici"].value <= found["e90"].value <= found["emax"].value


def test_too_few_distinct_risks_have_no_curve():
    assert calibration_distances(np.tile([0.0, 1.0], 50), np.repeat([0.3, 0.6], 50), np.arange(100), 100,
                                 resamples=10, seed=0) == {}  # fmt: skip


@pytest.mark.parametrize(("intercept", "slope"), [(0.3, 0.7), (0.15, 0.9)])
def test_intervals_of_distances_cover_what_a_very_large_sample_shows(intercept, slope):
    """The distance is that of the smooth curve, which a lowess of any size flattens a little."""
    y, p, _ = drawn(40_000, 999, intercept, slope)
    true = dict(zip(("ici", "e50", "e90", "emax"), calibration_errors(y, p), strict=True))
    inside, worlds = dict.fromkeys(true, 0), 100
    for seed in range(worlds):
        y, p, _ = drawn(1500, seed, intercept, slope)
        found = calibration_distances(y, p, np.arange(1500), 1500, resamples=200, seed=seed)
        for name, value in true.items():
            inside[name] += found[name].low <= value <= found[name].high
    # The standard error of one coverage is two points, of the mean of four that go together hardly less.
    assert all(hits / worlds >= 0.88 for hits in inside.values()), inside
    assert 0.91 <= np.mean(list(inside.values())) / worlds <= 0.99, inside


def groups_of(seed, spread, sizes, households=1):
    """Groups whose true O:E differ by `spread` on the log scale; the true values too."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    true = np.exp(spread * rng.normal(size=len(sizes)))
    p = np.clip(rng.beta(2, 10, len(group)), 0.01, 0.5)
    y = (rng.random(len(group)) < np.minimum(true[group] * p, 0.95)).astype(float)
    audit = pd.DataFrame({"kind": pd.Categorical([f"g{i:02d}" for i in group])})
    (found,) = group_calibration(audit, y, p, np.arange(len(group)) // households)
    return true, found


def test_pooled_intervals_cover_and_pooled_estimates_are_nearer_the_truth():
    inside, total, raw_error, pooled_error = 0, 0, 0.0, 0.0
    for seed in range(60):
        true, found = groups_of(seed, 0.2, [40, 60, 90, 150, 400, 900, 60])
        for value, group in zip(true, found.groups, strict=True):
            inside += group.pooled.low <= value <= group.pooled.high
            total += 1
            raw_error += (np.log((group.events + 0.5) / (group.expected + 0.5)) - np.log(value)) ** 2
            pooled_error += (np.log(group.pooled.value) - np.log(value)) ** 2
    assert 0.90 <= inside / total <= 0.98
    assert pooled_error < 0.7 * raw_error


@pytest.mark.parametrize("spread", [0.0, 0.25])
def test_two_groups_are_pooled_honestly(spread):
    inside = []
    for seed in range(120):
        true, found = groups_of(1000 + seed, spread, [120, 700])
        inside += [g.pooled.low <= value <= g.pooled.high for value, g in zip(true, found.groups, strict=True)]
    assert 0.91 <= np.mean(inside) <= 1.0


def test_equal_groups_are_drawn_together_and_different_ones_left_apart():
    _, equal = groups_of(5, 0.0, [50] * 12)
    _, apart = groups_of(5, 0.8, [4000] * 12)
    assert max(g.pooled.value for g in equal.groups) - min(g.pooled.value for g in equal.groups) < 0.5 * (
        max(g.raw.value for g in equal.groups) - min(g.raw.value for g in equal.groups)
    )
    assert all(g.weight > 0.9 for g in apart.groups)
    assert all(g.pooled.value == pytest.approx(g.raw.value, rel=0.05) for g in apart.groups)
    assert apart.spread == pytest.approx(0.8, rel=0.5)


def test_a_group_without_outcomes_has_a_finite_pooled_estimate():
    y, p = np.zeros(300), np.full(300, 0.1)
    y[:40] = 1
    audit = pd.DataFrame({"kind": pd.Categorical(["a"] * 280 + ["b"] * 20), "one": pd.Categorical(["x"] * 300)})
    kinds, one = group_calibration(audit, y, p, np.arange(300))
    assert kinds.groups[1].raw.value == 0
    assert kinds.groups[1].raw.low is None
    assert 0.1 < kinds.groups[1].pooled.value < 1.4
    assert one.groups[0].pooled == one.groups[0].raw
    assert one.groups[0].weight == 1.0


def test_outcomes_that_come_by_household_widen_the_interval():
    rng = np.random.default_rng(1)
    p = np.full(900, 0.2)
    y = np.repeat((rng.random(300) < 0.2).astype(float), 3)
    audit = pd.DataFrame({"kind": pd.Categorical(["a", "b"] * 450)})
    alone, together = (
        group_calibration(audit, y, p, h)[0].groups[0].raw for h in (np.arange(900), np.arange(900) // 3)
    )
    width = [np.log(e.high / e.low) for e in (alone, together)]
    assert width[1] / width[0] == pytest.approx(np.sqrt(3), rel=0.1)


def test_recalibration_mends_what_it_can_mend():
    y, p, truth = drawn(6000, 3, intercept=0.5, slope=0.6)
    household = np.arange(6000) // 2
    for method, reach in (("intercept", 0.07), ("intercept and slope", 0.015), ("isotonic", 0.03)):
        corrected = cross_fitted(method, y, p, household)
        assert np.abs(corrected - truth).mean() < reach < np.abs(p - truth).mean()
        assert corrected.sum() == pytest.approx(y.sum(), rel=0.02)


def test_no_case_takes_part_in_its_own_correction():
    y, p, _ = drawn(400, 3)
    household = np.arange(400) // 2
    before = cross_fitted("intercept", y, p, household)
    y[:2] = 1 - y[:2]
    after = cross_fitted("intercept", y, p, household)
    assert (before[:2] == after[:2]).all()
    assert (before != after).any()
    assert cross_fitted("isotonic", y, p, household) is None


def test_the_whole_survives_being_saved_and_shows_a_drift():
    context = context_of(make_matrix(700), make_prototype(), resamples=60)
    found = examine_calibration(context)
    assert decode(CalibrationEvidence, encode(found)) == found
    mild, middle, rich = found.recalibrations
    assert mild.slope == 1.0
    assert middle.possible
    assert not rich.possible
    assert abs(mild.after["oe"].value - 1) < 0.01
    assert mild.as_of == "2023-09-01"
    assert mild.change["oe"].value == pytest.approx(mild.after["oe"].value - mild.before["oe"].value)
    assert {a.attribute for a in found.groups} == {"sex", "group"}
