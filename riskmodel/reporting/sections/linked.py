"""Whose records were found: the share of each group with a record at partners that most cases are known to."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.linked import LinkedShare
from riskmodel.reporting.document import Block, Cell, Folded, Points, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure
from riskmodel.reporting.group_words import points, share_of
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import in_words, sentence


def linked(material: Material) -> Section | None:
    """Records found, by group and partner; None when no partner could be asked."""
    fairness = material.evidence.fairness if material.evidence else None
    found, sample = (fairness.linked, fairness.sample) if fairness else ((), "")
    tables = [_table(material, attribute, found) for attribute in dict.fromkeys(one.attribute for one in found)]
    told = [one for one in tables if one is not None]
    if not told:
        return None
    clear = tuple(line for one in found if (line := _clear(material, one, found)))
    blocks: list[Block] = [
        Text(
            "Records were linked before they came, and no linkage report came with them. So this asks at each partner "
            "that most cases are known to: for how many of a group is there any record? A lower share means that "
            "records of its people were linked less completely, arrived less often, or that the service reached fewer "
            f"of them. Where records are missing, risks are less certain, and often too low. {sample}".strip()
        ),
        Points(clear, "Clearly fewer with a record than in the largest group:")
        if clear
        else Text("No group that can be shown has clearly fewer with a record than the largest one."),
        *(Folded(one.caption, one) for one in told),
    ]
    return Section("linked", "Whose records were found", tuple(blocks))


def _tellable(material: Material, partner: str, attribute: str, found: Sequence[LinkedShare]) -> bool:
    """Told of all groups of an attribute or of none: each, and those left out together, large enough both ways."""
    own = [one for one in found if one.partner == partner and one.attribute == attribute]
    other = [one for one in found if one.partner == partner and one.attribute != attribute]
    printed = {(g.attribute, g.group) for g in material.groups if g.n.value is not None}
    cells = [cell for one in own for cell in (one.found, one.n - one.found)]
    # What other attributes add up to less these groups is what is left out here.
    by_attribute: dict[str, tuple[int, int]] = {}
    for one in other:
        n, seen = by_attribute.get(one.attribute, (0, 0))
        by_attribute[one.attribute] = n + one.n, seen + one.found
    n, seen = sum(one.n for one in own), sum(one.found for one in own)
    for more, more_seen in by_attribute.values():
        cells += [cell for cell in (more_seen - seen, (more - more_seen) - (n - seen)) if cell > 0]
    complete = all((one.attribute, one.group) in printed for one in own)
    return complete and min(cells, default=0) >= material.policy.threshold


def _table(material: Material, attribute: str, found: Sequence[LinkedShare]) -> Table | None:
    own = [one for one in found if one.attribute == attribute]
    partners = [
        partner for partner in dict.fromkeys(one.partner for one in own)
        if _tellable(material, partner, attribute, found)
    ]  # fmt: skip
    groups = list(dict.fromkeys(one.group for one in own))
    if not partners or len(groups) < 2:
        return None
    at = {(one.group, one.partner): one for one in own}
    counts = {g.group: g.n for g in material.groups if g.attribute == attribute}
    rows: list[tuple[Cell, ...]] = [
        (
            sentence(in_words(group)),
            counts.get(group, WITHHELD),
            *(_share(material, at[group, partner]) for partner in partners),
        )
        for group in groups
    ]
    label = attribute_labels(material.prototype).get(attribute, in_words(attribute))
    caption = f"Cases with a record at each partner: {label}"
    key = f"linked-{attribute.replace('_', '-')}"
    return table(key, caption, ("Group", "Cases", *partners), rows, note=material.brackets)


def _share(material: Material, one: LinkedShare) -> Figure:
    return share_of(one.share, one.n, material.policy)


def _clear(material: Material, one: LinkedShare, found: Sequence[LinkedShare]) -> str:
    """A line on a group with clearly fewer records than the largest, where both may be told."""
    if one.difference is None or one.difference.low is None or one.difference.low <= 0:
        return ""
    if not _tellable(material, one.partner, one.attribute, found):
        return ""
    label = attribute_labels(material.prototype).get(one.attribute, in_words(one.attribute))
    return (
        f"{sentence(label)}, {in_words(one.group)}: {points(one.difference).text} percentage points fewer have a "
        f"record at {one.partner}."
    )
