"""ALGO-CARE: eight questions of a policing and public service framework about algorithms in decisions.

Source: Oswald, Grace, Urwin and Barnes (2018), doi 10.1080/13600834.2018.1458455, for the eight letters; questions in
our own words.
"""

from __future__ import annotations

from riskmodel.reporting.document import Section, Text
from riskmodel.reporting.forms.filling import answered, checklist, fields, items, tally
from riskmodel.reporting.forms.pack import Pack

_ITEMS = items(
    (
        "Advisory:",
        "does a person decide, with the score as one thing among others?",
        "decides use.human_review use.integration",
    ),
    (
        "Lawful:",
        "on what ground, for what aim, and is it necessary and proportionate?",
        "aim law.lawful_basis law.necessity law.proportionality law.sharing_powers",
    ),
    (
        "Granularity:",
        "is it fine enough for the aim, and are gaps in the data handled?",
        "output cohort missing_values data.completeness",
    ),
    (
        "Ownership:",
        "who owns tool and data, may it be inspected, and is it kept safe?",
        "owner owner.organisation owner.third_party_involvement data.access_and_storage science.code_availability",
    ),
    ("Challengeable:", "are people told, and can they object?", "use.telling_people use.appeals use.opting_out"),
    (
        "Accuracy:",
        "is it tested for the aim, are errors known by group, and is it watched?",
        "performance calibration at_capacity groups expires technical.maintenance",
    ),
    (
        "Responsible:",
        "is it fair, open to scrutiny and in the public interest?",
        "never groups rationale.benefits people.consultation people.ethics_review equality.fairness_choice",
    ),
    ("Explainable:", "can it be said how it works and what moved a score?", "explained measures model limits"),
)
_ANSWERS = fields(
    ("Advisory", "decides use.human_review"),
    ("Lawful", "law.lawful_basis"),
    ("Granularity", "output"),
    ("Ownership", "owner.organisation"),
    ("Challengeable", "use.appeals"),
    ("Accuracy", "at_capacity groups"),
    ("Responsible", "equality.fairness_choice"),
    ("Explainable", "explained"),
)


def algo_care(pack: Pack) -> Section:
    """The eight letters: a short answer to each, and what is there to judge it by."""
    shown = checklist(pack, "algo-care", "What is there to judge each letter by", _ITEMS)
    source = (
        "The eight letters are those of Oswald, Grace, Urwin and Barnes (2018, doi 10.1080/13600834.2018.1458455), the "
        "questions are in our own words."
    )
    blocks = (Text(f"{tally(pack, _ITEMS)} {source}"), answered(pack, _ANSWERS), shown)
    return Section("algo-care", "ALGO-CARE", blocks, "forms")
