"""Protected characteristics and deprivation: for checking fairness, never for predicting."""

from __future__ import annotations

from features.sources.registrations import registrations
from riskmodel import latest

gender = latest(
    registrations,
    "gender",
    "the student's gender",
    "CASE gender WHEN 'F' THEN 'Women' WHEN 'M' THEN 'Men' END",
    protected=True,
    theme="audit",
    levels=["Women", "Men"],
)

disability = latest(
    registrations,
    "disability",
    "whether the student declared a disability",
    "CASE WHEN disability THEN 'Disability declared' ELSE 'None declared' END",
    protected=True,
    theme="audit",
    levels=["Disability declared", "None declared"],
)

age = latest(
    registrations,
    "age",
    "the student's age",
    "CASE age_band WHEN '0-35' THEN 'Under 35' WHEN '35-55' THEN '35 to 54' ELSE age_band END",
    protected=True,
    theme="audit",
    levels=["Under 35", "35 to 54", "55 or over"],
)

deprivation = latest(
    registrations,
    "deprivation",
    "how deprived the student's neighbourhood is",
    (
        "CASE WHEN imd_band IN ('0-10%', '10-20%') THEN 'Most deprived fifth' "
        "WHEN imd_band IN ('20-30%', '30-40%') THEN 'Second fifth' "
        "WHEN imd_band IN ('40-50%', '50-60%') THEN 'Middle fifth' "
        "WHEN imd_band IN ('60-70%', '70-80%') THEN 'Fourth fifth' "
        "WHEN imd_band IN ('80-90%', '90-100%') THEN 'Least deprived fifth' END"
    ),
    theme="audit",
    levels=["Most deprived fifth", "Second fifth", "Middle fifth", "Fourth fifth", "Least deprived fifth"],
)
