"""Benefits: what a household is or was awarded, and what it owes the council."""

from __future__ import annotations

from features.scopes import home
from features.sources.benefits import benefits
from riskmodel import count, has, total, years

awards = [
    has(
        benefits,
        "universal_credit_ever",
        "the household has been awarded universal credit",
        of=home,
        where="benefit = 'universal_credit' AND status = 'awarded'",
        direction="+",
        theme="income",
    ),
    has(
        benefits,
        "council_tax_support_ever",
        "the household has been awarded council tax support",
        of=home,
        where="benefit = 'council_tax_support' AND status = 'awarded'",
        direction="+",
        theme="income",
    ),
    has(
        benefits,
        "housing_benefit_ever",
        "the household has been awarded housing benefit",
        of=home,
        where="benefit = 'housing_benefit' AND status = 'awarded'",
        direction="+",
        theme="income",
    ),
    count(
        benefits,
        "benefit_changes_2y",
        "the household's benefits changed more often in the last 2 years",
        of=home,
        within=years(2),
        direction="+",
        theme="income",
    ),
]

# Arrears of council tax, or of housing benefit paid twice, as recorded with each change of a benefit.
arrears = total(
    benefits,
    "council_arrears_2y",
    "arrears with the council were higher in the last 2 years",
    value="arrears_gbp",
    of=home,
    within=years(2),
    direction="+",
    theme="income",
)
