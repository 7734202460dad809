"""Early years: funded places, from the headcount that settings return each term."""

from __future__ import annotations

from riskmodel import Source

early_years_places = Source(
    "early_years_places",
    "One row per child, funded place and headcount day",
    partner="Early years",
    agreement="ISP-006",
    key="person_id",
    happened="headcount_on",
    known="received_on",
    # setting_rating is the inspection grade, 1 (outstanding) to 4 (inadequate), blank if not yet inspected
    columns={"entitlement": str, "funded_hours": float, "sessions_missed": int, "setting_rating": int},
    required=("entitlement",),
)
