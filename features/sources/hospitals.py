"""Hospitals: visits to an emergency department."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

emergency_visits = Source(
    "emergency_visits",
    "One row per visit to an emergency department",
    partner="Hospitals",
    agreement="ISP-027",
    key="person_id",
    happened="attended_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    columns={"injury": bool, "arrival": str},
)
