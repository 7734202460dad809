"""Which groups may be told of at which date, so that those left out at a date cannot be worked out from the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from riskmodel.errors import DisclosureError
from riskmodel.evaluation.groups_over_time import GroupAtDate
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.suppression import Cells, withhold

#: Attribute, group, and the date of the cohort.
Told = tuple[str, str, str]
_KINDS = ("found", "missed", "wrong", "left")
_MAKES: dict[str, Cells] = {
    "n": _KINDS,
    "events": ("found", "missed"),
    "found": ("found",),
    "picked": ("found", "wrong"),
}


def printable_dates(groups: Sequence[GroupAtDate], policy: Policy) -> set[Told]:
    """Groups whose share found may be told of a cohort.

    A share with its interval comes close to telling the counts behind it, and all groups of an attribute add up to the
    cohort, which another attribute may show whole. So the reader is taken to know the counts of every group that is
    told of and of the whole cohort; what is left must not be small. A group that was tested on several cohorts is told
    of in all of these or in none, because the main tables tell of them together.

    Parameters
    ----------
    groups
        Every group of every attribute at every date, as far as it was measured.
    policy
        The rules.
    """
    told: set[Told] = set()
    for day in dict.fromkeys(one.as_of for one in groups):
        at = [one for one in groups if one.as_of == day]
        whole = _whole(at)
        for attribute in dict.fromkeys(one.attribute for one in at):
            own = [one for one in at if one.attribute == attribute]
            told |= {(attribute, name, day) for name in _that_may_be_told(own, whole, policy)}
    return told - set(_in_part(groups, told))


def _whole(groups: Sequence[GroupAtDate]) -> list[float]:
    """The four kinds of case of a whole cohort: those of the attribute whose groups hold most."""
    sums = [
        [sum(kind) for kind in zip(*(_four(one) for one in groups if one.attribute == attribute), strict=True)]
        for attribute in dict.fromkeys(one.attribute for one in groups)
    ]
    return max(sums, key=sum)


def _that_may_be_told(groups: Sequence[GroupAtDate], whole: Sequence[float], policy: Policy) -> set[str]:
    cells = {f"{one.group} {kind}": n for one in groups for kind, n in zip(_KINDS, _four(one), strict=True)}
    owners = [one.group for one in groups]
    held = [sum(_four(one)[place] for one in groups) for place in range(len(_KINDS))]
    rest = [max(total - part, 0.0) for total, part in zip(whole, held, strict=True)]
    if sum(rest) >= 0.5:
        cells |= {f" {kind}": n for kind, n in zip(_KINDS, rest, strict=True)}
        owners.append("")
    figures = {f"all {name}": _cells(owners, kinds) for name, kinds in _MAKES.items()}
    keep = {name for name, parts in figures.items() if sum(cells[part] for part in parts) >= policy.threshold}
    for one in sorted(groups, key=lambda one: one.n):
        figures |= {f"of {one.group}: {name}": _cells([one.group], kinds) for name, kinds in _MAKES.items()}
    more = (*_MAKES.values(), ("wrong", "left"), ("missed", "left"))
    guarded = [_cells([owner], kinds) for owner in owners for kinds in more]
    try:
        hidden = withhold(cells, figures, guarded=guarded, keep=keep, policy=policy)
    except DisclosureError:  # the totals alone leave nothing to spare
        return set()
    small = {cell.rpartition(" ")[0] for cell, n in cells.items() if n < policy.threshold}
    return {
        one.group
        for one in groups
        if one.group not in small and not any(f"of {one.group}: {name}" in hidden for name in _MAKES)
    }


def _in_part(groups: Sequence[GroupAtDate], told: set[Told]) -> Iterator[Told]:
    """Groups that could be told of in some of the tested cohorts only."""
    days: Mapping[tuple[str, str], list[str]] = {
        (one.attribute, one.group): [o.as_of for o in groups if o.tested and (o.attribute, o.group) == key]
        for one in groups
        for key in [(one.attribute, one.group)]
    }
    every = len({one.as_of for one in groups if one.tested})
    for (attribute, group), own in days.items():
        if sum((attribute, group, day) in told for day in own) < every:
            yield from ((attribute, group, day) for day in own)


def _cells(owners: Sequence[str], kinds: Cells) -> Cells:
    return tuple(f"{owner} {kind}" for owner in owners for kind in kinds)


def _four(one: GroupAtDate) -> tuple[float, float, float, float]:
    found = (one.tpr.value or 0.0) * one.events
    wrong = max((one.selection_rate.value or 0.0) * one.n - found, 0.0)
    return found, one.events - found, wrong, max(one.n - one.events - wrong, 0.0)
