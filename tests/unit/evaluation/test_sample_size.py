"""Sample size: published worked examples and tables, and the rules behind them."""

import math

import numpy as np
import pytest

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.calibration import recalibration
from riskmodel.evaluation.sample_size import (
    extra_for_strong,
    largest_r2,
    needed_to_develop,
    needed_to_test_ranking,
    needed_to_test_total,
    r2_of_auroc,
)

# Prevalence, AUROC, parameters, people and outcomes, found by simulation with other code.
PLANNED = [
    (0.317, 0.72, 30, 1932, 613),
    (0.317, 0.72, 60, 3863, 1225),
    (0.05, 0.75, 30, 6437, 322),
    (0.03, 0.75, 40, 13720, 412),
    (0.23, 0.68, 30, 3577, 823),
]


def test_the_documented_example_of_the_r_package():
    needed = needed_to_develop(0.174, 24, 0.288)
    assert (needed.shrinkage, needed.optimism, needed.overall_risk) == (623, 662, 221)
    assert (needed.n, needed.events) == (662, 116)


@pytest.mark.parametrize(("prevalence", "auroc", "parameters", "n", "events"), PLANNED)
def test_planned_models_need_what_the_table_says(prevalence, auroc, parameters, n, events):
    needed = needed_to_develop(prevalence, parameters, r2_of_auroc(auroc, prevalence))
    assert needed.n == pytest.approx(n, rel=0.015)
    assert needed.events == pytest.approx(events, rel=0.015)


@pytest.mark.parametrize(("prevalence", "auroc", "total", "ranking"), [
    (0.317, 0.72, 831, 460), (0.05, 0.75, 7324, 1910), (0.03, 0.75, 12463, 3120),
])  # fmt: skip
def test_tests_need_what_the_table_says(prevalence, auroc, total, ranking):
    assert needed_to_test_total(prevalence) == total
    assert needed_to_test_ranking(prevalence, auroc) == pytest.approx(ranking, rel=0.005)


def test_the_r2_of_an_auroc_is_that_of_a_simulated_model():
    rng = np.random.default_rng(3)
    prevalence, auroc, n = 0.2, 0.75, 400_000
    y = (rng.random(n) < prevalence).astype(float)
    gap = math.sqrt(2) * 0.6744897501960817
    score = rng.normal(size=n) + gap * y
    start, slope = recalibration(y, 1 / (1 + np.exp(-score)))
    linear = start + slope * score
    gained = float((y * linear - np.logaddexp(0, linear)).mean())
    share = float(y.mean())
    nothing = share * math.log(share) + (1 - share) * math.log(1 - share)
    assert r2_of_auroc(auroc, prevalence) == pytest.approx(1 - math.exp(-2 * (gained - nothing)), abs=0.003)


def test_more_parameters_weaker_signal_and_rarer_outcomes_need_more_people():
    base = needed_to_develop(0.2, 20, 0.1).n
    assert needed_to_develop(0.2, 40, 0.1).n > base
    assert needed_to_develop(0.2, 20, 0.05).n > base
    assert needed_to_develop(0.02, 20, r2_of_auroc(0.75, 0.02)).n > needed_to_develop(0.2, 20, r2_of_auroc(0.75, 0.2)).n


def test_strong_models_are_asked_for_more():
    assert extra_for_strong(0.7) == 1
    assert extra_for_strong(0.9) == 2


@pytest.mark.parametrize("wrong", [
    lambda: needed_to_develop(0, 10, 0.1), lambda: needed_to_develop(0.2, 0, 0.1),
    lambda: needed_to_develop(0.2, 10, largest_r2(0.2)), lambda: r2_of_auroc(0.5, 0.2),
])  # fmt: skip
def test_what_cannot_be_planned_is_refused(wrong):
    with pytest.raises(EvaluationError, match="cannot be planned for"):
        wrong()
