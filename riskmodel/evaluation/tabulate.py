"""Every figure of an evaluation as one table, one row a figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from riskmodel.evaluation.results import CapacityPoint, DecisionPoint, Estimate, Evaluation, ModelResult

COLUMNS = (
    "part", "model", "attribute", "group", "metric", "at", "value", "low", "high", "n", "events", "method", "note",
)  # fmt: skip


def evaluation_frame(evaluation: Evaluation) -> pd.DataFrame:
    """One row a figure; what does not apply is blank text, and a missing number is missing."""
    rows = list(_rows(evaluation))
    table = pd.DataFrame([[row.get(column, "") for column in COLUMNS] for row in rows], columns=list(COLUMNS))
    for column in ("at", "value", "low", "high"):
        table[column] = pd.to_numeric(table[column].replace("", None))
    return table


def _rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    for name, result in evaluation.models.items():
        yield from _of_model(name, result)
    for comparison in evaluation.comparisons:
        label = f"{comparison.a} - {comparison.b}"
        yield _row(comparison.difference, part="comparison", model=label, metric=comparison.metric)
    for split, estimate in evaluation.optimism.items():
        yield _row(estimate, part="optimism", group=split, metric="auroc")
    for criterion in evaluation.criteria:
        if criterion.value is not None:
            row = _row(criterion.value, part="criterion", model=evaluation.lead, metric=criterion.metric)
            yield {**row, "note": criterion.text}


def _of_model(name: str, result: ModelResult) -> Iterator[dict[str, Any]]:
    for metric, estimate in result.estimates.items():
        yield _row(estimate, part="overall", model=name, metric=metric)
    for point in result.capacity:
        yield from _of_capacity(name, point)
    for decision in result.decision_curve:
        yield from _of_decision(name, decision)
    for group in result.groups:
        if group.withheld:
            yield {"part": "group", "model": name, "attribute": group.attribute, "group": group.group,
                   "n": group.n, "events": group.events, "note": group.note}  # fmt: skip
        for metric, estimate in group.estimates.items():
            yield _row(estimate, part="group", model=name, attribute=group.attribute, group=group.group, metric=metric)


def _of_capacity(name: str, point: CapacityPoint) -> Iterator[dict[str, Any]]:
    for metric in ("selected", "found", "precision", "recall", "number_needed_to_visit"):
        yield _row(getattr(point, metric), part="capacity", model=name, metric=metric, at=point.share)


def _of_decision(name: str, point: DecisionPoint) -> Iterator[dict[str, Any]]:
    figures = {"net_benefit": point.model, "net_benefit_of_all": point.treat_all, "net_benefit_gain": point.gain}
    for metric, estimate in figures.items():
        yield _row(estimate, part="decision", model=name, metric=metric, at=point.threshold)


def _row(estimate: Estimate, **where: Any) -> dict[str, Any]:
    return {
        **where,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "events": estimate.events,
        "method": estimate.method,
        "note": estimate.note,
    }
