"""The annex to a data protection impact assessment: what such an assessment must describe, as far as it is known.

Source: UK GDPR Article 35; guidance of the Information Commissioner's Office on artificial intelligence.
"""

from __future__ import annotations

from riskmodel.declare import Source
from riskmodel.reporting.document import Block, Heading, Section, Table, Text, table
from riskmodel.reporting.forms.atrs import assessments, risks
from riskmodel.reporting.forms.filling import answered, checklist, fields, items, tally
from riskmodel.reporting.forms.pack import Pack
from riskmodel.reporting.wording import sentence, source_words

_PROCESSING = fields(
    ("Nature and aim", "aim never"),
    ("Scope", "cohort outcome coverage"),
    ("Context", "rationale.description data.collection"),
    ("Stages in which a machine takes part", "measures model output"),
    ("What a person does", "decides use.human_review"),
    ("Training of those who use it", "use.training"),
    ("Access, storage and retention", "data.access_and_storage data.retention"),
    ("Other bodies", "owner.third_party_involvement"),
)
_NECESSITY = fields(
    ("Necessity", "law.necessity"),
    ("Proportionality", "law.proportionality"),
    ("Why nothing less intrusive", "rationale.less_intrusive"),
    ("Lawful basis", "law.lawful_basis"),
    ("Special category data", "law.special_category_condition"),
    ("Criminal offence data", "law.criminal_offence_condition"),
    ("Powers to share", "law.sharing_powers"),
    ("Duty of confidence", "law.confidentiality"),
    ("Decisions by machine alone", "law.automated_decisions"),
)
_RIGHTS = fields(
    ("How people are told", "use.telling_people"),
    ("Objecting, and having a case looked at again", "use.appeals"),
    ("Keeping records out", "use.opting_out"),
    ("How a score is explained", "explained"),
    ("Margins of error", "at_capacity performance"),
    ("Errors by group", "groups"),
    ("Accuracy against using less data", "baselines performance"),
    ("Fairness against privacy", "sensitive equality.fairness_choice"),
    ("Small numbers", "disclosure"),
    ("Consultation", "people.consultation people.public_involvement"),
)
_CHECKS = items(
    ("1", "The processing is described, its flows and stages", "aim records output use.integration"),
    (
        "2",
        "Necessity, proportionality, and why nothing less intrusive",
        "law.necessity law.proportionality rationale.less_intrusive",
    ),
    (
        "3",
        "Lawful basis and conditions",
        "law.lawful_basis law.special_category_condition law.criminal_offence_condition law.sharing_powers",
    ),
    ("4", "Risks to people's rights: bias, error, intrusion", "groups performance equality.fairness_choice"),
    ("5", "The part a person plays, and their training", "use.human_review use.training law.automated_decisions"),
    ("6", "Rights of those it is about", "use.telling_people use.appeals use.opting_out"),
    ("7", "Security, access and retention", "data.access_and_storage data.retention"),
    ("8", "Consultation", "people.consultation"),
    ("9", "Whether the model itself could give somebody away", "section:privacy"),
)


def dpia(pack: Pack) -> Section:
    """What an assessor needs of the model, ready to be attached to the assessment itself."""
    blocks: list[Block] = [
        Text(
            "An assessment is needed before such data are matched and people are profiled at scale. This annex gives "
            "what "
            "the assessment must describe; the judgement of what risk is left, and whether to ask the Commissioner, "
            "is the "
            f"data protection officer's. {tally(pack, _CHECKS)}"
        ),
        checklist(pack, "dpia-checks", "What an assessment must hold", _CHECKS),
        Heading("The processing"),
        answered(pack, _PROCESSING),
        _flows(pack),
        Heading("Necessity and law"),
        answered(pack, _NECESSITY),
        Heading("Rights, errors and safeguards"),
        answered(pack, _RIGHTS),
        Heading("Risks"),
        risks(pack),
        _made(pack),
    ]
    return Section("dpia", "Annex to the data protection impact assessment", tuple(blocks), "forms")


def _flows(pack: Pack) -> Table:
    return table(
        "data-flows",
        "What flows from whom",
        ("From", "Records", "Agreement", "Sensitivity", "About"),
        [_flow(source) for source in pack.material.prototype.sources],
    )


def _flow(source: Source) -> tuple[str, ...]:
    about = source.key.removesuffix("_id").replace("_", " ")
    return (
        source.partner,
        sentence(source_words(source)),
        source.agreement,
        source.sensitivity.value,
        f"a {about}",
    )


def _made(pack: Pack) -> Block:
    given = pack.statements.impact_assessments
    if not given:
        return assessments(pack)
    return Text(f"{len(given)} impact assessments are listed in the record of algorithmic transparency above.")
