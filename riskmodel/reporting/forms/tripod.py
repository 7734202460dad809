"""TRIPOD+AI: which of its 27 items (52 with their parts) the card reports, partly reports or lacks.

Source: Collins and others (2024), BMJ 385:e078378, whose numbers these are; items in our own words.
"""

from __future__ import annotations

from riskmodel.reporting.document import Section, Text
from riskmodel.reporting.forms.filling import checklist, items, tally
from riskmodel.reporting.forms.pack import Pack
from riskmodel.reporting.wording import listed

ITEMS = items(
    ("1", "Title says what is predicted and for whom", "name question"),
    ("2", "Summary", "section:verdict section:usefulness section:missed"),
    ("3a", "Context and reasons", "rationale.description rationale.previous_process"),
    ("3b", "Whom it is for, where in the work, and who uses it", "cohort use.integration use.users"),
    ("3c", "Known inequalities", "rationale.known_inequalities"),
    ("4", "Aims", "question aim criteria_declared"),
    ("5a", "Sources of data, and whom they stand for", "records data.collection data.completeness"),
    ("5b", "Dates", "dates"),
    ("6a", "Setting", "owner.organisation owner.region"),
    ("6b", "Who is in and who is not", "cohort flow"),
    ("6c", "Help that people got", "use.help_offered"),
    ("7", "How data were prepared, alike for all groups", "measures data.cleaning"),
    ("8a", "Outcome, how far ahead, and whether it is assessed alike in all groups", "outcome"),
    ("8b", "Who decided about the outcome", "science.outcome_assessors"),
    ("8c", "What they knew when they decided", "science.blinding"),
    ("9a", "How measures were chosen", "science.predictor_choice"),
    ("9b", "What the measures are, and when they are taken", "measures"),
    ("9c", "Who recorded the measures", "data.collection"),
    ("10", "Size of the data, and why it is enough", "sizes science.sample_size|section:enough"),
    ("11", "Missing values", "missing_values"),
    ("12a", "Use of the data for training and testing", "split sizes"),
    ("12b", "How measures enter the model", "missing_values measures"),
    ("12c", "Kind of model, its settings and internal testing", "model tuning trials"),
    ("12d", "Differences between clusters or places", "section:elsewhere"),
    ("12e", "Measures and plots of performance, and comparing models", "performance calibration net_benefit"),
    (
        "12f",
        "Updating of the model after its test, overall or for groups",
        "calibrated updated",
    ),
    ("12g", "How predictions are worked out", "explained fingerprints"),
    ("13", "Rare outcomes, and setting probabilities right", "not_reweighted calibrated"),
    ("14", "What was done for fairness, and why", "groups equality.fairness_choice"),
    ("15", "What comes out, and where the cut-off is", "output at_capacity"),
    ("16", "How test and training differ in setting, cohort, outcome and measures", "dates sizes"),
    ("17", "Ethical approval", "people.ethics_review law.lawful_basis"),
    ("18a", "Funding", "science.funding"),
    ("18b", "Interests", "science.conflicts"),
    ("18c", "Protocol", "science.protocol"),
    ("18d", "Registration", "science.registration"),
    ("18e", "Access to data", "science.data_availability"),
    ("18f", "Access to code", "science.code_availability"),
    ("19", "Public involvement", "people.public_involvement"),
    ("20a", "Flow of cases, with and without the outcome", "flow sizes"),
    ("20b", "Who the cases are", "groups sizes"),
    ("20c", "Cases learnt from beside cases tested on", "sizes section:comparison"),
    ("21", "Cases and outcomes in each step", "sizes tested_on"),
    ("22", "The whole model", "digest science.code_availability"),
    ("23a", "Performance with intervals, by group, with calibration plots", "performance calibration groups"),
    ("23b", "Performance in each cluster or place", "section:elsewhere"),
    ("24", "Results of updating, and the updated model", "updated"),
    ("25", "What the results mean, fairness too", "verdict science.interpretation"),
    ("26", "Limits", "limits"),
    ("27a", "Poor or missing inputs in use", "use.poor_inputs missing_values"),
    ("27b", "Skill that users need", "use.training use.human_review"),
    ("27c", "Next steps, with a view to use elsewhere", "science.next_steps"),
)


#: Parts that the checklist asks of development alone, and of evaluation alone.
_DEVELOPMENT = ("9a", "12a", "12b", "12c", "15", "22", "27a", "27b")
_EVALUATION = ("12f", "12g", "20c", "24")


def tripod(pack: Pack) -> Section:
    """The checklist with a status worked out from what the card holds."""
    shown = checklist(
        pack,
        "tripod",
        "TRIPOD+AI, item by item",
        ITEMS,
        note="Reported: everything the item asks for is in this document. Partial: some of it. Numbers are those of "
        "the published checklist, items are in our own words; the published wording governs. Development alone is "
        f"asked for {listed(_DEVELOPMENT)}, evaluation alone for {listed(_EVALUATION)}; this card reports both, so "
        "that all parts apply.",
    )
    return Section("tripod", "TRIPOD+AI", (Text(tally(pack, ITEMS)), shown), "forms")
