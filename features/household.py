"""The household: who lives in it, how often it moves, and its neighbourhood."""

from __future__ import annotations

from features.scopes import adults, carers, children, home
from features.sources.births import births
from features.sources.register import households, people, residence
from riskmodel import count, distinct, has, latest, months, years

neighbourhood = [
    latest(
        households,
        "neighbourhood_deprivation",
        "more children in the neighbourhood live on a low income",
        of=home,
        value="idaci_decile",  # 1 is the most deprived tenth
        direction="-",
        theme="neighbourhood",
    ),
]

# The register has a row for every new address of a person. A child of three was born before these two years began.
child_moves = [
    count(
        people,
        "home_moves_2y",
        "the child moved home more often in the last 2 years",
        within=years(2),
        direction="+",
        theme="moves",
    ),
    distinct(
        people,
        "neighbourhoods_lived_in",
        "the child has lived in more neighbourhoods",
        value="lsoa_code",
        direction="+",
        theme="moves",
    ),
]

members = [
    distinct(
        residence,
        "carers_in_home",
        "fewer carers live in the home",
        value="person_id",
        of=carers,
        direction="-",
        theme="household",
    ),
]

# A household is looked at as one case below: its own moves, and the children it must have to be looked at at all.
household_moves = [
    distinct(
        people,
        "carers_moves_3y",
        "the carers moved home more often in the last 3 years",
        value="recorded_on",  # of carers who move together, one move
        of=carers,
        within=years(3),
        direction="+",
        theme="moves",
    ),
    distinct(
        people,
        "childrens_neighbourhoods_3y",
        "the children have lived in more neighbourhoods in the last 3 years",
        value="lsoa_code",
        of=children,
        within=years(3),
        direction="+",
        theme="moves",
    ),
]

one_parent_at_a_birth = has(
    births,
    "one_parent_at_a_birth",
    "one parent was on record when a child was born",
    of=children,
    where="lone_parent",
    direction="+",
    theme="household",
)

# Who lives with the children: both go with the risk of abuse, and not with readiness for school.
newcomers_and_parents = [
    distinct(
        residence,
        "other_adults_moved_in_1y",
        "another adult moved into the home in the last year",
        value="person_id",
        of=adults,
        where="role = 'other_adult'",
        within=months(12),
        direction="+",
        theme="household",
    ),
    one_parent_at_a_birth,
]

# Not a predictor: the test of who is in the cohort.
child_under_18 = has(
    people,
    "child_under_18",
    "a child under 18 lives in the home",
    of=home,
    where="age(date_of_birth) < 18",
    theme="household",
)
