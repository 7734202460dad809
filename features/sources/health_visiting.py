"""Health visiting: the mandated reviews of young children, and the ASQ-3 questionnaire at two."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

health_visits = Source(
    "health_visits",
    "One row per review that fell due, whether it was held or not",
    partner="Health visiting",
    agreement="ISP-005",
    key="person_id",
    happened="due_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    # days_late and mood_concern are blank when the review was not held
    columns={"review": str, "completed": bool, "days_late": int, "mood_concern": bool},
    required=("review", "completed"),
)

asq3 = Source(
    "asq3",
    "One row per child assessed with the Ages and Stages Questionnaire (ASQ-3) at the two-year review",
    title="Ages and Stages Questionnaire (ASQ-3)",
    partner="Health visiting",
    agreement="ISP-005",
    key="person_id",
    happened="assessed_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    # each domain is scored from 0 to 60, and some are left blank
    columns={
        "communication": float,
        "gross_motor": float,
        "fine_motor": float,
        "problem_solving": float,
        "personal_social": float,
        "areas_below": int,
    },
)
