"""Mitigation explorer: what dropping features, constrained training or a list by area costs and gains, measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.constrained import constrained_scores
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fairness import Grouping
from riskmodel.evaluation.lists import Lists, resample_lists
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.estimators import Sample, fit

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

#: Flagged features, and themes of flagged features, that are tried at most, beside those the prototype declares.
MOST_FEATURES, MOST_THEMES, RESAMPLES = 3, 1, 300
#: Kinds of option.
FEATURE, THEME, CONSTRAINED, AREA = "feature", "theme", "constrained", "area"


@dataclass(frozen=True)
class GroupChange:
    """One group's share picked, and share found of those with the outcome, under an option, and the change."""

    attribute: str
    group: str
    picked: Estimate
    picked_change: Estimate
    found: Estimate
    found_change: Estimate


@dataclass(frozen=True)
class GapChange:
    """The share found of an attribute's largest group less that of another, before and with an option.

    `change` brings the two together where it has the opposite sign of `before`.
    """

    attribute: str
    largest: str
    group: str
    before: Estimate
    after: Estimate
    change: Estimate


@dataclass(frozen=True)
class MitigationOption:
    """One way of making the list fairer, and what it costs. Changes are paired by resample of households.

    Attributes
    ----------
    kind : str
        `FEATURE`, `THEME`, `CONSTRAINED` or `AREA`.
    subject : str
        Label of the feature, name of the theme, attribute of the constraint; empty for areas.
    removed : tuple of str
        Features left out.
    auroc, auroc_change, found, found_change : Estimate
        Of all cases. `found` is the share of outcomes found at the capacity.
    gaps, groups
        By attribute, and by group.
    """

    kind: str
    subject: str
    removed: tuple[str, ...]
    auroc: Estimate
    auroc_change: Estimate
    found: Estimate
    found_change: Estimate
    gaps: tuple[GapChange, ...]
    groups: tuple[GroupChange, ...]


@dataclass(frozen=True)
class Mitigation:
    """Every option tried, and what was not tried and why."""

    options: tuple[MitigationOption, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Tried:
    kind: str
    subject: str
    removed: tuple[str, ...]
    score: Floats
    before: str = "lead"


def explore_mitigation(context: Context, flagged: Sequence[str], groups: Sequence[Grouping]) -> Mitigation:
    """Try the declared candidates, the flagged features and their theme, a constraint and a list by area.

    Parameters
    ----------
    context : Context
    flagged : sequence of str
        Features that the proxy audit flagged, those that move the score most first.
    groups : sequence of Grouping
        Groups of single attributes.

    Notes
    -----
    Models are fitted again with the lead's family and settings, without tuning. No option uses a group when scoring,
    and none cuts the list at a different score for different groups.
    """
    tried = [_without(context, kind, name) for kind, name in candidates(context.prototype, flagged)]
    scores = {"lead": context.ranking}
    notes: list[str] = []
    attribute = constrained_attribute(context.prototype)
    fitted = constrained_scores(context, attribute) if attribute else None
    if fitted is None:
        notes.append("Constrained training was not tried: no protected attribute has two groups with enough outcomes.")
    else:
        scores["free"] = fitted.free
        tried.append(_Tried(CONSTRAINED, fitted.attribute, (), fitted.constrained, before="free"))
    if context.prototype.cohort.area is not None and context.test.area.nunique() > 1:
        tried.append(_Tried(AREA, "", (), within_area(context.ranking, context.test.area.astype(str).to_numpy())))
    else:
        notes.append("A list by area was not tried: the cases have no areas.")
    scores |= {str(place): one.score for place, one in enumerate(tried)}
    lists = resample_lists(
        context.y, context.probability, context.test.component.to_numpy(), scores, groups,
        capacity=context.prototype.capacity, resamples=min(RESAMPLES, context.resamples), seed=context.seed, areas=True,
    )  # fmt: skip
    return Mitigation(tuple(_measured(lists, str(place), one) for place, one in enumerate(tried)), tuple(notes))


def candidates(prototype: Prototype, flagged: Sequence[str]) -> list[tuple[str, str]]:
    """What to leave out, as (kind, name): declared first, then flagged features, then the theme they share most."""
    features = {feature.name: feature for feature in prototype.features}
    found = [(FEATURE if name in features else THEME, name) for name in prototype.could_drop]
    found += [(FEATURE, name) for name in flagged[:MOST_FEATURES] if name in features]
    themes = [features[name].theme or "" for name in flagged if name in features]
    often = sorted({t for t in themes if t}, key=lambda theme: (-themes.count(theme), themes.index(theme)))
    found += [(THEME, theme) for theme in often[:MOST_THEMES]]
    useful = [(kind, name) for kind, name in dict.fromkeys(found) if removed_by(prototype, kind, name) != set(features)]
    return useful


def removed_by(prototype: Prototype, kind: str, name: str) -> set[str]:
    """Names of the features that leaving out a feature or a theme removes."""
    return {f.name for f in prototype.features if (f.theme if kind == THEME else f.name) == name}


def constrained_attribute(prototype: Prototype) -> str | None:
    """The attribute whose share found a criterion compares, else the first protected one."""
    promised = [c.attribute for c in prototype.success if c.kind == "group_gap" and c.metric == "tpr" and c.attribute]
    return next(iter([*promised, *(a.name for a in prototype.audit if a.protected)]), None)


def score_without(context: Context, removed: set[str]) -> Floats:
    """Test scores of the lead's family and settings fitted on the training rows without some features."""
    lead = context.lead
    kept = [place for place, feature in enumerate(lead.features) if feature.name not in removed]
    features = tuple(lead.features[place] for place in kept)
    train = encode(take(context.fit, lead.features, strict=True), lead.features)[:, kept]
    sample = Sample(train, context.fit.y.to_numpy(dtype=np.float64), features)
    predictor = fit(lead.family, sample, lead.provenance["settings"], seed=int(lead.provenance["seed"]))
    return predictor.raw(encode(take(context.test, lead.features, strict=True), lead.features)[:, kept])


def _without(context: Context, kind: str, name: str) -> _Tried:
    removed = removed_by(context.prototype, kind, name)
    subject = name if kind == THEME else context.prototype.feature(name).label
    return _Tried(kind, subject, tuple(sorted(removed)), score_without(context, removed))


def within_area(score: Floats, area: np.ndarray) -> Floats:
    """Rank by the place within each area, so that every area gets its own share of the places.

    Examples
    --------
    >>> within_area(np.array([3.0, 2.0, 1.0, 0.5]), np.array(["a", "a", "b", "b"])).round(2).tolist()
    [1.1, -1.1, 1.1, -1.1]
    """
    from scipy.stats import rankdata

    found = np.empty(len(score))
    for name in np.unique(area):
        rows = np.flatnonzero(area == name)
        part = (rankdata(score[rows]) - 0.5) / len(rows)
        found[rows] = np.log(part / (1 - part))
    return found


def _measured(lists: Lists, name: str, one: _Tried) -> MitigationOption:
    before, after = lists.tallies[one.before], lists.tallies[name]
    places = range(1, len(lists.groups) + 1)
    return MitigationOption(
        one.kind,
        one.subject,
        one.removed,
        lists.of(after.area, 0),
        lists.of(after.area - before.area, 0),
        lists.estimate(name, 0, "tpr"),
        lists.change(name, one.before, 0, "tpr"),
        tuple(_gaps(lists, name, one.before)),
        tuple(_group(lists, name, one.before, place) for place in places),
    )


def _group(lists: Lists, name: str, before: str, place: int) -> GroupChange:
    grouping = lists.groups[place - 1]
    return GroupChange(
        grouping.attribute,
        grouping.group,
        lists.estimate(name, place, "selection_rate"),
        lists.change(name, before, place, "selection_rate"),
        lists.estimate(name, place, "tpr"),
        lists.change(name, before, place, "tpr"),
    )


def _gaps(lists: Lists, name: str, before: str) -> list[GapChange]:
    was, now = lists.figure(before, "tpr"), lists.figure(name, "tpr")
    found = []
    for attribute in dict.fromkeys(grouping.attribute for grouping in lists.groups):
        own = [place for place, g in enumerate(lists.groups, start=1) if g.attribute == attribute]
        known = [place for place in own if lists.groups[place - 1].group != "Unknown"]
        largest = max(known or own, key=lambda place: lists.n[place, 0])
        for place in own:
            if place == largest:
                continue
            first, second = was[largest] - was[place], now[largest] - now[place]
            before_it, with_it, change = (lists.of(drawn, place) for drawn in (first, second, second - first))
            names = lists.groups[largest - 1].group, lists.groups[place - 1].group
            found.append(GapChange(attribute, names[0], names[1], before_it, with_it, change))
    return found
