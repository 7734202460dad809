"""Early years: funded places and the sessions attended."""

from __future__ import annotations

from features.sources.early_years import early_years_places
from riskmodel import has, highest, latest, months, total

# Whether a child *took up* a two-year-old place is left out: only families on low incomes were entitled, so it says
# more about entitlement than about the place, and since 2024 it means something else again.
places = [
    has(
        early_years_places,
        "funded_place_1y",
        "no funded early-years place is on record in the last year",
        within=months(12),
        direction="-",
        theme="early years",
    ),
    total(
        early_years_places,
        "sessions_missed_1y",
        "more nursery sessions were missed in the last year",
        value="sessions_missed",
        within=months(12),
        direction="+",
        theme="early years",
    ),
    latest(
        early_years_places,
        "funded_hours",
        "fewer funded hours were taken up",
        value="funded_hours",
        direction="-",
        theme="early years",
    ),
    highest(
        early_years_places,
        "setting_inspection_grade_2y",
        "the nursery's inspection grade is lower",
        value="setting_rating",
        within=months(24),
        direction="+",
        theme="early years",
    ),
]
