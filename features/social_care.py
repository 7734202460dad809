"""Children's social care: what it recorded about the child, and about the children of the home."""

from __future__ import annotations

from features.scopes import children
from features.sources.social_care import social_care
from riskmodel import count, days_since, distinct, has, months, years

# A contact proves nothing; it says that somebody was worried. Labels name the topic and never the case.
of_the_child = [
    count(
        social_care,
        "social_care_contacts_3y",
        "social care was contacted about the child more often in the last 3 years",
        where="event IN ('contact', 'referral')",
        within=years(3),
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "early_help",
        "the family has had early help for the child",
        where="event = 'early_help'",
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "social_care_assessment",
        "social care has assessed the child's needs",
        where="event IN ('assessment', 'section_47')",
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "child_in_need_plan",
        "the child has had a child in need plan",
        where="event = 'cin'",
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "child_protection_or_care",
        "the child has had a child protection plan or been looked after",
        where="event IN ('cpp', 'cla')",
        direction="+",
        theme="social care",
    ),
]

of_the_home = [
    distinct(
        social_care,
        "children_known_to_social_care_3y",
        "social care was involved with more children of the home in the last 3 years",
        value="person_id",
        of=children,
        within=years(3),
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "plan_for_a_child_3y",
        "a child of the home had a social care plan in the last 3 years",
        of=children,
        where="event IN ('cin', 'cpp', 'cla')",
        within=years(3),
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "abuse_noted_by_social_care_3y",
        "domestic abuse was a topic in a social care assessment in the last 3 years",
        of=children,
        where="domestic_abuse_factor",
        within=years(3),
        direction="+",
        theme="domestic abuse",
    ),
]

of_the_household = [
    count(
        social_care,
        "household_social_care_contacts_1y",
        "social care was contacted about the children more often in the last year",
        of=children,
        where="event IN ('contact', 'referral')",
        within=months(12),
        direction="+",
        theme="social care",
    ),
    count(
        social_care,
        "household_social_care_contacts_3y",
        "social care was contacted about the children more often in the last 3 years",
        of=children,
        where="event IN ('contact', 'referral')",
        within=years(3),
        direction="+",
        theme="social care",
    ),
    count(
        social_care,
        "police_referrals_2y",
        "the police referred the children to social care more often in the last 2 years",
        of=children,
        where="referred_by = 'police'",
        within=years(2),
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "household_early_help_3y",
        "the family had early help in the last 3 years",
        of=children,
        where="event = 'early_help'",
        within=years(3),
        direction="+",
        theme="social care",
    ),
    has(
        social_care,
        "child_protection_or_care_3y",
        "a child had a child protection plan or was looked after in the last 3 years",
        of=children,
        where="event IN ('section_47', 'cpp', 'cla')",
        within=years(3),
        direction="+",
        theme="social care",
    ),
    days_since(
        social_care,
        "days_since_household_social_care_3y",
        "social care was involved with the children more recently",
        of=children,
        within=years(3),
        direction="-",
        theme="social care",
    ),
]
