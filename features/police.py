"""Police: recorded incidents linked to the people of a home; what is recorded is not all that happens."""

from __future__ import annotations

from features.scopes import adults, home, home_then
from features.sources.police import police_incidents
from riskmodel import days_since, distinct, has, months, total, years

# One incident has a row for every person linked to it, so incidents are counted by their number. Labels name the
# topic and the time, never who was linked to the record or in which role: a label may be read aloud in the home.
abuse_at_home = [
    distinct(
        police_incidents,
        "abuse_records_1y",
        "the police recorded domestic abuse more often in the last year",
        value="incident_id",
        of=home,
        where="domestic_abuse",
        within=months(12),
        direction="+",
        theme="domestic abuse",
    ),
    distinct(
        police_incidents,
        "abuse_records_3y",
        "the police recorded domestic abuse more often in the last 3 years",
        value="incident_id",
        of=home,
        where="domestic_abuse",
        within=years(3),
        direction="+",
        theme="domestic abuse",
    ),
]

other_incidents = [
    distinct(
        police_incidents,
        "other_police_records_2y",
        "the police recorded other incidents more often in the last 2 years",
        value="incident_id",
        of=home,
        where="NOT domestic_abuse",
        within=years(2),
        direction="+",
        theme="police",
    ),
]

# Today's rule: homes with three or more records in twelve months go to a meeting of several agencies. As a ranking
# that is the number of records, the same measure as the first of `abuse_at_home`.
records_last_year = abuse_at_home[0]

# The same as yes or no, which is what the rule of thumb asks. Check RM208 says so: a score names one reason of a theme.
abuse_recorded_1y = has(
    police_incidents,
    "abuse_recorded_1y",
    "the police recorded domestic abuse in the last year",
    of=home,
    where="domestic_abuse",
    within=months(12),
    direction="+",
    theme="domestic abuse",
)

# Three years is as far back as anything here looks, although the force sends more: what was recorded about a family
# must not follow it for ever.
history = [
    distinct(
        police_incidents,
        "abuse_records_by_past_members_3y",
        "domestic abuse in the home was recorded more often in the last 3 years",
        value="incident_id",
        of=home_then,
        where="domestic_abuse",
        within=years(3),
        direction="+",
        theme="domestic abuse",
    ),
    days_since(
        police_incidents,
        "days_since_abuse_record_3y",
        "the last police record of domestic abuse is more recent",
        of=home,
        where="domestic_abuse",
        within=years(3),
        direction="-",
        theme="domestic abuse",
    ),
]

severity = [
    distinct(
        police_incidents,
        "abuse_crimes_3y",
        "police records of domestic abuse in the last 3 years include more crimes",
        value="incident_id",
        of=home,
        where="domestic_abuse AND crime",
        within=years(3),
        direction="+",
        theme="domestic abuse",
    ),
    has(
        police_incidents,
        "higher_grade_3y",
        "a police record of domestic abuse in the last 3 years has a higher grade",
        of=home,
        where="grade IN ('medium', 'high')",
        within=years(3),
        direction="+",
        theme="domestic abuse",
    ),
    distinct(
        police_incidents,
        "child_present_2y",
        "a child was present at more police records of domestic abuse in the last 2 years",
        value="incident_id",
        of=home,
        where="domestic_abuse AND child_present",
        within=years(2),
        direction="+",
        theme="domestic abuse",
    ),
    total(
        police_incidents,
        "total_harm_3y",
        "police records of domestic abuse in the last 3 years were more serious together",
        value="harm_score",
        of=home,
        where="domestic_abuse",
        within=years(3),
        direction="+",
        theme="domestic abuse",
    ),
]

wider_history = [
    distinct(
        police_incidents,
        "offences_by_adults_3y",
        "police records of other offences are linked to the home in the last 3 years",
        value="incident_id",
        of=adults,
        where="NOT domestic_abuse AND crime AND role = 'suspect'",
        within=years(3),
        direction="+",
        theme="police",
    ),
    has(
        police_incidents,
        "missing_reports_2y",
        "somebody of the home was reported missing in the last 2 years",
        of=home,
        where="kind = 'missing'",
        within=years(2),
        direction="+",
        theme="police",
    ),
    distinct(
        police_incidents,
        "antisocial_records_2y",
        "the police recorded noise or nuisance more often in the last 2 years",
        value="incident_id",
        of=home,
        where="kind = 'antisocial'",
        within=years(2),
        direction="+",
        theme="police",
    ),
]
