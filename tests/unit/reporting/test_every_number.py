"""Numbers have one source: every number of every format of a card is read, and a changed one is found."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from riskmodel.reporting.card import ModelCard
from tests.unit.reporting import every_number as read
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import inputs, not_fit
from tests.unit.reporting.written import written

ROOT = Path(__file__).parents[3]
COMMITTED = sorted(path.parent for path in ROOT.glob("model_cards/*/card.json"))
NAMES = [*(folder.name for folder in COMMITTED), "made up", "made up, not fit"]
FORMATS = ("html", "markdown", "json")


@dataclass(frozen=True)
class Formats:
    """One card in its three formats."""

    html: str
    markdown: str
    json: str

    @property
    def plain(self) -> dict[str, Any]:
        return json.loads(self.json)


@cache
def formats(name: str) -> Formats:
    folder = next((path for path in COMMITTED if path.name == name), None)
    if folder is not None:
        return Formats(*((folder / f"card.{ending}").read_text(encoding="utf-8") for ending in ("html", "md", "json")))
    made = inputs() if name == "made up" else not_fit(inputs(900, 4, -1.6, 0.1))
    shown = ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=written()
    )
    return Formats(shown.html(), shown.markdown(), shown.json())


def test_the_cards_of_both_prototypes_and_of_both_examples_are_read() -> None:
    assert {"school_readiness", "domestic_abuse", "not_completing", "low_reading"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_the_same_in_every_format(name: str) -> None:
    card = formats(name)
    assert read.formats_differ(card.html, card.markdown, card.plain) == []
    assert sum(map(len, read.in_json(card.plain).values())) > 1000


@pytest.mark.parametrize("name", NAMES)
def test_every_result_in_a_sentence_stands_in_a_table(name: str) -> None:
    assert read.unsourced(formats(name).plain) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_interval_in_a_chart_stands_in_a_table_of_its_section(name: str) -> None:
    card = formats(name)
    assert len(read.in_charts(card.html)) > 5
    assert read.uncharted(card.html, card.plain) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_value_for_the_hub_is_a_figure_of_the_card(name: str) -> None:
    card = formats(name)
    index = yaml.safe_load(card.markdown.split("---\n")[1])["model-index"]
    values = [metric["value"] for model in index for one in model["results"] for metric in one["metrics"]]
    assert len(values) > 10
    assert set(values) <= {figure["value"] for figure in reading.figures(card.plain)}


@pytest.mark.parametrize("changed", FORMATS)
@pytest.mark.parametrize("section", ["usefulness", "performance", "fairness", "capacity", "tripod", "information"])
def test_one_changed_number_in_one_format_is_found(section: str, changed: str) -> None:
    card = formats("made up")
    start = {"html": f'<h2 id="{section}">', "json": f'"key": "{section}",\n   "title"'}.get(changed)
    title = next(one["title"] for one in card.plain["sections"] if one["key"] == section)
    text = getattr(card, changed)
    place = text.index(start or f"## {title}")
    # The first number after the heading: a count, a share or a result.
    drawings = re.compile("<svg.*?</svg>", re.DOTALL)  # what is drawn is held against its table in another test
    written = drawings.sub(lambda drawn: "-" * len(drawn.group()), text)
    found = re.compile(r"(?<=[ >(“])(\d+)(?=[ <%(,.])").search(written, place + len(start or title) + 60)
    assert found is not None
    said = {one: getattr(card, one) for one in FORMATS}
    said[changed] = f"{text[: found.start()]}{int(found.group()) + 1}{text[found.end() :]}"
    assert read.formats_differ(said["html"], said["markdown"], json.loads(said["json"])) != []


@pytest.mark.parametrize("name", NAMES)
def test_a_result_that_no_table_holds_is_found_in_any_sentence(name: str) -> None:
    card = formats(name).plain
    told = [said for said in read.results_in_sentences(card) if said[0] not in read.TOLD_IN_WORDS]
    assert len(told) > 20
    words = json.dumps(card, ensure_ascii=False)
    _, sentence, number = next(one for one in told if one[2].rstrip("%") not in ("95", "100") and "%" in one[2])
    other = json.loads(
        words.replace(json.dumps(sentence, ensure_ascii=False), json.dumps(sentence.replace(number, "43.21%")))
    )
    assert len(read.unsourced(other)) >= 1


def test_a_changed_interval_in_a_chart_is_found() -> None:
    card = formats("made up")
    interval = next(words for words in read.in_charts(card.html)["chart-ranking"] if re.search(r"\(.+ to .+\)", words))
    page = card.html.replace(f">{interval}</text>", ">0.999 (0.998 to 0.999)</text>", 1)
    assert page != card.html
    assert read.uncharted(page, card.plain) != []
