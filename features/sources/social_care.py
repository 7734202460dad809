"""Children's social care: contacts, assessments, and the plans that follow."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

social_care = Source(
    "social_care",
    "One row per child and step: contact, referral, assessment, section 47 enquiry, early help, or the start of a plan",
    partner="Social care",
    agreement="ISP-018",
    key="person_id",
    happened="started_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    columns={"event": str, "referred_by": str, "domestic_abuse_factor": bool},
    required=("event",),
)
