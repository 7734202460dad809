"""The YAML in front of a Markdown card, as the Hugging Face hub reads it, from the card's own figures.

Source: the hub's documentation of model cards and of the `model-index` in their metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from riskmodel.reporting import wording
from riskmodel.reporting.figures import Figure
from riskmodel.reporting.material import Material
from riskmodel.reporting.statements import Statements

#: Licences that the hub knows by name; any other is called "other" and named beside it.
_KNOWN_LICENCES = ("cc-by-4.0", "cc-by-sa-4.0", "cc0-1.0", "mit", "apache-2.0")
#: Where to read licences that the hub does not know.
_LINKS = {"ogl-uk-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}
#: Identifiers under which the hub knows a metric; others keep the name they have here.
_KNOWN_METRICS = {"auroc": "roc_auc", "brier": "brier_score"}
#: What the tables of a card print; a hub is told no more.
_PRINTED = (
    "auroc", "auprc", "brier", "scaled_brier", "oe", "calibration_in_the_large", "calibration_slope", "ici",
    "precision_at_capacity", "recall_at_capacity",
)  # fmt: skip
_TAGS = ("risk-stratification", "tabular-classification", "public-services", "model-card")


def front_matter(material: Material, statements: Statements) -> str:
    """The front matter with its fences; figures that are withheld or not measurable are left out.

    Strings are written as JSON writes them, which YAML reads too.
    """
    return "\n".join(["---", *_lines(material, statements), "---"]) + "\n"


def _lines(material: Material, statements: Statements) -> Iterator[str]:
    tags = [*_TAGS, *(["invented-data"] if material.invented else [])]
    yield "language: en"
    yield from _licence(statements.science.card_licence)
    yield "library_name: riskmodel"
    yield "pipeline_tag: tabular-classification"
    yield "tags:"
    yield from (f"  - {tag}" for tag in tags)
    yield "model-index:"
    for model in material.families:
        metrics = _metrics(model.metrics)
        point = model.at_capacity()
        if point is not None:
            metrics |= _metrics({"precision_at_capacity": point.precision, "recall_at_capacity": point.recall})
        if metrics:
            yield from _result(material, model.name, model.label, metrics)


def _licence(name: str) -> Iterator[str]:
    if name.lower() in _KNOWN_LICENCES:
        yield f"license: {name.lower()}"
    elif name:
        yield "license: other"
        yield f"license_name: {_text(name.lower().replace(' ', '-'))}"
        if name.lower() in _LINKS:
            yield f"license_link: {_LINKS[name.lower()]}"


def _result(material: Material, name: str, label: str, metrics: dict[str, float]) -> Iterator[str]:
    prototype = material.prototype
    tested = " and ".join(day.isoformat() for day in prototype.test_as_of)
    data = "invented test cohort" if material.invented else "test cohort"
    yield f"  - name: {_text(f'{prototype.name}: {label}')}"
    yield "    results:"
    yield "      - task:"
    yield "          type: tabular-classification"
    yield f"          name: {_text(prototype.outcome.label)}"
    yield "        dataset:"
    yield f"          type: {_text(prototype.name)}"
    yield f"          name: {_text(f'{prototype.cohort.description}, {data} of {tested}')}"
    yield "        metrics:"
    for metric, value in metrics.items():
        yield f"          - type: {_KNOWN_METRICS.get(metric, metric)}"
        yield f"            value: {value!r}"
        yield f"            name: {_text(_named(metric))}"


def _metrics(figures: Mapping[str, Figure]) -> dict[str, float]:
    told = {name: figure for name, figure in figures.items() if name in _PRINTED}
    return {name: figure.value for name, figure in told.items() if figure.value is not None}


def _named(metric: str) -> str:
    plain = metric.removesuffix("_at_capacity")
    return wording.metric(plain).label + (", at capacity" if plain != metric else "")


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
