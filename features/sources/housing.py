"""Housing: what kind of home a household has, and what happens with the tenancy."""

from __future__ import annotations

from riskmodel import Source

dwellings = Source(
    "dwellings",
    "One row per household and dwelling: tenure, kind and bedrooms",
    partner="Housing",
    agreement="ISP-012",
    key="household_id",
    happened="recorded_on",
    known="received_on",
    # bedrooms_short: how many bedrooms fewer than the bedroom standard asks for, 0 if none
    columns={"tenure": str, "bedrooms_short": int, "kind": str},
    required=("tenure",),
)

# The housing system exports from an old desktop program: Windows-1252 text, days written dd/mm/yyyy.
housing = Source(
    "housing",
    "One row per event of a tenancy: arrears, repairs, complaints, notices, temporary accommodation",
    partner="Housing",
    agreement="ISP-012",
    key="household_id",
    happened="recorded_on",
    known="received_on",
    dates="uk",
    columns={"event": str, "amount_gbp": float, "note": str},
    required=("event",),
)
