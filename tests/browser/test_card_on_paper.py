"""The front of the card on paper: two sheets at most, whatever the verdict and however much was declared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from riskmodel.reporting.card import ModelCard
from tests.browser.test_card_page import opened
from tests.unit.reporting.made_up import Inputs, a_prototype, inputs, not_fit
from tests.unit.reporting.written import written

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHEETS = 2
# As many and as long as those of the reference prototypes.
LIMITS = [
    f"{number} Records are made more often about some homes than about others, for example where neighbours call. The "
    "model learns that too, and a higher score may mean more recording"
    for number in ("First.", "Second.", "Third.", "Fourth.", "Fifth.", "Sixth.", "Seventh.", "Eighth.", "Ninth.")
]
NEVER = (
    "Enforcement, policing, decisions about where a child lives, eligibility or rationing of help for those who ask "
    "for "
    "it, contact that a partner could notice, or any map below the ward"
)


def declared_at_length(made: Inputs) -> Inputs:
    return made.but(prototype=a_prototype(limits=LIMITS, never=NEVER))


@pytest.mark.parametrize("made", [inputs(), declared_at_length(not_fit(inputs(900, 4, -1.6, 0.1)))])
def test_the_front_takes_two_sheets(browser: Browser, tmp_path: Path, made: Inputs) -> None:
    card = ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=written()
    )
    with opened(browser, card.save(tmp_path)[0], 1280) as (page, _):
        whole = sheets(page.pdf(prefer_css_page_size=True))
        page.evaluate("document.querySelectorAll('.annex, .forms, .part, footer').forEach(part => part.remove())")
        assert 1 <= sheets(page.pdf(prefer_css_page_size=True)) <= SHEETS < whole


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
