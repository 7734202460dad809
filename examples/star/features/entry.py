"""What is known about a child, its class and its school on 1 October of its first year in the study.

Directions were declared from what is generally held about reading, before anything was fitted. Age is measured within
the grade, because a child of six is old in kindergarten and young in grade 1. It has two parts: being one of the
youngest, and being a year or more older than the class, as a child is who was held back or sent late.
"""

from __future__ import annotations

from features.sources.classes import classes
from features.sources.enrolments import enrolments
from riskmodel import latest

# On 1 October a child may enter kindergarten at 60 months and grade 1 at 72. From the first day of its quarter of birth
# a child of the usual age is 3, 6, 9 or 12 months past that.
_MONTHS_PAST = "(round(date_diff('day', born_from, as_of) / 30.4375) - CASE WHEN grade = 'K' THEN 60 ELSE 72 END)"

child = [
    latest(
        enrolments,
        "free_lunch",
        "the child is entitled to a free school lunch",
        "free_lunch",
        direction="+",
        theme="child",
    ),
    latest(
        enrolments,
        "young_for_class",
        "the child is among the youngest of the class",
        f"CASE WHEN {_MONTHS_PAST} > 12 THEN 0.0 ELSE 12 - {_MONTHS_PAST} END",
        direction="+",
        theme="child",
    ),
    latest(
        enrolments,
        "year_older",
        "the child is older than its class by a year's intake",
        f"{_MONTHS_PAST} > 12",
        direction="+",
        theme="child",
    ),
]

teaching = [
    latest(
        classes,
        "class_type",
        "children in a class of this kind read low more often",
        "class_type",
        theme="class and teacher",
        levels=["small", "regular", "regular+aide"],
    ),
    latest(
        classes,
        "teacher_experience",
        "the class teacher has taught for few years",
        "teacher_experience",
        direction="-",
        theme="class and teacher",
    ),
    latest(
        classes,
        "bachelor_only",
        "the class teacher has no degree above a bachelor's",
        "teacher_degree = 'bachelor'",
        direction="+",
        theme="class and teacher",
    ),
]

school = [
    latest(
        enrolments,
        "school_type",
        "children at schools in this kind of place read low more often",
        "school_type",
        theme="school",
        levels=["inner-city", "suburban", "rural", "urban"],
    ),
]
