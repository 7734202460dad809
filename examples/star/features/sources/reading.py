"""The reading test at the end of a school year."""

from __future__ import annotations

from datetime import date

from riskmodel import Source

reading = Source(
    "reading",
    "One row a child with a reading score at the end of the school year; low is below the first quartile of the grade",
    partner="Study office",
    agreement="Public data of Project STAR",
    key="child_id",
    happened="tested_on",
    known="scored_on",
    columns={"grade": str, "score": float, "low_reading": bool},
    required=["grade", "score", "low_reading"],
    unique=["child_id", "tested_on"],
    # Kindergarten and grade 1 sat different levels of the test, and low is counted within each grade.
    breaks=[date(1986, 9, 1)],
)
