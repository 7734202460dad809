"""Statements in which everything is written, for the tests of reporting. No organisation stands behind them."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from riskmodel.reporting.statements import RiskArea, Statements, asked

SPECIAL = {
    "owner.phase": "private beta",
    "owner.contact_email": "team@example.org",
    "science.card_licence": "CC-BY-4.0",
}


def given() -> dict[str, Any]:
    """What a complete card.toml holds."""
    parts: dict[str, Any] = {"invented": True}
    for part, key, asks in asked():
        parts.setdefault(part, {})[key] = SPECIAL.get(f"{part}.{key}", f"Made up: {asks}")
    parts["impact_assessments"] = [
        {"name": "Data protection impact assessment", "date": date(2025, 6, 2), "outcome": "Made up"}
    ]
    parts["risks"] = [
        {"area": area, "risk": f"A made-up risk of {area}", "mitigation": "Made up"} for area in get_args(RiskArea)
    ]
    return parts


def written(**changes: Any) -> Statements:
    """Complete statements, with some tables changed: `owner={"team": ""}` blanks one text."""
    parts = given()
    for part, change in changes.items():
        parts[part] = parts[part] | change if isinstance(change, dict) else change
    return Statements.model_validate(parts)
