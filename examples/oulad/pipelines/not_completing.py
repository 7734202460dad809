"""Who may fail or withdraw, seen from day 60 of a presentation."""

from __future__ import annotations

from datetime import date

from features import audit, clicks, coursework, registration
from features.sources.registrations import registrations
from features.sources.results import results
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

# A presentation starts on 1 February or on 1 October; day 60 is 2 April or 30 November. Who has withdrawn by then is
# not in the cohort.
_on_day_60 = Cohort(
    "Students still registered on day 60 of a presentation",
    registrations,
    where="registered_on + days_before_start = as_of - 60 AND withdrew_on IS NULL",
    area="region",
    districts={
        "Scotland": ["Scotland"],
        "Wales": ["Wales"],
        "Ireland": ["Ireland"],
        "North of England": ["North Region", "North Western Region", "Yorkshire Region"],
        "Midlands and East of England": ["East Anglian Region", "East Midlands Region", "West Midlands Region"],
        "South of England": ["London Region", "South East Region", "South Region", "South West Region"],
    },
    together="student_id",
    called=("student", "students"),
)

_fails_or_withdraws = Outcome(
    results,
    "fails_or_withdraws",
    "Fails or withdraws by the end of the presentation",
    where="result IN ('Fail', 'Withdrawn')",
    within=months(7),
    no_record="unknown",
)

not_completing = Prototype(
    name="not_completing",
    question="Which students who are still registered on day 60 may fail or withdraw?",
    cohort=_on_day_60,
    outcome=_fails_or_withdraws,
    features=[
        *registration.background,
        *registration.history,
        *clicks.recency,
        *clicks.activity,
        *clicks.content,
        *coursework.deadlines,
        *coursework.handed_in,
        *coursework.marks,
    ],
    audit=[audit.gender, audit.disability, audit.age, audit.deprivation],
    # Written down before the first model was trained. Tutors can call one student in five, so the order has to be
    # better than the rule they use now, a missed deadline; the wording of the offer follows the probability, so the
    # probabilities have to be right for the new year; and no group may be missed much more often than another.
    success=[
        at_least("auroc", 0.70),
        calibration_slope_between(0.8, 1.25),
        between("oe", 0.85, 1.15),
        better_than("base rate", metric="scaled_brier"),
        better_than("area rate", by=0.1),
        better_than("simple", by=0.02),
        better_than("current rule", by=0.05),
        group_gap_at_most("gender", "tpr", 0.10),
        group_gap_at_most("disability", "tpr", 0.10),
        group_gap_at_most("deprivation", "tpr", 0.15),
    ],
    capacity=0.20,
    output=Output.INDIVIDUAL,
    use="A tutor calls to offer help with the module, which the student is free to decline",
    never="Admission, fees, marks, progression, or advice to leave a module",
    owner="Student support",
    help_called=("call", "calls"),
    expires=months(12),
    train_as_of=(date(2013, 4, 2), date(2013, 11, 30), date(2014, 4, 2)),
    calibrate_as_of=(date(2014, 4, 2),),
    test_as_of=(date(2014, 11, 30),),
    score_as_of=date(2014, 11, 30),
    baseline_flag="offline_14d",
    current_rule="deadlines_missed",
    threshold_range=(0.2, 0.6),
    limits=[
        "Four modules of one university in 2013 and 2014. Modules change their coursework from year to year: module "
        "BBB gave up its computer-marked assignments in October 2014, the presentation the model is tested on.",
        "Presentations that begin in February lose more students than those that begin in October.",
        "Marks are taken as known on the day of submission, because the data give no later date.",
        "Region, credits and qualifications are as the university recorded them last; changes are not in the data.",
        "Who left before day 60 is not scored. Most students who withdraw have gone by then.",
        "What raises a score is what goes together with the outcome in the records; it need not be what causes it.",
    ],
)
