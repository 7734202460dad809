"""The verdict and the success criteria as printed: figures rounded as elsewhere, nothing about too small a group."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskmodel.declare import Criterion, Prototype
from riskmodel.evaluation.results import CriterionResult, Evaluation
from riskmodel.reporting import wording
from riskmodel.reporting.criteria_in_words import Said, in_plain_words
from riskmodel.reporting.figures import WITHHELD, Figure, measured
from riskmodel.reporting.groups import PrintedGroup, attribute_labels, furthest_apart
from riskmodel.reporting.numbers import PrintedModel

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

# Under which name a printed group keeps the figure of a metric; others are printed only when its outcomes are.
_KEPT_AS = {
    "base_rate": "base_rate",
    "selection_rate": "picked",
    "tpr": "found",
    "fpr": "wrongly_picked",
    "ppv": "right",
    "oe": "oe",
    "auroc": "auroc",
}


@dataclass(frozen=True)
class PrintedCriterion:
    """One success criterion in words, what was measured, and whether it was met (None: it could not be judged).

    `reason` says why it was judged so; `remark` is the same where it says more than the figure does, or empty; `plain`
    is criterion and reason in words for everybody, where there are any.
    """

    metric: str
    words: str
    measured: Figure
    met: bool | None
    surely_met: bool | None
    reason: str
    remark: str = ""
    plain: Said | None = None

    @property
    def said(self) -> str:
        """Criterion and reason as two sentences, in the plainest words there are."""
        if self.plain is not None:
            return f"{self.plain.asked}. {self.plain.found}"
        return f"{wording.lower_first(self.words)}. {wording.sentence(self.reason)}"


def printed_criteria(
    prototype: Prototype, evaluation: Evaluation, groups: Sequence[PrintedGroup]
) -> tuple[PrintedCriterion, ...]:
    """Every criterion, in the order in which it was declared."""
    declared = {criterion.text: criterion for criterion in prototype.success}
    labels = attribute_labels(prototype)
    called = prototype.cohort.called
    return tuple(
        _criterion(one, declared.get(one.text), evaluation, groups, labels, called) for one in evaluation.criteria
    )


def printed_reasons(
    evaluation: Evaluation, criteria: Sequence[PrintedCriterion], lead: PrintedModel, labels: Mapping[str, str]
) -> tuple[str, ...]:
    """The reasons for the verdict, each a sentence, with every figure and name as the rest of the card prints it.

    Parameters
    ----------
    evaluation, criteria, lead
        What was measured, and how criteria and the proposed model are printed.
    labels
        Audit attributes in words.
    """
    known = {}
    for judged, printed in zip(evaluation.criteria, criteria, strict=True):
        known[f"{judged.text} ({judged.reason})"] = printed.said
    for one in evaluation.comparisons:
        digits = wording.metric(one.metric).digits
        known[one.difference.text()] = measured(one.difference, digits=digits).text
        known[f"than the {one.b.replace('_', ' ')}:"] = f"than {wording.model(one.b).lower()}:"
    for name, estimate in evaluation.models[evaluation.lead].estimates.items():
        known[estimate.text()] = lead.metrics[name].text
    known |= {f"({attribute.replace('_', ' ')})": f"({label})" for attribute, label in labels.items()}
    reasons = (_reworded(reason, known) for reason in evaluation.verdict.reasons)
    return tuple(wording.full_stop(wording.sentence(reason)) for reason in reasons)


def _criterion(
    one: CriterionResult,
    declared: Criterion | None,
    evaluation: Evaluation,
    groups: Sequence[PrintedGroup],
    labels: Mapping[str, str],
    called: tuple[str, str],
) -> PrintedCriterion:
    words = _words(one, declared, labels)
    hidden = declared is not None and bool(declared.attribute) and not _printable(declared, evaluation, groups)
    if hidden:
        figure, reason = WITHHELD, "the figure is withheld, as it would tell something about a small group"
    else:
        figure = measured(one.value, digits=wording.metric(one.metric).digits)
        reason = one.reason if one.value is None else one.reason.replace(one.value.text(), figure.text)
    says_more = one.met is None or bool(declared and declared.attribute)
    return PrintedCriterion(
        metric=one.metric,
        words=words,
        measured=figure,
        met=one.met,
        surely_met=None if hidden else one.surely_met,
        reason=reason,
        remark=reason if says_more else "",
        plain=in_plain_words(declared, one, figure, called, labels, reason) if declared is not None else None,
    )


def _printable(declared: Criterion, evaluation: Evaluation, groups: Sequence[PrintedGroup]) -> bool:
    """Whether the two groups furthest apart both have their own figure printed: the gap tells one from the other."""
    reported = [g for g in evaluation.fairness if g.attribute == declared.attribute and not g.withheld]
    furthest = furthest_apart(reported, declared.metric)
    kept = _KEPT_AS.get(declared.metric, "events")
    compared = [g for g in groups if g.attribute == declared.attribute and g.group in furthest]
    return all(getattr(group, kept).kind != "withheld" for group in compared)


def _words(one: CriterionResult, declared: Criterion | None, labels: Mapping[str, str]) -> str:
    plain, label = one.metric.replace("_", " "), wording.metric(one.metric).label
    words = label + one.text.removeprefix(plain) if one.text.startswith(plain) else wording.sentence(one.text)
    if declared is not None and declared.baseline:
        words = words.replace(f"the {declared.baseline.replace('_', ' ')}", wording.model(declared.baseline).lower())
    if declared is not None and declared.attribute:
        spoken = declared.attribute.replace("_", " ")
        words = words.replace(f"groups of {spoken}", f"groups compared by {labels[declared.attribute]}")
    return words


def _reworded(words: str, known: Mapping[str, str]) -> str:
    for said, printed in known.items():
        words = words.replace(said, printed)
    return _DATE.sub(lambda found: wording.day(found.group()), words)
