"""From what was measured to one decision, with the reasons first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.limits import CALIBRATION_RANGE, EVENTS_FOR_CALIBRATION
from riskmodel.evaluation.results import (
    AREA_ONLY,
    DO_NOT_DEPLOY,
    USE_AS_DECLARED,
    Comparison,
    CriterionResult,
    Estimate,
    Evaluation,
    Verdict,
)
from riskmodel.evaluation.weighed import against, cautions, limits
from riskmodel.modelling.baselines import BASE_RATE

#: Outcomes (and cases without it) in the test, below which nothing can be judged (Collins et al. 2016).
LEAST_EVENTS = 100


def decide(
    criteria: Sequence[CriterionResult],
    estimates: Mapping[str, Estimate],
    comparisons: Sequence[Comparison],
    *,
    output_is_area: bool,
) -> Verdict:
    """Come to one of three decisions.

    "Do not deploy" when any of these holds: a declared criterion is not met or cannot be measured; the test holds
    fewer than 100 cases with or without the outcome; the interval of the AUROC reaches 0.5; the AUROC is not surely
    above that of every baseline; the interval of the calibration slope, or of observed over expected, lies wholly
    outside 0.8 to 1.25. Otherwise "only for area planning" when the prototype asks for areas only, or fewer than 200
    cases with or without the outcome leave open whether a single case's probability is right. Otherwise "may be used
    as declared".

    Parameters
    ----------
    criteria : sequence of CriterionResult
    estimates : mapping of str to Estimate
        The lead model's overall figures.
    comparisons : sequence of Comparison
        Differences with the lead model first; those of "auroc" with baselines are judged.
    output_is_area : bool
        Whether the prototype declares scores for areas only.
    """
    failed = [criterion for criterion in criteria if criterion.met is not True]
    against = [
        *_too_few(estimates["auroc"]),
        *_failed(failed),
        *_ranking(estimates["auroc"], comparisons, failed),
        *_calibration(estimates, failed),
    ]
    if against:
        return Verdict(DO_NOT_DEPLOY, tuple(against))
    reasons = [f"All {len(criteria)} success criteria that were set before training are met."] if criteria else []
    reasons += [f"Met, but not beyond doubt: {c.text} ({c.reason})." for c in criteria if c.surely_met is False]
    limits = _area_only(estimates["auroc"], output_is_area)
    if limits:
        return Verdict(AREA_ONLY, tuple(limits + reasons))
    return Verdict(USE_AS_DECLARED, tuple(reasons or ["Nothing that was measured speaks against its declared use."]))


def reconsider(evaluation: Evaluation, evidence: Evidence, with_outcome: Collection[str] = ()) -> Verdict:
    """Come to the decision again, with the evidence that was gathered after the figures.

    Evidence can only make a decision stricter.

    - "Do not deploy" also when a coded check found an error or figures contradict each other, because nothing that is
      printed can then be relied on; and when the ranking was surely no better than chance at another date.
    - "Only for area planning" also when there should be no list of single cases: surely more than half of the list
      would be others after training on another sample of the same size; the outcome is clearly recorded less often
      for a group, or may be by the prototype's own assumptions, so much that the list would surely find less than four
      fifths of the largest group's share; risks are surely wrong (0.8 to 1.25, after partial pooling) for a group with
      figures of its own; the ranking is not surely better than chance inside areas that were left out of training; or
      the model gives away too much about those it learnt from, since single scores are all that such an attack needs.
    - What else must be known (a new area, another date, a model to be looked at before it is shared, warnings that wait
      for an answer, evidence that was not gathered) is added to the reasons and decides nothing.

    Reasons say what was found in words; the figures stand in the parts of the card where disclosure control applies.

    Parameters
    ----------
    evaluation : Evaluation
        Its verdict rests on criteria and figures alone.
    evidence : Evidence
    with_outcome : collection of str
        Audit attributes that come with the outcome's own record (`prototype.outcome.audit`): nobody knows them when a
        score is made, so that risks are not judged within their groups.
    """
    first = evaluation.verdict
    stops, held_back = list(against(evidence)), list(limits(evidence, evaluation, with_outcome))
    if first.decision == DO_NOT_DEPLOY:
        return Verdict(DO_NOT_DEPLOY, (*first.reasons, *stops, *held_back))
    if stops:
        return Verdict(DO_NOT_DEPLOY, (*stops, *held_back, *first.reasons))
    decision = AREA_ONLY if held_back else first.decision
    return Verdict(decision, (*held_back, *first.reasons, *cautions(evidence)))


def _too_few(area: Estimate) -> list[str]:
    least = min(area.events, area.n - area.events)
    if least >= LEAST_EVENTS:
        return []
    kind = "with" if area.events <= area.n - area.events else "without"
    return [
        f"Too few cases to judge: the test holds fewer than {LEAST_EVENTS} cases {kind} the outcome. "
        "Test on more cohorts or a larger area."
    ]


def _failed(criteria: Sequence[CriterionResult]) -> list[str]:
    missed = [f"A success criterion is not met: {c.text} ({c.reason})." for c in criteria if c.met is False]
    unknown = [f"A success criterion cannot be judged: {c.text} ({c.reason})." for c in criteria if c.met is None]
    return missed + unknown


def _ranking(area: Estimate, comparisons: Sequence[Comparison], failed: Sequence[CriterionResult]) -> list[str]:
    """What is wrong with the ranking, as far as no failed criterion says so already."""
    found = []
    by_chance = area.low is None or area.low <= 0.5
    if by_chance:
        found.append(f"The ranking is not surely better than chance: AUROC {area.text()}, drawing lots gives 0.5.")
    for comparison in comparisons:
        name, gain = comparison.b.replace("_", " "), comparison.difference
        said = any(one.metric == "auroc" and f"than the {name}" in one.text for one in failed)
        said = said or (by_chance and comparison.b == BASE_RATE)
        if comparison.metric == "auroc" and not said and (gain.low is None or gain.low <= 0):
            found.append(f"The ranking is not surely better than the {name}: the gain in AUROC is {gain.text()}.")
    return found


def _calibration(estimates: Mapping[str, Estimate], failed: Sequence[CriterionResult]) -> list[str]:
    low, high = CALIBRATION_RANGE
    found = []
    for metric, words, fault in (
        ("calibration_slope", "the calibration slope", "Risks are too extreme, or not extreme enough"),
        ("oe", "the ratio of outcomes that happened to those predicted", "Risks are too high or too low overall"),
    ):
        value = estimates[metric]
        if any(one.metric == metric and one.value == value for one in failed):
            continue
        if value.low is None or value.high is None:
            found.append(f"{words[:1].upper()}{words[1:]} could not be measured ({value.note}).")
        elif value.high < low or value.low > high:
            found.append(f"{fault}: {words} is {value.text()}, surely outside {low:g} to {high:g}.")
    return found


def _area_only(area: Estimate, output_is_area: bool) -> list[str]:
    found = []
    if output_is_area:
        found.append("The prototype declares totals for areas and no scores for single cases.")
    if min(area.events, area.n - area.events) < EVENTS_FOR_CALIBRATION:
        had = "had" if area.events < area.n - area.events else "did not have"
        found.append(
            f"Fewer than {EVENTS_FOR_CALIBRATION} of the cases tested {had} the outcome: enough to judge totals, too "
            "few to say that a single case's probability is right."
        )
    return found
