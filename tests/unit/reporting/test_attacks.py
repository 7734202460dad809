"""Attacks on whole cards with everything that stands on them, by somebody who has only the card."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.calibration_evidence import examine_calibration
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.fairness_evidence import examine_fairness
from riskmodel.evaluation.validation import validation
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.policy import USUAL, Policy
from tests.unit.evaluation.conftest import make_matrix, make_prototype
from tests.unit.reporting.insider import leaks
from tests.unit.reporting.made_up import inputs

EXACT = Policy(rounding=1)
NO_CONTROL = Policy(threshold=1, rounding=1, minimum_denominator=1)
#: Small counties: cases a date, seed, and how the second attribute is spread.
COUNTIES = [(900, 3, (0.62, 0.3, 0.05, 0.03)), (600, 5, (0.5, 0.25, 0.15, 0.1)), (1500, 2, (0.8, 0.12, 0.06, 0.02))]


def county(n: int, seed: int, spread: tuple[float, ...]) -> DesignMatrix:
    """A small county whose second attribute has rare groups; every fifth household is there at all dates."""
    matrix, rng = make_matrix(n, seed), np.random.default_rng(seed)
    group = pd.Categorical.from_codes(rng.choice(4, len(matrix), p=spread), ["a", "b", "c", "Unknown"])
    place, when = np.arange(len(matrix)) % n // 2, np.arange(len(matrix)) // n
    household = pd.Series(np.where(place % 5 == 0, place, place + n * when), dtype="int64")
    return replace(matrix, component=household, audit=matrix.audit.assign(group=group))


@pytest.fixture(scope="module", params=COUNTIES, ids=lambda one: f"{one[0]} cases")
def made(request: pytest.FixtureRequest) -> tuple[Context, Evidence]:
    matrix = county(*request.param)
    prototype = make_prototype(intersections=[("sex", "group")], limits=("Invented people are not people.",))
    training, split = train(matrix, prototype, families=("logistic",)), split_for(matrix, prototype, seed=0)
    found = evaluate(training, matrix, prototype, split, resamples=100, optimism=False)
    context = Context(training, matrix, prototype, split, found, resamples=100)
    evidence = Evidence(
        prototype.name, validation=validation(context), fairness=examine_fairness(context),
        calibration=examine_calibration(context),
    )  # fmt: skip
    return context, evidence


def card(made: tuple[Context, Evidence], policy: Policy) -> dict[str, Any]:
    context, evidence = made
    like = inputs()
    sources = {"people": next(iter(like.warehouse["sources"].values()))}
    manifest = {**context.matrix.manifest, "attrition": like.matrix["attrition"]}
    composed = ModelCard.compose(
        context.prototype, context.evaluation, manifest, {"digest": "w" * 64, "sources": sources},
        context.training.record, evidence, policy=policy,
    )  # fmt: skip
    plain: dict[str, Any] = json.loads(composed.json())
    return plain


@pytest.mark.slow
@pytest.mark.parametrize("policy", [USUAL, EXACT], ids=["rounded", "exact counts"])
def test_no_small_count_can_be_found(made: tuple[Context, Evidence], policy: Policy) -> None:
    assert leaks(card(made, policy), *made) == []


@pytest.mark.slow
def test_the_same_outsider_finds_small_counts_where_nothing_is_withheld(made: tuple[Context, Evidence]) -> None:
    assert leaks(card(made, NO_CONTROL), *made)
