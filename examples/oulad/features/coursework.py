"""Coursework: what was due, what was handed in, and how it was marked.

Only tutor-marked assignments count. Which computer-marked ones a module sets changes from year to year, so their number
and their (much higher) marks do not mean the same thing in two presentations.
"""

from __future__ import annotations

from features.sources.coursework import coursework
from features.sources.submissions import submissions
from riskmodel import count, days, days_since, highest, latest, lowest, total

THEME = "coursework"

deadlines = [
    count(
        coursework,
        "assignments_due",
        "more tutor-marked assignments were due so far",
        where="kind = 'TMA'",
        within=days(60),
        theme=THEME,
    ),
    count(
        coursework,
        "deadlines_missed",
        "more assignments were not there on the day they were due",
        where="kind = 'TMA' AND NOT handed_in",
        within=days(60),
        direction="+",
        theme=THEME,
    ),
    total(
        coursework,
        "weight_missed",
        "assignments that count for more were not there on the day they were due",
        "weight",
        where="kind = 'TMA' AND NOT handed_in",
        within=days(60),
        direction="+",
        theme=THEME,
    ),
]

# Banked work says how an earlier presentation went, so it is kept apart.
_HANDED_IN = "kind = 'TMA' AND NOT banked"

handed_in = [
    count(
        submissions,
        "assignments_handed_in",
        "few tutor-marked assignments were handed in",
        where=_HANDED_IN,
        direction="-",
        theme=THEME,
    ),
    days_since(
        submissions,
        "days_since_handed_in",
        "the last assignment was handed in longer ago",
        where=_HANDED_IN,
        direction="+",
        theme=THEME,
    ),
    lowest(
        submissions,
        "fewest_days_early",
        "an assignment was handed in later against its due date",
        "days_early",
        where=_HANDED_IN,
        direction="-",
        theme=THEME,
    ),
    count(
        submissions,
        "banked",
        "little or no work was carried over from an earlier attempt",
        where="banked",
        direction="-",
        theme=THEME,
    ),
]

marks = [
    latest(submissions, "last_mark", "the last mark was low", "score", where=_HANDED_IN, direction="-", theme=THEME),
    lowest(
        submissions, "lowest_mark", "the lowest mark was low", "score", where=_HANDED_IN, direction="-", theme=THEME
    ),
    highest(
        submissions,
        "highest_mark",
        "even the highest mark was low",
        "score",
        where=_HANDED_IN,
        direction="-",
        theme=THEME,
    ),
]
