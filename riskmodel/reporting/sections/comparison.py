"""How the cases tested on differ from those learnt from: outcome, strongest measures, and groups, as printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.declare import Feature, Prototype
from riskmodel.evaluation.comparison import Shift, Side
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.disclosure import Policy, count, rounded
from riskmodel.reporting.document import Block, Chart, Folded, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, measured, number, shared
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.sections.comparison_missing import AXIS, Told, apart, clear, missing_values
from riskmodel.reporting.sections.missing_people import printed_steps
from riskmodel.reporting.wording import in_words, listed, sentence

#: What the scale of the chart covers at least.
SPAN = (-0.2, 0.2)
_NOTE = (
    "Shares and means are of cases with a value; means to two significant digits. They are of what was recorded, "
    "whichever way the words of a measure point. "
)


@dataclass(frozen=True)
class _Line:
    """One line as it may be printed."""

    name: str
    learnt: Figure
    tested: Figure
    difference: Figure


def comparison(material: Material) -> Section | None:
    """The two sides of the split beside each other; None when they were not compared."""
    found = material.evidence.comparison if material.evidence else None
    if found is None:
        return None
    told = Told(material)
    attributes = _attributes_among_measures(material.prototype)
    measures = [one for one in found.measures if one.name not in attributes]
    lines = [_outcome(material, found.outcome), *(_measure(one, told, material.policy) for one in measures)]
    blocks: list[Block] = [Text(_introduction(material, measures)), _chart(lines, material)]
    blocks += _groups(material, found.groups)
    blocks += missing_values(measures, told, material.policy)
    return Section("comparison", "How the test cases differ from those learnt from", tuple(blocks))


def _attributes_among_measures(prototype: Prototype) -> set[str]:
    """Names of measures that are audit attributes too, by name or by what they take: those are told as groups alone."""

    def taken(feature: Feature) -> tuple[object, ...]:
        parts = (feature.source.name, feature.verb, feature.where, feature.value, feature.within, feature.of)
        return tuple(str(part) for part in parts)

    audited = {taken(feature) for feature in prototype.audit}
    same = {feature.name for feature in prototype.features if taken(feature) in audited}
    return same | set(attribute_labels(prototype))


def _introduction(material: Material, measures: Sequence[Shift]) -> str:
    what = " and the measures that move the scores most" if measures else ""
    return (
        f"The models were made from one set of {material.cases} and tested on another. Where the two differ, the test "
        f"says less about {material.cases} like those learnt from. This compares the outcome{what}. A difference is "
        "given in standard deviations: how far single cases usually lie from the average. Less than a tenth of one is "
        "usually seen as little."
    )


def _outcome(material: Material, shift: Shift) -> _Line:
    """The share with the outcome; withheld where a part of the cases learnt from has too few to be told elsewhere."""
    split, policy = material.training.get("split", {}), material.policy
    parts = [split[name] for name in ("train", "calibrate") if split.get(name, {}).get("n")]
    safe = all(count(part.get("events") or 0, policy, whole=part["n"]) is not None for part in parts)
    name = f"With the outcome: {shift.label}"
    return _share_line(name, shift, policy) if safe else _Line(name, WITHHELD, WITHHELD, WITHHELD)


def _measure(shift: Shift, told: Told, policy: Policy) -> _Line:
    words = {"any": "share with any", "mean": "mean", "usual": f"share with: {in_words(shift.usual)}"}[shift.kind]
    name = f"{sentence(shift.label)} ({words})"
    if shift.kind == "mean":
        before, after = _mean(shift.learnt, policy), _mean(shift.tested, policy)
        if WITHHELD in (before, after):
            return _Line(name, WITHHELD, WITHHELD, WITHHELD)
        return _Line(name, before, after, measured(shift.difference))
    line = _share_line(name, shift, policy)
    if line.learnt is not WITHHELD and not told.tell(shift):
        return _Line(name, WITHHELD, WITHHELD, WITHHELD)
    return line


def _share_line(name: str, shift: Shift, policy: Policy) -> _Line:
    """Shares of rounded counts, and their difference from the same rounded counts, so that it tells no more."""
    sides = (shift.learnt, shift.tested)
    learnt, tested = (shared(side.counted, side.known, policy) for side in sides)
    if WITHHELD in (learnt, tested):
        return _Line(name, WITHHELD, WITHHELD, WITHHELD)
    before, after = (rounded(side.counted, policy) / rounded(side.known, policy) for side in sides)
    return _Line(name, learnt, tested, apart(before, after, shift.difference))


def _mean(side: Side, policy: Policy) -> Figure:
    """A mean to two significant digits, where enough cases make it up and no two of them nearly all of it."""
    few = min(side.known, side.counted) < max(policy.threshold, policy.minimum_denominator)
    if side.mean is None or few or side.top_two > policy.dominance_k:
        return WITHHELD
    digits = 1 - math.floor(math.log10(abs(side.mean))) if side.mean else 0
    return number(round(side.mean, digits), digits=max(digits, 0))


def _chart(lines: Sequence[_Line], material: Material) -> Chart:
    title = "Test cases less those learnt from"
    drawn = [one for one in lines if one.difference.value is not None]
    rows = [
        Row(one.name, one.difference.value, one.difference.text, one.difference.low, one.difference.high,
            emphasis=clear(one.difference))
        for one in drawn
    ]  # fmt: skip
    reading = _reading([f"“{one.name}”" for one in drawn if clear(one.difference)], len(lines) - len(drawn))
    svg = charts.intervals(
        "compared", title, reading, rows, axis=AXIS, reference=0.0, reference_words="0: alike", span=SPAN
    )
    return Chart(
        "compared", title, reading, svg, (_table("compared-table", title, "Compared", lines, material, _NOTE),)
    )


def _reading(named: Sequence[str], withheld: int) -> str:
    said = f"Clearly different (diamonds): {listed(list(named))}." if named else "Nothing drawn here clearly differs."
    said += " “Clearly” means that the whole interval is more than a tenth of a standard deviation away from nought."
    return said + (" What may not be told is in the table only." if withheld else "")


def _table(key: str, caption: str, first: str, lines: Sequence[_Line], material: Material, note: str = "") -> Table:
    rows = [(one.name, one.learnt, one.tested, one.difference) for one in lines]
    note = f"{note}In brackets: 95% interval from a standard error clustered by {material.unit}."
    return table(key, caption, (first, "Learnt from", "Tested on", AXIS), rows, note=note)


def _groups(material: Material, shifts: Sequence[Shift]) -> list[Block]:
    """Shares of groups whose counts on both sides are printed among the missing people: no other count is used."""
    if not shifts:
        return []
    steps, labels = printed_steps(material), attribute_labels(material.prototype)
    kept_back = {(one.attribute, one.group) for one in material.groups if one.n.value is None}
    lines: list[_Line] = []
    without = []
    for attribute in dict.fromkeys(one.name for one in shifts):
        label = labels.get(attribute, in_words(attribute))
        own = [
            _group(one, f"{sentence(label)}: {in_words(one.label)}", (attribute, one.label) not in kept_back, steps,
                   material.policy)
            for one in shifts
            if one.name == attribute
        ]  # fmt: skip
        if all(line.learnt is WITHHELD for line in own):
            without.append(label)
        else:
            lines += own
    blocks: list[Block] = []
    if lines:
        caption = "Groups among the cases learnt from, and among those tested on"
        behind = _table("compared-groups", caption, "Group", lines, material)
        blocks += [Text(_groups_said(lines)), Folded(caption, behind)]
    if without:
        blocks.append(
            Text(
                f"Not compared: {listed(without)}. Its groups have too few cases on one side for their counts to be "
                "told, or were not counted among the cases learnt from."
            )
        )
    return blocks


def _groups_said(lines: Sequence[_Line]) -> str:
    apart_by = [line.name for line in lines if clear(line.difference)]
    if not apart_by:
        return "No group that can be shown has a clearly different share of the two sets of cases."
    return f"Groups with a clearly different share of the two sets of cases: {listed(apart_by)}."


def _group(
    shift: Shift, name: str, shown: bool, steps: dict[tuple[str, str], tuple[Figure, Figure]], policy: Policy
) -> _Line:
    counts = steps.get((shift.name, shift.label), (WITHHELD, WITHHELD))
    exact = (shift.learnt.counted, shift.tested.counted)
    same = all(figure.value == rounded(n, policy) for figure, n in zip(counts, exact, strict=True))
    return _share_line(name, shift, policy) if shown and same else _Line(name, WITHHELD, WITHHELD, WITHHELD)
