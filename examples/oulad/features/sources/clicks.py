"""What students open in the virtual learning environment."""

from __future__ import annotations

from riskmodel import Source

clicks = Source(
    "clicks",
    "One row a registration, day and page: how often it was clicked",
    partner="Virtual learning environment",
    agreement="Open data, CC BY 4.0",
    key="registration_id",
    happened="clicked_on",
    columns={"site_id": str, "activity": str, "clicks": int},
    required=["site_id", "activity", "clicks"],
    unique=["registration_id", "clicked_on", "site_id"],
)
