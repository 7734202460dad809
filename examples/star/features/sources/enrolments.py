"""Which child is in which school and grade."""

from __future__ import annotations

from datetime import date

from riskmodel import Sensitivity, Source

enrolments = Source(
    "enrolments",
    "One row a child and school year in the study, from the class lists of 1 October (assumed)",
    partner="Schools",
    agreement="Public data of Project STAR",
    sensitivity=Sensitivity.SPECIAL,
    key="child_id",
    happened="enrolled_on",
    known="known_on",
    columns={
        "joined_on": date,
        "grade": str,
        "school_id": str,
        "school_type": str,
        "born_from": date,
        "sex": str,
        "ethnicity": str,
        "free_lunch": bool,
    },
    required=["joined_on", "grade", "school_id", "school_type"],
    unique=["child_id", "enrolled_on"],
)
