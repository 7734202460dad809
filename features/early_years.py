"""Early years: funded places and the sessions attended."""

from __future__ import annotations

from features.sources.early_years import early_years_places
from riskmodel import highest, latest, months

# Whether there was a place at all is left out. At two, only families on low incomes were entitled, and since 2024
# that means something else again; at three it mostly says in which term the child turned three.
places = [
    highest(
        early_years_places,
        "sessions_missed_1y",
        "more nursery sessions were missed in a term of the last year",
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
]
