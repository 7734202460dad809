"""Domestic abuse: in which households with a child the police may record abuse in the coming year."""

from __future__ import annotations

from datetime import date

from features import adults, audit, benefits, health, household, housing, police, siblings
from features import social_care as care
from features.reasons import may_be_named
from features.scopes import home, its_own
from features.sources.police import police_incidents
from features.sources.register import households
from pipelines.areas import WARDS
from riskmodel import (
    Cohort,
    Outcome,
    Output,
    Prototype,
    at_least,
    better_than,
    calibration_slope_between,
    months,
)
from riskmodel.declare import between, group_gap_at_most

# The ward is the smallest area that goes onto any page: an address or a map of a neighbourhood with this outcome
# could lead somebody to a door.
_homes_with_a_child = Cohort(
    "Households in which a child under 18 lives on 1 September",
    households,
    area="ward_code",
    area_names=WARDS,
    having=[household.child_under_18],
    together=home,
    called=("household", "households"),
)

_recorded_abuse = Outcome(
    police_incidents,
    "abuse_recorded",
    "The police record domestic abuse that involves somebody of the household within 12 months",
    of=home,
    where="domestic_abuse",
    within=months(12),
    # the force sends every record of the county, so silence means that nothing was recorded
    no_record="negative",
)

_features = [
    *police.abuse_at_home,
    police.abuse_recorded_1y,
    *police.history,
    *police.severity,
    *police.other_incidents,
    *police.wider_history,
    *care.of_the_home,
    *care.of_the_household,
    adults.mental_health,
    adults.substance_use,
    *health.reviews_of_children,
    *health.emergencies_of_household,
    *siblings.school_children,
    *its_own(household.neighbourhood),
    *household.household_moves,
    *household.members,
    *household.newcomers_and_parents,
    *its_own([*housing.dwelling, *housing.tenancy, *housing.disputes, *benefits.awards, benefits.arrears]),
]

domestic_abuse = Prototype(
    name="domestic_abuse",
    question="In which households with a child may the police record domestic abuse in the next 12 months?",
    cohort=_homes_with_a_child,
    outcome=_recorded_abuse,
    features=_features,
    reasons_from=may_be_named(_features),
    audit=[
        audit.childrens_ethnic_group,
        audit.youngest_childs_mother_under_25,
        audit.disability_in_home,
        *its_own([audit.tenure, audit.deprivation]),
        household.one_parent_at_a_birth,
    ],
    intersections=[("one_parent_at_a_birth", "tenure"), ("childrens_ethnic_group", "tenure")],
    # Assumptions for the sensitivity table, not measurements. One in five to one in three of those abused by a partner
    # tell the police; of some groups fewer, and by how much is not known here.
    reporting_ratios={"everyone": (0.19, 0.35), "childrens_ethnic_group": (0.6, 1.0)},
    # Neighbours of rented homes call more often, so tenure may stand for being recorded rather than for being at risk.
    could_drop=["social_rent"],
    # Written down before the first model was trained. Contact that nobody asked for can do harm, so the bar is higher
    # than for an offer of help: clearly better than what the police's own records already say, right about the size
    # of the risk, and not missing households of one ethnic group much more often than those of another.
    success=[
        at_least("auroc", 0.70),
        calibration_slope_between(0.8, 1.25),
        between("oe", 0.8, 1.25),
        better_than("area rate", by=0.05),
        better_than("simple", by=0.02),
        better_than("current rule", by=0.02),
        group_gap_at_most("childrens_ethnic_group", "tpr", 0.10),
        group_gap_at_most("tenure", "oe", 0.25),
    ],
    capacity=0.05,
    output=Output.INDIVIDUAL,
    use=(
        "A named safeguarding lead decides whether a practitioner the family already knows offers support; nobody "
        "outside named safeguarding roles sees a score"
    ),
    never=(
        "Enforcement, policing, decisions about where a child lives, eligibility or rationing of help for those who "
        "ask for it, contact that a partner could notice, or any map of places smaller than a neighbourhood of some "
        "1,500 people (LSOA)"
    ),
    owner="Safeguarding Partnership, in which council, police and health services protect children together",
    expires=months(12),
    train_as_of=(date(2021, 9, 1), date(2022, 9, 1), date(2023, 9, 1)),
    calibrate_as_of=(date(2023, 9, 1),),
    test_as_of=(date(2024, 9, 1),),
    score_as_of=date(2025, 9, 1),
    baseline_flag="abuse_recorded_1y",
    current_rule="abuse_records_1y",
    # Contact is intrusive and can be dangerous if it is noticed, but abuse is grave: a low chance justifies thinking.
    threshold_range=(0.05, 0.25),
    limits=[
        "Recorded abuse is not abuse. Most abuse is never told to the police, and who tells differs between groups: "
        "a low score does not mean that a home is safe.",
        "Records are made more often about some homes than about others, for example where neighbours call. The model "
        "learns that too, and a higher score may mean more recording.",
        "How the police record changes from year to year; the model has to be checked again after each change.",
        "Most serious harm happens in homes without any earlier record. No model of records can see it.",
        "A household is a set of people at an address. Abuse by somebody who lives elsewhere is seen only through "
        "those who live here.",
        "Refuges and confidential addresses are taken out at source; the score says nothing about them.",
        "Nothing older than three years is looked at in police and social care records, so an old pattern is not seen.",
        "After a move, what was recorded about the old home no longer counts; what was recorded about its people does.",
        "What raises a score is what goes together with the outcome in the records; it need not be what causes it.",
    ],
)
