"""What the evidence says for or against a use: sentences without figures, which stand where disclosure control is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.evaluation.checks import by_severity
from riskmodel.evaluation.checks.finding import WARNING
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.label_bias import CLEAR
from riskmodel.evaluation.limits import CALIBRATION_RANGE
from riskmodel.evaluation.privacy import ASK_FIRST, NOT_OUTSIDE
from riskmodel.evaluation.results import Estimate, Evaluation
from riskmodel.evaluation.validation.results import Fold

#: Share of the list that may change on refit before single places on it mean too little.
MOST_REPLACED = 0.5
#: AUROC of a ranking by lot.
CHANCE = 0.5
#: A group is found much less often when its share is below so much of the largest group's (the four-fifths rule).
MUCH_LESS = 0.8
#: Parts of the evidence that a verdict should rest on, as a reader calls them.
PARTS = {
    "validation": "other dates and areas",
    "fairness": "how groups fare beyond the criteria",
    "stability": "how much the list would change with another sample",
    "privacy": "whether the model gives away whom it learnt from",
}


def against(evidence: Evidence) -> Iterator[str]:
    """Why nobody should use it for anything: what is printed cannot be relied on, or the ranking has failed before."""
    for finding in by_severity(evidence.checks):
        if finding.is_error:
            yield f"Check {finding.code} found an error: {finding.fault}."
    where = dict.fromkeys(said.partition(": ")[0] for said in evidence.arithmetic)
    if where:
        yield f"Figures contradict each other: {', '.join(where)}."
    failed = [fold.name for fold in _dates(evidence) if _surely_below(fold.estimates.get("auroc"), CHANCE)]
    if failed:
        yield f"At another date the ranking was surely no better than chance: {', '.join(failed)}."


def limits(evidence: Evidence, evaluation: Evaluation, with_outcome: Collection[str]) -> Iterator[str]:
    """Why there should be no list of single cases: places, probabilities or scores that must not be handed out."""
    replaced = evidence.stability.replaced if evidence.stability else None
    if _surely_above(replaced, MOST_REPLACED):
        yield "More than half of the list would be others, had the model been trained on another sample like ours."
    yield from _recorded_less(evidence)
    yield from _off_in_groups(evidence, evaluation, with_outcome)
    within = evidence.validation.areas.pooled.get("auroc") if evidence.validation else None
    if within is not None and not _surely_above(within.mean, CHANCE):
        yield (
            "In areas that were left out of training the ranking is not surely better than chance: it may tell areas "
            "apart, and not the cases of one area."
        )
    failed = [fold.name for fold in _places(evidence) if _surely_below(fold.estimates.get("auroc"), CHANCE)]
    if failed:
        yield f"In a place left out of training the ranking was surely worse than chance: {', '.join(failed)}."
    if evidence.privacy is not None and evidence.privacy.verdict == NOT_OUTSIDE:
        yield (
            "The model gives away too much about those it learnt from. It must not leave the house, and nobody may be "
            "handed single scores, because an attack needs no more than these."
        )


def cautions(evidence: Evidence) -> Iterator[str]:
    """What has to be known or done, although it decides nothing."""
    new = evidence.validation.areas.pooled if evidence.validation else {}
    if "auroc" in new and _surely_above(new["auroc"].mean, CHANCE) and not _surely_above(new["auroc"].new_area, CHANCE):
        yield "In an area that it did not learn from, its ranking may be no better than chance."
    if "oe" in new and _surely_out(new["oe"].new_area):
        yield "In an area that it did not learn from, risks would be wrong overall: use it only where it learnt."
    wrong = [fold.name for fold in _districts(evidence) if _surely_out(fold.estimates.get("oe"))]
    if wrong:
        yield f"In a district left out of training risks were clearly too high or too low overall: {', '.join(wrong)}."
    drifted = [fold.name for fold in _dates(evidence) if _surely_out(fold.estimates.get("oe"))]
    if drifted:
        yield f"At another date risks were clearly too high or too low overall ({', '.join(drifted)}): look every year."
    if evidence.privacy is not None and evidence.privacy.verdict == ASK_FIRST:
        yield "Before a copy of the model is given away, a person has to weigh what it could tell about single people."
    warnings = sum(finding.severity == WARNING for finding in by_severity(evidence.checks))
    if warnings:
        said = "one warning" if warnings == 1 else f"{warnings} warnings"
        yield f"Whoever approves the model has to answer {said} of the coded checks, which the card lists."
    absent = [words for part, words in PARTS.items() if getattr(evidence, part) is None]
    if absent:
        yield f"Not looked into: {'; '.join(absent)}."


def _recorded_less(evidence: Evidence) -> Iterator[str]:
    groups = evidence.fairness.label_bias.groups if evidence.fairness else ()
    clear = [_called(g.group, g.attribute) for g in groups if g.flag == CLEAR]
    if clear:
        yield (
            f"The outcome seems to be recorded less often than it happens for {', '.join(clear)}: clearly fewer are on "
            "record than their risks lead one to expect, beside the largest group, and a list of single cases would "
            "miss more of them."
        )
    largest = {g.attribute: g.found_least.value for g in groups if g.reference}
    missed = [
        _called(g.group, g.attribute)
        for g in groups
        if g.flag != CLEAR and g.group != UNKNOWN and _found_less(g.found_least, largest[g.attribute], g.gap_least)
    ]
    if missed:
        yield (
            f"By the range of recording that the prototype assumes, a list may find {', '.join(missed)} much less "
            "often than the largest group. Show that the outcome is recorded as often for them, and declare it, or "
            "plan with totals."
        )


def _found_less(share: Estimate, largest: float | None, gap: Estimate | None) -> bool:
    """Whether the least share of true outcomes that may be found is surely, and much, below the largest group's."""
    if share.value is None or largest is None:
        return False
    return _surely_above(gap, 0.0) and share.value < MUCH_LESS * largest


def _off_in_groups(evidence: Evidence, evaluation: Evaluation, with_outcome: Collection[str]) -> Iterator[str]:
    """Groups for which risks are surely wrong, of those whose figures can be printed.

    What is recorded together with the outcome was not known when the score was made: no score can be asked to be right
    among those who later turned out to be of such a group.
    """
    own = {(g.attribute, g.group) for g in evaluation.fairness if not g.withheld and not g.members}
    judged = [
        group
        for attribute in (evidence.calibration.groups if evidence.calibration else ())
        for group in attribute.groups
        if (group.attribute, group.group) in own and group.attribute not in with_outcome
    ]
    low, high = CALIBRATION_RANGE
    under = [_called(g.group, g.attribute) for g in judged if _surely_above(g.pooled, high)]
    over = [_called(g.group, g.attribute) for g in judged if _surely_below(g.pooled, low)]
    for words, names in (("low", under), ("high", over)):
        if names:
            yield f"Risks are surely too {words} for {', '.join(names)}: a list would be unfair to them."


def _dates(evidence: Evidence) -> tuple[Fold, ...]:
    return evidence.validation.origins.folds if evidence.validation else ()


def _districts(evidence: Evidence) -> tuple[Fold, ...]:
    return evidence.validation.districts.folds if evidence.validation else ()


def _places(evidence: Evidence) -> tuple[Fold, ...]:
    areas = evidence.validation.areas.folds if evidence.validation else ()
    return (*areas, *_districts(evidence))


def _called(group: str, attribute: str) -> str:
    return f"{group[:1].lower() + group[1:] if ' ' in group else group} ({attribute.replace('_', ' ')})"


def _surely_above(value: Estimate | None, limit: float) -> bool:
    return value is not None and value.low is not None and value.low > limit


def _surely_below(value: Estimate | None, limit: float) -> bool:
    return value is not None and value.high is not None and value.high < limit


def _surely_out(value: Estimate | None) -> bool:
    return _surely_below(value, CALIBRATION_RANGE[0]) or _surely_above(value, CALIBRATION_RANGE[1])
