"""Brothers and sisters: what schools recorded about the older children in the home."""

from __future__ import annotations

from features.scopes import children
from features.sources.schools import eyfsp, school_census
from riskmodel import has, highest, months, years

# A three-year-old is not in the school census or the profile yet, so these can only be other children of the home.
# English as an additional language is left out: it stands in for ethnicity, and is audited instead.
at_school = [
    # Three years back, because no profiles were collected in 2020 and 2021: with a longer window the older cohorts
    # would see more school years than the newer ones.
    has(
        eyfsp,
        "sibling_not_good_level_3y",
        "a brother or sister was not yet at a good level at the end of Reception",
        of=children,
        where="NOT good_level",
        within=years(3),
        direction="+",
        theme="brothers and sisters",
    ),
    has(
        school_census,
        "sibling_free_school_meals_1y",
        "a brother or sister was registered for free school meals in the last year",
        of=children,
        where="free_school_meals",
        within=months(12),
        direction="+",
        theme="brothers and sisters",
    ),
    has(
        school_census,
        "sibling_learning_support_1y",
        "a brother or sister had support for learning at school in the last year",
        of=children,
        where="sen <> 'none'",
        within=months(12),
        direction="+",
        theme="brothers and sisters",
    ),
    highest(
        school_census,
        "sibling_absence_1y",
        "a brother or sister was absent from school more in the last year",
        value="absence_rate",
        of=children,
        within=months(12),
        direction="+",
        theme="brothers and sisters",
    ),
]

# The school-age children of a household, as a case of its own.
school_children = [
    has(
        school_census,
        "free_school_meals_1y",
        "a child was registered for free school meals in the last year",
        of=children,
        where="free_school_meals",
        within=months(12),
        direction="+",
        theme="school",
    ),
    highest(
        school_census,
        "highest_absence_1y",
        "a child was absent from school more in the last year",
        value="absence_rate",
        of=children,
        within=months(12),
        direction="+",
        theme="school",
    ),
]
