"""How a registration ended."""

from __future__ import annotations

from riskmodel import Source

results = Source(
    "results",
    "One row a registration: how it ended, on the day of withdrawal or at the end of the presentation",
    partner="Registry",
    agreement="Open data, CC BY 4.0",
    key="registration_id",
    happened="decided_on",
    columns={"result": str},
    required=["result"],
    unique=["registration_id"],
)
