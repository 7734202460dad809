"""The front matter of the Markdown: YAML that a hub reads, with the figures of the card."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.statements import Statements
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import inputs
from tests.unit.reporting.written import written


def card(statements: Statements | None = None, *, invented: bool = True) -> ModelCard:
    made = inputs()
    if not invented:
        made = made.judged(generated_from={**made.evaluation.generated_from, "data_is_invented": False})
    return ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=statements
    )


def front(card: ModelCard) -> dict[str, Any]:
    text = card.markdown()
    assert text.startswith("---\n")
    read = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(read, dict)
    return read


def test_it_says_what_a_hub_asks_for() -> None:
    read = front(card(written()))
    assert read["language"] == "en"
    assert read["library_name"] == "riskmodel"
    assert read["license"] == "cc-by-4.0"
    assert "invented-data" in read["tags"]
    assert "invented-data" not in front(card(invented=False))["tags"]
    assert [one["name"] for one in read["model-index"]] == [
        "starting_school: Logistic regression", "starting_school: Gradient-boosted trees",
    ]  # fmt: skip
    result = read["model-index"][0]["results"][0]
    assert result["task"]["type"] == "tabular-classification"
    assert "invented test cohort of 2023-09-01" in result["dataset"]["name"]


@pytest.mark.parametrize(
    ("licence", "told"), [("OGL-UK-3.0", ("other", "ogl-uk-3.0")), ("MIT", ("mit", None)), ("", (None, None))]
)
def test_a_licence_the_hub_does_not_know_is_named(licence: str, told: tuple[str | None, str | None]) -> None:
    read = front(card(written(science={"card_licence": licence})))
    assert (read.get("license"), read.get("license_name")) == told
    assert ("license_link" in read) == (told[0] == "other")


def test_its_metrics_are_the_figures_of_the_card() -> None:
    shown = card()
    tables = {table["key"]: table for table in reading.raw_tables(json.loads(shown.json()))}
    ways = {row[0]: row for row in tables["ways-of-choosing"]["rows"]}
    metrics = {
        row[0]: dict(zip(tables["metrics"]["columns"][1:], row[1:], strict=True)) for row in tables["metrics"]["rows"]
    }
    for model in front(shown)["model-index"]:
        label = model["name"].partition(": ")[2]
        given = {one["type"]: one for one in model["results"][0]["metrics"]}
        assert given["precision_at_capacity"]["value"] == ways[label][2]["value"]
        assert given["recall_at_capacity"]["value"] == ways[label][3]["value"]
        for name in ("roc_auc", "auprc", "brier_score"):
            assert given[name]["value"] == metrics[label][given[name]["name"]]["value"]
        assert len(given) > 8
