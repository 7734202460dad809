"""Who is registered for which module, from when to when."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

registrations = Source(
    "registrations",
    "One row when a student registers for a presentation of a module, and a second one when the student withdraws",
    partner="Registry",
    agreement="Open data, CC BY 4.0",
    sensitivity=Sensitivity.SPECIAL,
    key="registration_id",
    happened="registered_on",
    known="known_on",
    ends="withdrew_on",
    columns={
        "student_id": str,
        "days_before_start": int,
        "module": str,
        "presentation": str,
        "gender": str,
        "region": str,
        "highest_education": str,
        "imd_band": str,
        "age_band": str,
        "disability": bool,
        "previous_attempts": int,
        "studied_credits": int,
    },
    required=["student_id", "days_before_start", "module", "presentation"],
    unique=["registration_id", "known_on"],
)
