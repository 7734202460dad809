"""Work that students handed in, with its mark."""

from __future__ import annotations

from riskmodel import Source

submissions = Source(
    "submissions",
    "One row a piece of work handed in; a banked one was carried over from an earlier presentation",
    partner="Assessment office",
    agreement="Open data, CC BY 4.0",
    key="registration_id",
    happened="submitted_on",
    columns={
        "assessment_id": str,
        "kind": str,
        "score": float,
        "weight": float,
        "days_early": int,
        "banked": bool,
    },
    required=["assessment_id", "kind", "banked"],
    unique=["registration_id", "assessment_id"],
)
