"""Police: incidents and the people linked to them."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

# Refuge addresses are taken out by the force before anything is sent.
police_incidents = Source(
    "police_incidents",
    "One row per person linked to a recorded incident; several people may share one incident",
    partner="Police",
    agreement="ISP-022",
    key="person_id",
    happened="occurred_on",
    known="received_on",
    sensitivity=Sensitivity.CRIMINAL,
    # child_present is blank when the officer did not say; grade is blank unless the incident is domestic abuse
    columns={
        "incident_id": str,
        "domestic_abuse": bool,
        "kind": str,
        "role": str,
        "crime": bool,
        "child_present": bool,
        "grade": str,
        "harm_score": float,
    },
    required=("incident_id", "domestic_abuse"),
)
