"""How much scores, the list and its reasons would differ had the model been trained on another sample."""

from __future__ import annotations

from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.stability import FIRM, BandByRisk, Stability
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Section, Table, Text, table
from riskmodel.reporting.figures import ABSENT, WITHHELD, Figure, counted, measured, proportion, shared
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import hundredths


def stability(material: Material) -> Section | None:
    """What changes when the model is fitted again on resamples of its training households."""
    found = material.evidence.stability if material.evidence else None
    if found is None:
        return None
    said = Text(
        f"The model was fitted again {found.refits:,} times, each time on another draw of as many {material.units} "
        "from those it was trained on, with another random seed. What changes between these refits is owed to "
        "chance: it would have come out otherwise with another sample of the same kind."
    )
    blocks: list[Block] = [said]
    if found.listed >= material.policy.threshold:
        blocks += [_list_chart(found), _figures(found, material)]
    shown = [group for group in found.band if group.risk.n >= material.policy.threshold]
    if shown:
        blocks.append(_band_chart(shown, material))
    return Section("stability", "Would another sample have given the same list", tuple(blocks))


def _list_chart(found: Stability) -> Chart:
    others = hundredths(found.replaced.value)
    title = "Of 100 on the list, how many would be others"
    reading = (
        f"Of 100 on the list, about {others} would be others had the model been trained on another sample like this "
        f"one; drawn by lot, {hundredths(found.by_chance)} would be."
    )
    rows: list[tuple[Cell, ...]] = [
        ("Trained on another sample of this size", _percent(found.replaced)),
        ("Trained with another random seed only", _by_seed(found)),
        ("Drawn by lot", proportion(found.by_chance)),
    ]
    behind = table(
        "stability-list",
        "Share of the list that would be others",
        ("When", "Others on the list"),
        rows,
        note=f"In brackets: where 95 in 100 pairs of {found.refits:,} refits lie. List: the top "
        f"{100 * found.capacity:.3g}% of the test cases.",
    )
    return Chart(
        "stability-hundred", title, reading, charts.hundred("stability-hundred", title, reading, others), (behind,)
    )


def _by_seed(found: Stability) -> Figure:
    if found.replaced_by_seed is None:
        return Figure("none: nothing in it is random", 0.0, kind="share")
    return _percent(found.replaced_by_seed)


def _figures(found: Stability, material: Material) -> Table:
    firm = found.firm
    places = shared((firm.value or 0.0) * firm.n, firm.n, material.policy, low=firm.low, high=firm.high)
    rows: list[tuple[Cell, ...]] = [
        (f"Places on the list that are firm (on it in {FIRM:.0%} of refits or more)", places),
        ("First reason stays the same", _percent(found.top_reason_stays)),
        ("First reason stays within its theme", _percent(found.top_theme_stays)),
        ("Overlap of the three reasons", _percent(found.reasons_shared)),
        (wording.metric("auroc").label, measured(found.auroc, digits=wording.metric("auroc").digits)),
    ]
    return table(
        "stability-figures",
        f"What stays, among {counted(found.listed, material.policy).text} listed cases",
        ("Measure", "Over the refits"),
        rows,
        note="In brackets: where 95 in 100 refits lie; for firm places a 95% interval (Wilson). Overlap: reasons in "
        "common, of all reasons named by either. Two measures that say nearly the same may take turns as the reason.",
    )


def _band_chart(groups: list[BandByRisk], material: Material) -> Chart:
    title = "How far single scores move when the model is fitted again"
    rows = []
    for group in groups:
        figure = _percent(group.risk, digits=1)
        rows.append(Row(_group_words(group, len(groups)), figure.value, figure.text, figure.low, figure.high))
    widest = max(groups, key=lambda group: group.width.value or 0.0)
    reading = (
        "The line is where 9 in 10 refits put a typical case. The band is widest in group "
        f"{widest.group}: half of its cases have a band of more than {_points(widest.width)} percentage points."
    )
    cells: list[tuple[Cell, ...]] = [
        (
            _group_words(group, len(groups)),
            counted(group.risk.n, material.policy),
            _percent(group.risk, digits=1),
            _percent(group.width, digits=1),
            _percent(group.rank_width),
        )
        for group in groups
    ]
    behind = table(
        "stability-bands",
        "Bands of single scores, by predicted risk",
        (
            "Cases in order of risk",
            "Cases",
            "Mean risk, and its band",
            "Width of the band",
            "Places that the rank moves",
        ),
        cells,
        note="Band: 5th to 95th percentile over the refits. Widths: the median case, in brackets the middle half of "
        "them; places as a share of the whole cohort. Nobody's own band is shown here; the list has them.",
    )
    svg = charts.intervals("stability-band", title, reading, rows, axis="Predicted risk", percent=True)
    return Chart("stability-band", title, reading, svg, (behind,))


def _group_words(group: BandByRisk, groups: int) -> str:
    return f"Group {group.group} of {groups}"


def _points(width: Estimate) -> str:
    return f"{100 * (width.value or 0.0):.0f}"


def _percent(estimate: Estimate, *, digits: int = 0) -> Figure:
    if estimate.value is None:
        return ABSENT if estimate.n else WITHHELD
    return proportion(estimate.value, estimate.low, estimate.high, digits=digits)
