"""Attacks on whole cards with everything that stands on them, by somebody who has only the card."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.calibration_evidence import examine_calibration
from riskmodel.evaluation.comparison import compare_cases
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.fairness_evidence import examine_fairness
from riskmodel.evaluation.validation import validation
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting import crossed, dated, groups, numbers, pooled
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
        calibration=examine_calibration(context), comparison=compare_cases(context),
    )  # fmt: skip
    return context, evidence


def composed(made: tuple[Context, Evidence], policy: Policy) -> ModelCard:
    context, evidence = made
    like = inputs()
    sources = {"people": next(iter(like.warehouse["sources"].values()))}
    manifest = {**context.matrix.manifest, "attrition": like.matrix["attrition"]}
    return ModelCard.compose(
        context.prototype, context.evaluation, manifest, {"digest": "w" * 64, "sources": sources},
        context.training.record, evidence, policy=policy,
    )  # fmt: skip


def card(made: tuple[Context, Evidence], policy: Policy) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(composed(made, policy).json())
    return plain


def page_of(made: tuple[Context, Evidence]) -> str:
    return composed(made, USUAL).html()


@pytest.mark.slow
@pytest.mark.parametrize("policy", [USUAL, EXACT], ids=["rounded", "exact counts"])
def test_no_small_count_can_be_found(made: tuple[Context, Evidence], policy: Policy) -> None:
    assert leaks(card(made, policy), *made) == []


@pytest.mark.slow
def test_the_same_outsider_finds_small_counts_where_nothing_is_withheld(made: tuple[Context, Evidence]) -> None:
    assert leaks(card(made, NO_CONTROL), *made)


def test_charts_are_no_more_exact_than_the_words_beside_them(made: tuple[Context, Evidence]) -> None:
    """The place of every dot, read off the drawing to a tenth of a pixel, gives the printed figure and no more."""
    drawings = re.findall(r"<svg.*?</svg>", page_of(made), flags=re.DOTALL)
    checked = 0
    for drawing in drawings:
        texts = re.findall(r'<text[^>]*?x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)<', drawing)
        said = {
            float(y): words for x, y, anchor, words in texts if anchor == "end" and re.match(r"-?[\d.]+%? \(", words)
        }
        marks = [(float(x), number(words)) for x, _, anchor, words in texts if anchor == "middle"]
        marks = [(x, value) for x, value in marks if value is not None]
        if not said or len(marks) < 2:
            continue
        (x0, v0), (x1, v1) = marks[0], marks[-1]
        a_pixel = abs((v1 - v0) / (x1 - x0))
        for x, y in re.findall(r'<circle[^>]*?cx="([\d.]+)" cy="([\d.]+)"', drawing):
            beside = max((at for at in said if at < float(y)), default=None)
            value = None if beside is None else number(said[beside])
            if value is not None:
                checked += 1
                assert v0 + (float(x) - x0) / (x1 - x0) * (v1 - v0) == pytest.approx(value, abs=0.15 * a_pixel)
    assert checked > 10


def number(words: str) -> float | None:
    """A figure, or a mark on an axis."""
    found = re.match(r"(-?[\d.,]+)%?", words)
    return float(found[1].replace(",", "")) if found else None


@pytest.mark.slow
def test_hiding_small_counts_alone_would_not_do(
    made: tuple[Context, Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the second step, what is hidden is worked out from what is not."""
    for module in (groups, crossed, pooled, dated, numbers):
        monkeypatch.setattr(module, "withhold", only_small_ones)
    assert leaks(card(made, EXACT), *made)


def only_small_ones(
    cells: Mapping[str, float],
    figures: Mapping[str, tuple[str, ...]],
    *,
    keep: Collection[str] = (),
    policy: Policy = USUAL,
    **_: Any,
) -> set[str]:
    """Primary suppression, and nothing else."""
    small = {name for name, parts in figures.items() if sum(cells[part] for part in parts) < policy.threshold}
    return small - set(keep)
