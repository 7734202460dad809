"""NHS births: what maternity services record when a child is born."""

from __future__ import annotations

from riskmodel import Sensitivity, Source

births = Source(
    "births",
    "One row per child born, from the birth notification and the maternity record",
    partner="NHS births",
    agreement="ISP-004",
    key="person_id",
    happened="born_on",
    known="received_on",
    sensitivity=Sensitivity.SPECIAL,
    columns={
        "birthweight_g": int,
        "gestation_weeks": int,
        "mothers_age": int,
        "birth_order": int,
        "smoked": bool,
        "breastfed": bool,
        "mothers_education": str,
        "lone_parent": bool,
    },
    unique=("person_id",),
)
