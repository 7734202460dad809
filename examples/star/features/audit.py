"""Sex and ethnicity, for checking fairness and never for predicting; free lunch, which predicts and is checked too."""

from __future__ import annotations

from features.sources.enrolments import enrolments
from riskmodel import latest

sex = latest(
    enrolments,
    "sex",
    "the child's sex",
    "CASE sex WHEN 'female' THEN 'Girls' WHEN 'male' THEN 'Boys' END",
    protected=True,
    theme="audit",
    levels=["Girls", "Boys"],
)

ethnicity = latest(
    enrolments,
    "ethnicity",
    "the child's ethnicity",
    (
        "CASE WHEN ethnicity = 'cauc' THEN 'White' WHEN ethnicity = 'afam' THEN 'Black' "
        "WHEN ethnicity <> '' THEN 'Other' END"
    ),
    protected=True,
    theme="audit",
    levels=["White", "Black", "Other"],
)

lunch = latest(
    enrolments,
    "lunch",
    "whether the child is entitled to a free school lunch",
    "CASE WHEN free_lunch THEN 'Free lunch' WHEN NOT free_lunch THEN 'No free lunch' END",
    theme="audit",
    levels=["Free lunch", "No free lunch"],
)
