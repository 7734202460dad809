"""The forms: every field there, every status worked out, every number one of the card's own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from riskmodel.declare import latest
from riskmodel.errors import ProjectError
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.document import Table
from riskmodel.reporting.forms.equality import CHARACTERISTICS
from riskmodel.reporting.forms.probast import DEVELOPMENT, EVALUATION
from riskmodel.reporting.forms.tripod import ITEMS
from riskmodel.reporting.statements import Statements
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import Inputs, a_prototype, inputs
from tests.unit.reporting.written import written

FORMS = ("atrs", "algo-care", "tripod", "probast", "equality", "dpia", "information", "statements")
ATRS = [
    *(f"1.{n}" for n in range(1, 5)),
    *(f"2.{part}.{n}" for part, last in ((1, 4), (2, 4), (3, 5)) for n in range(1, last + 1)),
    *(f"2.4.{part}.{n}" for part, last in ((1, 5), (2, 8), (3, 10), (4, 5)) for n in range(1, last + 1)),
]


def card(statements: Statements | None = None, made: Inputs | None = None) -> ModelCard:
    made = made or inputs()
    return ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=statements
    )


def answers(card: ModelCard, key: str) -> dict[str, str]:
    """Every answered field of a form."""
    blocks = next(s for s in json.loads(card.json())["sections"] if s["key"] == key)["blocks"]
    return {row["term"]: row["said"] for block in blocks if block["kind"] == "facts" for row in block["rows"]}


def statuses(card: ModelCard, key: str) -> dict[str, str]:
    """The second cell of every row of the tables of a form, by the code of the item."""
    tables = [block for block in card.document.section(key).blocks if isinstance(block, Table)]
    return {str(row[0]).split()[0]: str(row[1]) for one in tables for row in one.rows}


def test_the_record_of_transparency_has_every_field_in_order() -> None:
    terms = list(answers(card(), "atrs"))
    assert terms[:4] == ["Organisation", "Phase", "Region", "One-sentence description"]
    coded = [term.split()[0] for term in terms if term[0].isdigit()]
    assert list(dict.fromkeys(coded)) == ATRS
    section = next(s for s in json.loads(card().json())["sections"] if s["key"] == "atrs")
    risks = next(block for block in section["blocks"] if block["kind"] == "points")
    assert risks["lead"].startswith("2.5.2")
    assert [line.split(".")[0] for line in risks["items"]] == [
        "Data", "Use", "Model efficacy", "Outputs and decisions", "Organisational", "Public engagement",
    ]  # fmt: skip


def test_what_people_wrote_stands_in_the_forms_and_a_blank_says_who_writes_what() -> None:
    full, blank = answers(card(written()), "atrs"), answers(card(), "atrs")
    assert full["2.1.2 Team"] == "Made up: the team that runs it"
    assert blank["2.1.2 Team"] == "Still to be written: the team that runs it."
    assert "Still to be written" not in json.dumps(full)
    assert answers(card(written()), "dpia")["Necessity"].startswith("Made up:")
    assert answers(card(written()), "information")["How long are data kept?"].startswith("Made up:")


def test_third_parties_and_assessments_are_tables_when_there_are_some() -> None:
    supplier = {"name": "A supplier", "role": "Hosting", "companies_house_number": "00000000"}
    keys = {one.key for one in card(written(third_parties=[supplier])).document.tables()}
    assert {"third-parties", "impact-assessments"} <= keys
    assert not {"third-parties", "impact-assessments"} & {one.key for one in card().document.tables()}


def test_tripod_has_27_items_in_52_parts() -> None:
    codes = [item.code for item in ITEMS]
    assert len(set(codes)) == 52
    assert sorted({int(re.match(r"\d+", code).group()) for code in codes}) == list(range(1, 28))


def test_a_status_follows_from_what_is_there() -> None:
    nothing, everything = statuses(card(), "tripod"), statuses(card(written()), "tripod")
    assert nothing["18a"] == "missing"
    assert everything["18a"] == "reported"
    assert nothing["5a"] == "partial"
    assert everything["5a"] == "reported"
    assert nothing["5b"] == everything["5b"] == "reported"
    assert statuses(card(written(science={"funding": ""})), "tripod")["18a"] == "missing"
    assert statuses(card(written(data={"collection": ""})), "tripod")["5a"] == "partial"
    made = inputs()
    untold = made.but(training={**made.training, "trials": ()})
    assert everything["12c"] == "reported"
    assert statuses(card(written(), untold), "tripod")["12c"] == "partial"
    assert everything["23b"] == "missing"


def test_the_tally_counts_the_table() -> None:
    for key, total in (("tripod", 52), ("algo-care", 8), ("dpia", 9)):
        shown = card(written(owner={"organisation": ""}, law={"lawful_basis": "", "necessity": ""}))
        found = list(statuses(shown, key).values())
        if key == "dpia":
            table = next(one for one in shown.document.tables() if one.key == "dpia-checks")
            found = [str(row[1]) for row in table.rows]
        text = json.dumps([getattr(block, "text", "") for block in shown.document.section(key).blocks])
        told = re.search(r"Of (\d+) items (\d+) are reported, (\d+) partly and (\d+) are missing", text)
        assert told is not None
        assert [int(n) for n in told.groups()] == [
            total, found.count("reported"), found.count("partial"), found.count("missing"),
        ]  # fmt: skip


def test_probast_has_16_and_18_questions_in_four_domains() -> None:
    for part, questions in ((DEVELOPMENT, 16), (EVALUATION, 18)):
        assert len(part) == 4
        assert sum(len(asked) for asked in part.values()) == questions


def probast(shown: ModelCard, part: str) -> dict[str, str]:
    table = next(one for one in shown.document.tables() if one.key == f"probast-{part}")
    return {str(row[0]).split()[0]: str(row[2]) for row in table.rows}


def test_probast_answers_from_facts_and_leaves_the_rest_to_the_assessor() -> None:
    shown = probast(card(), "development")
    assert shown["1.1"] == "for the assessor"
    assert shown["4.3"] == "yes"
    assert shown["4.1"] == "probably yes"
    made = inputs()
    split = dict(made.training["split"])
    few = {**made.training, "split": {**split, "train": {**split["train"], "events": 40}}, "trials": ()}
    changed = probast(card(made=made.but(training=few)), "development")
    assert changed["4.1"] == "probably no"
    assert changed["4.3"] == "for the assessor"
    assert probast(card(), "evaluation")["4.1"] == "probably yes"
    assert probast(card(made=inputs(n=600)), "evaluation")["4.1"] == "probably no"


def test_equality_says_what_is_measured_and_what_cannot_be() -> None:
    table = next(one for one in card().document.tables() if one.key == "equality")
    found = {str(row[0]).lower(): str(row[1]) for row in table.rows}
    assert set(found) == set(CHARACTERISTICS)
    assert found["sex"] == found["race"] == "measured"
    assert found["religion or belief"] == "not assessable"
    given = written(equality={"measured_by": {"religion or belief": ["ethnic_group"], "race": []}})
    table = next(one for one in card(given).document.tables() if one.key == "equality")
    found = {str(row[0]).lower(): str(row[1]) for row in table.rows}
    assert found["religion or belief"] == "measured"
    assert found["race"] == "not assessable"


@pytest.mark.parametrize(("wrong", "near"), [({"rce": ["sex"]}, "race"), ({"race": ["ethnic_grp"]}, "ethnic_group")])
def test_equality_refuses_names_that_there_are_not(wrong: dict[str, Any], near: str) -> None:
    with pytest.raises(ProjectError, match=f"nearest right name is '{near}'"):
        card(written(equality={"measured_by": wrong}))


@pytest.mark.parametrize(("name", "characteristic"), [("sen", "disability"), ("disability_in_home", "disability"),
    ("gender", "sex"), ("religion", "religion or belief"), ("sexual_orientation", "sexual orientation"),
    ("childrens_ethnic_group", "race")])  # fmt: skip
def test_an_attribute_is_recognised_by_its_name(name: str, characteristic: str) -> None:
    prototype = a_prototype()
    register = prototype.cohort.source
    extra = latest(register, name, f"the {name}", "sex", levels=("F", "M"), protected=True)
    made = inputs().but(prototype=a_prototype(audit=[extra], success=prototype.success[:3]))
    made = made.judged(criteria=made.evaluation.criteria[:3])
    table = next(one for one in card(made=made).document.tables() if one.key == "equality")
    by = {str(row[0]).lower(): str(row[2]) for row in table.rows}
    assert [key for key, words in by.items() if words != "no record of it reaches the model"] == [characteristic]


def numbers(words: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w.]*\d)", words))


def test_every_number_of_the_forms_is_one_of_the_card() -> None:
    """Shares and ratios to the last digit, counts as rounded: nothing in a form is worked out anew."""
    shown = json.loads(card().json())
    figures = reading.figures([s for s in shown["sections"] if s["part"] != "forms"])
    known = numbers(" ".join(figure["text"] for figure in figures))
    checked = 0
    for section in shown["sections"]:
        if section["part"] == "forms":
            words = json.dumps(section, ensure_ascii=False)
            told = re.findall(r"\d[\d.]*%? \([-\d.]+%? to [-\d.]+%?\)", words)
            told += re.findall(r"(\d[\d,]*) (?:cases|of them with the outcome|with the outcome)", words)
            for figure in told:
                assert numbers(figure) <= known, (section["key"], figure)
            checked += len(told)
    assert checked > 15


def test_a_changed_figure_changes_in_every_form_and_format() -> None:
    made = inputs()
    lead = made.evaluation.models["logistic"]
    other = replace(lead, estimates={**lead.estimates, "auroc": replace(lead.estimates["auroc"], value=0.6789)})
    shown = card(made=made.judged(models={**made.evaluation.models, "logistic": other}))
    old = card().markdown()
    assert "0.679 (" not in old
    for printed in (shown.html(), shown.markdown(), shown.json()):
        assert printed.count("0.679") >= 5
    for key in ("atrs", "dpia", "information"):
        assert "0.679 (" in json.dumps(answers(shown, key))
    assert "value: 0.679" in shown.front_matter


def test_forms_come_last_and_speak_of_no_cause() -> None:
    parts = [section.part for section in card(written()).document.sections]
    assert parts == sorted(parts, key=("front", "annex", "forms").index)
    assert [s.key for s in card().document.sections if s.part == "forms"] == list(FORMS)
