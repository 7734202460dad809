"""Schools: the school census, and the Early Years Foundation Stage Profile that readiness is read from."""

from __future__ import annotations

from datetime import date

from riskmodel import Sensitivity, Source

# The 17 early learning goals; each holds 1 (emerging), 2 (expected), 3 (exceeding, old framework only) or A (exempt).
GOALS = (
    "lau", "spk",                # communication and language
    "sr", "ms", "br",            # personal, social and emotional development
    "gm", "fm",                  # physical development
    "comp", "wr", "wri",         # literacy
    "num", "np",                 # mathematics
    "pp", "pcc", "nw",           # understanding the world
    "cm", "bie",                 # expressive arts and design
)  # fmt: skip

school_census = Source(
    "school_census",
    "One row per pupil and census day",
    partner="Schools",
    agreement="ISP-007",
    key="person_id",
    happened="census_on",
    known="received_on",
    # special educational needs are data about health
    sensitivity=Sensitivity.SPECIAL,
    columns={
        "school_id": str,
        "free_school_meals": bool,
        "english_additional": bool,
        "sen": str,
        "absence_rate": float,
    },
    required=("school_id",),
)

eyfsp = Source(
    "eyfsp",
    "One row per child at the end of Reception: the Early Years Foundation Stage Profile",
    title="Early Years Foundation Stage Profile",
    partner="Schools",
    agreement="ISP-007",
    key="person_id",
    happened="assessed_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    columns={
        "academic_year": int,
        "framework": str,
        "school_id": str,
        **dict.fromkeys(GOALS, str),
        "good_level": bool,
        "free_school_meals": bool,
        "english_additional": bool,
        "sen": str,
    },
    required=("academic_year", "framework"),
    # the profile's goals, and so a good level of development, were defined anew from this school year on
    breaks=(date(2021, 9, 1),),
)
