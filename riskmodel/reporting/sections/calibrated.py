"""How far off risks are at most, in every group, and what correcting them would give."""

from __future__ import annotations

import math

from riskmodel.evaluation.calibration_evidence import CalibrationEvidence, Recalibration
from riskmodel.evaluation.group_calibration import GroupCalibration
from riskmodel.evaluation.results import Estimate
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, measured, number, proportion
from riskmodel.reporting.group_words import group_words
from riskmodel.reporting.groups import PrintedGroup, attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.pooled import tellable

#: At most so many groups are drawn; the table behind the chart has all of them.
DRAWN = 12
#: Most of a pooled figure that may be a group's own when that is withheld.
MOST_OWN = 0.5
_DISTANCES = {
    "ici": "On average",
    "e50": "Half of the cases are within",
    "e90": "Nine in ten of the cases are within",
    "emax": "At most, anywhere on the curve",
}
_WAYS = {
    "intercept": "All risks moved up or down",
    "intercept and slope": "Moved, and stretched or drawn in",
    "isotonic": "Redrawn freely, keeping the order",
}
_NOTHING, _TOO_FEW = Figure("nothing", kind="absent"), Figure("too few outcomes", kind="absent")


def calibrated(material: Material) -> Section | None:
    """Distances, groups and recalibration; None when they were not gathered."""
    found = material.evidence.calibration if material.evidence else None
    if found is None:
        return None
    blocks: list[Block] = []
    if found.distances:
        blocks.append(_distances(found, material))
    rows = _groups(found, material)
    if rows:
        blocks += [
            Text(
                "An average can be right while one group's risks are too low and another's too high. A group with few "
                "cases is drawn towards the others, as far as chance may explain why it stands apart; its line shows "
                "what then remains uncertain. Nobody's group is used to correct a risk."
            ),
            _group_chart(rows, material),
        ]
    if any(way.possible for way in found.recalibrations):
        blocks += _recalibration(found.recalibrations, material)
    return Section("calibrated", "Calibration in every group, and what correcting it would give", tuple(blocks))


def _distances(found: CalibrationEvidence, material: Material) -> Table:
    rows = [(words, _points(found.distances[name])) for name, words in _DISTANCES.items()]
    return table(
        "calibration-distances",
        f"How far the stated risk is from what happened, in percentage points, on {material.tested_on}",
        ("Distance", "Percentage points"),
        rows,
        note="Distance between the smooth curve and the diagonal (ICI, E50, E90, Emax), at the risks that cases really "
        f"have. Chance alone makes it more than 0. {material.brackets}",
    )


def _points(estimate: Estimate) -> Figure:
    ends = (estimate.value, estimate.low, estimate.high)
    return number(*(None if end is None else 100 * end for end in ends), digits=1)


def _groups(found: CalibrationEvidence, material: Material) -> list[tuple[str, GroupCalibration, PrintedGroup | None]]:
    """Groups that may be spoken of, in words, with what the fairness tables print of them."""
    printed = {(group.attribute, group.group): group for group in material.groups}
    labels = attribute_labels(material.prototype)
    rows = []
    for attribute in found.groups:
        if len(attribute.groups) < 2:
            continue
        told = _told(attribute.groups, material)
        for group in attribute.groups:
            known = printed.get((group.attribute, group.group))
            if group.group in told:
                name = group_words(labels, (attribute.attribute,), (group.group,))
                label = wording.sentence(labels.get(attribute.attribute, wording.in_words(attribute.attribute)))
                words = name if name.lower().startswith(label.lower()) else f"{label}: {name}"
                rows.append((words, group, known))
    return rows


def _told(groups: tuple[GroupCalibration, ...], material: Material) -> set[str]:
    """Groups whose own figure is printed; of the others, those large enough whose pooled one rests on other groups."""
    main = [one for one in material.groups if one.attribute == groups[0].attribute]
    own = {one.group for one in main if one.oe.value is not None}
    least = material.policy.threshold
    able = {
        group.group
        for group in groups
        if group.group not in own
        and group.weight <= MOST_OWN
        and min(group.n, group.events, group.n - group.events) >= least
    }
    return own | tellable(groups, main, able, material.policy)


def _group_chart(rows: list[tuple[str, GroupCalibration, PrintedGroup | None]], material: Material) -> Chart:
    furthest = sorted(rows, key=lambda row: -abs(math.log(row[1].pooled.value or 1.0)))[:DRAWN]
    drawn = [row for row in rows if row in furthest]
    bars = []
    for words, group, _ in drawn:
        figure = _of_hundred(group.pooled)
        bars.append(Row(words, figure.value, figure.text, figure.low, figure.high, group.pooled.excludes(1.0)))
    clear = [words for words, group, _ in rows if group.pooled.excludes(1.0)]
    many = len(rows) > len(drawn)
    reading = (
        (f"The {len(drawn)} of {len(rows)} groups furthest from 100. " if many else "")
        + "100 is right; above 100 the risks of a group are too low, below 100 too high. "
        + (f"Clearly off: {wording.listed(clear)}." if clear else "No group is clearly off.")
    )
    title = "Outcomes that happened, for every 100 that were predicted"
    svg = charts.intervals(
        "calibration-groups", title, reading, bars, axis=title, reference=100.0, reference_words="100: as predicted"
    )
    cells: list[tuple[Cell, ...]] = []
    for words, group, known in rows:
        told = known is not None and known.oe.value is not None
        counts = (known.n, known.events, known.oe) if told and known is not None else (WITHHELD,) * 3
        cells.append((words, *counts, measured(group.pooled), proportion(group.weight)))
    behind = table(
        "calibration-groups",
        f"Happened over predicted in each group, on {material.tested_on}",
        ("Group", "Cases", "With the outcome", "This group alone", "After partial pooling", "Rests on itself"),
        cells,
        note="1 is right. Partial pooling: a group's figure is a mixture of its own and that of the other groups of "
        "the attribute; the last column says how much of it is its own. In brackets: 95% interval. Groups whose "
        "figures would tell of too few people are left out.",
    )
    return Chart("calibration-groups", title, reading, svg, (behind,))


def _of_hundred(estimate: Estimate) -> Figure:
    ends = (estimate.value, estimate.low, estimate.high)
    return number(*(None if end is None else 100 * end for end in ends), digits=0)


def _recalibration(ways: tuple[Recalibration, ...], material: Material) -> list[Block]:
    tried = [way for way in ways if way.possible]
    day = wording.day(tried[0].as_of)
    said = Text(
        "This was only tried out: all other figures of this card are those of the model as it is. Below is what "
        f"correcting its risks on the most recent cohort whose outcomes are known, that of {day}, would give. Each "
        f"case was judged by a correction made without its own {material.unit}. A corrected model is another model: "
        "it has to be tested on a later cohort before anybody uses it. The order of the list stays the same, "
        "but for ties."
    )
    title = "Average distance between stated risk and what happened, as it is and corrected"
    shown = [("As it is", tried[0].before), *((_WAYS[way.method], way.after) for way in tried)]
    bars = []
    for words, figures in shown:
        figure = _points(figures["ici"])
        bars.append(Row(words, figure.value, figure.text, figure.low, figure.high, words == "As it is"))
    better = [way for way in tried if (high := way.change["brier"].high) is not None and high < 0]
    reading = (
        f"{wording.listed([_WAYS[way.method] for way in better])}: the squared error is clearly smaller."
        if better
        else "No correction makes the squared error clearly smaller, so little would be gained."
    )
    svg = charts.intervals("recalibration", title, reading, bars, axis="Percentage points")
    return [said, Chart("recalibration", title, reading, svg, (_before_and_after(ways, tried[0], day, material),))]


def _before_and_after(ways: tuple[Recalibration, ...], first: Recalibration, day: str, material: Material) -> Table:
    names = ("oe", "calibration_slope", "ici", "brier")
    digits = {name: wording.metric(name).digits for name in names}
    rows: list[tuple[Cell, ...]] = [
        ("As it is", *(measured(first.before[name], digits=digits[name]) for name in names), *(_NOTHING,) * 3)
    ]
    for way in ways:
        label = f"{_WAYS[way.method]} ({way.method})"
        if not way.possible:
            rows.append((f"{label}: {way.note}", *(_TOO_FEW,) * 7))
            continue
        after = (measured(way.after[name], digits=digits[name]) for name in names)
        rows.append((label, *after, measured(way.change["brier"], digits=4), number(way.intercept), number(way.slope)))
    columns = ("Correction", *(wording.metric(name).label for name in names))
    return table(
        "recalibration",
        f"Before and after correcting the risks, on the cohort of {day}",
        (*columns, "Change in squared error", "Added to the log-odds", "Multiplied"),
        rows,
        note=f"{material.brackets} After: cross-fitted over whole {material.units}. Added and multiplied: the "
        "correction fitted on the whole cohort. For the squared error, and its change, less is better.",
    )
