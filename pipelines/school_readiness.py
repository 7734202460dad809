"""School readiness: which three-year-olds may not reach a good level of development by the end of Reception."""

from __future__ import annotations

from datetime import date

from features import adults, audit, benefits, child, early_years, health, household, housing, police, siblings
from features import social_care as care
from features.reasons import may_be_named
from features.scopes import home
from features.sources.register import people
from features.sources.schools import eyfsp
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
    years,
)
from riskmodel.declare import between, group_gap_at_most

# Children who are three on 1 September start Reception a year later and are assessed in the June after that. The
# profile was rewritten in 2021 and not collected in 2020 and 2021, so all cohorts here are of the new framework.
_children = Cohort(
    "Children who are three on 1 September and live in the county",
    people,
    where="age(date_of_birth) = 3",
    area="ward_code",
    area_names=WARDS,
    together=home,
    called=("child", "children"),
)

_not_good_level = Outcome(
    eyfsp,
    "not_good_level",
    "No good level of development at the end of Reception",
    where="NOT good_level",
    within=years(2),
    no_record="unknown",
    audit=["free_school_meals", "english_additional", "sen"],
)

_features = [
    *child.age,
    *child.birth,
    *child.parents,
    *health.reviews,
    *health.development,
    health.asq_below_expected,
    *health.emergencies,
    *early_years.places,
    *siblings.at_school,
    *household.neighbourhood,
    *household.child_moves,
    *household.members,
    *housing.dwelling,
    housing.private_rent,
    *housing.tenancy,
    *benefits.awards,
    benefits.arrears,
    *care.of_the_child,
    *care.of_the_home,
    *police.abuse_at_home,
    *police.other_incidents,
    adults.mental_health,
    adults.substance_use,
]

school_readiness = Prototype(
    name="school_readiness",
    question="Which three-year-olds may not reach a good level of development by the end of Reception?",
    cohort=_children,
    outcome=_not_good_level,
    features=_features,
    reasons_from=may_be_named(_features),
    audit=[
        audit.sex,
        audit.ethnic_group,
        audit.term_of_birth,
        audit.mother_under_25,
        audit.disability_in_home,
        audit.deprivation,
    ],
    intersections=[
        ("sex", "free_school_meals"),
        ("ethnic_group", "free_school_meals"),
        ("ethnic_group", "sex"),
        ("sen", "sex"),
    ],
    # Written down before the first model was trained. Four in five families will not be visited, so the ranking has
    # to be clearly better than what needs no personal data at all; offers differ in wording by probability, so the
    # probabilities have to be right; and neither sex may be missed much more often than the other.
    success=[
        at_least("auroc", 0.65),
        calibration_slope_between(0.8, 1.25),
        between("oe", 0.9, 1.1),
        better_than("area rate", by=0.05),
        better_than("simple", by=0.02),
        better_than("current rule"),
        group_gap_at_most("sex", "tpr", 0.15),
        group_gap_at_most("english_additional", "tpr", 0.15),
    ],
    capacity=0.20,
    output=Output.INDIVIDUAL,
    use="Offer the family a visit from the family hub, which it is free to decline",
    never=(
        "Eligibility for a service or a school place, sanctions, enforcement, or a reason to refer a family to "
        "social care"
    ),
    owner="Early Years, the council's service for children under five",
    expires=months(12),
    train_as_of=(date(2020, 9, 1), date(2021, 9, 1)),
    calibrate_as_of=(date(2021, 9, 1),),
    # Outcomes of the cohort of 2022 were still open at the test date, so nothing is learnt from it. It only shows how a
    # model made in 2022, from the cohort of 2020, would have done.
    validate_as_of=(date(2022, 9, 1),),
    test_as_of=(date(2023, 9, 1),),
    score_as_of=date(2025, 9, 1),
    baseline_flag="universal_credit_ever",
    current_rule="asq_below_expected",
    # A visit is cheap, voluntary and rarely unwelcome.
    threshold_range=(0.2, 0.6),
    limits=[
        "The outcome is a teacher's judgement that nobody moderates; how a school judges is part of it.",
        "What is assessed at the end of Reception (the Early Years Foundation Stage Profile) was rewritten in 2021. "
        "Cohorts before and after cannot be compared, and only later ones are used. The exception is whether an older "
        "sibling missed a good level: for the cohorts learnt from that was assessed before the change, and for those "
        "scored after it.",
        "Children who leave the county, or go to an independent school, are not assessed: they are scored, and the "
        "model was neither trained nor tested on children like them.",
        "Sex is not used. Boys reach a good level less often than girls, so the probabilities of boys are somewhat too "
        "low and those of girls too high; the card shows by how much.",
        "Free school meals are under-registered in Reception, because every infant gets a free meal.",
        "Records show who is known to services. A family that no service knows has fewer records, and not fewer needs.",
        "What raises a score is what goes together with the outcome in the records; it need not be what causes it.",
    ],
)
