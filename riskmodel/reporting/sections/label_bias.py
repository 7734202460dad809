"""What if the outcome is recorded less often for some groups: the envelope, in words and one chart an attribute."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.label_bias import AssumedGroup, LabelBias, Recalibrated
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Callout, Cell, Chart, Heading, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, measured
from riskmodel.reporting.group_words import kept, percentage, points
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import listed, sentence

_FLAGS = {"clear": "over-predicted: may be under-recorded", "possible": "cannot be ruled out", "": "no sign"}


def label_bias(material: Material) -> Section | None:
    """The sensitivity of the figures to outcomes that were never recorded."""
    evidence = material.evidence.fairness if material.evidence else None
    if evidence is None:
        return None
    bias = evidence.label_bias
    if not bias.applies:
        words = f"Not examined: {bias.why}."
        return Section("label-bias", "If the outcome is recorded unequally", (Text(words),))
    blocks: list[Block] = [
        Text(
            "The tests count what was recorded, not what happened. If one group's outcomes are recorded less often, "
            "the figures flatter the list for that group and nothing in the data says so. The shares assumed here are "
            f"{bias.why}; they are not measurements. {evidence.sample}".strip()
        ),
        *_flagged(material, bias),
    ]
    for attribute in dict.fromkeys(group.attribute for group in bias.groups):
        blocks += _attribute(material, attribute, bias)
    blocks.append(Text(
        "How to read it: the right end of each line holds if, among the true cases of a group, being recorded has "
        "nothing to do with the score; then the share found can be measured. The left end holds if the unrecorded are "
        "picked no more often than anybody without a record, at the lowest assumed recording. The truth lies between, "
        "as long as the score is of some use and being recorded does not make a case less likely to be picked. The "
        "last columns give what is possible without that."
    ))  # fmt: skip
    return Section("label-bias", "If the outcome is recorded unequally", tuple(blocks))


def _flagged(material: Material, bias: LabelBias) -> list[Block]:
    found = [group for group in bias.groups if group.flag and _level(material, group).value is not None]
    if not found:
        return []
    names = listed([sentence(group.group) for group in found])
    largest = {group.attribute: group.group for group in bias.groups if group.reference}
    beside = listed(sorted({sentence(name) for name in largest.values()}))
    return [
        Callout(
            "caution",
            f"Possibly recorded less often: {names}",
            "For these groups fewer outcomes are on record than the model expects, or more of them are missed, beside "
            f"the largest group ({beside}). Either they truly have fewer, or fewer are recorded. These data cannot "
            "tell which. Correcting their level to the records would settle it against them.",
        )
    ]


def _attribute(material: Material, attribute: str, bias: LabelBias) -> list[Block]:
    label = attribute_labels(material.prototype).get(attribute, attribute)
    own = [group for group in bias.groups if group.attribute == attribute]
    shown = [group for group in own if _printed(material, group)]
    blocks: list[Block] = [Heading(sentence(label))]
    key = f"label-bias-{attribute.replace('_', '-')}"
    title = f"Found, of all true outcomes, by {label}"
    behind = _table(material, key, title, own)
    if len(shown) < 2:
        return [*blocks, behind]
    reading = "Each line runs from the least (lower end) to the most (dot) that the assumptions leave possible."
    rows = [
        Row(
            sentence(group.group), found.value, f"{percentage(group.found_least).point} to {found.point}",
            percentage(group.found_least).value, found.value, emphasis=group.reference,
        )
        for group, found in ((group, _found(material, group)) for group in shown)
    ]  # fmt: skip
    svg = charts.intervals(key, title, reading, rows, axis="Found, of all true outcomes", percent=True)
    blocks.append(Chart(key, title, reading, svg, (behind,)))
    moved = [one for one in bias.recalibrated if one.attribute == attribute]
    return [*blocks, *_trap(material, attribute, shown, moved)]


def _table(material: Material, key: str, title: str, own: Sequence[AssumedGroup]) -> Table:
    columns = (
        "Group", "Assumed recorded", "Found, of those recorded", "Found, lower end",
        "Found less than the largest group", "The same, lower end", "Recorded over predicted",
        "The same beside the largest group", "Sign of under-recording", "Found, at the very least",
        "Found, at the very most",
    )  # fmt: skip
    note = (
        f"{material.brackets} Differences in percentage points. Recorded over "
        "predicted beside the largest group is the ratio of recording that the data would suggest if families who are "
        "alike in the records were alike in truth; where earlier records are measures it is nearer 1 than the truth."
    )
    return table(key, title, columns, [_row(material, group) for group in own], note=note)


def _row(material: Material, group: AssumedGroup) -> tuple[Cell, ...]:
    low, high = group.ratio
    assumed = f"{100 * low:.0f} to {100 * high:.0f} in 100" if low < high else f"{100 * low:.0f} in 100"
    ok, level = _printed(material, group), _level(material, group)
    known = level.value is not None
    same = "is the largest"
    return (
        sentence(group.group),
        assumed,
        _found(material, group),
        kept(percentage(group.found_least), ok),
        kept(points(group.gap), ok) if group.gap else same,
        kept(points(group.gap_least), ok) if group.gap_least else same,
        level,
        kept(measured(group.oe_ratio, digits=2), known) if group.oe_ratio else same,
        _FLAGS[group.flag] if known else "withheld",
        kept(percentage(group.bound_low), ok),
        kept(percentage(group.bound_high), ok),
    )


def _trap(
    material: Material, attribute: str, shown: Sequence[AssumedGroup], moved: Sequence[Recalibrated]
) -> list[Block]:
    names = {group.group: _found(material, group) for group in shown}
    rows = [(sentence(one.group), names[one.group], points(one.change)) for one in moved if one.group in names]
    caption = "If each group's level were corrected to the records"
    columns = ("Group", "Found now", "Change (points)")
    note = (
        "Not proposed. Where a group is recorded less often, this correction lowers its scores for that very reason "
        "and widens the difference in what is truly found. It would also need the group when scoring."
    )
    return [table(f"recalibrated-{attribute.replace('_', '-')}", caption, columns, rows, note=note)] if rows else []


def _found(material: Material, group: AssumedGroup) -> Figure:
    """The share found of recorded outcomes, as the main fairness tables print it."""
    same = [one for one in material.groups if (one.attribute, one.group) == (group.attribute, group.group)]
    return same[0].found if same else WITHHELD


def _level(material: Material, group: AssumedGroup) -> Figure:
    """Happened over predicted, as the main fairness tables print it."""
    same = [one for one in material.groups if (one.attribute, one.group) == (group.attribute, group.group)]
    return same[0].oe if same else WITHHELD


def _printed(material: Material, group: AssumedGroup) -> bool:
    return _found(material, group).value is not None
