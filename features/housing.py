"""Housing: tenure, space, and what happens with a tenancy."""

from __future__ import annotations

from features.scopes import home
from features.sources.housing import dwellings, housing
from riskmodel import count, has, latest, years

dwelling = [
    latest(
        dwellings,
        "social_rent",
        "the home is rented from the council or a housing association",
        of=home,
        value="tenure = 'social_rent'",
        direction="+",
        theme="housing",
    ),
    latest(
        dwellings,
        "bedrooms_short",
        "the home has fewer bedrooms than the household needs",
        of=home,
        value="bedrooms_short",
        direction="+",
        theme="housing",
    ),
]

private_rent = latest(
    dwellings,
    "private_rent",
    "the home is rented from a private landlord",
    of=home,
    value="tenure = 'private_rent'",
    direction="+",
    theme="housing",
)

# Only social tenants appear in the tenancy system, so these are silent about everybody else.
tenancy = [
    count(
        housing,
        "rent_arrears_2y",
        "rent arrears were recorded more often in the last 2 years",
        of=home,
        where="event = 'rent_arrears'",
        within=years(2),
        direction="+",
        theme="housing",
    ),
    has(
        housing,
        "temporary_accommodation_4y",
        "the family lived in temporary accommodation in the last 4 years",
        of=home,
        where="event = 'temporary_accommodation'",
        within=years(4),
        direction="+",
        theme="housing",
    ),
]

disputes = [
    has(
        housing,
        "notice_to_leave_2y",
        "a notice to leave the home was recorded in the last 2 years",
        of=home,
        where="event = 'notice'",
        within=years(2),
        direction="+",
        theme="housing",
    ),
    count(
        housing,
        "antisocial_complaints_2y",
        "there were more complaints about noise or nuisance at the home in the last 2 years",
        of=home,
        where="event = 'antisocial_complaint'",
        within=years(2),
        direction="+",
        theme="housing",
    ),
]
