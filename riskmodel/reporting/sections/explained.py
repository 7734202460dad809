"""What moves the scores in detail: themes, partners, effect curves, the test of reasons, and an invented example."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.contributions import Explained, ShareOfMovement
from riskmodel.evaluation.effects import EffectBin, EffectCurve
from riskmodel.evaluation.faithfulness import Faithfulness
from riskmodel.evaluation.invented import InventedExample
from riskmodel.evaluation.reasons import NOT_QUOTED
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Point, Row, Series
from riskmodel.reporting.document import Block, Callout, Cell, Chart, Folded, Points, Section, Table, Text, table
from riskmodel.reporting.figures import Figure, counted, number, proportion, shared
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import sentence

#: Curves that are drawn; the table has them all.
DRAWN = 4
_ADDS = "Adds to the score (log-odds)"


def explained(material: Material) -> Section | None:
    """Contributions by theme and partner, along the strongest measures, and whether reasons are true of the score."""
    found = material.evidence.explained if material.evidence else None
    if found is None or not found.themes:
        return None
    threshold = material.policy.threshold
    curves = [(curve, [one for one in curve.bins if one.contribution.n >= threshold]) for curve in found.curves]
    usable = [(curve, bins) for curve, bins in curves if len(bins) > 1]
    blocks: list[Block] = [_themes(found, material), _partners(found, material)]
    blocks += [_curve(curve, bins, material) for curve, bins in usable[:DRAWN]]
    if usable:
        blocks.append(Folded("Every curve as a table", _all_curves(usable, material)))
    blocks.append(Text(_faithful(found.faithfulness, material)))
    blocks += _reasons(found)
    if found.example is not None:
        blocks.append(_example(found.example))
    return Section("explained", "What moves the scores, by theme, and whether reasons hold", tuple(blocks))


def _themes(found: Explained, material: Material) -> Chart:
    title = "Themes that move the scores"
    rows = []
    for one in found.themes[:12]:
        figure = _share(one)
        rows.append(Row(sentence(one.name), figure.value, figure.text))
    first = found.themes[0]
    reading = f"{sentence(first.name)} moves the scores most: {_share(first).point} of all movement."
    return Chart(
        "themes",
        title,
        reading,
        charts.bars("themes", title, reading, rows),
        (_shares("themes", title, found.themes, material),),
    )


def _partners(found: Explained, material: Material) -> Table:
    return _shares("partners-movement", "What each partner's records move", found.partners, material)


def _shares(key: str, caption: str, shares: Sequence[ShareOfMovement], material: Material) -> Table:
    rows: list[tuple[Cell, ...]] = [(sentence(one.name), str(one.features), _share(one)) for one in shares]
    note = f"Measures of a theme are added up for each case before sizes are averaged. {material.brackets}"
    return Table(key, caption, ("From", "Measures", "Share of movement"), tuple(rows), (False, True, True), note)


def _share(one: ShareOfMovement) -> Figure:
    value = one.share.value or 0.0
    return proportion(value, one.share.low, one.share.high, digits=0 if value >= 0.1 else 1)


def _curve(curve: EffectCurve, bins: Sequence[EffectBin], material: Material) -> Chart:
    key, title = f"effect-{curve.feature.replace('_', '-')}", f"{sentence(curve.label)} ({curve.partner})"
    low, high = bins[0], bins[-1]
    if curve.kind == "number":
        ends = [number(one.contribution.value, digits=2).text for one in (low, high)]
        reading = (
            f"Where the value is {low.words} it adds {ends[0]} on average, where it is {high.words} it adds {ends[1]}."
        )
        points = [
            Point(one.value, one.contribution.value or 0.0, one.contribution.low, one.contribution.high) for one in bins
        ]
        svg = charts.curves(
            key, title, reading, [Series("Mean contribution, with its 95% interval", points)],
            x_label="Value, from the 5th to the 95th percentile", y_label=_ADDS, x_percent=False, y_percent=False,
        )  # fmt: skip
    else:
        reading = "Above 0 it raises the score, below 0 it lowers it."
        rows = []
        for one in bins:
            figure = number(one.contribution.value, one.contribution.low, one.contribution.high)
            rows.append(Row(sentence(one.words), figure.value, figure.text, figure.low, figure.high))
        svg = charts.intervals(key, title, reading, rows, axis=_ADDS, reference=0.0, reference_words="0: no effect")
    behind = _curve_table(f"{key}-bins", title, [(curve, bins)], material, drawn=True)
    return Chart(key, title, reading, svg, (behind,))


def _all_curves(curves: Sequence[tuple[EffectCurve, Sequence[EffectBin]]], material: Material) -> Table:
    return _curve_table("effects", "Mean contribution along the strongest measures", curves, material)


def _curve_table(
    key: str,
    caption: str,
    curves: Sequence[tuple[EffectCurve, Sequence[EffectBin]]],
    material: Material,
    *,
    drawn: bool = False,
) -> Table:
    # Without counts: many tables of the same people, cut in many ways, could be subtracted from one another.
    rows: list[tuple[Cell, ...]] = [
        (
            f"{sentence(curve.label)}: {one.words}",
            number(one.contribution.value, one.contribution.low, one.contribution.high),
        )
        for curve, bins in curves
        for one in bins
    ]
    note = (
        f"Each line stands for {material.policy.threshold} cases or more. Values below the 5th and above the 95th "
        "percentile are left out, the others rounded. In brackets: 95% interval."
    )
    return table(key, caption, ("Measure: value", _ADDS), rows, note=note, drawn=drawn)


def _faithful(found: Faithfulness, material: Material) -> str:
    falls = found.falls
    if falls.value is None or falls.n < material.policy.minimum_denominator:
        return "Too few listed cases have a reason for reasons to be put to the test."
    share = shared(falls.value * falls.n, falls.n, material.policy, low=falls.low, high=falls.high)
    fell = share.text if share.value is not None else "all, or nearly all,"
    change = number(100 * -(found.change.value or 0.0), digits=1)
    return (
        f"Reasons were put to the test on {counted(falls.n, material.policy).text} listed cases: what the first reason "
        f"names was set to its usual value (the median of training, or “no”). The score fell in {fell} of them, and "
        f"the chance by {change.text} percentage points on average."
    )


def _reasons(found: Explained) -> list[Block]:
    blocks: list[Block] = []
    if found.not_quoted:
        words = "One measure moves" if found.not_quoted == 1 else f"{found.not_quoted} measures move"
        blocks.append(
            Text(
                f"{words} scores but may not be named as a reason, so that nobody learns from a list that somebody "
                f"disclosed something. In their place a list says: {NOT_QUOTED}."
            )
        )
    if found.turned_round:
        lead = (
            "These measures are used against the direction they were declared with, as happens when several say nearly "
            "the same. Their words would be untrue, so they are never given as a reason:"
        )
        blocks.append(Points(tuple(f"{sentence(label)}." for label in found.turned_round), lead))
    return blocks


def _example(example: InventedExample) -> Callout:
    return Callout(
        "note",
        "An invented example",
        "No person stands behind this. Every measure has its usual value of training, but for these: "
        f"{'; '.join(example.raised)}. A practitioner would read: “{example.sentence}”",
    )
