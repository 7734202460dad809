"""Which children who enter a school of the study may read low at the end of their first year in it."""

from __future__ import annotations

from datetime import date

from features import audit, entry
from features.sources.enrolments import enrolments
from features.sources.reading import reading
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

# There is one kindergarten cohort. Whoever joined a year later entered grade 1, as kindergarten was not
# compulsory; nobody is in both cohorts. The schools are the same, and none may be on both sides of the split.
_joiners = Cohort(
    "Children in their first year in the study: kindergarten in 1985, grade 1 in 1986",
    enrolments,
    where="joined_on = enrolled_on AND enrolled_on = as_of - 30",
    area="school_type",
    together="school_id",
    called=("child", "children"),
)

_reads_low = Outcome(
    reading,
    "reads_low",
    "Reads among the lowest quarter of the grade at the end of the school year",
    where="low_reading",
    within=months(9),
    no_record="unknown",
)

low_reading = Prototype(
    name="low_reading",
    question="Which children who enter a school of the study may read low at the end of the year?",
    cohort=_joiners,
    outcome=_reads_low,
    features=[*entry.child, *entry.teaching, *entry.school],
    audit=[audit.sex, audit.ethnicity, audit.lunch],
    intersections=[("sex", "ethnicity"), ("ethnicity", "lunch")],
    could_drop=["class and teacher"],
    # Written down before the first model was trained. One child in five can be offered help with reading, so the order
    # has to be better than free lunch, age and sex give by themselves; the probabilities have to be right, as a school
    # would plan places by them; and no group may be missed much more often than another.
    success=[
        at_least("auroc", 0.65),
        calibration_slope_between(0.8, 1.25),
        between("oe", 0.85, 1.15),
        better_than("base rate", metric="scaled_brier"),
        better_than("area rate", by=0.05),
        better_than("simple", by=0.02),
        group_gap_at_most("sex", "tpr", 0.10),
        group_gap_at_most("ethnicity", "tpr", 0.10),
        group_gap_at_most("lunch", "tpr", 0.20),
    ],
    capacity=0.20,
    output=Output.INDIVIDUAL,
    use="A school offers a child extra help with reading, which the family is free to decline",
    never="School places, promotion to the next grade, setting by ability, or judging a teacher or a school",
    owner="Nobody: an example",
    help_called=("offer", "offers"),
    expires=months(12),
    train_as_of=(date(1985, 10, 1),),
    test_as_of=(date(1986, 10, 1),),
    score_as_of=date(1986, 10, 1),
    baseline_flag="free_lunch",
    threshold_range=(0.15, 0.5),
    limits=[
        "The test is of another population and another test: trained on kindergarten in 1985-86, tested on children "
        "who joined the same study in grade 1 in 1986-87 and sat the test of grade 1. Low reading is counted within "
        "each grade. What the card shows is transport to a neighbouring question, not a later year of the same one.",
        "Children who joined in grade 1 are not like those who started: more than two in five are older than the usual "
        "intake of their grade, against one in seventeen in kindergarten. Many of them probably repeat the year; "
        "others did not go to kindergarten, or moved. Which it was is not in the data.",
        "Classes were drawn by lot within schools, and children of one class share a teacher. A school is kept on one "
        "side of the split, and intervals resample schools; classes cannot be told apart in this table.",
        "Nearly all schools are in both cohorts. They are dealt out by chance, which halves either side; there are "
        "some forty schools in each, so the intervals are wide and another draw would give other figures.",
        "Children without a reading score are left out: about one in twelve in kindergarten, one in ten in grade 1. "
        "Why is not in the data; absence and moving away are hardly by chance.",
        "Low means the lowest quarter of those tested in these schools, which were not drawn from the state by chance. "
        "It is no standard of reading, and about a quarter is low whatever is done.",
        "Kind of class is what the experiment set, not something about a child. The effect it has was estimated by "
        "others from the lot; its weight here is for prediction and says nothing on class size.",
        "Experience and degree belong to a few hundred teachers, not to thousands of children, so there is far less "
        "to learn from than the rows suggest.",
        "Tennessee in the 1980s. The data give no calendar days; all dates are assumed, and free lunch, entered for "
        "the year, is taken as known on 1 October.",
        "What raises a score is what goes together with the outcome in the records; it need not be what causes it.",
    ],
)
