"""Stability by simulation: noise gives lists that agree by chance, signal lists that stay, as fresh samples do."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.evaluation.stability import Stability, lists_of, other_samples, replaced_between, stability
from riskmodel.evaluation.usefulness import places
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from tests.unit.evaluation.conftest import make_matrix, make_prototype


def context_of(matrix, prototype, families=("logistic",), **settings):
    split = split_for(matrix, prototype)
    return Context(train(matrix, prototype, families=families), matrix, prototype, split, None, **settings)


@pytest.fixture(scope="module")
def found():
    return stability(context_of(make_matrix(500), make_prototype(), refits=40))


def test_fresh_samples_replace_as_much_of_the_list_as_the_refits_say():
    prototype, test = make_prototype(), None
    for signal, close in ((0.0, 0.15), (1.0, 0.05)):
        scores, said = [], []
        for seed in range(5):
            context = context_of(make_matrix(500, seed=50 + seed, signal=signal), prototype, refits=25)
            test = context.test if seed == 0 else test
            scores.append(context.lead.raw(test))
            said.append(stability(context).replaced.value)
        lists = lists_of(np.column_stack(scores), places(len(test), prototype.capacity))
        fresh = [1 - (lists[:, a] & lists[:, b]).sum() / lists[:, 0].sum() for a, b in combinations(range(5), 2)]
        assert np.mean(said) == pytest.approx(np.mean(fresh), abs=close)


def test_noise_is_near_chance_and_signal_far_from_it(found):
    noise = stability(context_of(make_matrix(500, seed=9, signal=0.0), make_prototype(), refits=40))
    assert noise.by_chance == pytest.approx(0.85, abs=0.01)
    assert noise.replaced.value > 0.65
    assert noise.firm.value < 0.1
    assert found.replaced.value < 0.2
    assert found.firm.value > 0.6
    assert found.replaced.low < found.replaced.value < found.replaced.high


def test_the_correction_gives_refits_the_spread_of_the_model():
    rng = np.random.default_rng(0)
    own = rng.normal(size=4000)
    raw = own[:, None] + 0.7 * rng.normal(size=(4000, 30))
    np.testing.assert_allclose(other_samples(raw, own).std(axis=0), own.std(), rtol=0.05)
    drowned = other_samples(own[:, None] + 5 * rng.normal(size=(4000, 30)), own)
    assert abs(np.corrcoef(drowned, rowvar=False)[0, 1]) < 0.1


def test_a_list_holds_its_places_and_ties_never_count_as_change():
    lists = lists_of(np.ones((10, 3)), 4)
    assert lists.sum(axis=0).tolist() == [4, 4, 4]
    assert replaced_between(lists).tolist() == [0, 0, 0]
    assert replaced_between(lists_of(np.array([[1.0, 2], [2, 1]]), 1)).tolist() == [1]


def test_bands_are_given_by_risk_and_never_by_person(found):
    risks = [group.risk.value for group in found.band]
    assert risks == sorted(risks)
    assert sum(group.risk.n for group in found.band) == found.n
    assert all(group.risk.n >= 50 for group in found.band)
    for group in found.band:
        assert group.risk.low < group.risk.value < group.risk.high
        assert group.width.low <= group.width.value <= group.width.high
    assert decode(Stability, encode(found)) == found
    assert len(str(encode(found))) < 20_000


def test_reasons_stay_where_one_feature_drives_the_score(found):
    assert found.top_reason_stays.value > 0.7
    assert found.top_theme_stays.value >= found.top_reason_stays.value
    assert 0.5 < found.reasons_shared.value <= 1


def test_trees_also_say_what_the_seed_alone_changes(found):
    assert found.replaced_by_seed is None
    trees = stability(context_of(make_matrix(300), make_prototype(), ("gradient_boosting",), refits=10))
    assert 0 <= trees.replaced_by_seed.value < trees.replaced.value + 0.1
    assert trees.model == "gradient_boosting"


def test_without_refits_there_is_nothing_to_say():
    assert stability(context_of(make_matrix(200), make_prototype(), refits=0)) is None


def test_progress_tells_of_every_refit():
    told = []

    class Watcher:
        def step(self, name, total=None):
            told.append((name, total))

        def advance(self, n=1):
            told.append(n)

    stability(context_of(make_matrix(200), make_prototype(), refits=6, progress=Watcher()))
    assert told[0] == ("Fitting the model again on other samples", 6)
    assert told[1:] == [1] * 6
