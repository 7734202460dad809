"""The child: age within the year, and what was recorded around birth."""

from __future__ import annotations

from features.sources.births import births
from features.sources.register import people
from riskmodel import has, latest

# Age is protected for adults, not in services for people under 18. Among children who start school together the
# youngest are up to a fifth of their life younger than the oldest, and it shows.
age = [
    latest(
        people,
        "age_in_days",
        "the child is among the younger ones of the school year",
        value="date_diff('day', date_of_birth, as_of)",
        direction="-",
        theme="age",
    ),
]

# The mother's age at birth is left out on purpose: an adult's age is a protected characteristic, and its published
# effect (odds 1.01 a year) does not justify using it. It is audited instead.
#
# Weeks of pregnancy enter as two steps: what matters is being born too early, not a week more or less near term.
# Weight counts only where it is low, because boys weigh more and are less often ready.
birth = [
    has(
        births,
        "low_birthweight",
        "the child weighed less than 2,500 g at birth",
        where="birthweight_g < 2500",
        direction="+",
        theme="birth",
    ),
    has(
        births,
        "born_before_37_weeks",
        "the child was born before 37 weeks",
        where="gestation_weeks < 37",
        direction="+",
        theme="birth",
    ),
    has(
        births,
        "born_before_32_weeks",
        "the child was born before 32 weeks",
        where="gestation_weeks < 32",
        direction="+",
        theme="birth",
    ),
    has(
        births,
        "smoking_in_pregnancy",
        "smoking was recorded during the pregnancy",
        where="smoked",
        direction="+",
        theme="birth",
    ),
    has(
        births,
        "no_breastfeeding",
        "no breastfeeding was recorded",
        where="NOT breastfed",
        direction="+",
        theme="birth",
    ),
]

# Asked at the maternity booking.
parents = [
    latest(
        births,
        "mothers_education",
        "the mother has fewer qualifications on record",
        value=(
            "CASE mothers_education WHEN 'none' THEN 0 WHEN 'gcse' THEN 1 WHEN 'a_level' THEN 2 "
            "WHEN 'degree' THEN 3 WHEN 'higher_degree' THEN 4 END"
        ),
        direction="-",
        theme="family",
    ),
    has(
        births,
        "one_parent_at_birth",
        "one parent was on record when the child was born",
        where="lone_parent",
        direction="+",
        theme="family",
    ),
]
