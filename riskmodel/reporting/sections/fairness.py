"""How the list treats groups of people: who is picked, found, missed and wrongly picked."""

from __future__ import annotations

from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Points, Section, Table, Text, table
from riskmodel.reporting.figures import Figure
from riskmodel.reporting.groups import PrintedGroup, attribute_label
from riskmodel.reporting.material import Gaps, Material
from riskmodel.reporting.wording import full_stop


def fairness(material: Material, gaps: Gaps) -> Section:
    """Fairness by group."""
    gaps.need(material.groups, "fairness by group", "groups of the evaluation")
    if not material.groups:
        return Section("fairness", "Fairness", ())
    point = material.capacity
    at = "at capacity" if point is None else f"when the top {100 * point.share:.3g}% are picked"
    blocks: list[Block] = [
        Text(
            f"{material.lead.label}, {at}. When groups differ in how often they have the outcome, no list can treat "
            f"them alike "
            "in every one of these columns; which difference matters most is for the committee to weigh."
        ),
        _chart(material),
    ]
    notes = tuple(dict.fromkeys(_note(group) for group in material.groups if group.note))
    if notes:
        blocks.append(Points(notes, "Groups joined or left out:"))
    return Section("fairness", "Fairness", tuple(blocks))


def _chart(material: Material) -> Chart:
    title = "Missed, of those with the outcome, by group"
    rows: list[Row] = []
    last = ""
    for group in material.groups:
        if group.withheld:
            continue
        heading = attribute_label(group.attribute) if group.attribute != last else ""
        last = group.attribute
        rows.append(
            Row(group.name, group.missed.value, group.missed.text, group.missed.low, group.missed.high, heading=heading)
        )
    overall = material.capacity.recall.value if material.capacity else None
    reference = None if overall is None else 1 - overall
    words = "" if reference is None else f"all: {100 * reference:.0f}%"
    reading = "A dot to the right of the dashed line, with its whole interval, is a group that is missed more often."
    svg = charts.intervals(
        "missed-by-group",
        title,
        reading,
        rows,
        axis="Missed, of those with the outcome",
        percent=True,
        reference=reference,
        reference_words=words,
    )
    attributes = dict.fromkeys(group.attribute for group in material.groups)
    return Chart("missed-by-group", title, reading, svg, tuple(_table(material, a) for a in attributes))


def _table(material: Material, attribute: str) -> Table:
    rows = [_row(group) for group in material.groups if group.attribute == attribute]
    return table(
        f"fairness-{attribute.replace('_', '-')}",
        f"{attribute_label(attribute)}: the list by group",
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
        rows,
        note="In brackets: 95% interval from resampling whole households.",
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
    return full_stop(f"{attribute_label(group.attribute)}, {group.name.lower()}: {group.note}")
