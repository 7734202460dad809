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
        "students of this module complete it less often",
        "module",
        theme=THEME,
        levels=["AAA", "BBB", "EEE", "GGG"],
    ),
    latest(
        registrations,
        "highest_education",
        "students with this highest qualification complete less often",
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
        "the student tried this module before",
        "previous_attempts",
        direction="+",
        theme=THEME,
    ),
    latest(
        registrations,
        "studied_credits",
        "the student studies for more credits at the same time",
        "studied_credits",
        direction="+",
        theme=THEME,
    ),
    latest(
        registrations,
        "days_registered_before_start",
        "the student registered late, close to the start",
        "days_before_start",
        direction="-",
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
        direction="+",
        theme=THEME,
    ),
]
