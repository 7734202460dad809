"""The first pages of a card, for everybody: verdict, use, who answers for it, whom it helps and whom it misses."""

from __future__ import annotations

from riskmodel.declare import Output
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY, USE_AS_DECLARED
from riskmodel.reporting import wording
from riskmodel.reporting.charts import hundred
from riskmodel.reporting.document import Block, Callout, Chart, Facts, Points, Section, Text
from riskmodel.reporting.figures import Figure, in_hundred
from riskmodel.reporting.groups import Missed, missed_more_often
from riskmodel.reporting.judged import PrintedCriterion
from riskmodel.reporting.material import Gaps, Material
from riskmodel.reporting.wording import day, full_stop, hundredths, listed, lower_first, number_words

#: What the verdict leaves of a list that was declared.
_NARROWER = {
    AREA_ONLY: " That is what was asked for. The tests do not allow a list: only counts for areas may be made.",
    DO_NOT_DEPLOY: " That is what was asked for. The tests allow neither a list nor counts for areas.",
}


def verdict(material: Material, gaps: Gaps) -> Section:
    """The decision and the reasons for it, before anything else."""
    found = material.evaluation.verdict
    gaps.need(found.reasons, "the reasons for the verdict", "verdict of the evaluation")
    tone, title, meaning = wording.DECISIONS[found.decision]
    judged = material.criteria
    met = sum(criterion.met is True for criterion in judged)
    blocks: list[Block] = [
        Callout(tone, title, meaning),
        Points(material.reasons, "Why:"),
    ]
    if met < len(judged) or found.decision == DO_NOT_DEPLOY:  # otherwise the reasons say so
        blocks.append(Text(_criteria_words(met, len(judged))))
    doubted = dict.fromkeys(one.metric for one in judged if _named(one) and not (one.met and one.surely_met))
    meanings = tuple((known.label, known.meaning) for known in map(wording.metric, doubted) if known.meaning)
    if meanings:
        blocks.append(Facts(meanings))
    return Section("verdict", "The verdict", tuple(blocks), "front")


def purpose(material: Material, gaps: Gaps) -> Section:
    """What it is for, and what it must never be used for."""
    prototype = material.prototype
    gaps.need(prototype.use, "what it is for", "use= of the prototype")
    gaps.need(prototype.never, "what it must never be used for", "never= of the prototype")
    individual = prototype.output is Output.INDIVIDUAL
    decision = material.evaluation.verdict.decision
    rows = (
        (
            "What it may be used for" if decision == USE_AS_DECLARED else "What it was meant for",
            full_stop(wording.sentence(prototype.use)),
        ),
        ("Whom it looks at", full_stop(prototype.cohort.description)),
        (
            "What it predicts",
            f"{full_stop(prototype.outcome.label)} It looks {prototype.outcome.within} ahead. This card calls that "
            f"“the outcome”. {_called(material)}",
        ),
        (
            "What comes out",
            f"A list of {material.cases} ordered by risk. There is room for the top {100 * prototype.capacity:.3g}% of "
            f"it.{_NARROWER.get(decision, '')}"
            if individual
            else f"Counts for areas. Nobody is named and no {material.case} has a score.",
        ),
    )
    never = Callout("stop", "What it must never be used for", full_stop(wording.sentence(prototype.never)))
    return Section("purpose", "What it is for", (Facts(rows), never), "front")


def responsibility(material: Material, gaps: Gaps) -> Section:
    """Who owns it, and who decides."""
    owner = material.prototype.owner
    gaps.need(owner, "who owns it", "owner= of the prototype")
    rows = (
        ("Who owns it", f"{owner}. The owner answers for how it is used and for mistakes, and can stop it."),
        (
            f"Who decides about a {material.case}",
            f"A member of staff who knows the {material.case} or has looked into the records. The score never decides. "
            "It only says whom to look at first. If somebody asks for help, a low score is no reason to say no.",
        ),
        (
            "Who decides whether it may be used",
            "The committee that reads this card. It approves one exact model, named under “Provenance”. The "
            "approval ends when that model changes, or on the date below.",
        ),
        ("Valid until", _valid_until(material, gaps)),
    )
    return Section("responsibility", "Who owns it and who decides", (Facts(rows),), "front")


def usefulness(material: Material, gaps: Gaps) -> Section:
    """Of a hundred on the list, how many would have needed it."""
    point = material.capacity
    if point is None:
        gaps.need(None, "what happens at the prototype's capacity", "capacity points of the evaluation")
        return Section("usefulness", _USEFULNESS, (), "front")
    top = f"the top {100 * point.share:.3g}% of the list"
    if point.precision.value is None:
        withheld = Text(f"Too few {material.cases} to say how many of {top} had the outcome.")
        return Section("usefulness", _USEFULNESS, (withheld,), "front")
    right, low, high = (hundredths(v) for v in (point.precision.value, point.precision.low, point.precision.high))
    lead = (
        f"The list was tried on {_cohorts(material)}. There, about {right} of every 100 {material.cases} in {top} had "
        f"the outcome (between {low} and {high} allowing for chance). The other {100 - right} did not, and would have "
        "been picked all the same."
    )
    reading = (
        f"Filled, {right}: {material.cases} in {top} that had the outcome. Hollow, {100 - right}: those that did not."
    )
    chart = Chart(
        "of-a-hundred",
        f"Of 100 {material.cases} in {top}",
        reading,
        hundred("of-a-hundred", f"Of 100 {material.cases} in {top}, {right} had the outcome", reading, right),
        (),
    )
    told: list[Block] = [] if material.prototype.output is Output.INDIVIDUAL else [Text(_AREAS_ONLY)]
    told += [Text(lead), chart, Text(_beside(material)), Text(_found_words(material, point.recall))]
    return Section("usefulness", _USEFULNESS, tuple(told), "front")


def missed(material: Material, gaps: Gaps) -> Section:
    """Who is missed more often than others."""
    gaps.need(material.groups, "figures by group", "audit= of the prototype, groups of the evaluation")
    point = material.capacity
    if point is None or not material.groups:
        return Section("missed", "Who is missed more often", (), "front")
    said = missed_more_often(material.groups, point.recall)
    points = tuple(line for one in said if one.groups for line in _missed_lines(one, point.recall))
    blocks: list[Block] = [Text(_missed_overall(material, point.recall))]
    if points:
        blocks.append(Points(points, "Missed clearly more often than that:"))
    too_far = _too_far_apart(material)
    blocks += [
        Text(wording.sentence(f"by {one.label} {_FURTHER[one.measured]}"))
        for one in said
        if one.attribute in too_far and not one.groups
    ]
    alike = [one.label for one in said if one.measured and not one.groups and one.attribute not in too_far]
    unknown = [one.label for one in said if not one.measured and one.attribute not in too_far]
    if alike:
        blocks.append(Text(f"No group was clearly missed more often when compared by {listed(alike)}. {_SHOWN}"))
    if unknown:
        blocks.append(Text(f"There were too few {material.cases} to compare groups by {listed(unknown)}."))
    blocks.append(
        Text(
            "We can only count what was written down. Where less is written down about a group, more of that group are "
            "missed than we can see here. The figures for each group are under “Fairness”."
        )
    )
    return Section("missed", "Who is missed more often", tuple(blocks), "front")


def validity(material: Material, gaps: Gaps) -> Section:
    """What would make it stop being valid."""
    prototype = material.prototype
    partners = listed(sorted({source.partner for source in prototype.sources}))
    items: tuple[str, ...] = (
        f"After {_expiry(material, gaps)}.",
        "The model, its measures or the data change. The codes (fingerprints) under “Provenance” are then no longer "
        "those of the model that was approved.",
        f"A partner stops sending records, or makes them in a new way. The partners are {partners}.",
        f"It is used for others than {lower_first(prototype.cohort.description)}, or for another purpose.",
        "A later test finds that it no longer does what was asked of it before training.",
    )
    if material.evaluation.verdict.decision == USE_AS_DECLARED:
        items += (
            f"Help has been offered from this list for some time. What happens to the {material.cases} then partly "
            "shows what the help did, and a test like this one no longer tells how good the list is.",
        )
    return Section("validity", "What would make it stop being valid", (Points(items),), "front")


def limits(material: Material, gaps: Gaps) -> Section:
    """What it cannot tell, in the words of those who declared it."""
    gaps.need(material.prototype.limits, "its limits", "limits= of the prototype")
    items = tuple(full_stop(limit) for limit in material.prototype.limits)
    return Section("limits", "What it cannot tell you", (Points(items),) if items else (), "front")


_AREAS_ONLY = (
    "This model is declared for areas only, and no such list may be drawn up. The figures below show how well it tells "
    "cases apart, which is what its counts for areas rest on."
)
_SHOWN = "Groups that are not shown, because they or another group are small, are left out of this."
#: Said where the shares found differ by more than was allowed and no group stands out: with, and without, figures.
_FURTHER = {
    True: "the shares missed differ by more than was allowed (see the verdict), though no one group stands out.",
    False: "the shares missed differ by more than was allowed (see the verdict). The figures are withheld, as they "
    "would tell something about a small group, so this card cannot say who is missed more often.",
}
_USEFULNESS = "Of 100 on the list, how many would have needed it"


def _called(material: Material) -> str:
    if material.case == "case":
        return "Each one that is looked at is called a “case”."
    return f"Each {material.case} that is looked at is also called a “case”."


def _named(criterion: PrintedCriterion) -> bool:
    """Whether its words name the measure, so that it has to be explained."""
    return wording.metric(criterion.metric).label.casefold() in criterion.said.casefold()


def _criteria_words(met: int, judged: int) -> str:
    many = number_words(judged).lower()
    who = f"All {many}" if met == judged else f"{number_words(met)} of the {many}"
    return f"{who} success criteria were met. They were written down before the model was trained."


def _cohorts(material: Material) -> str:
    dates = material.evaluation.test["as_of"]
    many = material.cases
    later = f"later {many}" if len(dates) == 1 else f"later groups of {many}"
    when = listed([day(d) for d in dates])
    return f"{later} that it had not learnt from ({material.n.text} {many}, as they stood on {when})"


def _expiry(material: Material, gaps: Gaps) -> str:
    expires = material.training.get("expires_on")
    gaps.need(expires, "the date of expiry", "expires_on of the training record")
    return day(str(expires)) if expires else ""


def _valid_until(material: Material, gaps: Gaps) -> str:
    until = _expiry(material, gaps)
    refused = material.evaluation.verdict.decision == DO_NOT_DEPLOY
    return f"At no time: the verdict is against its use (asked for until {until})." if refused else until


def _beside(material: Material) -> str:
    parts = []
    if material.base_rate.value is not None:
        parts.append(f"picking at random would have found {in_hundred(material.base_rate.value)}")
    for model in material.baselines:
        point = model.at_capacity()
        if model.name in ("simple", "current_rule") and point is not None and point.precision.value is not None:
            parts.append(f"{lower_first(model.label)}{_rule(material, model.name)} {in_hundred(point.precision.value)}")
    return wording.sentence(f"for comparison, {listed(parts)}.") if parts else ""


def _rule(material: Material, name: str) -> str:
    """What a simple way of choosing mainly goes by, in the words of the measure."""
    prototype = material.prototype
    measure = prototype.current_rule if name == "current_rule" else prototype.baseline_flag
    how = "going by" if name == "current_rule" else "going mainly by"
    return f" ({how}: {prototype.feature(measure).label})" if measure else ""


def _found_words(material: Material, recall: Figure) -> str:
    if recall.value is None:
        return f"How many of all {material.cases} with the outcome the list finds cannot be said: too few."
    found = hundredths(recall.value)
    words = (
        f"Put the other way round: of every 100 {material.cases} that had the outcome, {found} were in that part of "
        f"the list. The other {100 - found} were not."
    )
    point, events = material.capacity, material.events.value
    best = None if point is None or not point.picked.value or not events else point.picked.value / events
    if best is None or best >= 1:
        return words
    return f"{words} Even a perfect list would have had room for only {hundredths(best)}."


def _too_far_apart(material: Material) -> set[str]:
    """Audit attributes whose groups the list finds too unevenly, by a success criterion."""
    failed = {one.text for one in material.evaluation.criteria if one.met is False}
    return {
        str(asked.attribute)
        for asked in material.prototype.success
        if asked.kind == "group_gap" and asked.metric in ("tpr", "fnr", "recall") and asked.text in failed
    }


def _missed_overall(material: Material, recall: Figure) -> str:
    if recall.value is None:
        return f"There were too few {material.cases} with the outcome to say how many are missed."
    return (
        f"Of every 100 {material.cases} that had the outcome, {100 - hundredths(recall.value)} were too low on the "
        "list and would have been missed."
    )


def _missed_lines(one: Missed, overall: Figure) -> list[str]:
    return [
        f"{wording.sentence(one.label)}: {group.name}, {hundredths(group.missed.value)} of 100 missed (between "
        f"{hundredths(group.missed.low)} and {hundredths(group.missed.high)} allowing for chance)"
        for group in one.groups
    ]
