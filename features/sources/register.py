"""The county register: people, who lives with whom and when, and where each home is."""

from __future__ import annotations

from datetime import date

from riskmodel import Sensitivity, Source

# The agreement numbers in this folder are invented, like the county.

people = Source(
    "people",
    "One row per person and address: a new row whenever the person's address changes",
    partner="County register",
    agreement="ISP-001",
    key="person_id",
    happened="recorded_on",
    known="received_on",
    # ethnic group makes the whole table special category data
    sensitivity=Sensitivity.SPECIAL,
    columns={
        "date_of_birth": date,
        "sex": str,
        "ethnic_group": str,
        "ward_code": str,
        "lsoa_code": str,
    },
    required=("date_of_birth", "ward_code"),
)

# A spell is closed by a later row with the same person, household and day of moving in. Nothing here is unique for
# that reason.
residence = Source(
    "residence",
    "One row per spell of a person living in a household",
    partner="County register",
    agreement="ISP-001",
    key="person_id",
    happened="moved_in",
    known="received_on",
    ends="moved_out",
    columns={"household_id": str, "role": str},
    required=("household_id", "role"),
)

households = Source(
    "households",
    "One row per household and address, with the deprivation of the neighbourhood",
    partner="County register",
    agreement="ISP-001",
    key="household_id",
    happened="recorded_on",
    known="received_on",
    columns={"ward_code": str, "lsoa_code": str, "idaci_decile": int},
    required=("ward_code",),
)
