"""Three small invented sources that the examples in the documentation use."""

from __future__ import annotations

from datetime import date

from riskmodel.declare.source import Source

people = Source(
    "people",
    "One row a person and address",
    partner="County register",
    agreement="ISA-1",
    key="person_id",
    happened="recorded_on",
    known="received_on",
    columns={"date_of_birth": date, "sex": str, "ward_code": str},
)

residence = Source(
    "residence",
    "One row a stay of a person in a household",
    partner="County register",
    agreement="ISA-1",
    key="person_id",
    happened="moved_in",
    known="received_on",
    ends="moved_out",
    columns={"household_id": str, "role": str},
)

sessions = Source(
    "sessions",
    "One row a nursery session",
    partner="Schools",
    agreement="ISA-2",
    key="person_id",
    happened="session_on",
    known="received_on",
    columns={"mark": str, "minutes": float},
)
