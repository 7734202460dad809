"""What could be done about a difference between groups, and what each way would cost."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.mitigation import AREA, CONSTRAINED, FEATURE, THEME, GapChange, MitigationOption
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Folded, Points, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, number
from riskmodel.reporting.group_words import kept, points, safe, share_of
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import in_words, sentence

#: Attributes whose widest difference has a column of its own.
COLUMNS = 3


def mitigation(material: Material) -> Section | None:
    """Every option tried, in one table, with the groups it moves."""
    found = material.evidence.fairness if material.evidence else None
    if found is None or not found.mitigation.options:
        return None
    options = found.mitigation.options
    blocks: list[Block] = [
        Text(
            "Each way was tried and measured on the same test cases. None uses a person's group when scoring, and none "
            "cuts the list at a different score for different groups. An option is nearly free when little is lost of "
            "what is found, and useful when it brings groups together or moves the burden. Which is right is for the "
            "committee to decide. "
            f"{found.sample}".strip()
        ),
        _chart(material, options),
    ]
    moved = _moved(material, options)
    if moved.rows:
        blocks.append(Folded(moved.caption, moved))
    if found.mitigation.notes:
        blocks.append(Points(found.mitigation.notes))
    return Section("mitigation", "What could be done, and what it would cost", tuple(blocks))


def _name(option: MitigationOption, labels: dict[str, str]) -> str:
    if option.kind == FEATURE:
        return f'Leave out "{option.subject}"'
    if option.kind == THEME:
        return f"Leave out everything on {in_words(option.subject)} ({len(option.removed)} measures)"
    if option.kind == CONSTRAINED:
        return f"Train for an equal share found: {labels.get(option.subject, option.subject)}"
    return "Give every area its own share of the places" if option.kind == AREA else in_words(option.kind)


def _chart(material: Material, options: Sequence[MitigationOption]) -> Chart:
    labels = attribute_labels(material.prototype)
    title = "Change in what is found, of all those with the outcome"
    reading = "A line that crosses 0 is a change that may be nothing; left of 0 fewer are found."
    rows = []
    for option in options:
        change = points(option.found_change, option.found_change.events)
        rows.append(Row(_name(option, labels), change.value, change.text, change.low, change.high))
    svg = charts.intervals(
        "mitigation", title, reading, rows, axis="Percentage points", reference=0.0, reference_words="0: no change"
    )
    return Chart("mitigation", title, reading, svg, (_table(material, options, labels),))


def _table(material: Material, options: Sequence[MitigationOption], labels: dict[str, str]) -> Table:
    pairs = _pairs(material, options)
    rows: list[tuple[Cell, ...]] = []
    for option in options:
        by = {(gap.attribute, gap.group): gap for gap in option.gaps if _settled(material, option, gap.attribute)}
        cells = [cell for pair in pairs for cell in _gap(material, by.get(pair))]
        rows.append(
            (_name(option, labels), _change(option), points(option.found_change, option.found_change.events), *cells)
        )
    largest = {(gap.attribute, gap.group): gap.largest for option in options for gap in option.gaps}
    headings = [
        heading
        for pair in pairs
        for heading in (
            f"Found: {largest[pair]} less {pair[1]} ({labels.get(pair[0], pair[0])}), before",
            f"Its change: {largest[pair]} less {pair[1]}",
        )
    ]
    note = (
        f"{material.brackets} Found and differences in percentage points; a "
        "change brings two groups together when its sign is the other one. Models are fitted again with the same "
        "settings. The constrained model is compared with the same model without the constraint."
    )
    columns = ("Option", "Change in ranking (AUROC)", "Change in found", *headings)
    return table("mitigation", "What each option costs and gains", columns, rows, note=note)


def _gap(material: Material, gap: GapChange | None) -> tuple[Figure, Figure]:
    """The difference as it is, where both shares are printed, and its change, where the groups are large enough."""
    if gap is None or not all(_large(material, gap.attribute, name) for name in (gap.largest, gap.group)):
        return WITHHELD, WITHHELD
    printed = all(_printed(material, gap.attribute, name) for name in (gap.largest, gap.group))
    return kept(points(gap.before), printed), points(gap.change, gap.change.events)


def _change(option: MitigationOption) -> Figure:
    change = option.auroc_change
    return number(change.value, change.low, change.high, digits=3)


def _pairs(material: Material, options: Sequence[MitigationOption]) -> list[tuple[str, str]]:
    """For each attribute that is promised or protected, the group furthest from the largest that may be shown."""
    promised = [c.attribute for c in material.prototype.success if c.kind == "group_gap" and c.attribute]
    protected = [attribute.name for attribute in material.prototype.audit if attribute.protected]
    chosen = []
    for attribute in dict.fromkeys([*promised, *protected]):
        gaps = [gap for gap in options[0].gaps if gap.attribute == attribute and gap.before.value is not None]
        able = [
            gap for gap in gaps if _large(material, attribute, gap.group) and _large(material, attribute, gap.largest)
        ]
        if able:
            chosen.append((attribute, max(able, key=lambda gap: abs(gap.before.value or 0.0)).group))
    return chosen[:COLUMNS]


def _moved(material: Material, options: Sequence[MitigationOption]) -> Table:
    """Groups whose share picked, or share found, an option clearly changes."""
    labels = attribute_labels(material.prototype)
    rows: list[tuple[Cell, ...]] = []
    for option in options:
        for group in option.groups:
            clear = group.picked_change.excludes(0.0) or group.found_change.excludes(0.0)
            large = _large(material, group.attribute, group.group) and _settled(material, option, group.attribute)
            if not clear or not large:
                continue
            level = _printed(material, group.attribute, group.group)
            name = f"{sentence(labels.get(group.attribute, group.attribute))}: {group.group}"
            rows.append((
                f"{_name(option, labels)}. {name}",
                kept(share_of(group.picked, group.picked.n, material.policy), level),
                points(group.picked_change, group.picked.n),
                points(group.found_change, group.found.events),
            ))  # fmt: skip
    columns = ("Option and group", "Picked then", "Change in picked (points)", "Change in found (points)")
    caption = "Groups that an option clearly moves"
    return table("mitigation-groups", caption, columns, rows, note="In brackets: 95% interval.")


def _large(material: Material, attribute: str, group: str) -> bool:
    """Whether every kind of case in a group is frequent enough for changes of its shares to be told."""
    same = [one for one in material.evaluation.fairness if (one.attribute, one.group) == (attribute, group)]
    if not same or same[0].withheld:
        return False
    known = same[0].estimates
    return safe(same[0].n, same[0].events, known["tpr"].value, known["fpr"].value, material.policy)


def _settled(material: Material, option: MitigationOption, attribute: str) -> bool:
    """Whether every kind of case in every group of an attribute that is large now stays so with an option.

    Level and change together tell what the option would make of a group.
    """
    sizes = {one.group: one for one in material.evaluation.fairness if one.attribute == attribute}
    for group in option.groups:
        if group.attribute != attribute or not _large(material, attribute, group.group):
            continue
        one, found = sizes[group.group], group.found.value or 0.0
        wrong = ((group.picked.value or 0.0) * one.n - found * one.events) / max(one.n - one.events, 1)
        if not safe(one.n, one.events, found, wrong, material.policy):
            return False
    return True


def _printed(material: Material, attribute: str, group: str) -> bool:
    """Whether the main fairness tables print what is found and picked of this group."""
    return any(
        (one.attribute, one.group) == (attribute, group) and one.found.value is not None
        and one.picked.value is not None
        for one in material.groups
    )  # fmt: skip
