"""A card with every section there is: an invented world taken through every part of the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from riskmodel.declare import Cohort
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import gather_evidence
from riskmodel.evaluation.verdict import reconsider
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting.card import ModelCard
from tests.unit.evaluation.conftest import DATES, make_matrix, make_prototype, people

CASES = 700


def whole_card() -> ModelCard:
    """Some thousand cases, few resamples and refits: what counts is that every section and chart is drawn."""
    matrix = make_matrix(CASES, seed=2)
    prototype = make_prototype(
        cohort=Cohort("Everybody", people, area="area", called=("person", "people")),
        intersections=[("sex", "group")],
        reporting_ratios={"everyone": (0.3, 0.6), "sex": (0.6, 1.0)},
        could_drop=["tenure"],
        limits=["Nobody in it is real."],
    )
    split = split_for(matrix, prototype, seed=0)
    training = train(matrix, prototype, split)
    figures = evaluate(training, matrix, prototype, split, resamples=60)
    warehouse = _warehouse()
    context = Context(training, matrix, prototype, split, figures, warehouse, resamples=60, refits=8)
    evidence = gather_evidence(context)
    judged = replace(figures, verdict=reconsider(figures, evidence, prototype.outcome.audit))
    return ModelCard.compose(
        prototype, judged, {**matrix.manifest, "attrition": _attrition()}, warehouse, training.record, evidence,
        project="An invented world", invented=True,
    )  # fmt: skip


def _attrition() -> list[dict[str, object]]:
    days = [day.isoformat() for day in DATES]
    words = {"register": "On the register", "where": "Everybody", "outcome": "With a known outcome: it ended badly"}
    return [
        {"step": step, "text": text, "n": len(days) * CASES, "by_as_of": dict.fromkeys(days, CASES)}
        for step, text in words.items()
    ]


def _warehouse() -> dict[str, object]:
    entry = {
        "rows": 3 * CASES, "first_happened": "2021-01-04", "last_happened": "2024-08-29",
        "complete_to": date(2024, 9, 1).isoformat(), "monthly": {},
    }  # fmt: skip
    return {"digest": "w" * 64, "sources": {people.name: entry}}
