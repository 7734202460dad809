"""The sections on stability and on what moves the scores: figures in words, small counts withheld, no cause claimed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from riskmodel.evaluation.contributions import Explained, ShareOfMovement
from riskmodel.evaluation.effects import EffectBin, EffectCurve
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.faithfulness import Faithfulness
from riskmodel.evaluation.invented import InventedExample
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.stability import BandByRisk, Stability
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Document, Section
from riskmodel.reporting.markdown import document_markdown
from riskmodel.reporting.page import document_html
from riskmodel.reporting.sections.explained import explained
from riskmodel.reporting.sections.stability import stability


def estimate(value: float, low: float, high: float, n: int = 300, events: int = 100) -> Estimate:
    return Estimate(value, low, high, n, events)


STABILITY = Stability(
    model="logistic", refits=100, n=1500, events=480, listed=300, capacity=0.2,
    replaced=estimate(0.27, 0.21, 0.34), by_chance=0.8, replaced_by_seed=None, firm=estimate(0.44, 0.38, 0.5),
    band=tuple(
        BandByRisk(g, *(estimate(v, 0.8 * v, 1.2 * v, n=n) for v in (g / 10, 0.1, 0.2)))
        for g, n in ((1, 750), (2, 744), (3, 6))
    ),
    top_reason_stays=estimate(0.7, 0.6, 0.8), top_theme_stays=estimate(0.76, 0.6, 0.85),
    reasons_shared=estimate(0.58, 0.5, 0.7), auroc=estimate(0.716, 0.705, 0.727),
)  # fmt: skip
EXPLAINED = Explained(
    model="logistic", n=1500, themes=(ShareOfMovement("health", 3, estimate(0.6, 0.5, 0.7)),
                                      ShareOfMovement("home", 2, estimate(0.4, 0.3, 0.5))),
    partners=(ShareOfMovement("Health visiting", 5, estimate(1.0, 1.0, 1.0)),),
    curves=(
        EffectCurve("visits", "visits were missed", "Health visiting", "number", (
            EffectBin("0", 0.0, estimate(-0.2, -0.3, -0.1, n=900)), EffectBin("1 to 2", 1.4, estimate(0.3, 0.2, 0.4)),
            EffectBin("7", 7.0, estimate(0.9, 0.8, 1.0, n=9)))),
        EffectCurve("late", "something came late", "Housing", "flag", (
            EffectBin("no", 0.0, estimate(-0.1, -0.2, 0.0, n=900)), EffectBin("yes", 1.0, estimate(0.5, 0.4, 0.6)))),
    ),
    faithfulness=Faithfulness(300, estimate(0.99, 0.98, 1.0), estimate(0.9, 0.86, 0.93), estimate(-0.08, -0.09, -0.07)),
    additivity_error=0.0, turned_round=("rent arrears were recorded",), not_quoted=2,
    example=InventedExample(("visits were missed",), 0.41, 0.32, None, None, ("visits were missed",), "41 in 100."),
)  # fmt: skip


def material(policy: Policy | None = None, **parts: Any) -> Any:
    said = {"units": "households", "brackets": "In brackets: 95% interval from resampling whole households."}
    return SimpleNamespace(evidence=Evidence("made_up", **parts), policy=policy or Policy(), **said)


def printed(section: Section | None) -> str:
    assert section is not None
    document = Document("t", "s", "Invented", (section,))
    html = document_html(document)
    assert html.count("<svg") >= 2
    assert "because of" not in html
    return document_markdown(document)


def test_stability_in_words_that_a_lay_member_understands() -> None:
    said = printed(stability(material(stability=STABILITY)))
    assert "about 27 would be others had the model been trained on another sample like this one" in said
    assert "drawn by lot, 80 would be" in said
    assert "| Trained on another sample of this size | 27% (21% to 34%) |" in said
    assert "none: nothing in it is random" in said
    assert "| First reason stays the same | 70% (60% to 80%) |" in said
    # 132 of 300 places are firm: printed from rounded counts, 130 of 300
    assert "43% (38% to 50%)" in said


def test_groups_too_small_to_print_have_no_band() -> None:
    said = printed(stability(material(stability=STABILITY)))
    assert "Group 2" in said
    assert "Group 3 of" not in said


def test_a_short_list_has_no_figures() -> None:
    short = replace(STABILITY, listed=6)
    section = stability(material(stability=short))
    assert section is not None
    assert [block for block in section.blocks if getattr(block, "key", "") == "stability-hundred"] == []


def test_explained_leaves_out_small_bins_and_counts() -> None:
    said = printed(explained(material(explained=EXPLAINED)))
    assert "| Visits were missed: 1 to 2 | 0.30 (0.20 to 0.40) |" in said
    assert "Visits were missed: 7" not in said
    assert "Each line stands for 10 cases or more" in said
    assert "The score fell in 90% (86% to 93%) of them, and the chance by 8.0 percentage points" in said
    assert "- Rent arrears were recorded." in said
    assert "2 measures move scores but may not be named" in said
    assert "An invented example" in said


@pytest.mark.parametrize("threshold", [10, 400])
def test_the_policy_decides_what_is_a_small_bin(threshold: int) -> None:
    section = explained(material(Policy(threshold=threshold, rounding=5), explained=EXPLAINED))
    assert section is not None
    drawn = [block for block in section.blocks if getattr(block, "key", "").startswith("effect-")]
    assert len(drawn) == (2 if threshold == 10 else 0)


def test_nothing_gathered_gives_no_section() -> None:
    assert stability(material()) is None
    assert explained(material()) is None
    assert stability(SimpleNamespace(evidence=None)) is None
