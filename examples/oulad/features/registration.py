"""What the student brought along and how the registration began."""

from __future__ import annotations

from features.sources.registrations import registrations
from features.sources.results import results
from riskmodel import Scope, has, latest

student = Scope("all registrations of the same student", via=registrations, group="student_id")

THEME = "registration"

background = [
    latest(
        registrations,
        "module",
        "of which module it is",
        "module",
        theme=THEME,
        levels=["AAA", "BBB", "EEE", "GGG"],
    ),
    latest(
        registrations,
        "highest_education",
        "of the student's highest qualification so far",
        "highest_education",
        theme=THEME,
        levels=[
            "No Formal quals",
            "Lower Than A Level",
            "A Level or Equivalent",
            "HE Qualification",
            "Post Graduate Qualification",
        ],
    ),
    latest(
        registrations,
        "previous_attempts",
        "the student tried this module more often before",
        "previous_attempts",
        theme=THEME,
    ),
    latest(
        registrations,
        "studied_credits",
        "the student studies for more credits at the same time",
        "studied_credits",
        theme=THEME,
    ),
    latest(
        registrations,
        "days_registered_before_start",
        "of how long before the start the student registered",
        "days_before_start",
        theme=THEME,
    ),
]

history = [
    has(
        results,
        "failed_before",
        "the student failed one of these modules before",
        of=student,
        where="result = 'Fail'",
        theme=THEME,
    ),
]
