"""TRIPOD+AI: which of its 27 items (52 with their parts) the card reports, partly reports or lacks.

Source: Collins and others (2024), BMJ 385:e078378; items named in our own words.
"""

from __future__ import annotations

from riskmodel.reporting.document import Section, Text
from riskmodel.reporting.forms.filling import checklist, items, tally
from riskmodel.reporting.forms.pack import Pack

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
    ("8a", "Outcome and how far ahead", "outcome"),
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
    ("12e", "Measures of performance", "performance calibration net_benefit"),
    ("12f", "Updating of the model", "calibrated"),
    ("12g", "How predictions are worked out", "explained fingerprints"),
    ("13", "Rare outcomes, and setting probabilities right", "not_reweighted calibrated"),
    ("14", "How fairness was looked at", "groups equality.fairness_choice"),
    ("15", "What comes out, and where the cut-off is", "output at_capacity"),
    ("16", "How the tested cases differ from those learnt from", "dates sizes"),
    ("17", "Ethical approval", "people.ethics_review law.lawful_basis"),
    ("18a", "Funding", "science.funding"),
    ("18b", "Interests", "science.conflicts"),
    ("18c", "Protocol", "science.protocol"),
    ("18d", "Registration", "science.registration"),
    ("18e", "Access to data", "science.data_availability"),
    ("18f", "Access to code", "science.code_availability"),
    ("19", "Public involvement", "people.public_involvement"),
    ("20a", "Flow of cases", "flow"),
    ("20b", "Who the cases are", "groups sizes"),
    ("20c", "Cases learnt from beside cases tested on", "sizes section:comparison"),
    ("21", "Cases and outcomes in each step", "sizes tested_on"),
    ("22", "The whole model", "digest science.code_availability"),
    ("23a", "Performance with intervals, by group, with calibration plots", "performance calibration groups"),
    ("23b", "Performance in each cluster or place", "section:elsewhere"),
    ("24", "Results of updating", "section:recalibration"),
    ("25", "What the results mean, fairness too", "verdict science.interpretation"),
    ("26", "Limits", "limits"),
    ("27a", "Poor or missing inputs in use", "use.poor_inputs missing_values"),
    ("27b", "Skill that users need", "use.training use.human_review"),
    ("27c", "Next steps", "science.next_steps"),
)


def tripod(pack: Pack) -> Section:
    """The checklist with a status worked out from what the card holds."""
    shown = checklist(
        pack,
        "tripod",
        "TRIPOD+AI, item by item",
        ITEMS,
        note="Reported: everything the item asks for is in this document. Partial: some of it. Items in our own words; "
        "the published wording governs.",
    )
    return Section("tripod", "TRIPOD+AI", (Text(tally(pack, ITEMS)), shown), "forms")
