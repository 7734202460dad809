"""Label bias: what the figures would be if the outcome were recorded less often for some groups than for others.

Only recorded outcomes are seen. Write R for recorded, T for true, S for picked, g for a group, and suppose that nothing
is recorded that did not happen. From the records come P(S | R=1, g), the share found of recorded outcomes, and
P(S | R=0, g), the share picked of cases without a record. With r(g) = P(R=1 | T=1, g), of true outcomes there is found

    P(S | T, g) = r(g) P(S | R=1, g) + (1 - r(g)) q(g)

where q(g) = P(S | T=1, R=0, g), the share picked of true outcomes that were not recorded. Neither r nor q is in the
data.

- When recording does not depend on the score, given truth and group, q equals the share found of recorded outcomes, r
  drops out, and the share found of true outcomes is *identified*: it is the share found of recorded ones.
- When what brings a case onto the list also brings it onto the record (earlier records, neighbours who call), q is
  lower. As long as the score is worth something, unrecorded true cases are picked at least as often as all cases
  without a record; that gives the *lower end of the envelope*, which falls as r falls.
- Without either assumption only *bounds* are left: none of the unrecorded on the list, or as many as there is room for.

The share found is thus between two ends for each assumed r, and the ends have sampling intervals of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskmodel.declare.equality import EVERYONE
from riskmodel.evaluation.arrays import Floats, logit
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fairness import Grouping
from riskmodel.evaluation.fused import divide
from riskmodel.evaluation.lists import Lists, resample_lists
from riskmodel.evaluation.results import Estimate

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

#: Assumed for every group but the largest when an agency records the outcome and nothing is declared.
USUAL_RATIO = (0.6, 1.0)
#: Happened over predicted, relative to the largest group's, below which a group is flagged even if not surely.
LOW_RATIO = 0.9
#: The flag of a group whose outcome is surely recorded less often than predicted, compared with the largest group.
CLEAR = "clear"


@dataclass(frozen=True)
class AssumedGroup:
    """One group under the assumed range of recording.

    Attributes
    ----------
    attribute, group : str
    reference : bool
        Whether it is the largest group, which the others are compared with.
    n, events : int
        Cases, and recorded outcomes.
    ratio : tuple of float
        Lowest and highest assumed share of true outcomes that are recorded.
    found : Estimate
        Share found of recorded outcomes: also of true ones, if recording does not depend on the score.
    found_least : Estimate
        The lower end of the envelope, at the lowest ratio.
    bound_low, bound_high : Estimate
        Without any assumption on how recording and score go together.
    gap, gap_least : Estimate or None
        The same two shares of the largest group less those of this one; None for the largest.
    oe : Estimate
        Recorded over predicted.
    oe_ratio : Estimate or None
        The same relative to the largest group: the ratio of recording that the data suggest if families alike in
        the records are alike in truth. Nearer 1 than the truth where earlier records are features too.
    flag : str
        "clear" when the whole interval of `oe_ratio` is below 1, "possible" when the figure is below 0.9 or the group
        is clearly missed more often than the largest, otherwise "".
    """

    attribute: str
    group: str
    reference: bool
    n: int
    events: int
    ratio: tuple[float, ...]
    found: Estimate
    found_least: Estimate
    bound_low: Estimate
    bound_high: Estimate
    gap: Estimate | None
    gap_least: Estimate | None
    oe: Estimate
    oe_ratio: Estimate | None
    flag: str


@dataclass(frozen=True)
class Recalibrated:
    """What correcting each group's level to the records would do to the share found: the trap of label bias."""

    attribute: str
    group: str
    before: Estimate
    after: Estimate
    change: Estimate


@dataclass(frozen=True)
class LabelBias:
    """The sensitivity analysis, or why there is none (`groups` is then empty)."""

    applies: bool
    why: str
    groups: tuple[AssumedGroup, ...]
    recalibrated: tuple[Recalibrated, ...]
    assumed: bool


def label_bias(context: Context, groups: Sequence[Grouping]) -> LabelBias:
    """Envelope of the share found of true outcomes, by group, under assumed ratios of recording.

    Parameters
    ----------
    context : Context
    groups : sequence of Grouping
        Groups of single attributes, as reported.

    Notes
    -----
    The regions follow the monotone bounds of Manski (2003) and the division into ignorance and uncertainty of
    Vansteelandt and others (2006): the ends of an envelope are estimates, each with its household bootstrap interval.
    """
    prototype = context.prototype
    attributes = assumed_attributes(prototype)
    if not attributes:
        return LabelBias(False, _why_not(prototype), (), (), assumed=False)
    own = [g for g in groups if g.attribute in attributes and not g.withheld]
    scores = {"lead": context.ranking}
    for attribute in attributes:
        scores[attribute] = recalibrated_score(context, [g for g in own if g.attribute == attribute])
    lists = resample_lists(
        context.y, context.probability, context.test.component.to_numpy(), scores, own,
        capacity=prototype.capacity, resamples=context.resamples, seed=context.seed,
    )  # fmt: skip
    assumed = [one for attribute in attributes for one in _of_attribute(prototype, lists, attribute)]
    moved = [
        Recalibrated(
            g.attribute, g.group,
            lists.estimate("lead", place, "tpr"), lists.estimate(g.attribute, place, "tpr"),
            lists.change(g.attribute, "lead", place, "tpr"),
        )
        for place, g in enumerate(lists.groups, start=1)
    ]  # fmt: skip
    usual = not prototype.reporting_ratios
    why = "assumed, because an agency records the outcome" if usual else "declared by the prototype"
    return LabelBias(True, why, tuple(assumed), tuple(moved), assumed=usual)


def assumed_attributes(prototype: Prototype) -> list[str]:
    """Attributes to vary recording over: those declared, else the protected ones if silence counts as no outcome."""
    declared = [key.partition(":")[0].strip() for key in prototype.reporting_ratios if key != EVERYONE]
    if declared or prototype.reporting_ratios or prototype.outcome.no_record != "negative":
        return list(dict.fromkeys(declared))
    return [attribute.name for attribute in prototype.audit if attribute.protected]


def _why_not(prototype: Prototype) -> str:
    if prototype.outcome.no_record != "negative":
        return "every case is assessed, so that a missing record is not counted as a missing outcome"
    return "no group's recording is in question, by the prototype's declaration"


def assumed_ratio(prototype: Prototype, attribute: str, group: str, *, reference: bool) -> tuple[float, float]:
    """Lowest and highest assumed share of true outcomes recorded: the largest group's times the group's own."""
    everyone = prototype.reporting_ratios.get(EVERYONE, (1.0, 1.0))
    named = prototype.reporting_ratios.get(f"{attribute}: {group}")
    usual = prototype.reporting_ratios.get(attribute, USUAL_RATIO if not prototype.reporting_ratios else (1.0, 1.0))
    own = named or ((1.0, 1.0) if reference else usual)
    return everyone[0] * own[0], everyone[1] * own[1]


def _of_attribute(prototype: Prototype, lists: Lists, attribute: str) -> list[AssumedGroup]:
    places = [place for place, g in enumerate(lists.groups, start=1) if g.attribute == attribute]
    known = [place for place in places if lists.groups[place - 1].group != "Unknown"] or places
    if not places:
        return []
    largest = max(known, key=lambda place: lists.n[place, 0])
    ordered = [largest, *(place for place in places if place != largest)]
    return [_assumed(prototype, lists, place, largest) for place in ordered]


def _assumed(prototype: Prototype, lists: Lists, place: int, largest: int) -> AssumedGroup:
    grouping, reference = lists.groups[place - 1], place == largest
    low, high = _possible(prototype, lists, place, reference)
    found, least = lists.figure("lead", "tpr"), envelope_end(lists, place, low)
    floor, ceiling = low * found[place], _most(lists, place, low, high)
    gap = gap_least = oe_ratio = None
    if not reference:
        theirs = envelope_end(lists, largest, _possible(prototype, lists, largest, True)[0])
        gap = lists.of(found[largest] - found[place], place)
        gap_least = lists.of(theirs - least, place)
        oe = lists.figure("lead", "expected_ratio")
        oe_ratio = lists.of(divide(oe[place], oe[largest]), place)
    return AssumedGroup(
        grouping.attribute, grouping.group, reference, len(grouping.rows), grouping.events, (low, high),
        lists.estimate("lead", place, "tpr"), lists.of(least, place), lists.of(floor, place), lists.of(ceiling, place),
        gap, gap_least, lists.estimate("lead", place, "expected_ratio"), oe_ratio, _flag(oe_ratio, gap),
    )  # fmt: skip


def _possible(prototype: Prototype, lists: Lists, place: int, reference: bool) -> tuple[float, float]:
    """The assumed range, raised where it would have more true outcomes than cases."""
    grouping = lists.groups[place - 1]
    low, high = assumed_ratio(prototype, grouping.attribute, grouping.group, reference=reference)
    least = float(lists.events[place, 0] / lists.n[place, 0])
    return max(low, least), max(high, least)


def envelope_end(lists: Lists, place: int, ratio: float) -> Floats:
    """Share found of true outcomes if unrecorded ones are picked only as often as all cases without a record."""
    found, blind = lists.figure("lead", "tpr")[place], lists.figure("lead", "fpr")[place]
    lower: Floats = np.minimum(found, ratio * found + (1 - ratio) * blind)
    return lower


def _most(lists: Lists, place: int, low: float, high: float) -> Floats:
    """The largest share found that any number of unrecorded outcomes within the range leaves room for."""
    events, held = lists.events[place], lists.tallies["lead"]
    found, wrong = held.found[place], held.wrong[place]
    full = divide(events, events + wrong)  # the ratio at which every place without a record is a true case
    ratios = [np.full_like(events, low), np.full_like(events, high), np.clip(full, low, high)]
    shares = [divide(found + np.minimum(wrong, events / r - events), events / r) for r in ratios]
    highest: Floats = np.max(shares, axis=0)
    return highest


def _flag(oe_ratio: Estimate | None, gap: Estimate | None) -> str:
    if oe_ratio is None or gap is None or oe_ratio.value is None:
        return ""
    if oe_ratio.high is not None and oe_ratio.high < 1:
        return CLEAR
    missed = gap.low is not None and gap.low > 0
    return "possible" if oe_ratio.value < LOW_RATIO or missed else ""


def recalibrated_score(context: Context, groups: Sequence[Grouping]) -> Floats:
    """The lead model's log-odds with each reported group's level moved to its recorded rate on the test rows."""
    score = logit(context.probability)
    for grouping in groups:
        rows = grouping.rows
        score[rows] += _shift(score[rows], float(context.y[rows].sum()))
    return score


def _shift(score: Floats, events: float) -> float:
    """The number that, added to the log-odds, makes the probabilities add up to the outcomes."""
    from scipy.optimize import brentq

    def surplus(shift: float) -> float:
        return float((1 / (1 + np.exp(-(score + shift)))).sum() - events)

    return float(brentq(surplus, -20.0, 20.0))
