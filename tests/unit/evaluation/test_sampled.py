"""A sample keeps households whole, stays within its limits, says how large it is, and leaves small worlds alone."""

from __future__ import annotations

import numpy as np
import pytest

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.sampled import sampled
from riskmodel.evaluation.side_by_side import side_by_side
from riskmodel.modelling.splits import split_for


@pytest.fixture(scope="module")
def context(training, matrix, prototype):
    split = split_for(matrix, prototype, seed=0)
    found = evaluate(training, matrix, prototype, split, resamples=20, optimism=False)
    return Context(training, matrix, prototype, split, found, resamples=20, refits=0)


def test_small_data_are_used_whole(context):
    assert sampled(context) == (context, "")


def test_a_sample_keeps_households_whole_and_rows_true(context):
    small, note = sampled(context, test=300, training=500)
    assert 290 < len(small.split.test) <= 300
    assert 490 < len(small.split.fit) <= 500
    before = context.matrix.component.iloc[context.split.test].value_counts()
    after = small.test.component.value_counts()
    assert (before[after.index] == after).all()
    assert set(small.test.keys) <= set(context.test.keys)
    assert set(small.fit.keys) <= set(context.fit.keys)
    assert note.startswith("On a sample of whole households")
    assert "300 of 900 test cases" in note


def test_the_same_seed_draws_the_same_households(context):
    first, second = (sampled(context, test=300, training=500)[0] for _ in range(2))
    assert np.array_equal(first.split.test, second.split.test)
    assert first.matrix.keys.equals(second.matrix.keys)


def test_results_come_in_order_whatever_the_number_of_threads():
    assert [side_by_side(lambda n: n * n, range(9), workers=w) for w in (1, 2, 3)] == [[n * n for n in range(9)]] * 3
