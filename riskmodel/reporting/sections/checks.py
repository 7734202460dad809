"""What the coded checks found, errors first, and what they did not find."""

from __future__ import annotations

from functools import partial

from riskmodel.evaluation.checks import Finding, by_severity
from riskmodel.evaluation.checks.finding import people
from riskmodel.reporting.document import Block, Callout, Cell, Folded, Section, Table, Text, table
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import sentence


def checks(material: Material) -> Section | None:
    """The findings of `riskmodel diagnose`."""
    findings = material.evidence.checks if material.evidence else ()
    if not findings:
        return None
    found = by_severity(findings)
    rest = [finding for finding in findings if finding not in found]
    passed = sum(finding.status == "passed" for finding in rest)
    blocks: list[Block] = [
        Text(
            f"{len(findings)} numbered checks look for faults that a careful statistician would look for. "
            f"{len(found)} found something, {passed} passed, and {len(rest) - passed} do not apply. An error keeps the "
            "model from being used until it is dealt with; a warning has to be answered by whoever approves it; a note "
            "has to be known."
        )
    ]
    errors = [finding for finding in found if finding.is_error]
    if errors:
        words = "; ".join(f"{finding.code}: {finding.fault}" for finding in errors)
        blocks.append(Callout("stop", "Errors were found", f"{sentence(words)}."))
    if found:
        blocks.append(_found(found, material))
    if rest:
        blocks.append(Folded(f"The {len(rest)} checks that found nothing", _rest(rest, material)))
    return Section("checks", "Coded checks", tuple(blocks))


def _found(found: tuple[Finding, ...], material: Material) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_title(finding, material), finding.severity, _said(finding, material), material.spoken(finding.what_to_do))
        for finding in found
    ]
    return table("checks-found", "What was found, errors first", ("Check", "Severity", "Reason", "What to do"), rows)


def _rest(rest: list[Finding], material: Material) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_title(finding, material), finding.status, _said(finding, material)) for finding in rest
    ]
    return table("checks-passed", "What was not found", ("Looked for", "Came to", "Reason"), rows)


def _title(finding: Finding, material: Material) -> str:
    return f"{finding.code} {material.spoken(finding.title)}"


def _said(finding: Finding, material: Material) -> str:
    """The reason, with its counts and shares of people under the card's own rules."""
    policy = material.policy
    said = finding.text(partial(people, threshold=policy.threshold, rounding=policy.rounding))
    return material.spoken(said)
