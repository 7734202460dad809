"""What people write: asked for by name, refused when it is wrong, listed or refused when it is blank."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from riskmodel.errors import CardIncomplete, ProjectError
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.statements import Statements, asked
from riskmodel.reporting.statements_file import blank_form, load_statements, statements_path
from tests.unit.reporting.made_up import Inputs, inputs
from tests.unit.reporting.written import given, written

ROOT = Path(__file__).parents[3]
FILES = [
    *sorted((ROOT / "pipelines").glob("*.card.toml")),
    *sorted((ROOT / "examples").glob("*/pipelines/*.card.toml")),
]


def compose(statements: Statements | None, *, release: bool = False, made: Inputs | None = None) -> ModelCard:
    made = made or inputs()
    return ModelCard.compose(
        made.prototype,
        made.evaluation,
        made.matrix,
        made.warehouse,
        made.training,
        statements=statements,
        release=release,
    )


def load(tmp_path: Path, text: str) -> Statements:
    path = tmp_path / "some.card.toml"
    path.write_text(text, encoding="utf-8")
    return load_statements(path)


def test_the_blank_form_asks_for_everything_and_everything_in_it_is_blank(tmp_path: Path) -> None:
    parsed = tomllib.loads(blank_form())
    assert {(part, key) for part, key, _ in asked()} == {
        (part, key) for part, keys in parsed.items() if isinstance(keys, dict) for key in keys
    }
    assert load(tmp_path, blank_form()).blanks() == Statements().blanks()
    assert len(Statements().blanks()) > 60
    assert written().blanks() == ()


def test_a_file_that_is_not_there_is_blank(tmp_path: Path) -> None:
    path = statements_path(tmp_path, "starting_school")
    assert path == tmp_path / "pipelines" / "starting_school.card.toml"
    assert load_statements(path) == Statements()


def test_every_fault_is_named_at_once_with_the_nearest_name_and_no_value(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as refused:
        load(
            tmp_path,
            """
            [ownr]
            [owner]
            taem = "secret words"
            senior_responsible_owner = "Dr Nobody"
            phase = "secret phase"
            contact_email = "secret address"
            [[risks]]
            area = "dta"
            risk = 5
            [[impact_assessments]]
            name = "One"
            date = "yesterday"
            outcome = "x"
            """,
        )
    said = str(refused.value)
    for part in (
        "9 things are wrong", "did you mean owner?", "did you mean team?", "senior_responsible_owner: names a person",
        "phase: must be one of", "contact_email: must be", "risks, entry 1, area", "risks, entry 1, risk",
        "risks, entry 1, mitigation: missing", "impact_assessments, entry 1, date",
    ):  # fmt: skip
        assert part in said, part
    for value in ("secret", "Nobody", "yesterday"):
        assert value not in said


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be read"):
        load(tmp_path, "[owner\n")


@pytest.mark.parametrize("name", ["Dr Anybody", "Councillor Nobody", "ask Mrs. Somebody first"])
def test_persons_are_refused_wherever_they_are_named(name: str) -> None:
    for part, change in (("use", {"appeals": name}), ("risks", [{"area": "data", "risk": name, "mitigation": "x"}])):
        with pytest.raises(ValueError, match="names a person"):
            written(**{part: change})


def test_a_draft_says_so_on_top_and_lists_its_blanks() -> None:
    card = compose(written(owner={"team": ""}, risks=given()["risks"][1:]))
    assert "2 statements have still to be written" in card.document.draft
    for printed in (card.html(), card.markdown(), card.json()):
        assert card.document.draft in printed
    listed = card.document.section("statements").blocks[1]
    assert [line.split(":")[0] for line in listed.items] == ["[owner] team", '[[risks]] area = "data"']


def test_a_card_without_statements_lists_everything() -> None:
    assert compose(None).document.draft.count(f"{len(Statements().blanks())} statements") == 1


def test_a_release_refuses_every_blank_by_name() -> None:
    with pytest.raises(CardIncomplete) as refused:
        compose(written(owner={"team": ""}, law={"necessity": ""}, impact_assessments=[]), release=True)
    assert "lacks 3 things" in str(refused.value)
    for name in ("[owner] team", "[law] necessity", "[[impact_assessments]]"):
        assert f"{name} of card.toml" in str(refused.value)


def test_a_release_names_blanks_and_missing_figures_together() -> None:
    made = inputs().judged(criteria=())
    with pytest.raises(CardIncomplete) as refused:
        compose(written(owner={"team": ""}), release=True, made=made)
    assert "[owner] team" in str(refused.value)
    assert "success criteria" in str(refused.value)


def test_a_complete_card_is_released_without_the_word_draft() -> None:
    card = compose(written(), release=True)
    assert card.document.draft == ""
    assert '<p class="draft">' not in card.html()
    assert "**Draft.**" not in card.markdown()
    assert "Still to be written" not in card.html()
    assert "Complete, but not yet released" in compose(written()).document.draft


def test_invented_statements_are_refused_for_real_data() -> None:
    real = inputs().judged(generated_from={**inputs().evaluation.generated_from, "data_is_invented": False})
    with pytest.raises(CardIncomplete, match=r"invented = true in card\.toml"):
        compose(written(), release=True, made=real)
    assert compose(written(invented=False), release=True, made=real).document.draft == ""


def test_an_assessment_without_a_date_is_a_blank_unless_it_does_not_apply() -> None:
    undated = [{"name": "One", "outcome": "Under way"}, {"name": "Two", "outcome": "Not applicable: open data"}]
    assert [where for where, _ in written(impact_assessments=undated).blanks()] == [
        '[[impact_assessments]] name = "One"'
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_statements_of_this_repository_are_complete(path: Path) -> None:
    said = load_statements(path)
    assert said.blanks() == ()
    assert said.invented is ("examples" not in path.parts)
    assert re.search(r"@example\.org$|^none", said.owner.contact_email)


def test_there_is_a_file_beside_every_prototype_of_this_repository() -> None:
    names = {path.name.removesuffix(".card.toml") for path in FILES}
    assert {"school_readiness", "domestic_abuse", "not_completing"} <= names
