"""What a card is made of: declaration, evaluation and manifests, the printed figures, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from riskmodel.declare import Prototype
from riskmodel.errors import CardIncomplete
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.results import Evaluation
from riskmodel.reporting import wording
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Section
from riskmodel.reporting.figures import Figure, counted, shared
from riskmodel.reporting.groups import PrintedGroup, attribute_labels, printed_groups
from riskmodel.reporting.judged import PrintedCriterion, printed_criteria, printed_reasons
from riskmodel.reporting.numbers import PrintedCapacity, PrintedModel, printed_models
from riskmodel.reporting.wording import plural


@dataclass
class Gaps:
    """What a card needs and does not have, collected so that all of it is named at once."""

    missing: list[str] = field(default_factory=list)

    def need(self, value: Any, what: str, where: str) -> None:
        """Note `what` as missing when `value` is empty, and `where` to fill it in."""
        empty = value is None or (isinstance(value, str) and not value.strip())
        if empty or (hasattr(value, "__len__") and len(value) == 0):
            self.missing.append(f"{what} ({where})")

    def refuse(self, name: str) -> None:
        """Raise `CardIncomplete` if anything is missing."""
        if self.missing:
            lines = "\n".join(f"  - {what}" for what in self.missing)
            things = "1 thing" if len(self.missing) == 1 else f"{len(self.missing)} things"
            raise CardIncomplete(
                f"The card of '{name}' lacks {things}:\n{lines}",
                "\nA card is printed only when every required section can be filled.",
                next_step="Fill in what is missing and write the card again.",
            )


@dataclass(frozen=True)
class Material:
    """Everything the sections of a card draw on. Numbers come only from the printed figures."""

    prototype: Prototype
    evaluation: Evaluation
    matrix: Mapping[str, Any]
    warehouse: Mapping[str, Any]
    training: Mapping[str, Any]
    policy: Policy
    project: str
    invented: bool
    models: Mapping[str, PrintedModel]
    groups: tuple[PrintedGroup, ...]
    criteria: tuple[PrintedCriterion, ...]
    reasons: tuple[str, ...]
    n: Figure
    events: Figure
    base_rate: Figure
    evidence: Evidence | None = None

    @property
    def lead(self) -> PrintedModel:
        """The model proposed for use."""
        return self.models[self.evaluation.lead]

    @property
    def families(self) -> tuple[PrintedModel, ...]:
        """The trained models, the lead first."""
        return tuple(model for model in self.models.values() if model.family != "baseline")

    @property
    def baselines(self) -> tuple[PrintedModel, ...]:
        """What the models are compared with."""
        return tuple(model for model in self.models.values() if model.family == "baseline")

    @property
    def capacity(self) -> PrintedCapacity | None:
        """The lead at the prototype's capacity."""
        return self.lead.at_capacity()

    def spoken(self, text: str) -> str:
        """A text from elsewhere with the names of measures, attributes, sources and areas in words.

        What it calls a household is whatever is never cut in two here.
        """
        declared = self.prototype
        names = {source.name: f"“{wording.source_words(source)}”" for source in declared.sources}
        names |= {feature.name: f"“{feature.label}”" for feature in declared.features}
        names |= attribute_labels(declared)
        # A name that is a plain word may stand for itself.
        titled = {source.name for source in declared.sources if source.title}
        names = {name: words for name, words in names.items() if "_" in name or name in titled}
        named = wording.renamed(text, names | dict(declared.cohort.area_names))
        if self.unit == "household":
            return named
        kept = {"households": self.units, "household": self.unit}
        return wording.renamed(named, kept | {wording.sentence(a): wording.sentence(b) for a, b in kept.items()})

    @property
    def case(self) -> str:
        """One of those that are scored, as lay members call it."""
        return self.prototype.cohort.called[0]

    @property
    def cases(self) -> str:
        """Several of them."""
        return self.prototype.cohort.called[1]

    @property
    def help(self) -> str:
        """What those on the list are offered, one of it."""
        return self.prototype.help_called[0]

    @property
    def helps(self) -> str:
        """Several of it."""
        return self.prototype.help_called[1]

    @property
    def unit(self) -> str:
        """What is never cut in two, in words: a household, a school, or a case."""
        return self.prototype.cohort.unit

    @property
    def units(self) -> str:
        """Several of them."""
        return plural(self.unit)

    @property
    def brackets(self) -> str:
        """What stands in brackets after a figure."""
        whole = "" if self.prototype.cohort.together is None else "whole "
        return f"In brackets: 95% interval from resampling {whole}{self.units}."

    @property
    def tested_on(self) -> str:
        """The denominators, as they stand in captions."""
        return f"{self.n.text} test cases, {self.events.text} of them with the outcome"


def gather(
    prototype: Prototype,
    evaluation: Evaluation,
    matrix: Mapping[str, Any],
    warehouse: Mapping[str, Any],
    training: Mapping[str, Any],
    *,
    policy: Policy,
    project: str,
    invented: bool,
    evidence: Evidence | None = None,
) -> Material:
    """Put every figure through disclosure control once and lay it out for the sections."""
    models = printed_models(evaluation, policy)
    capacity = models[evaluation.lead].at_capacity()
    overall = [] if capacity is None else ["picked"] + (["found"] if capacity.found.value is not None else [])
    n, events = evaluation.test["n"], evaluation.test["events"]
    groups = printed_groups(prototype, evaluation, policy, overall)
    criteria = printed_criteria(prototype, evaluation, groups)
    return Material(
        prototype=prototype,
        evaluation=evaluation,
        matrix=matrix,
        warehouse=warehouse,
        training=training,
        policy=policy,
        project=project,
        invented=invented,
        models=models,
        groups=groups,
        criteria=criteria,
        reasons=printed_reasons(evaluation, criteria, models[evaluation.lead], attribute_labels(prototype)),
        n=counted(n, policy),
        events=counted(events, policy, whole=n),
        base_rate=shared(events, n, policy),
        evidence=evidence,
    )


def required(section: Section, gaps: Gaps) -> Section:
    """The section, noted as missing when it has nothing in it."""
    gaps.need(section.blocks, f"the section '{section.title}'", "nothing to print was handed over")
    return section
