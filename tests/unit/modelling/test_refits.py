"""Refits on household resamples: the same whatever the number of workers, small on disk, and honest about the model."""

from __future__ import annotations

import numpy as np
import pytest

from riskmodel.errors import BundleError
from riskmodel.modelling.refits import MOST_TREES_KEPT, Refits
from riskmodel.modelling.resampled import refit_on_resamples, refit_with_seeds
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from tests.unit.evaluation.conftest import make_matrix, make_prototype

FAMILIES = ("logistic", "gradient_boosting")


@pytest.fixture(scope="module")
def made():
    matrix, prototype = make_matrix(300), make_prototype()
    return matrix, split_for(matrix, prototype), train(matrix, prototype).models


@pytest.mark.parametrize("family", FAMILIES)
def test_refits_do_not_depend_on_the_workers_but_on_the_seed(made, family):
    matrix, split, models = made
    test = matrix.rows(split.test)
    one, two = (refit_on_resamples(models[family], matrix, split, refits=4, workers=n).predict(test) for n in (1, 2))
    np.testing.assert_array_equal(one, two)
    other = refit_on_resamples(models[family], matrix, split, refits=4, seed=1).predict(test)
    assert not np.array_equal(one, other)
    assert len(np.unique(one[0])) == 4


@pytest.mark.parametrize("family", FAMILIES)
def test_refits_lie_around_the_model(made, family):
    matrix, split, models = made
    test = matrix.rows(split.test)
    refits = refit_on_resamples(models[family], matrix, split, refits=30)
    own, found = models[family].predict(test), refits.predict(test)
    assert found.mean() == pytest.approx(own.mean(), abs=0.02)
    assert np.corrcoef(found.mean(axis=1), own)[0, 1] > 0.97
    low, high = refits.band(test)
    assert (low <= own).all()
    assert (own <= high).all()
    assert (low < high).all()
    np.testing.assert_array_equal(refits.band(test.rows(np.arange(5)))[0], low[:5])


def test_a_household_is_drawn_whole(made, monkeypatch):
    matrix, split, models = made
    drawn = {}
    monkeypatch.setattr(
        "riskmodel.modelling.resampled.weighted_ridge",
        lambda design, y, weight, C, start, signs: (
            drawn.setdefault(len(drawn), weight) is None or (start[:-1], start[-1])
        ),
    )
    refit_on_resamples(models["logistic"], matrix, split, refits=3, workers=1)
    component = matrix.component.to_numpy()[split.fit]
    for weight in drawn.values():
        names = np.unique(component)
        by_household = [set(weight[component == name].tolist()) for name in names[:50]]
        assert all(len(times) == 1 for times in by_household)
        drawn_in_all = sum(weight[component == name][0] for name in names)
        assert drawn_in_all == len(names)


@pytest.mark.parametrize("family", FAMILIES)
def test_refits_are_saved_as_text_and_belong_to_one_model(made, family, tmp_path):
    matrix, split, models = made
    test = matrix.rows(split.test)
    refits = refit_on_resamples(models[family], matrix, split, refits=MOST_TREES_KEPT + 2)
    folder = refits.save(tmp_path / "refits")
    again = Refits.load(folder, models[family])
    kept = len(refits) if family == "logistic" else MOST_TREES_KEPT
    assert len(again) == kept
    np.testing.assert_array_equal(again.predict(test), refits.predict(test)[:, :kept])
    other = models[next(name for name in FAMILIES if name != family)]
    with pytest.raises(BundleError, match="of another model"):
        Refits.load(folder, other)
    (folder / "refits.json").write_text("{}")
    with pytest.raises(BundleError, match="was changed"):
        Refits.load(folder, models[family])


def test_another_seed_alone_moves_trees_and_not_the_logistic_model(made):
    matrix, split, models = made
    test = matrix.rows(split.test)
    for family, moves in (("logistic", False), ("gradient_boosting", True)):
        found = refit_with_seeds(models[family], matrix, split, refits=2).raw(test)
        assert (np.abs(found[:, 0] - found[:, 1]).max() > 1e-6) == moves
        np.testing.assert_allclose(found.mean(axis=1), models[family].raw(test), atol=1.0)
    exact = refit_with_seeds(models["logistic"], matrix, split, refits=2).raw(test)[:, 0]
    np.testing.assert_allclose(exact, models["logistic"].raw(test), atol=1e-6)
