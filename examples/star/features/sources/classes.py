"""Which class a child was assigned to, and who teaches it."""

from __future__ import annotations

from riskmodel import Source

classes = Source(
    "classes",
    "One row a child and school year: the kind of class it was assigned to, and its teacher",
    partner="Study office",
    agreement="Public data of Project STAR",
    key="child_id",
    happened="enrolled_on",
    known="known_on",
    columns={"class_type": str, "teacher_degree": str, "teacher_experience": float},
    required=["class_type"],
    unique=["child_id", "enrolled_on"],
)
