"""What the card says about the model's own privacy."""

from __future__ import annotations

import json

from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.membership import Attack
from riskmodel.evaluation.privacy import ASK_FIRST, MAY_BE_SHARED, Privacy
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.structure import Structure
from riskmodel.reporting.card import ModelCard
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import inputs

NONE = Estimate(0.0, 0.0, 0.01, 1900, 0, "Wilson")
TREES = Structure("trees", 700, 1900, 1200, 23, 0, 10, NONE, 0, Estimate(0.9, 0.88, 0.92, 1900, 1710, "Wilson"))
TERMS = Structure("terms", 60, 1900, 1839, 4, 1, 10, NONE, 0, None, ("moved_home",))
ATTACK = Attack("confidence", Estimate(0.512, 0.49, 0.53, 1900, 950), 0.528, 0.19)


def section_of(privacy: Privacy | None) -> tuple[dict[str, object] | None, str]:
    made = inputs()
    card = ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training,
        Evidence("starting_school", privacy=privacy), invented=True,
    )  # fmt: skip
    plain = json.loads(card.json())
    return next((s for s in plain["sections"] if s["key"] == "privacy"), None), card.html()


def test_trees_that_withstand_are_said_to() -> None:
    section, page = section_of(Privacy("gradient_boosting", TREES, (ATTACK,), MAY_BE_SHARED, ("Nothing succeeds.",)))
    said = json.dumps(section)
    for words in ("The public copy may be shared", "Training cases in its smallest leaf", '"25"', "0.512 (0.490 to"):
        assert words in said, words
    assert "Could the model give somebody away" in page
    assert "picks the right one about 51 times in 100. Guessing is right 50 times." in said
    assert "the last figure decides nothing" in said


def test_the_number_behind_a_small_term_is_withheld_and_the_term_is_named() -> None:
    privacy = Privacy("logistic", TERMS, (ATTACK,), ASK_FIRST, ("A yes-or-no term rests on few: moved_home.",))
    section, _ = section_of(privacy)
    said = json.dumps(section)
    assert "rests on few: moved home." in said
    assert all(figure["value"] != 4 for figure in reading.figures(section))
    assert "withheld" in said


def test_without_the_evidence_there_is_no_section() -> None:
    assert section_of(None)[0] is None
