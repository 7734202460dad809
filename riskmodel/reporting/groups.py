"""Figures by group, with whatever could give a small cell away withheld, and who is missed more often."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from riskmodel.declare import Feature, Prototype
from riskmodel.evaluation.results import Estimate, Evaluation, GroupResult
from riskmodel.reporting import wording
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.figures import ABSENT, WITHHELD, Figure, counted, measured, proportion, shared
from riskmodel.reporting.suppression import Cells, withhold

# The four smallest cells of a group, and what each printed count adds up, most important first.
_OUTCOMES = ("found", "missed", "wrong", "left")
_MAKES: dict[str, Cells] = {
    "n": _OUTCOMES,
    "events": ("found", "missed"),
    "found": ("found",),
    "picked": ("found", "wrong"),
}


@dataclass(frozen=True)
class PrintedGroup:
    """The printed figures of one group. `found` and `missed` are shares of its cases that had the outcome."""

    attribute: str
    label: str
    group: str
    n: Figure
    events: Figure
    base_rate: Figure
    picked: Figure
    found: Figure
    missed: Figure
    wrongly_picked: Figure
    right: Figure
    oe: Figure
    auroc: Figure
    note: str
    withheld: bool = False

    @property
    def name(self) -> str:
        """The group in words."""
        return wording.sentence(wording.in_words(self.group))


@dataclass(frozen=True)
class Missed:
    """What can be said about one attribute: the groups missed clearly more often than all cases are."""

    attribute: str
    label: str
    groups: tuple[PrintedGroup, ...]
    measured: bool


def attribute_labels(prototype: Prototype) -> dict[str, str]:
    """Every audit attribute of a prototype in words that stand inside a sentence."""
    labels = {name: wording.in_words(name) for name in prototype.outcome.audit}
    return labels | {feature.name: _compared_by(feature) for feature in prototype.audit}


def _compared_by(feature: Feature) -> str:
    """What a feature compares people by; the words of a yes or no are a statement that is so or not."""
    label = wording.lower_first(feature.label)
    return f"whether {label}" if feature.dtype == "bool" and not label.startswith("whether ") else label


def printed_groups(
    prototype: Prototype, evaluation: Evaluation, policy: Policy, overall: Sequence[str] = ()
) -> tuple[PrintedGroup, ...]:
    """The groups of the lead model, attribute by attribute.

    Parameters
    ----------
    prototype
        What the attributes are called.
    evaluation
        What was measured.
    policy
        The rules.
    overall
        Which counts of all cases at capacity other sections print: "found", "picked".
    """
    every = evaluation.fairness
    totals = _totals_of(evaluation, overall)
    labels = attribute_labels(prototype)
    printed: list[PrintedGroup] = []
    for attribute in dict.fromkeys(group.attribute for group in every):
        groups = [group for group in every if group.attribute == attribute]
        spared = {
            name
            for criterion in prototype.success
            if criterion.attribute == attribute
            for name in furthest_apart(groups, criterion.metric)
        }
        hidden = _hidden(groups, totals, policy, spared)
        if (
            "picked" in overall and "found" not in overall
        ):  # the groups of an attribute would add up to what is withheld of everybody
            hidden |= {f"{place} found" for place in range(len(groups))}
        label = labels.get(attribute, wording.in_words(attribute))
        printed += [_group(group, label, place, hidden, policy) for place, group in enumerate(groups)]
    return tuple(printed)


def furthest_apart(groups: Sequence[GroupResult], metric: str) -> tuple[str, ...]:
    """The groups with the lowest and the highest figure of a metric; empty when none has one."""
    values = [(group.estimates[metric].value, group.group) for group in groups if metric in group.estimates]
    known = sorted((value, name) for value, name in values if value is not None)
    return (known[0][1], known[-1][1]) if known else ()


def missed_more_often(groups: Sequence[PrintedGroup], overall: Figure) -> tuple[Missed, ...]:
    """Groups whose interval for the share missed lies wholly above the share missed of all cases.

    Parameters
    ----------
    groups
        As printed.
    overall
        Share of all cases with the outcome that are found.

    Returns
    -------
    tuple of Missed
        One for each attribute, in order; `measured` is False where no group could be compared.
    """
    said = []
    for attribute in dict.fromkeys(group.attribute for group in groups):
        known = [
            g for g in groups if g.attribute == attribute and g.missed.value is not None and g.missed.low is not None
        ]
        limit = None if overall.value is None else 1 - overall.value
        clear = [g for g in known if limit is not None and g.missed.low is not None and g.missed.low > limit]
        clear.sort(key=lambda g: -(g.missed.value or 0))
        label = next(group.label for group in groups if group.attribute == attribute)
        said.append(Missed(attribute, label, tuple(clear), measured=bool(known) and limit is not None))
    return tuple(said)


def _totals_of(evaluation: Evaluation, overall: Sequence[str]) -> dict[str, float]:
    """Exact counts of all cases that are printed elsewhere: n, events and, as far as they are, picked and found."""
    totals = {"n": float(evaluation.test["n"]), "events": float(evaluation.test["events"])}
    point = evaluation.models[evaluation.lead].at_capacity()
    if point is not None and "picked" in overall:
        totals["picked"] = float(point.n_selected)
    if point is not None and "found" in overall and point.found.value is not None:
        totals["found"] = point.found.value
    return totals


def _hidden(
    groups: Sequence[GroupResult], totals: dict[str, float], policy: Policy, spared: Collection[str]
) -> set[str]:
    """Names of the figures of one attribute that must not be printed; the groups add up to the printed totals.

    Those in `spared` give way last: a success criterion is judged on them.
    """
    places = [place for place, group in enumerate(groups) if not group.withheld]
    cells = {
        f"{place} {kind}": max(count, 0.0)
        for place in places
        for kind, count in zip(_OUTCOMES, _counts(groups[place]), strict=True)
    }
    rest = _rest(cells, totals)
    cells |= rest
    owners = [str(place) for place in places] + (["rest"] if rest else [])
    figures: dict[str, Cells] = {
        f"all {name}": tuple(f"{owner} {kind}" for owner in owners for kind in _MAKES[name]) for name in totals
    }
    keep = {name for name, parts in figures.items() if sum(cells[c] for c in parts) >= policy.threshold}
    # Within a kind of figure the largest group gives way first: it is nearest to the figure of all, which is printed.
    order = sorted(places, key=lambda place: (groups[place].group not in spared, groups[place].n))
    for name, kinds in _MAKES.items():
        figures |= {f"{place} {name}": tuple(f"{place} {kind}" for kind in kinds) for place in order}
    guarded: list[Cells] = [
        tuple(f"{owner} {kind}" for kind in kinds)
        for owner in owners
        for kinds in (("wrong", "left"), ("missed", "left"), _OUTCOMES)
    ]
    return withhold(cells, figures, guarded=guarded, keep=keep, policy=policy)


def _rest(cells: dict[str, float], totals: dict[str, float]) -> dict[str, float]:
    """The cases in no printed group, worked out as a reader could; empty when the groups hold everybody.

    Where the totals do not say how many of them were picked, all are taken as not picked.
    """
    left = {
        name: total - sum(v for c, v in cells.items() if c.split(" ", 1)[1] in _MAKES[name])
        for name, total in totals.items()
    }
    if left["n"] < 0.5:
        return {}
    n, events = left["n"], max(left["events"], 0.0)
    found = min(max(left.get("found", 0.0), 0.0), events)
    wrong = min(max(left.get("picked", found) - found, 0.0), n - events)
    return dict(
        zip((f"rest {kind}" for kind in _OUTCOMES), (found, events - found, wrong, n - events - wrong), strict=True)
    )


def _counts(group: GroupResult) -> tuple[float, float, float, float]:
    """Found, missed, wrongly picked, rightly left: exact counts behind the shares."""
    found = _of(group, "tpr") * group.events
    wrong = _of(group, "fpr") * (group.n - group.events)
    return found, group.events - found, wrong, group.n - group.events - wrong


def _of(group: GroupResult, name: str) -> float:
    estimate = group.estimates.get(name)
    return 0.0 if estimate is None or estimate.value is None else estimate.value


def _group(group: GroupResult, label: str, place: int, hidden: set[str], policy: Policy) -> PrintedGroup:
    if group.withheld:
        return _nothing(group, label)
    found, _, wrong, _ = _counts(group)
    without = group.n - group.events

    def printed(part: float, whole: float, metric: str, *needs: str) -> Figure:
        estimate = group.estimates.get(metric)
        if estimate is None or estimate.value is None:
            return ABSENT
        if any(f"{place} {need}" in hidden for need in needs):
            return WITHHELD
        return shared(part, whole, policy, low=estimate.low, high=estimate.high)

    tpr = printed(found, group.events, "tpr", "events", "found")
    n_known, events_known = (f"{place} {name}" not in hidden for name in ("n", "events"))
    return PrintedGroup(
        attribute=group.attribute,
        label=label,
        group=group.group,
        n=counted(group.n, policy) if n_known else WITHHELD,
        events=counted(group.events, policy, whole=group.n) if events_known else WITHHELD,
        base_rate=printed(group.events, group.n, "base_rate", "n", "events"),
        picked=printed(found + wrong, group.n, "selection_rate", "n", "picked"),
        found=tpr,
        missed=_complement(tpr),
        wrongly_picked=printed(wrong, without, "fpr", "n", "events", "found", "picked"),
        right=printed(found, found + wrong, "ppv", "found", "picked"),
        oe=_other(group.estimates.get("oe"), "oe") if events_known else WITHHELD,
        # The width of its interval comes close to telling how many cases and outcomes there are.
        auroc=_other(group.estimates.get("auroc"), "auroc") if events_known and n_known else WITHHELD,
        note=group.note,
    )


def _nothing(group: GroupResult, label: str) -> PrintedGroup:
    """A group that the evaluation already left out."""
    return PrintedGroup(
        attribute=group.attribute, label=label, group=group.group, n=WITHHELD, events=WITHHELD, base_rate=WITHHELD,
        picked=WITHHELD, found=WITHHELD, missed=WITHHELD, wrongly_picked=WITHHELD, right=WITHHELD, oe=WITHHELD,
        auroc=WITHHELD, note=group.note or "too few to report", withheld=True,
    )  # fmt: skip


def _complement(figure: Figure) -> Figure:
    """The share that is left, printed as exactly as the share it comes from."""
    if figure.value is None:
        return figure
    ends = (None, None) if figure.low is None or figure.high is None else (1 - figure.high, 1 - figure.low)
    return proportion(1 - figure.value, *ends)


def _other(estimate: Estimate | None, name: str) -> Figure:
    return measured(estimate, digits=wording.metric(name).digits)
