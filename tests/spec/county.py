"""The sources that the rules are told with. Invented: no such partner, person or record exists."""

from __future__ import annotations

from datetime import date

from riskmodel.declare import Cohort, Scope, Sensitivity, Source

people = Source(
    "people", "One row a person, and a new one whenever something about them changes",
    partner="County register", agreement="ISA-1",
    key="person", happened="registered_on", known="received_on", columns={"born": date, "ward": str, "sex": str},
)  # fmt: skip
attendance = Source(
    "attendance", "One row a nursery session", partner="Schools", agreement="ISA-2",
    key="person", happened="session_date", known="received_on", columns={"mark": str, "minutes_late": int},
)  # fmt: skip
incidents = Source(
    "incidents", "One row a person linked to a police incident", partner="Police", agreement="ISA-3",
    sensitivity=Sensitivity.CRIMINAL, key="person", happened="occurred_on", known="received_on",
    columns={"domestic_abuse": bool, "verdict": str, "verdict_on": date}, settled={"verdict": "verdict_on"},
)  # fmt: skip
residence = Source(
    "residence", "One row a stay in a household; a later row closes it", partner="County register", agreement="ISA-1",
    key="person", happened="moved_in", known="received_on", ends="moved_out",
    columns={"household": str, "role": str},
)  # fmt: skip
bills = Source(
    "bills", "One row a council-tax bill in arrears", partner="Revenues", agreement="ISA-4",
    key="household", happened="billed_on", columns={"owed": float},
)  # fmt: skip
households = Source(
    "households", "One row a household", partner="County register", agreement="ISA-1",
    key="household", happened="recorded_on", columns={"ward": str},
)  # fmt: skip
assessments = Source(
    "assessments", "One row a child at the end of Reception", partner="Schools", agreement="ISA-2",
    key="person", happened="assessed_on", known="received_on",
    columns={"good_level": bool, "free_school_meals": bool},
)  # fmt: skip
flags = Source(
    "flags", "The present state only: earlier states are overwritten", partner="Housing", agreement="ISA-5",
    key="person", happened="set_on", columns={"overcrowded": bool}, keeps="latest",
)  # fmt: skip
surveys = Source(
    "surveys", "One row a visit; the service began in 2023", partner="Health", agreement="ISA-6",
    key="person", happened="visited_on", columns={"mood_concern": bool}, covers=(date(2023, 6, 2), None),
)  # fmt: skip

home = Scope("anyone living with the child now", via=residence, group="household")
home_then = Scope("anyone who lived with the child when it happened", via=residence, group="household", when="then")
parents = Scope("the parents living with the child now", via=residence, group="household", where="role = 'parent'")

everybody = Cohort("Everybody on the register", people)
