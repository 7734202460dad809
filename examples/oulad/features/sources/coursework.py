"""Coursework on the day it was due."""

from __future__ import annotations

from riskmodel import Source

coursework = Source(
    "coursework",
    "One row a registration and piece of coursework, on the day it was due: whether it was there",
    partner="Assessment office",
    agreement="Open data, CC BY 4.0",
    key="registration_id",
    happened="due_on",
    columns={"assessment_id": str, "kind": str, "weight": float, "handed_in": bool},
    required=["assessment_id", "kind", "handed_in"],
    unique=["registration_id", "assessment_id"],
)
