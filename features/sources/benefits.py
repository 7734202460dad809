"""Revenues and benefits: awards to a household, and what it owes the council."""

from __future__ import annotations

from riskmodel import Source

benefits = Source(
    "benefits",
    "One row per change to a household's benefit: awarded or ended",
    partner="Revenues and benefits",
    agreement="ISP-011",
    key="household_id",
    happened="changed_on",
    known="received_on",
    columns={"benefit": str, "status": str, "arrears_gbp": float},
    required=("benefit", "status"),
)
