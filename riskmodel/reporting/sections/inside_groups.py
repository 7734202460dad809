"""Whether a stated risk comes true inside every group: a curve a group, with what chance leaves open."""

from __future__ import annotations

from riskmodel.evaluation.group_curves import GroupCurve
from riskmodel.reporting import wording
from riskmodel.reporting.charts import Point
from riskmodel.reporting.document import Cell, Chart, Section, Text, table
from riskmodel.reporting.figures import Figure, measured, number, proportion
from riskmodel.reporting.group_words import group_words
from riskmodel.reporting.groups import PrintedGroup, attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.panels import Panel, calibration_panels

#: At most so many groups are drawn; the table has all of them.
DRAWN = 8


def inside_groups(material: Material) -> Section | None:
    """The calibration curve of every group whose counts are printed; None when there is none."""
    found = material.evidence.calibration if material.evidence else None
    rows = [] if found is None else _rows(found.curves, material)
    if not rows:
        return None
    said = Text(
        "Right on average for a group does not mean right at every risk: low risks may be too low and high ones too "
        "high. Each curve is drawn from its own group and, as far as chance may explain why it stands apart, from the "
        "other groups of the same characteristic. The shaded band is where the curve may be, 95 times in 100."
    )
    return Section("inside-groups", "Calibration at every risk, inside every group", (said, _chart(rows, material)))


def _rows(curves: tuple[GroupCurve, ...], material: Material) -> list[tuple[str, GroupCurve, PrintedGroup]]:
    """Curves of the groups whose own cases, outcomes and average are printed elsewhere on the card, in words."""
    printed = {(group.attribute, group.group): group for group in material.groups}
    labels = attribute_labels(material.prototype)
    rows = []
    for one in curves:
        known = printed.get((one.attribute, one.group))
        if known is None or known.n.value is None or known.events.value is None or known.oe.value is None:
            continue
        name = group_words(labels, (one.attribute,), (one.group,))
        label = wording.sentence(labels.get(one.attribute, wording.in_words(one.attribute)))
        rows.append((name if name.lower().startswith(label.lower()) else f"{label}: {name}", one, known))
    return rows


def _chart(rows: list[tuple[str, GroupCurve, PrintedGroup]], material: Material) -> Chart:
    furthest = sorted(rows, key=lambda row: -(row[1].distance.value or 0.0))[:DRAWN]
    drawn = [row for row in rows if row in furthest]
    title = "Predicted risk and what happened, inside each group"
    away = [words for words, one, _ in rows if _clearly_off(one)]
    reading = (
        (f"The {len(drawn)} of {len(rows)} groups furthest from the dashed line. " if len(rows) > len(drawn) else "")
        + "Above the dashed line a group's risks are too low, below it too high. "
        + (f"Somewhere clearly off: {wording.listed(away)}." if away else "No group is clearly off anywhere.")
    )
    panels = [Panel(words, _points(one)) for words, one, _ in drawn]
    cells: list[tuple[Cell, ...]] = [
        (words, known.n, known.events, _off(one), measured(one.slope), proportion(one.weight))
        for words, one, known in rows
    ]
    behind = table(
        "inside-groups",
        f"Distance between stated risk and what happened in each group, on {material.tested_on}",
        ("Group", "Cases", "With the outcome", "Average distance (points)", "Slope", "Rests on itself"),
        cells,
        note="Level and slope of each group, partially pooled over the groups of the characteristic; the distance is "
        "taken at the risks that the group's cases have, and chance alone makes it more than 0. Slope: 1 is right. "
        f"Last column: how much of the level is the group's own. In brackets: 95% interval, whole {material.units} "
        "counted together.",
    )
    svg = calibration_panels("inside-groups", title, reading, panels)
    return Chart("inside-groups", title, reading, svg, (behind,))


def _clearly_off(one: GroupCurve) -> bool:
    """Whether the diagonal leaves the band anywhere."""
    return any(p.low is not None and p.high is not None and not p.low <= p.predicted <= p.high for p in one.curve)


def _points(one: GroupCurve) -> list[Point]:
    """The curve, to a tenth of a percentage point."""
    return [Point(round(p.predicted, 3), round(p.observed, 3), _rounded(p.low), _rounded(p.high)) for p in one.curve]


def _rounded(end: float | None) -> float | None:
    return None if end is None else round(end, 3)


def _off(one: GroupCurve) -> Figure:
    ends = (one.distance.value, one.distance.low, one.distance.high)
    return number(*(None if end is None else 100 * end for end in ends), digits=1)
