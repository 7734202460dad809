"""The section on coded checks: errors first, and no count or share of people that the policy would not print."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from riskmodel.evaluation.checks import Finding
from riskmodel.evaluation.evidence import Evidence
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Callout, Folded, Section, Table
from riskmodel.reporting.sections.checks import checks


def finding(code: str, severity: str, status: str, reason: str = "So it is.", **counts: tuple[int, ...]) -> Finding:
    return Finding(code, f"The fault of {code}", severity, status, reason, "Mend it.", counts)


FINDINGS = (
    finding("RM101", "note", "found"),
    finding("RM202", "warning", "found", "{few} cases and {many} cases, {share} of all.", few=(14,), many=(1234,),
            share=(14, 2000)),
    finding("RM303", "error", "found", "{n} rows.", n=(7,)),
    finding("RM304", "error", "passed"),
    finding("RM305", "warning", "not applicable", "Not applicable because there is nothing."),
)  # fmt: skip


def section(findings: tuple[Finding, ...] = FINDINGS, **policy: int) -> Section | None:
    material: Any = SimpleNamespace(
        evidence=Evidence("made_up", checks=findings), policy=Policy(**policy), spoken=lambda text: text
    )
    return checks(material)


def found_in(made: Section | None) -> Table:
    assert made is not None
    return next(block for block in made.blocks if isinstance(block, Table))


def test_what_was_found_stands_first_and_errors_first_of_all() -> None:
    rows = found_in(section()).rows
    assert [row[0] for row in rows] == [f"{code} The fault of {code}" for code in ("RM303", "RM202", "RM101")]
    assert [row[1] for row in rows] == ["error", "warning", "note"]


def test_errors_are_called_out_and_the_rest_is_folded_away() -> None:
    made = section()
    assert made is not None
    callout = next(block for block in made.blocks if isinstance(block, Callout))
    assert (callout.tone, callout.text) == ("stop", "RM303: the fault of RM303.")
    folded = next(block for block in made.blocks if isinstance(block, Folded))
    assert [row[1] for row in folded.table.rows] == ["passed", "not applicable"]
    assert "3 found something, 1 passed, and 1 do not apply" in made.blocks[0].text


def test_counts_and_shares_follow_the_policy_of_the_card() -> None:
    reasons = [row[2] for row in found_in(section()).rows]
    assert reasons[:2] == ["Fewer than 10 rows.", "15 cases and 1,235 cases, 0.8% of all."]
    stricter = [row[2] for row in found_in(section(threshold=20, rounding=10)).rows]
    assert stricter[:2] == ["Fewer than 20 rows.", "Fewer than 20 cases and 1,230 cases, under 1.0% of all."]


def test_without_findings_there_is_no_section_and_without_errors_no_alarm() -> None:
    assert section(()) is None
    calm = section(FINDINGS[:2])
    assert calm is not None
    assert not any(isinstance(block, Callout | Folded) for block in calm.blocks)
