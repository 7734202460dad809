"""The household bootstrap against its definition: each resample is the metric on rows copied by household."""

import numpy as np
import pytest

from riskmodel.errors import EvaluationError
from riskmodel.evaluation import accuracy, calibration, discrimination, usefulness
from riskmodel.evaluation.bootstrap import EVERYONE, Prediction, household_bootstrap, household_weights
from riskmodel.evaluation.measure import exact_figures

SHARES, THRESHOLDS = (0.1, 0.3), (0.25, 0.4)


def world(n=240, seed=0, levels=None, household=3):
    """Outcomes, probabilities (few distinct ones where `levels` is given), a ranking score, households, two groups."""
    rng = np.random.default_rng(seed)
    p = rng.beta(2, 4, n)
    if levels:
        p = (np.floor(p * levels) + 0.5) / levels
    y = (rng.random(n) < p).astype(float)
    return y, p, 3 * p - 1, rng.integers(0, n // household, n), {"odd": np.arange(1, n, 2), "few": np.arange(0, n, 5)}


def drawn(y, p, score, household, groups, **options):
    prediction = Prediction(score, p, groups)
    settings = {"shares": SHARES, "thresholds": THRESHOLDS, "group_share": 0.3, "resamples": 12, "seed": 4} | options
    return household_bootstrap(y, household, {"model": prediction}, **settings)["model"]


def copied(y, p, score, household, seed, resample):
    """The rows of one resample, copied one by one."""
    _, number = np.unique(household, return_inverse=True)
    weight = household_weights(number.max() + 1, [resample], seed)[:, 0].astype(int)[number]
    rows = np.repeat(np.arange(len(y)), weight)
    return rows, y[rows], p[rows], score[rows]


@pytest.mark.parametrize("levels", [None, 15])
def test_each_resample_is_the_metric_on_the_copied_rows(levels):
    y, p, score, household, groups = world(levels=levels)
    draws = drawn(y, p, score, household, groups)[EVERYONE]
    for resample in range(12):
        _, yy, pp, ss = copied(y, p, score, household, 4, resample)
        intercept, slope = calibration.recalibration(yy, pp)
        expected = {
            "auroc": discrimination.auroc(yy, ss),
            "auprc": discrimination.auprc(yy, ss),
            "brier": accuracy.brier(yy, pp),
            "scaled_brier": accuracy.scaled_brier(yy, pp),
            "log_loss": accuracy.log_loss(yy, pp),
            "oe": calibration.observed_to_expected(yy, pp),
            "calibration_in_the_large": calibration.calibration_in_the_large(yy, pp),
            "calibration_intercept": intercept,
            "calibration_slope": slope,
            "net_benefit@0.25": usefulness.net_benefit(yy, pp, 0.25),
            "net_benefit_of_all@0.4": usefulness.net_benefit_of_all(yy, 0.4),
        }
        for name, value in expected.items():
            assert draws.resampled[name][resample] == pytest.approx(value, abs=1e-7), name


def by_hand(yy, ss, share):
    """Precision and recall when a fraction of the weight is selected, ties shared, without whole places."""
    order = np.argsort(-ss, kind="stable")
    room, levels = share * len(yy), np.unique(-ss)
    found = 0.0
    for level in levels:
        tied = -ss[order] == level
        found += min(1.0, max(0.0, room) / tied.sum()) * yy[order][tied].sum()
        room -= tied.sum()
    return found / (share * len(yy)), found / yy.sum()


@pytest.mark.parametrize("levels", [None, 15])
def test_each_resample_is_cut_at_the_same_share(levels):
    y, p, score, household, groups = world(levels=levels)
    draws = drawn(y, p, score, household, groups)[EVERYONE]
    for resample in range(12):
        _, yy, _, ss = copied(y, p, score, household, 4, resample)
        for share in SHARES:
            precision, recall = by_hand(yy, ss, round(share * len(y)) / len(y))
            assert draws.resampled[f"precision@{share:g}"][resample] == pytest.approx(precision)
            assert draws.resampled[f"recall@{share:g}"][resample] == pytest.approx(recall)
            assert draws.resampled[f"number_needed_to_visit@{share:g}"][resample] == pytest.approx(1 / precision)


@pytest.mark.parametrize("levels", [None, 15])
def test_groups_are_cut_where_the_whole_list_is_cut(levels):
    y, p, score, household, groups = world(levels=levels)
    result = drawn(y, p, score, household, groups)
    for resample in range(12):
        rows, yy, pp, ss = copied(y, p, score, household, 4, resample)
        chance = np.zeros(len(yy))
        room = 0.3 * len(yy)
        for level in np.unique(-ss):
            tied = -ss == level
            chance[tied] = min(1.0, max(0.0, room) / tied.sum())
            room -= tied.sum()
        for name, members in groups.items():
            here = np.isin(rows, members)
            gy, gp, gc = yy[here], pp[here], chance[here]
            expected = {
                "base_rate": gy.mean(),
                "selection_rate": gc.mean(),
                "tpr": (gc * gy).sum() / gy.sum(),
                "fpr": (gc * (1 - gy)).sum() / (1 - gy).sum(),
                "ppv": (gc * gy).sum() / gc.sum(),
                "oe": gy.sum() / gp.sum(),
                "auroc": discrimination.auroc(gy, ss[here]),
                "calibration_slope": calibration.calibration_slope(gy, gp),
            }
            for metric, value in expected.items():
                assert result[name].resampled[metric][resample] == pytest.approx(value, abs=1e-6), (name, metric)


@pytest.mark.parametrize("levels", [None, 15])
def test_without_resampling_every_figure_is_the_exact_one(levels):
    y, p, score, household, groups = world(levels=levels)
    draws = drawn(y, p, score, household, groups)[EVERYONE]
    for name, value in exact_figures(y, Prediction(score, p), SHARES, THRESHOLDS).items():
        # The curve behind the ICI is pooled and its windows are fixed, so it is close and not equal.
        tolerance = 0.01 if name == "ici" else 1e-9
        assert draws.point[name] == pytest.approx(value, abs=tolerance), name


def test_pooling_scores_moves_no_end_of_an_interval_by_a_tenth_of_its_standard_error():
    y, p, score, household, groups = world(6000, seed=2)
    exact = drawn(y, p, score, household, groups, most_levels=10**6, resamples=200)
    pooled = drawn(y, p, score, household, groups, resamples=200)
    for group, draws in exact.items():
        for name, values in draws.resampled.items():
            here = pooled[group]
            ends = [
                np.quantile(drawn_values - point, (0.025, 0.975))
                for drawn_values, point in ((values, draws.point[name]), (here.resampled[name], here.point[name]))
            ]
            assert np.abs(ends[1] - ends[0]).max() <= 0.1 * values.std() + 1e-12, (group, name)


def test_households_are_drawn_whole_and_as_many_as_there_are():
    weights = household_weights(500, range(400), seed=9)
    assert (weights.sum(axis=0) == 500).all()
    assert (weights == np.round(weights)).all()
    assert weights.mean() == 1
    # Multinomial counts: variance 1 - 1/n, and nobody is drawn with probability (1 - 1/n)^n.
    assert weights.var() == pytest.approx(1 - 1 / 500, abs=0.02)
    assert (weights == 0).mean() == pytest.approx((1 - 1 / 500) ** 500, abs=0.005)


def test_the_same_seed_gives_the_same_draws_whatever_the_batches(monkeypatch):
    y, p, score, household, groups = world()
    first = drawn(y, p, score, household, groups)
    monkeypatch.setattr("riskmodel.evaluation.bootstrap.BATCH_BYTES", 4 * 80 * 5)
    again, other = drawn(y, p, score, household, groups), drawn(y, p, score, household, groups, seed=5)
    for group, draws in first.items():
        for name, values in draws.resampled.items():
            assert again[group].resampled[name] == pytest.approx(values, rel=1e-12, nan_ok=True)
    assert (first[EVERYONE].resampled["auroc"] != other[EVERYONE].resampled["auroc"]).any()


def test_two_models_see_the_same_households():
    y, p, score, household, _ = world()
    same = Prediction(score, p)
    both = household_bootstrap(y, household, {"a": same, "b": same}, shares=SHARES, resamples=20)
    assert (both["a"][EVERYONE].resampled["auroc"] == both["b"][EVERYONE].resampled["auroc"]).all()


def test_a_resample_without_the_outcome_has_no_figure_and_is_counted():
    y = np.zeros(30)
    y[:2] = 1
    p = np.linspace(0.9, 0.1, 30)
    draws = household_bootstrap(y, np.arange(30), {"m": Prediction(p, p)}, shares=[0.2], resamples=300)["m"][EVERYONE]
    without = [household_weights(30, [r], 0)[:2].sum() == 0 for r in range(300)]
    assert 0 < sum(without) < 100
    assert np.isnan(draws.resampled["auroc"]).tolist() == without


def test_no_resamples_are_refused():
    y, p, score, household, _ = world()
    with pytest.raises(EvaluationError, match="0 resamples"):
        drawn(y, p, score, household, {}, resamples=0)


def test_probabilities_that_contradict_the_score_are_refused():
    y, p, _, household, _ = world()
    with pytest.raises(EvaluationError, match="do not follow its ranking scores"):
        drawn(y, p, -p, household, {})
