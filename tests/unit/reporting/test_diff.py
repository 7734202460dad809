"""Two versions of a card compared: everything that changed is said, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riskmodel.declare import at_least
from riskmodel.errors import ProjectError
from riskmodel.evaluation.results import DO_NOT_DEPLOY, Verdict
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.diff import CardDiff, diff_cards, load_card
from riskmodel.reporting.statements import Statements
from tests.unit.reporting.made_up import Inputs, a_prototype, inputs
from tests.unit.reporting.written import given, written


def plain(made: Inputs | None = None, statements: Statements | None = None, **settings: Any) -> dict[str, Any]:
    made = made or inputs()
    card = ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=statements, **settings
    )
    read: dict[str, Any] = json.loads(card.json())
    return read


def groups(found: CardDiff) -> dict[str, str]:
    return {heading: "\n".join(lines) for heading, lines in found.groups}


def test_a_card_does_not_differ_from_itself() -> None:
    found = diff_cards(plain(), plain())
    assert found.same
    assert "Nothing that the cards print has changed." in found.text()


def test_a_turned_verdict_comes_first_with_its_reasons() -> None:
    turned = inputs().judged(verdict=Verdict(DO_NOT_DEPLOY, ("calibration is off",)))
    found = diff_cards(plain(), plain(turned), names=("June", "July"))
    assert found.groups[0][0] == "Verdict"
    assert "The verdict: was may be used as declared, now do not deploy" in found.groups[0][1]
    assert "Reason new: Calibration is off." in found.groups[0][1]
    assert list(groups(found)) == ["Verdict", "Use, owner and limits"]  # what comes out follows from it
    assert found.text().splitlines()[:2] == ["From: June", "To:   July"]


@pytest.mark.parametrize(
    ("moved", "words"), [(0.01, "(the intervals overlap)"), (0.2, "(the intervals do not overlap)")]
)
def test_a_moved_figure_is_told_with_its_intervals(moved: float, words: str) -> None:
    made = inputs()
    lead = made.evaluation.models["logistic"]
    was = lead.estimates["auprc"]
    assert was.value is not None
    assert was.low is not None
    assert was.high is not None
    now = replace(was, value=was.value + moved, low=was.low + moved, high=was.high + moved)
    changed = replace(lead, estimates={**lead.estimates, "auprc": now})
    after = made.judged(models={**made.evaluation.models, "logistic": changed})
    found = diff_cards(plain(), plain(after))
    assert list(groups(found)) == ["Figures"]
    lines = found.groups[0][1]
    assert len(lines) == 1
    assert lines[0].startswith("Models and baselines, Logistic regression, Precision over all cut-offs (AUPRC): was ")
    assert lines[0].endswith(words)


def test_measures_criteria_and_fingerprints() -> None:
    prototype = a_prototype()
    declared = a_prototype(features=prototype.features[1:], success=[*prototype.success[1:], at_least("auroc", 0.7)])
    made = inputs()
    explained = made.evaluation.explanation
    assert explained is not None
    first = replace(made.evaluation.criteria[0], text="auroc at least 0.7")
    after = made.but(prototype=declared).judged(
        explanation=replace(explained, effects=explained.effects[1:]), criteria=(*made.evaluation.criteria[1:], first)
    )
    found = groups(diff_cards(plain(made), plain(after)))
    assert "no longer there: Health visits were missed in the last year" in found["Measures"]
    assert "new: Ranking (AUROC) at least 0.7" in found["Success criteria"]
    assert "The declaration: the fingerprint is another" in found["Fingerprints"]


def test_data_and_limits() -> None:
    made = inputs()
    sources = {name: dict(entry) for name, entry in made.warehouse["sources"].items()}
    sources["incidents"]["rows"] *= 2
    after = made.but(
        warehouse={**made.warehouse, "sources": sources},
        prototype=a_prototype(limits=["One new limit"], owner="Schools"),
    )
    found = groups(diff_cards(plain(made), plain(after)))
    assert "Police: incidents, Records: was " in found["Data and cohort"]
    assert "Point new: One new limit." in found["Use, owner and limits"]
    assert "Who owns it: was Early Years." in found["Use, owner and limits"]


def test_statements_and_release() -> None:
    risks = given()["risks"]
    risks[0] = {**risks[0], "mitigation": "Something better"}
    before = plain(statements=written(use={"appeals": ""}))
    after = plain(statements=written(owner={"team": "Another team"}, risks=risks), release=True)
    found = groups(diff_cards(before, after))
    assert list(found) == ["Verdict", "Statements of people"]
    assert found["Verdict"] == "It was released."
    said = found["Statements of people"]
    assert "Owner, team: was Made up: the team that runs it, now Another team" in said
    assert "Use, appeals: new: Made up" in said
    assert "Risk new: data; A made-up risk of data; Something better" in said
    assert len(said.splitlines()) == 4


def test_cards_of_two_prototypes_are_named_as_such() -> None:
    other = plain()
    other["facts"] = {**other["facts"], "prototype": "another"}
    assert "two prototypes" in diff_cards(plain(), other).text()


def test_a_card_is_read_from_its_folder_or_its_file(tmp_path: Path) -> None:
    made = inputs()
    card = ModelCard.compose(made.prototype, made.evaluation, made.matrix, made.warehouse, made.training)
    folder = card.save(tmp_path)[0].parent
    assert load_card(folder) == load_card(folder / "card.json") == plain()
    (tmp_path / "other.json").write_text('{"schema": "something else"}')
    (tmp_path / "broken.json").write_text("{")
    for wrong, said in (("none", "does not exist"), ("other.json", "is no card"), ("broken.json", "is no card")):
        with pytest.raises(ProjectError, match=said):
            load_card(tmp_path / wrong)
