"""Every check has its page, every page its check, and they say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskmodel.evaluation.checks import CHECKS

PAGES = Path(__file__).parents[4] / "docs" / "checks"
PARTS = ("What it looks for", "Why it matters", "What to do", "How it is computed", "Limits")


def test_there_is_a_page_for_each_check_and_no_other():
    assert {page.stem for page in PAGES.glob("*.md")} == {check.code for check in CHECKS} | {"index"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_page_says_what_the_check_says(check):
    title, severity, *body = (PAGES / f"{check.code}.md").read_text(encoding="utf-8").split("\n\n")
    assert title == f"# {check.code} {check.title}"
    assert severity.lower().startswith(check.severity)
    assert [part[3:] for part in body if part.startswith("## ")] == list(PARTS)
    assert " ".join(body[body.index("## What to do") + 1].split()) == check.what_to_do


def test_the_list_of_checks_names_each_with_its_severity():
    listed = [line for line in (PAGES / "index.md").read_text(encoding="utf-8").splitlines() if line.startswith("| [")]
    assert listed == [f"| [{c.code}]({c.code}.md) | {c.title} | {c.severity} |" for c in CHECKS]
