"""Groups in more depth: two attributes together, burden and missing records, and every cohort."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.group_figures import GroupFigures
from riskmodel.evaluation.groups_over_time import GroupAtDate
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.crossed import printable_pairs
from riskmodel.reporting.dated import Told, printable_dates
from riskmodel.reporting.document import Block, Cell, Chart, Folded, Heading, Points, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, measured
from riskmodel.reporting.group_words import group_words, kept, percentage, points, share_of
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import full_stop, listed, sentence, short_day


def intersections(material: Material) -> Section | None:
    """Figures by group beyond the main fairness tables."""
    found = material.evidence.fairness if material.evidence else None
    if found is None:
        return None
    blocks: list[Block] = [
        Text(
            "The same list in more detail. No figure here uses a different cut for different groups. Small groups are "
            f"joined before anything is computed. Completeness of linkage by group: {found.linkage}. "
            f"{found.sample}".strip()
        ),
        *_single(material, found.groups),
        *_crossed(material, found.groups),
        *_cohorts(material, found.over_time),
    ]
    return Section("groups-in-depth", "Fairness in more detail", tuple(blocks))


def _single(material: Material, groups: Sequence[GroupFigures]) -> list[Block]:
    labels = attribute_labels(material.prototype)
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        if len(group.attributes) > 1 or group.withheld:
            continue
        ok, known = _printed(material, group), group.estimates
        name = f"{sentence(labels.get(group.attributes[0], group.attributes[0]))}: {group.groups[0]}"
        rows.append((
            name,
            kept(points(known["fnr_gap"]), ok),
            kept(measured(known["burden"], digits=0), ok),
            percentage(known["missingness"], 1),
            kept(measured(known["calibration_slope"], digits=2), _counted(material, group)),
        ))  # fmt: skip
    if not rows:
        return []
    columns = (
        "Group", "Missed, less all cases (points)", "Picked without the outcome, for 1,000 of the group",
        "Values of measures missing", "Calibration slope",
    )  # fmt: skip
    caption = "Who is missed more often, who bears the wrong picks, and whose records are thin"
    note = (
        f"{material.brackets} Points are percentage points; above 0 the group is missed more often than all cases are."
    )
    return [Folded(caption, table("groups-burden", caption, columns, rows, note=note))]


def _crossed(material: Material, groups: Sequence[GroupFigures]) -> list[Block]:
    pairs = dict.fromkeys(group.attributes for group in groups if len(group.attributes) > 1)
    if not pairs:
        return []
    blocks: list[Block] = [
        Heading("Two attributes together"),
        Text("These pairs were listed before the model was trained, so that nobody goes looking for a difference."),
    ]
    return [*blocks, *(block for pair in pairs for block in _pair(material, pair, groups))]


def _pair(material: Material, pair: tuple[str, ...], groups: Sequence[GroupFigures]) -> list[Block]:
    labels = attribute_labels(material.prototype)
    members = [group for group in groups if group.attributes == pair]
    told = printable_pairs(material.evaluation, material.groups, members, material.policy)
    may = {id(group): (group.attributes, group.groups) in told for group in members}
    names = {id(group): group_words(labels, group.attributes, group.groups) for group in members}
    missed = {
        id(group): kept(share_of(group.estimates.get("fnr"), group.events, material.policy), may[id(group)])
        for group in members
    }
    title = f"Missed, of those with the outcome: {' and '.join(labels.get(name, name) for name in pair)}"
    key = "pair-" + "-".join(pair).replace("_", "-")
    rows = [
        (names[id(group)], *_cells(material, group, missed[id(group)], may[id(group)]))
        for group in members
        if not group.withheld
    ]
    hidden = [names[id(group)] for group in members if group.withheld]
    notes: list[Block] = [Points((full_stop(f"Too small to report, even joined: {listed(hidden)}"),))] if hidden else []
    if not rows:
        return notes
    columns = ("Group", "Missed, of those with it", "Picked", "Right, of those picked", "Happened over predicted")
    behind = table(key, title, columns, rows, note=material.brackets)
    drawn = [g for g in members if missed[id(g)].value is not None]
    if len(drawn) < 2:
        return [behind, *notes]
    return [_chart(material, key, title, [Row(names[id(g)], *_dot(missed[id(g)])) for g in drawn], behind), *notes]


def _dot(figure: Figure) -> tuple[float | None, str, float | None, float | None]:
    return figure.value, figure.text, figure.low, figure.high


def _chart(material: Material, key: str, title: str, rows: Sequence[Row], behind: Table) -> Chart:
    recall = material.capacity.recall.value if material.capacity else None
    overall = None if recall is None else 1 - recall
    clear = [row.label for row in rows if overall is not None and row.low is not None and row.low > overall]
    reading = f"Clearly missed more often: {listed(clear)}." if clear else "No pair is clearly missed more often."
    words = "" if overall is None else f"all: {100 * overall:.0f}%"
    svg = charts.intervals(
        key, title, reading, rows, axis="Missed, of those with the outcome", percent=True, reference=overall,
        reference_words=words, span=(0.0, 1.0),  # one scale for all pairs, so that charts can be laid side by side
    )  # fmt: skip
    return Chart(key, title, reading, svg, (behind,))


def _cells(material: Material, group: GroupFigures, missed: Figure, ok: bool) -> tuple[Cell, ...]:
    known, policy = group.estimates, material.policy
    tpr, fpr = known["tpr"].value or 0.0, known["fpr"].value or 0.0
    picked = tpr * group.events + fpr * (group.n - group.events)
    return (
        missed,
        kept(share_of(known["selection_rate"], group.n, policy), ok),
        kept(share_of(known["ppv"], picked, policy), ok),
        kept(measured(known["oe"], digits=2), ok),
    )


def _printed(material: Material, group: GroupFigures) -> bool:
    """Whether the main fairness tables print what is found and what is wrongly picked of this group."""
    return any(
        one.attribute == group.attributes[0] and one.group == group.groups[0]
        and one.found.value is not None and one.wrongly_picked.value is not None
        for one in material.groups
    )  # fmt: skip


def _counted(material: Material, group: GroupFigures) -> bool:
    """Whether the main tables print how many cases and outcomes a group has: the width of an interval tells both."""
    return any(
        (one.attribute, one.group) == (group.attributes[0], group.groups[0])
        and one.n.value is not None and one.events.value is not None
        for one in material.groups
    )  # fmt: skip


def _cohorts(material: Material, over_time: Sequence[GroupAtDate]) -> list[Block]:
    labels = attribute_labels(material.prototype)
    told = printable_dates(over_time, material.policy)
    blocks: list[Block] = []
    for attribute in dict.fromkeys(one.attribute for one in over_time):
        own = [one for one in over_time if one.attribute == attribute]
        days = sorted({one.as_of for one in own})
        groups = list(dict.fromkeys(one.group for one in own))
        if len(days) < 2 or len(groups) < 2:
            continue
        at = {(one.group, one.as_of): one for one in own}
        rows: list[tuple[Cell, ...]] = [
            (sentence(group), *(_at(material, at.get((group, day)), told) for day in days)) for group in groups
        ]
        caption = f"Found, of those with the outcome, in each cohort: {labels.get(attribute, attribute)}"
        key = f"cohorts-{attribute.replace('_', '-')}"
        columns = ("Group", *(short_day(day) for day in days))
        blocks.append(Folded(caption, table(key, caption, columns, rows, note=_note(material, own))))
    if not blocks:
        return []
    words = "A difference that is there in one cohort only may be chance; one that is there in each is not."
    return [Heading("In every cohort"), Text(words), *blocks]


def _note(material: Material, own: Sequence[GroupAtDate]) -> str:
    tested = listed([short_day(day) for day in sorted({one.as_of for one in own if one.tested})])
    return (
        f"{material.brackets} The list of each cohort is cut at the same capacity. {tested}: the proposed model on its "
        f"test cases; earlier cohorts: logistic regression, each {material.unit} scored by a model fitted without it."
    )


def _at(material: Material, one: GroupAtDate | None, told: set[Told]) -> Figure:
    if one is None or one.tpr.value is None or one.selection_rate.value is None:
        return WITHHELD
    if one.tested and len(material.prototype.test_as_of) == 1:  # the figure of the main tables
        same = [group for group in material.groups if (group.attribute, group.group) == (one.attribute, one.group)]
        return same[0].found if same else WITHHELD
    return kept(share_of(one.tpr, one.events, material.policy), (one.attribute, one.group, one.as_of) in told)
