"""The model card: complete or refused, the same figures in every format, and no small count anywhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from riskmodel.errors import CardIncomplete
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY
from riskmodel.reporting.card import INVENTED, ModelCard
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import Inputs, a_prototype, inputs, not_fit

SECTIONS = [
    "verdict", "purpose", "responsibility", "usefulness", "missed", "validity", "limits", "about", "data", "cohort",
    "performance", "calibration", "capacity", "fairness", "explanation", "criteria", "training", "protected",
    "provenance", "disclosure", "atrs", "algo-care", "tripod", "probast", "equality", "dpia", "information",
    "statements",
]  # fmt: skip


def compose(made: Inputs, **settings: object) -> ModelCard:
    return ModelCard.compose(
        made.prototype,
        made.evaluation,
        made.matrix,
        made.warehouse,
        made.training,
        project="Made-up county",
        **settings,
    )


@cache
def card() -> ModelCard:
    return compose(inputs())


def test_every_section_is_there_in_order_and_the_verdict_comes_first() -> None:
    assert [section.key for section in card().document.sections] == SECTIONS
    page = reading.page(card().html())
    headings = [attributes["id"] for tag, attributes in page.elements if tag == "h2"]
    assert headings == SECTIONS
    titles = [line[3:] for line in card().markdown().splitlines() if line.startswith("## ")]
    assert len(titles) == len(SECTIONS)
    assert [section["key"] for section in json.loads(card().json())["sections"]] == SECTIONS


def test_the_three_formats_hold_the_same_tables_and_figures() -> None:
    as_json = reading.json_tables(json.loads(card().json()))
    assert len(as_json) > 20
    assert reading.page(card().html()).tables == as_json
    assert reading.markdown_tables(card().markdown()) == as_json


def test_every_number_in_a_sentence_is_that_of_a_figure() -> None:
    said = json.loads(card().json())
    lead = reading.json_tables(said)
    ways = next(rows for caption, rows in lead.items() if caption.startswith("Ways of choosing"))
    right, found = (int(re.match(r"\d+", cell).group()) for cell in ways[1][2:])
    sentences = json.dumps(next(s for s in said["sections"] if s["key"] == "usefulness"), ensure_ascii=False)
    assert f"about {right} of every 100" in sentences
    assert f"The other {100 - right} did not" in sentences
    assert f"of every 100 cases that had the outcome, {found} were" in sentences
    missed = json.dumps(next(s for s in said["sections"] if s["key"] == "missed"))
    assert f"{100 - found} were too low on the list" in missed


def test_the_figures_of_json_are_no_more_exact_than_their_words() -> None:
    for figure in reading.figures(json.loads(card().json())):
        numbers = [float(n.replace(",", "")) for n in re.findall(r"-?[\d,]*\.?\d+", figure["text"])]
        values = [figure[name] for name in ("value", "low", "high") if figure[name] is not None]
        scale = 100 if figure["kind"] == "share" else 1
        if not figure["text"].startswith(("under", "over", "none")):
            assert numbers == pytest.approx([scale * value for value in values])


def test_invented_data_are_announced_on_top_of_every_format() -> None:
    made = card()
    assert INVENTED in made.html().split("<main")[0]
    assert INVENTED in made.markdown().partition("\n---\n")[2].splitlines()[2]
    assert json.loads(made.json())["banner"] == INVENTED
    real = inputs().judged(generated_from={**inputs().evaluation.generated_from, "data_is_invented": False})
    assert "Invented data" not in compose(real).html()
    assert INVENTED in compose(real, invented=True).html()


def test_the_page_asks_the_network_for_nothing_and_runs_nothing() -> None:
    page = reading.page(card().html())
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "input"}
    for tag, attributes in page.elements:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "style")}, tag
        assert (attributes.get("href") or "#").startswith("#")
    assert "@import" not in card().html()
    assert "url(" not in card().html()


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique() -> None:
    page = reading.page(card().html())
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = {attributes["href"][1:] for _, attributes in page.elements if attributes.get("href")}
    for _, attributes in page.elements:
        named |= set((attributes.get("aria-labelledby") or "").split())
    assert named <= set(ids)


def test_words_never_speak_of_a_cause() -> None:
    words = " ".join(reading.page(card().html()).words).lower()
    for claim in ("because of", "due to", "leads to", "caused by", "results in", "thanks to"):
        assert claim not in words


def test_names_that_look_like_markup_are_shown_as_written() -> None:
    nasty = 'A <b>bold</b> & "quoted" | *starred* `limit`'
    prototype = a_prototype(limits=[nasty])
    made = inputs()
    evaluation = replace(made.evaluation, generated_from={**made.evaluation.generated_from, "data_is_invented": True})
    shown = compose(made.but(prototype=prototype, evaluation=evaluation))
    assert "<b>" not in shown.html()
    assert nasty + "." in "".join(reading.page(shown.html()).words)
    assert "<b>" not in shown.markdown()


@pytest.mark.parametrize("decision", [DO_NOT_DEPLOY, AREA_ONLY])
def test_a_verdict_against_use_is_said_first(decision: str) -> None:
    made = not_fit(inputs())
    made = made.judged(verdict=replace(made.evaluation.verdict, decision=decision))
    first = compose(made).document.sections[0]
    text = json.dumps([block.__dict__ for block in first.blocks], default=str)
    assert {"do not deploy": "Do not deploy", "only for area planning": "Only for area planning"}[decision] in text
    assert "Calibration is off." in text


def test_everything_that_is_missing_is_named_at_once() -> None:
    made = inputs()
    lead = replace(made.evaluation.models["logistic"], groups=(), calibration_curve=(), capacity=())
    other = replace(made.evaluation.models["gradient_boosting"], calibration_curve=())
    models = {**made.evaluation.models, "logistic": lead, "gradient_boosting": other}
    bare = made.judged(models=models, explanation=None, criteria=()).but(training={}, warehouse={}, matrix={})
    with pytest.raises(CardIncomplete) as refused:
        compose(bare)
    for what in (
        "capacity", "figures by group", "calibration curves", "what moves the scores", "success criteria",
        "date of expiry", "record of the training", "source 'incidents'", "fingerprint of: partner data",
        "steps from cohort to test cases",
    ):  # fmt: skip
        assert what in str(refused.value), what


@pytest.mark.parametrize("field", ["use", "never", "owner"])
def test_a_blank_in_the_declaration_stops_the_card(field: str) -> None:
    made = inputs()
    blank = replace(made.prototype)
    object.__setattr__(blank, field, "  ")
    with pytest.raises(CardIncomplete, match=f"{field}= of the prototype"):
        compose(made.but(prototype=blank))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = compose(inputs()).save(tmp_path / "a"), compose(inputs()).save(tmp_path / "b")
    assert [path.name for path in first] == ["card.html", "card.md", "card.json"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert b"\r" not in one.read_bytes()


def test_a_saved_card_replaces_the_old_one_as_a_whole(tmp_path: Path) -> None:
    card().save(tmp_path)
    stray = tmp_path / card().name / "old-page.html"
    stray.write_text("old")
    card().save(tmp_path)
    assert sorted(path.name for path in (tmp_path / card().name).iterdir()) == ["card.html", "card.json", "card.md"]
    assert [path.name for path in tmp_path.iterdir()] == [card().name]


def test_a_protected_feature_is_printed_with_its_justification() -> None:
    prototype = a_prototype()
    sex = replace(prototype.audit[0], justification="The clinical guidance asks for it")
    declared = a_prototype(
        features=[*prototype.features, sex], audit=prototype.audit[1:], success=prototype.success[:3]
    )
    made = inputs().judged(criteria=inputs().evaluation.criteria[:3])
    shown = compose(made.but(prototype=declared))
    assert "Sex: The clinical guidance asks for it." in "".join(reading.page(shown.html()).words)
    assert "No protected characteristic is used to predict" in card().markdown()
