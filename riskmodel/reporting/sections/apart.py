"""How far each group is from the largest one of its attribute, as far as the figures of both may be printed."""

from __future__ import annotations

from collections.abc import Mapping

from riskmodel.evaluation.group_differences import GroupDifference
from riskmodel.evaluation.results import Estimate
from riskmodel.reporting.document import Block, Cell, Folded, Heading, Points, Table, Text, table
from riskmodel.reporting.figures import ABSENT, WITHHELD, Figure, measured
from riskmodel.reporting.group_words import points
from riskmodel.reporting.groups import PrintedGroup
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import sentence

#: Figures that are compared: as they are kept, as a printed group names them, and in words.
_COMPARED = (
    ("base_rate", "base_rate", "Had the outcome"),
    ("selection_rate", "picked", "Picked"),
    ("tpr", "found", "Found, of those with it"),
    ("fpr", "wrongly_picked", "Picked, of those without it"),
    ("ppv", "right", "Right, of those picked"),
    ("oe", "oe", "Happened over predicted"),
    ("auroc", "auroc", "Ranking (AUROC)"),
)
#: Decimals of those that are no shares.
_DIGITS = {"oe": 2, "auroc": 3}
_Pair = tuple[GroupDifference, PrintedGroup, PrintedGroup]


def apart(material: Material) -> list[Block]:
    """What to say of the differences, and the table of them; nothing when none was gathered or may be told."""
    pairs = _pairs(material)
    if not pairs:
        return []
    sample = material.evidence.fairness.sample if material.evidence and material.evidence.fairness else ""
    said = (
        f"Each group was set beside the largest one of its attribute, on the same resamples of {material.units}. A "
        "difference is clear when its interval does not include 0; of twenty differences that are nothing, about one "
        f"looks clear by chance. {sample}"
    )
    clear = tuple(line for pair in pairs if (line := _clear(pair)))
    told: Block = (
        Points(clear, "Clearly found more or less often than the largest group:")
        if clear
        else Text("No group that can be shown is clearly found more or less often than the largest one.")
    )
    return [
        Heading("How far groups are apart"),
        Text(said.strip()),
        told,
        Folded("Every group less the largest of its attribute", _table(pairs, material)),
    ]


def _pairs(material: Material) -> list[_Pair]:
    """Differences of which at least one may be told, with the two groups as printed."""
    found = material.evidence.fairness if material.evidence else None
    printed: Mapping[tuple[str, str], PrintedGroup] = {(one.attribute, one.group): one for one in material.groups}
    pairs = []
    for one in found.differences if found else ():
        group, largest = (printed.get((one.attribute, name)) for name in (one.group, one.largest))
        if group is None or largest is None:
            continue
        pair = (one, group, largest)
        if any(_difference(pair, *names[:2]).value is not None for names in _COMPARED):
            pairs.append(pair)
    return pairs


def _difference(pair: _Pair, kept: str, printed: str) -> Figure:
    """The difference, where both groups have the figure itself printed: it tells of one what is known of the other."""
    one, group, largest = pair
    both: list[Figure] = [getattr(group, printed), getattr(largest, printed)]
    if any(figure.kind == "withheld" for figure in both):
        return WITHHELD
    estimate: Estimate | None = one.estimates.get(kept)
    if estimate is None or estimate.value is None or any(figure.value is None for figure in both):
        return ABSENT
    return measured(estimate, digits=_DIGITS[kept]) if kept in _DIGITS else points(estimate)


def _clear(pair: _Pair) -> str:
    one, group, largest = pair
    figure = _difference(pair, "tpr", "found")
    estimate = one.estimates.get("tpr")
    if figure.value is None or estimate is None or not estimate.excludes(0.0):
        return ""
    more = "more" if figure.value > 0 else "less"
    return (
        f"{sentence(group.label)}: {group.name}, found {more} often than {largest.name} by {figure.text} percentage "
        f"points ({group.events.text} and {largest.events.text} cases with the outcome)."
    )


def _table(pairs: list[_Pair], material: Material) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{sentence(group.label)}: {group.name} less {largest.name}",
            group.n,
            largest.n,
            *(_difference((one, group, largest), kept, printed) for kept, printed, _ in _COMPARED),
        )
        for one, group, largest in pairs
    ]
    columns = ("Group less the largest", "Cases", "Cases of the largest", *(words for _, _, words in _COMPARED))
    return table(
        "group-differences",
        "Every group less the largest of its attribute",
        columns,
        rows,
        note=f"Differences of shares in percentage points, taken before rounding. {material.brackets} A difference is "
        "withheld where the figure of either group is.",
    )
