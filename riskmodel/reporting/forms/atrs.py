"""The Algorithmic Transparency Recording Standard, version 4, every field of it.

Source: the template and guidance of the UK Government Digital Service (guidance of 8 May 2025). Field names are the
standard's, what is said in them comes from the card and from what people wrote.
"""

from __future__ import annotations

from riskmodel.reporting.document import Block, Cell, Heading, Points, Section, Text, table
from riskmodel.reporting.forms.filling import Field, answered, fields
from riskmodel.reporting.forms.pack import BLANK, Pack
from riskmodel.reporting.wording import full_stop, sentence

_TIER_1 = fields(
    ("Organisation", "owner.organisation"),
    ("Phase", "owner.phase"),
    ("Region", "owner.region"),
    ("One-sentence description", "in_short"),
    ("1.1 Name", "name"),
    ("1.2 Description", "in_short outcome aim"),
    ("1.3 Website URL", "owner.website"),
    ("1.4 Contact email", "owner.contact_email"),
)
_OWNER = fields(
    ("2.1.1 Organisation", "owner.organisation"),
    ("2.1.2 Team", "owner.team"),
    ("2.1.3 Senior responsible owner (role)", "owner.senior_responsible_owner"),
    ("2.1.4 Third-party involvement", "owner.third_party_involvement"),
)
_RATIONALE = fields(
    ("2.2.1 Detailed description, with its scope", "rationale.description cohort outcome never"),
    ("2.2.2 Benefits", "rationale.benefits"),
    ("2.2.3 Previous process", "rationale.previous_process"),
    ("2.2.4 Alternatives considered", "rationale.alternatives"),
)
_DEPLOYMENT = fields(
    ("2.3.1 Integration into the broader process", "use.integration output use.users"),
    ("2.3.2 Frequency and scale of usage", "use.frequency_and_scale"),
    ("2.3.3 Human review", "decides use.human_review"),
    ("2.3.4 Required training", "use.training"),
    ("2.3.5 Appeals and review", "use.appeals"),
)
_TOOL = fields(
    ("2.4.1.1 System architecture", "technical.architecture software"),
    ("2.4.1.2 System-level input", "partners measures"),
    ("2.4.1.3 System-level output", "output"),
    ("2.4.1.4 Maintenance", "technical.maintenance expires"),
    ("2.4.1.5 Models", "model"),
)
_MODEL = fields(
    ("2.4.2.1 Name", "model"),
    ("2.4.2.2 Version (SHA-256)", "digest"),
    ("2.4.2.3 Task", "question outcome"),
    ("2.4.2.4 Input", "measures partners"),
    ("2.4.2.5 Output", "output"),
    ("2.4.2.6 Architecture", "tuning trials"),
    ("2.4.2.7 Performance", "performance at_capacity"),
    ("2.4.2.7 Performance by group", "groups"),
    ("2.4.2.8 Datasets and their purposes", "dates sizes"),
)
_DEVELOPMENT = fields(
    ("2.4.3.1 Name and description", "records"),
    ("2.4.3.2 Modality", "modality"),
    ("2.4.3.3 Quantities", "coverage sizes"),
    ("2.4.3.4 Sensitive attributes, with stand-ins for them", "sensitive"),
    ("2.4.3.5 Completeness and representativeness", "data.completeness flow"),
    ("2.4.3.6 Source URL", "data.source_links"),
    ("2.4.3.7 Collection", "data.collection"),
    ("2.4.3.8 Cleaning", "data.cleaning missing_values"),
    ("2.4.3.9 Sharing agreements", "agreements data.sharing"),
    ("2.4.3.10 Access and storage", "data.access_and_storage data.retention"),
)
_OPERATIONAL = fields(
    ("2.4.4.1 Sources", "partners"),
    ("2.4.4.2 Sensitive attributes", "sensitive"),
    ("2.4.4.3 Processing methods", "data.cleaning measures"),
    ("2.4.4.4 Access and storage", "data.access_and_storage"),
    ("2.4.4.5 Sharing agreements", "agreements data.sharing"),
)
_AREAS = {
    "data": "data",
    "use": "use",
    "model": "model efficacy",
    "outputs": "outputs and decisions",
    "organisation": "organisational",
    "public": "public engagement",
}


_SOURCE = (
    "Fields in the order of version 4 of the standard (guidance of the Government Digital Service of 8 May 2025), "
    "ready to be copied into its form. The numbers below 2.4 count the fields of the guidance in its order; the "
    "form governs."
)


def atrs(pack: Pack) -> Section:
    """Every field of the record, tier by tier."""
    parts: tuple[tuple[str, tuple[Field, ...]], ...] = (
        ("Tier 1", _TIER_1),
        ("Tier 2.1 Owner and responsibility", _OWNER),
        ("Tier 2.2 Description and rationale", _RATIONALE),
        ("Tier 2.3 Deployment context", _DEPLOYMENT),
        ("Tier 2.4.1 Tool specification", _TOOL),
        ("Tier 2.4.2 Model specification", _MODEL),
        ("Tier 2.4.3 Development data", _DEVELOPMENT),
        ("Tier 2.4.4 Operational data", _OPERATIONAL),
    )
    blocks: list[Block] = [Text(_SOURCE)]
    for heading, asked in parts:
        blocks += [Heading(heading), answered(pack, asked)]
        if asked is _OWNER:
            blocks.append(third_parties(pack))
    blocks += [Heading("Tier 2.5 Risks, mitigations and impact assessments"), assessments(pack), risks(pack)]
    return Section("atrs", "Algorithmic Transparency Recording Standard, version 4", tuple(blocks), "forms")


def third_parties(pack: Pack) -> Block:
    """Suppliers and other bodies, or who has to say that there are none."""
    given = pack.statements.third_parties
    if not given:
        said = pack.said("owner.third_party_involvement")
        return Text(
            "No third party is listed." if said else f"{BLANK}: third parties, under [[third_parties]] of card.toml."
        )
    rows = [
        (p.name, p.companies_house_number or "–", p.role, p.procurement or "–", p.data_access or "–") for p in given
    ]
    return table(
        "third-parties",
        "2.1.4.1 to 2.1.4.5 Third parties",
        ("Third party", "Companies House number", "Role", "Procurement type", "Terms of access to data"),
        rows,
    )


def assessments(pack: Pack) -> Block:
    """Impact assessments with their dates."""
    given = pack.statements.impact_assessments
    if not given:
        return Text(f"{BLANK}: each impact assessment with its name, date and outcome, under [[impact_assessments]].")
    rows: list[tuple[Cell, ...]] = [(one.name, one.told, full_stop(one.outcome), one.link or "–") for one in given]
    columns = ("Assessment", "Date", "What came of it", "Where it is")
    return table("impact-assessments", "2.5.1 Impact assessments", columns, rows)


def risks(pack: Pack) -> Block:
    """Risks and what is done about them, area by area; an area nobody spoke of says so."""
    given = pack.statements.risks
    lines = []
    for area, words in _AREAS.items():
        spoken = [risk for risk in given if risk.area == area]
        for risk in spoken:
            left = f" What is left: {full_stop(risk.left)}" if risk.left else ""
            lines.append(f"{sentence(words)}. {full_stop(risk.risk)} What is done: {full_stop(risk.mitigation)}{left}")
        if not spoken:
            lines.append(f"{sentence(words)}. {BLANK}: risks of this kind, and what is done about them.")
    return Points(tuple(lines), "2.5.2 Risks and mitigations:")
