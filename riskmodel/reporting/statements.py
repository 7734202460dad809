"""What only people can write about a model: its owner, its use, the law, consultation, money, risks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from riskmodel.reporting.wording import day

#: Where a tool stands, in the words of the Algorithmic Transparency Recording Standard.
PHASES = ("pre-deployment", "private beta", "public beta", "production", "retired")

#: The kinds of risk the standard asks about; each must be spoken of.
RiskArea = Literal["data", "use", "model", "outputs", "organisation", "public"]

# A title and a capitalised word: people are named by role alone, so that a card outlives its authors.
_NAMED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Cllr|Councillor|Sir|Dame|Rev)\.?\s+[A-Z][a-z]+")


def _asks(what: str) -> Any:
    """A text that is blank until somebody writes it; `what` tells them what to write."""
    return Field(default="", description=what)


class Part(BaseModel):
    """One table of a card.toml: names that it does not know are refused, and so are people's names."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _roles_not_names(cls, value: Any) -> Any:
        if isinstance(value, str) and _NAMED.search(value):
            raise ValueError("names a person; write the role, such as 'Director of Children's Services'")
        return value


class Owner(Part):
    """Who answers for the tool."""

    organisation: str = _asks("the organisation that is responsible for the tool")
    team: str = _asks("the team that runs it")
    senior_responsible_owner: str = _asks("the role (not the name) of the senior responsible owner")
    contact_email: str = _asks("a team's e-mail address for questions, not a person's")
    website: str = _asks("where the public can read about it, or that there is no page yet")
    region: str = _asks("where in the country it is used")
    phase: str = _asks(f"where it stands: {', '.join(PHASES)}")
    third_party_involvement: str = _asks("what suppliers or other bodies do for it, or that there are none")
    cost: str = _asks("what it cost to make and what it costs to run in a year")

    @field_validator("phase")
    @classmethod
    def _known_phase(cls, phase: str) -> str:
        if phase and phase not in PHASES:
            raise ValueError(f"must be one of: {', '.join(PHASES)}")
        return phase

    @field_validator("contact_email")
    @classmethod
    def _an_address(cls, address: str) -> str:
        if address and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+|(?i:none|not applicable)\b.*", address):
            raise ValueError("must be a team's e-mail address, or 'none' with the reason")
        return address


class Rationale(Part):
    """Why it exists."""

    description: str = _asks("what it does and why, in a paragraph, with what it does not cover")
    benefits: str = _asks("who gains what from it, and how that would be noticed")
    previous_process: str = _asks("how this was decided before, or would be without it")
    alternatives: str = _asks("what else was considered, and why it was not chosen")
    less_intrusive: str = _asks("why something that uses less personal data would not do")
    known_inequalities: str = _asks("inequalities between groups that are known in this field")


class Use(Part):
    """How it is used, and by whom."""

    users: str = _asks("the roles that see its output")
    integration: str = _asks("where it sits in the work: what happens before and after somebody sees a score")
    frequency_and_scale: str = _asks("how often it runs and how many cases are scored and offered help")
    human_review: str = _asks("what a person looks at besides the score, and how agreement and overruling are recorded")
    training: str = _asks("what users must learn before they see a score")
    appeals: str = _asks("how somebody can object, have a case looked at again, and complain")
    telling_people: str = _asks("how people are told that their records are used this way")
    opting_out: str = _asks("whether and how people can keep their records out")
    help_offered: str = _asks("what help people got in the years the data come from, and whether it changed outcomes")
    poor_inputs: str = _asks("what users do when records are missing, late or wrong")


class Data(Part):
    """How the data came about and are kept."""

    collection: str = _asks("why and by whom the records were first made")
    completeness: str = _asks("who is missing from the data, and whom they stand for")
    cleaning: str = _asks("what is done to the records before they are used")
    sharing: str = _asks("who shares what with whom, and which agreements say so")
    access_and_storage: str = _asks("where the data are kept and which roles can reach them")
    retention: str = _asks("how long records, scores and models are kept")
    source_links: str = _asks("where the data can be had, or why they cannot")


class Law(Part):
    """On what legal ground it stands."""

    lawful_basis: str = _asks("the basis under Article 6 of the UK GDPR, with the task or duty it rests on")
    special_category_condition: str = _asks(
        "the condition under Article 9 and Schedule 1, or that no such data are used"
    )
    criminal_offence_condition: str = _asks("the ground under Article 10, or that no such data are used")
    sharing_powers: str = _asks("the powers that let each partner share")
    confidentiality: str = _asks("how the duty of confidence owed for health records is met")
    necessity: str = _asks("why the processing is needed for the aim")
    proportionality: str = _asks("why the gain outweighs the intrusion")
    automated_decisions: str = _asks(
        "whether any decision is made by machine alone (Articles 22A to 22D), and the safeguards"
    )


class People(Part):
    """Who was asked."""

    public_involvement: str = _asks("how the public, or those it is about, took part")
    consultation: str = _asks("who was consulted, when, and what changed")
    ethics_review: str = _asks("which ethics body looked at it, when, and what it said")


class Equality(Part):
    """How the duty of section 149 of the Equality Act 2010 was thought about."""

    fairness_choice: str = _asks("which difference between groups was judged to matter most, and why")
    eliminate_discrimination: str = _asks("how it helps to eliminate unlawful discrimination")
    advance_equality: str = _asks("how it advances equality of opportunity")
    foster_good_relations: str = _asks("how it bears on relations between groups")
    measured_by: dict[str, list[str]] = Field(default_factory=dict)


class Science(Part):
    """What a methods board and a reader of research ask."""

    predictor_choice: str = _asks("how the measures were chosen")
    sample_size: str = _asks("how the size of the data was judged to be enough")
    outcome_assessors: str = _asks("who decided about the outcome, and how they were trained to")
    blinding: str = _asks("whether those who decided about the outcome knew the measures or the score")
    interpretation: str = _asks("what the results mean, and how they compare with other work")
    next_steps: str = _asks("what has to be found out next")
    funding: str = _asks("who paid for it, and what they had a say in")
    conflicts: str = _asks("interests of those who made it, or that there are none")
    protocol: str = _asks("where the plan was written down beforehand")
    registration: str = _asks("where it was registered, or that it was not")
    data_availability: str = _asks("whether others can get the data, and how")
    code_availability: str = _asks("where the code can be read")
    card_licence: str = _asks("the licence under which this card may be reused, as an SPDX identifier")


class Technical(Part):
    """What runs where."""

    architecture: str = _asks("on which systems it runs, and what passes between them")
    maintenance: str = _asks("who checks and renews it, and how often")


class Supplier(Part):
    """A supplier or another body that has a hand in the tool."""

    name: str
    role: str
    companies_house_number: str = ""
    procurement: str = ""
    data_access: str = ""


class ImpactAssessment(Part):
    """An assessment and what came of it; without a date it was not made, or does not apply."""

    name: str
    date: datetime.date | None = None
    outcome: str
    link: str = ""

    @property
    def told(self) -> str:
        """The date written out, or that there is none."""
        return day(self.date.isoformat()) if self.date else "no date"


class Risk(Part):
    """Something that could go wrong, what is done about it, and what is left."""

    area: RiskArea
    risk: str
    mitigation: str
    left: str = ""


class Statements(Part):
    """Everything a `card.toml` holds; what is not written yet is blank.

    Attributes
    ----------
    invented : bool
        Whether what is said here is made up, as in a project of invented data.
    owner, rationale, use, data, law, people, equality, science, technical
        Tables of texts, each blank until somebody writes it.
    third_parties, impact_assessments, risks
        Lists of tables.

    Examples
    --------
    >>> some = Statements(owner=Owner(team="Data team"))
    >>> some.said("owner.team"), len(some.blanks()) > 40
    ('Data team', True)
    """

    invented: bool = False
    owner: Owner = Owner()
    rationale: Rationale = Rationale()
    use: Use = Use()
    data: Data = Data()
    law: Law = Law()
    people: People = People()
    equality: Equality = Equality()
    science: Science = Science()
    technical: Technical = Technical()
    third_parties: list[Supplier] = Field(default_factory=list)
    impact_assessments: list[ImpactAssessment] = Field(default_factory=list)
    risks: list[Risk] = Field(default_factory=list)

    def said(self, name: str) -> str:
        """The text of "table.key"; blank when nobody wrote it.

        Raises
        ------
        KeyError
            If there is no such statement.
        """
        return self.texts()[name]

    def texts(self) -> dict[str, str]:
        """Every text by "table.key", blank ones too."""
        return {f"{part}.{key}": getattr(getattr(self, part), key) for part, key, _ in asked()}

    def blanks(self) -> tuple[tuple[str, str], ...]:
        """What nobody has written yet: "[table] key", and what to write there."""
        texts = self.texts()
        found = [(f"[{part}] {key}", asks) for part, key, asks in asked() if not texts[f"{part}.{key}"]]
        if not self.impact_assessments:
            found.append(("[[impact_assessments]]", "each impact assessment with its name, date and outcome"))
        for one in self.impact_assessments:
            if one.date is None and not one.outcome.lower().startswith("not applicable"):
                found.append(
                    (f'[[impact_assessments]] name = "{one.name}"', "its date, or an outcome 'Not applicable: ...'")
                )
        spoken = {risk.area for risk in self.risks}
        for area in get_args(RiskArea):
            if area not in spoken:
                found.append(
                    (f'[[risks]] area = "{area}"', f"the risks of this kind ({area}), and what is done about them")
                )
        return tuple(found)


def asked() -> Iterator[tuple[str, str, str]]:
    """Every text that is asked for: table, key, and what to write."""
    for part, described in Statements.model_fields.items():
        if isinstance(described.annotation, type) and issubclass(described.annotation, Part):
            for key, field in described.annotation.model_fields.items():
                if field.description:
                    yield part, key, field.description
