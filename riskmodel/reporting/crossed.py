"""Which intersections of two attributes may be printed beside the tables of each attribute alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskmodel.errors import DisclosureError
from riskmodel.evaluation.group_figures import GroupFigures
from riskmodel.evaluation.results import Evaluation, GroupResult
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.group_words import safe
from riskmodel.reporting.groups import PrintedGroup
from riskmodel.reporting.suppression import Cells, withhold

Four = tuple[float, float, float, float]
_KINDS = ("found", "missed", "wrong", "left")
_MAKES: dict[str, Cells] = {
    "n": _KINDS,
    "events": ("found", "missed"),
    "found": ("found",),
    "picked": ("found", "wrong"),
}
#: Sums of the four kinds that must not be worked out when they are small.
_GUARDED: tuple[Cells, ...] = (
    *((kind,) for kind in _KINDS),
    *_MAKES.values(),
    ("wrong", "left"),
    ("missed", "left"),
)


@dataclass(frozen=True)
class _Block:
    """A group of the main table: what it holds beyond its intersections, and which of its figures are printed."""

    name: str
    four: Four
    printed: frozenset[str]


def printable_pairs(
    evaluation: Evaluation, printed: Sequence[PrintedGroup], groups: Sequence[GroupFigures], policy: Policy
) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Intersections whose rows may be printed, as ``(attributes, groups)``.

    The reader is taken to know all four counts behind a printed row exactly (found, missed, wrongly picked, rightly
    left): its percentages and the widths of their intervals come close to telling them. The rows of an intersection add
    up to the groups of either attribute, so beside a row whose own counts are large, what is left of its group must not
    be small; a group of which the main table withholds something is never shown in all its parts.

    Parameters
    ----------
    evaluation
        Exact counts of the groups and of everybody.
    printed
        The main tables.
    groups
        The intersections; those of one attribute are passed over.
    policy
        The rules.
    """
    found: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for pair in dict.fromkeys(group.attributes for group in groups if len(group.attributes) > 1):
        rows = [group for group in groups if group.attributes == pair and _large(group, policy)]
        for side, attribute in enumerate(pair):
            rows = _that_may_stay(rows, side, attribute, evaluation, printed, policy)
        found |= {(row.attributes, row.groups) for row in rows}
    return found


def _large(group: GroupFigures, policy: Policy) -> bool:
    if group.withheld:
        return False
    return safe(group.n, group.events, group.estimates["tpr"].value, group.estimates["fpr"].value, policy)


def _that_may_stay(
    rows: Sequence[GroupFigures],
    side: int,
    attribute: str,
    evaluation: Evaluation,
    printed: Sequence[PrintedGroup],
    policy: Policy,
) -> list[GroupFigures]:
    """Rows that remain when the groups of one of the two attributes are protected."""
    main = [group for group in evaluation.fairness if group.attribute == attribute and not group.withheld]
    shown = {group.group: _shown(group) for group in printed if group.attribute == attribute}
    own = {
        group.group: [row for row in rows if len(row.groups) > 1 and row.groups[side] == group.group] for group in main
    }
    dropped = {id(row) for group in main for row in _one_part(group, own[group.group], shown, policy)}
    kept = [row for row in rows if id(row) not in dropped]
    parts = {name: [row for row in members if id(row) not in dropped] for name, members in own.items()}
    try:
        hidden = _hidden(main, parts, shown, evaluation, policy)
    except DisclosureError:  # the main tables alone leave nothing to spare
        return []
    return [row for row in kept if id(row) not in hidden]


def _shown(group: PrintedGroup) -> frozenset[str]:
    known = {"n": group.n, "events": group.events, "picked": group.picked, "found": group.found}
    return frozenset(name for name, figure in known.items() if figure.value is not None)


def _one_part(
    group: GroupResult, rows: Sequence[GroupFigures], shown: Mapping[str, frozenset[str]], policy: Policy
) -> Sequence[GroupFigures]:
    """The smallest intersection of a group whose parts would add up to what the main table withholds of it."""
    whole = shown.get(group.group, frozenset()) >= set(_MAKES)
    if whole or not rows or group.n - sum(row.n for row in rows) >= 2 * policy.threshold:
        return ()
    return (min(rows, key=lambda row: row.n),)


def _hidden(
    main: Sequence[GroupResult],
    parts: Mapping[str, Sequence[GroupFigures]],
    shown: Mapping[str, frozenset[str]],
    evaluation: Evaluation,
    policy: Policy,
) -> set[int]:
    """Ids of the rows that would let a small count be worked out."""
    fours = {id(row): _four_of(row) for members in parts.values() for row in members}
    blocks = []
    for place, group in enumerate(main):
        rest = _less(_four_of(group), [fours[id(row)] for row in parts[group.group]])
        blocks.append(_Block(f"rest {place}", rest, shown.get(group.group, frozenset())))
    cells = {f"{block.name} {kind}": n for block in blocks for kind, n in zip(_KINDS, block.four, strict=True)}
    cells |= {f"row {name} {kind}": n for name, four in fours.items() for kind, n in zip(_KINDS, four, strict=True)}
    owners = {
        block.name: (block.name, *(f"row {id(row)}" for row in parts[group.group]))
        for block, group in zip(blocks, main, strict=True)
    }
    everybody = [owner for of in owners.values() for owner in of]
    totals = _totals(evaluation)
    if other := _other(totals, cells):
        cells |= {f"other {kind}": n for kind, n in zip(_KINDS, other, strict=True)}
        everybody.append("other")
    figures = {f"all {name}": _cells(everybody, _MAKES[name]) for name in totals}
    for block in blocks:
        figures |= {f"{block.name} {name}": _cells(owners[block.name], _MAKES[name]) for name in block.printed}
    keep = {name for name, sums in figures.items() if sum(cells[cell] for cell in sums) >= policy.threshold}
    small_last = sorted(fours, key=lambda name: -sum(fours[name]))
    for name in small_last[::-1]:
        figures |= {f"row {name} {made}": _cells([f"row {name}"], kinds) for made, kinds in _MAKES.items()}
    unseen = [*(block.name for block in blocks), *(["other"] if other else [])]
    guarded = [_cells([owner], kinds) for owner in unseen for kinds in _GUARDED]
    guarded += [_cells(owners[block.name], kinds) for block in blocks for kinds in _GUARDED]
    guarded += [_cells(unseen, kinds) for kinds in _GUARDED]
    hidden = withhold(cells, figures, guarded=guarded, keep=keep, policy=policy)
    return {name for name in fours if any(f"row {name} {made}" in hidden for made in _MAKES)}


def _totals(evaluation: Evaluation) -> dict[str, float]:
    """Exact counts of all test cases, and of the list at capacity where it was measured."""
    totals = {"n": float(evaluation.test["n"]), "events": float(evaluation.test["events"])}
    point = evaluation.models[evaluation.lead].at_capacity()
    if point is not None and point.found.value is not None:
        totals |= {"picked": float(point.n_selected), "found": float(point.found.value)}
    return totals


def _other(totals: Mapping[str, float], cells: Mapping[str, float]) -> Four | None:
    """Cases in none of the groups; None when there are none."""
    held = {name: sum(n for cell, n in cells.items() if cell.rsplit(" ", 1)[1] in _MAKES[name]) for name in totals}
    n, events, picked, found = (
        max(totals.get(k, 0.0) - held.get(k, 0.0), 0.0) for k in ("n", "events", "picked", "found")
    )
    if n < 0.5:
        return None
    found = min(found, events)
    wrong = min(max(picked - found, 0.0), n - events)
    return found, events - found, wrong, n - events - wrong


def _cells(owners: Sequence[str], kinds: Cells) -> Cells:
    return tuple(f"{owner} {kind}" for owner in owners for kind in kinds)


def _four_of(group: GroupFigures | GroupResult) -> Four:
    found = (group.estimates["tpr"].value or 0.0) * group.events
    wrong = (group.estimates["fpr"].value or 0.0) * (group.n - group.events)
    return found, group.events - found, wrong, group.n - group.events - wrong


def _less(whole: Four, parts: Sequence[Four]) -> Four:
    left = [max(total - sum(part[kind] for part in parts), 0.0) for kind, total in enumerate(whole)]
    return left[0], left[1], left[2], left[3]
