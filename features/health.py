"""Health of young children: the mandated reviews, the ASQ-3 at two, and emergency visits."""

from __future__ import annotations

from features.scopes import adults, children
from features.sources.health_visiting import asq3, health_visits
from features.sources.hospitals import emergency_visits
from riskmodel import count, has, lowest, months, years

# A review that did not take place says something about how the family and the service found each other, and not
# that all was well.
reviews = [
    has(
        health_visits,
        "two_year_review_missed",
        "the two-year health review did not take place",
        where="review = 'two_year' AND NOT completed",
        direction="+",
        theme="health reviews",
    ),
    count(
        health_visits,
        "reviews_missed",
        "more health reviews did not take place",
        where="NOT completed",
        direction="+",
        theme="health reviews",
    ),
    has(
        health_visits,
        "parents_mood_concern",
        "a health visitor noted a worry about a parent's mood",
        where="mood_concern",
        direction="+",
        theme="health reviews",
    ),
]

_DOMAINS = {
    "communication": "communication",
    "gross_motor": "large movements",
    "fine_motor": "small movements",
    "problem_solving": "problem solving",
    "personal_social": "personal and social skills",
}

development = [
    *(
        lowest(
            asq3,
            f"asq_{domain}",
            f"the two-year check scored {words} lower",
            value=domain,
            direction="-",
            theme="development at two",
        )
        for domain, words in _DOMAINS.items()
    ),
    lowest(
        asq3,
        "asq_total",
        "the two-year check scored lower over all areas",
        value="communication + gross_motor + fine_motor + problem_solving + personal_social",
        direction="-",
        theme="development at two",
    ),
]

# Also today's rule for offering help with development: any area below what is expected.
asq_below_expected = has(
    asq3,
    "asq_below_expected",
    "the two-year check found an area below what is expected",
    where="areas_below >= 1",
    direction="+",
    theme="development at two",
)

emergencies = [
    count(
        emergency_visits,
        "emergency_visits_3y",
        "there were more emergency visits to hospital in the last 3 years",
        within=years(3),
        direction="+",
        theme="hospital",
    ),
    count(
        emergency_visits,
        "injuries_2y",
        "there were more hospital visits for an injury in the last 2 years",
        where="injury",
        within=years(2),
        direction="+",
        theme="hospital",
    ),
]

# The same partners' records, seen from the household.
reviews_of_children = [
    has(
        health_visits,
        "parents_mood_concern_3y",
        "a health visitor noted a worry about a parent's mood in the last 3 years",
        of=children,
        where="mood_concern",
        within=years(3),
        direction="+",
        theme="health reviews",
    ),
]

emergencies_of_household = [
    count(
        emergency_visits,
        "childrens_emergency_visits_1y",
        "the children had more emergency visits to hospital in the last year",
        of=children,
        within=months(12),
        direction="+",
        theme="hospital",
    ),
    count(
        emergency_visits,
        "childrens_injuries_2y",
        "the children had more hospital visits for an injury in the last 2 years",
        of=children,
        where="injury",
        within=years(2),
        direction="+",
        theme="hospital",
    ),
    count(
        emergency_visits,
        "adults_injuries_2y",
        "the adults had more hospital visits for an injury in the last 2 years",
        of=adults,
        where="injury",
        within=years(2),
        direction="+",
        theme="hospital",
    ),
]
