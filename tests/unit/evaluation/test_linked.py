"""Records found by group: counts, paired intervals that cover, and nothing said where nothing can be known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fairness import groupings
from riskmodel.evaluation.linked import linked_shares
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from tests.unit.evaluation.conftest import make_matrix, make_prototype


@pytest.fixture(scope="module")
def made():
    matrix, prototype = make_matrix(900), make_prototype()
    return train(matrix, prototype, families=("logistic",)), matrix, prototype, split_for(matrix, prototype)


def shares_with(made, missing_of, seed=0, resamples=150):
    """Shares found when all that a partner's `latest` features say is missing for a part of each sex."""
    training, matrix, prototype, split = made
    rng = np.random.default_rng(seed)
    gone = rng.random(len(matrix)) < matrix.audit["sex"].map(missing_of).astype(float).to_numpy()
    X = matrix.X.copy()
    for name in ("visits", "score", "tenure"):
        X[name] = X[name].mask(pd.Series(gone))
    context = Context(training, replace(matrix, X=X), prototype, split, None, resamples=resamples)
    groups = groupings(context.test.audit, context.y)
    return context, linked_shares(context, groups), gone[split.test]


def test_shares_are_those_of_cases_with_any_record(made):
    context, found, gone = shares_with(made, {"F": 0.1, "M": 0.3})
    for one in found:
        rows = (context.test.audit[one.attribute] == one.group).to_numpy() if one.group in "FMab" else None
        if rows is not None:
            assert (one.n, one.found) == (rows.sum(), (rows & ~gone).sum())
            assert one.share.value == pytest.approx(1 - gone[rows].mean())
            assert one.share.low < one.share.value < one.share.high
    (less,) = [one for one in found if one.attribute == "sex" and one.difference is not None]
    sign = 1 if less.group == "M" else -1
    assert sign * less.difference.value == pytest.approx(0.2, abs=0.08)
    assert less.difference.excludes(0)


def test_intervals_of_the_difference_cover_the_truth(made):
    held = []
    for seed in range(60):
        _, found, _ = shares_with(made, {"F": 0.2, "M": 0.3}, seed=seed, resamples=120)
        (less,) = [one for one in found if one.attribute == "sex" and one.difference is not None]
        truth = 0.1 if less.group == "M" else -0.1
        held.append(less.difference.low <= truth <= less.difference.high)
    assert np.mean(held) >= 0.87


def test_a_partner_that_knows_all_or_few_is_not_asked(made):
    assert shares_with(made, {"F": 0.0, "M": 0.0})[1] == ()
    assert shares_with(made, {"F": 0.8, "M": 0.8})[1] == ()
