"""Answers to what people usually ask for under the Freedom of Information Act 2000."""

from __future__ import annotations

from riskmodel.reporting.document import Facts, Section, Text
from riskmodel.reporting.forms.filling import answered, fields
from riskmodel.reporting.forms.pack import Pack

_QUESTIONS = fields(
    ("What is the tool, and who is responsible for it?", "in_short owner.organisation owner.team"),
    ("Is it in use, and until when?", "owner.phase verdict expires"),
    ("What is it used for?", "aim use.integration"),
    ("What may it not be used for?", "never"),
    ("Does it decide anything by itself?", "decides law.automated_decisions"),
    ("Whose data does it use, and which?", "partners records"),
    ("Under which agreements are they shared?", "agreements"),
    ("Does it use ethnicity, health or criminal records?", "sensitive"),
    ("What is the legal basis?", "law.lawful_basis"),
    ("How many people are scored?", "tested_on use.frequency_and_scale"),
    ("How accurate is it? How many people are wrongly picked?", "at_capacity performance"),
    ("Does it treat groups differently?", "groups"),
    ("Who made it, and what did it cost?", "owner.team owner.third_party_involvement owner.cost"),
    ("Was it reviewed by an ethics body?", "people.ethics_review"),
    ("Who was consulted?", "people.consultation"),
    ("What is known to be wrong with it?", "limits"),
    ("Can I see my score, object or opt out?", "use.appeals use.opting_out"),
    ("Can I see the code and the model?", "science.code_availability digest"),
    ("How long are data kept?", "data.retention"),
)


def information(pack: Pack) -> Section:
    """The usual questions with answers that can be sent as they stand."""
    made = pack.statements.impact_assessments
    listed = "; ".join(f"{one.name}, {one.told}" for one in made)
    assessed = Facts((("Which impact assessments were made?", listed or "None is recorded."),))
    lead = Text(
        "Answers that can be sent as they stand, from the same facts as the rest of this card. A request for more is "
        "answered by the team named above."
    )
    return Section(
        "information",
        "Answers to usual freedom of information requests",
        (lead, answered(pack, _QUESTIONS), assessed),
        "forms",
    )
