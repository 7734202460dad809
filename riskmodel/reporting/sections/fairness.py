"""How the list treats groups of people: who is picked, found, missed and wrongly picked."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Points, Section, Table, Text, table
from riskmodel.reporting.figures import ABSENT, Figure
from riskmodel.reporting.groups import Missed, PrintedGroup, missed_more_often
from riskmodel.reporting.material import Gaps, Material
from riskmodel.reporting.sections.apart import apart
from riskmodel.reporting.wording import full_stop, listed, sentence


def fairness(material: Material, gaps: Gaps) -> Section:
    """Fairness by group."""
    gaps.need(material.groups, "fairness by group", "groups of the evaluation")
    if not material.groups:
        return Section("fairness", "Fairness", ())
    point = material.capacity
    overall = ABSENT if point is None else point.recall
    at = "at capacity" if point is None else f"when the top {100 * point.share:.3g}% are picked"
    blocks: list[Block] = [
        Text(
            f"{material.lead.label}, {at}. When groups differ in how often they have the outcome, no list can treat "
            "them alike in every column of these tables; which difference matters most is for the committee to weigh. "
            "In the charts, a group whose whole line lies to the right of the dashed mark is clearly missed more often."
        )
    ]
    said = {one.attribute: one for one in missed_more_often(material.groups, overall)}
    for attribute in said:
        blocks.append(_attribute(material, said[attribute], overall))
    blocks += apart(material)
    notes = tuple(dict.fromkeys(_note(group) for group in material.groups if group.note))
    if notes:
        blocks.append(Points(notes, "Groups joined or left out:"))
    return Section("fairness", "Fairness", tuple(blocks))


def _attribute(material: Material, missed: Missed, overall: Figure) -> Block:
    """The chart of one attribute with its table behind it; the table alone where nothing can be drawn."""
    members = [group for group in material.groups if group.attribute == missed.attribute]
    behind = _table(material, members)
    if not missed.measured:
        return behind
    key = f"missed-{missed.attribute.replace('_', '-')}"
    title = f"Missed, of those with the outcome, by {missed.label}"
    names = listed([group.name for group in missed.groups])
    reading = (
        f"Clearly missed more often: {names}." if names else "No group that can be shown is clearly missed more often."
    )
    rows = [
        Row(group.name, group.missed.value, group.missed.text, group.missed.low, group.missed.high)
        for group in members
        if not group.withheld
    ]
    reference = None if overall.value is None else 1 - overall.value
    svg = charts.intervals(
        key,
        title,
        reading,
        rows,
        axis="Missed, of those with the outcome",
        percent=True,
        reference=reference,
        reference_words="" if reference is None else f"all: {100 * reference:.0f}%",
        span=_span(material),
    )
    return Chart(key, title, reading, svg, (behind,))


def _span(material: Material) -> tuple[float, float]:
    """The range of everything drawn, so that all attributes share one scale."""
    shown = [f for g in material.groups for f in (g.missed.value, g.missed.low, g.missed.high) if f is not None]
    return min(shown, default=0.0), max(shown, default=1.0)


def _table(material: Material, members: Sequence[PrintedGroup]) -> Table:
    return table(
        f"fairness-{members[0].attribute.replace('_', '-')}",
        f"{sentence(members[0].label)}: the list by group",
        (
            "Group",
            "Cases",
            "With the outcome",
            "Had the outcome",
            "Picked",
            "Found, of those with it",
            "Picked, of those without it",
            "Right, of those picked",
            "Happened over predicted",
            "Ranking (AUROC)",
        ),
        [_row(group) for group in members],
        note=material.brackets,
    )


def _row(group: PrintedGroup) -> tuple[Cell, ...]:
    figures: tuple[Figure, ...] = (
        group.n,
        group.events,
        group.base_rate,
        group.picked,
        group.found,
        group.wrongly_picked,
        group.right,
        group.oe,
        group.auroc,
    )
    return (group.name, *figures)


def _note(group: PrintedGroup) -> str:
    return full_stop(f"{sentence(group.label)}, {group.name}: {group.note}")
