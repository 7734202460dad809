"""Adult services: needs for care or support that an adult is known to have."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

adult_needs = Source(
    "adult_needs",
    "One row per adult and need that a service has recorded: known-to flags only, no case detail",
    partner="Adult services",
    agreement="ISP-025",
    key="person_id",
    happened="recorded_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    columns={"need": str, "service": str},
    required=("need",),
)
