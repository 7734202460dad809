"""How well it works: both models beside the baselines, calibration, and usefulness at capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from riskmodel.evaluation.results import Estimate
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Point, Row, Series
from riskmodel.reporting.document import Block, Cell, Chart, Section, Table, Text, table
from riskmodel.reporting.figures import ABSENT, WITHHELD, Figure, measured
from riskmodel.reporting.material import Gaps, Material
from riskmodel.reporting.numbers import PrintedModel

_RANKING = ("auroc", "auprc", "brier", "scaled_brier")
_COMPARED = ("auroc", "brier", "precision")
_CALIBRATION = ("oe", "calibration_in_the_large", "calibration_slope", "ici")


def performance(material: Material, gaps: Gaps) -> Section:
    """Both models beside the baselines, with intervals and denominators."""
    gaps.need(material.families, "the results of the models", "models of the evaluation")
    gaps.need(material.baselines, "the results of the baselines", "models of the evaluation")
    title = "How well each way of ranking tells the cases apart"
    rows = [_ranked(model, model.name == material.evaluation.lead) for model in material.models.values()]
    reading = _ranking_words(material)
    chart = Chart(
        "ranking",
        title,
        reading,
        charts.intervals(
            "ranking",
            title,
            reading,
            rows,
            axis=wording.metric("auroc").label,
            reference=0.5,
            reference_words="0.5: by chance",
        ),
        (
            _metrics(
                material,
                list(material.models.values()),
                "metrics",
                f"Models and baselines on {material.tested_on}",
                _RANKING,
            ),
        ),
    )
    blocks: list[Block] = [
        Text(
            f"The model proposed for use is {material.lead.label.lower()}, chosen before the test cases were looked at."
        ),
        chart,
    ]
    if material.evaluation.comparisons:
        blocks.append(_comparisons(material))
    if material.evaluation.optimism:
        blocks.append(_optimism(material))
    return Section("performance", "The models beside the baselines", tuple(blocks))


def _ranked(model: PrintedModel, lead: bool) -> Row:
    figure = model.metrics.get("auroc", ABSENT)
    label = f"{model.label} (proposed)" if lead else model.label
    return Row(label, figure.value, figure.text, figure.low, figure.high, emphasis=lead)


def _ranking_words(material: Material) -> str:
    lead = material.lead.metrics.get("auroc", ABSENT)
    best = max(
        (m for m in material.baselines if m.metrics.get("auroc", ABSENT).value is not None),
        key=lambda m: m.metrics["auroc"].value or 0.0,
        default=None,
    )
    beside = f"; the best baseline, {best.label.lower()}, {best.metrics['auroc'].point}" if best else ""
    return f"The proposed model reaches {lead.point}{beside}. 0.5 is chance, 1 is perfect."


def _metrics(material: Material, models: Sequence[PrintedModel], key: str, caption: str, names: Sequence[str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (model.label, *(model.metrics.get(name, ABSENT) for name in names)) for model in models
    ]
    return table(key, caption, ("Model", *(wording.metric(name).label for name in names)), rows, note=material.brackets)


def _comparisons(material: Material) -> Table:
    """Each other model and baseline below the lead, in the figures that they all have."""
    found = {(one.metric, one.b): one.difference for one in material.evaluation.comparisons}
    others = list(dict.fromkeys(one.b for one in material.evaluation.comparisons))
    names = [name for name in _COMPARED if any((name, other) in found for other in others)]
    rows: list[tuple[Cell, ...]] = [
        (f"Less {wording.model(other).lower()}", *(_difference(material, found, name, other) for name in names))
        for other in others
    ]
    return table(
        "comparisons",
        f"{material.lead.label} less each other way of ranking, on the same {material.n.text} test cases",
        ("Difference", *(wording.metric(name).label for name in names)),
        rows,
        note=f"{material.brackets} A difference is clear when its interval does not include 0. For the Brier score "
        "less is better.",
    )


def _difference(material: Material, found: Mapping[tuple[str, str], Estimate], name: str, other: str) -> Figure:
    if name == "precision" and "withheld" in {_precision(material.lead), _precision(material.models[other])}:
        return WITHHELD
    return measured(found.get((name, other)), digits=wording.metric(name).digits)


def _precision(model: PrintedModel) -> str:
    """What kind of figure the model's precision at capacity is printed as."""
    point = model.at_capacity()
    return "absent" if point is None else point.precision.kind


def _optimism(material: Material) -> Table:
    whole = wording.sentence(material.units)
    names = {
        "random": f"Cases split at random, those of one {material.unit} on both sides",
        "household": f"{whole} kept whole, dates mixed",
        "honest": f"{whole} kept whole, tested on later cases, as on this card",
        "random - household": f"What cases of one {material.unit} on both sides would have added",
        "household - honest": "What cases of the same dates on both sides would have added",
    }
    rows = [
        (names.get(name, wording.sentence(name)), measured(estimate, digits=wording.metric("auroc").digits))
        for name, estimate in material.evaluation.optimism.items()
    ]
    notes = [estimate.note for estimate in material.evaluation.optimism.values()]
    sampled = next((f" {note}" for note in notes if note.startswith("On a sample")), "")
    return table(
        "optimism",
        "What a more careless split of the same cases would have shown",
        ("Way of splitting", wording.metric("auroc").label),
        rows,
        note=f"{material.brackets} The proposed kind of model, fitted again for each split with as many cases; the "
        "easier splits are the mean of several draws. An addition is clear when its interval does not include 0."
        f"{sampled}",
    )


def calibration(material: Material, gaps: Gaps) -> Section:
    """Whether a risk of 20 % happens in 20 of 100 cases."""
    drawn: list[Block] = [
        _calibration_chart(model, material.policy.threshold) for model in material.families if model.calibration
    ]
    gaps.need(drawn, "calibration curves", "calibration_curve of the models of the evaluation")
    spread = [
        model for model in material.models.values() if model.metrics.get("calibration_slope", ABSENT).value is not None
    ]
    summary = _metrics(material, spread, "calibration", f"Calibration on {material.tested_on}", _CALIBRATION)
    said = Text(
        "A model is calibrated when, of the cases given a risk of 20%, 20 in 100 have the outcome. The closer the "
        "dots are "
        "to the dashed line, the better."
    )
    return Section("calibration", "Calibration: is a risk of 20% really 20 in 100", (said, *drawn, summary))


def _calibration_chart(model: PrintedModel, threshold: int) -> Chart:
    key, title = f"calibration-{model.name.replace('_', '-')}", f"{model.label}: predicted risk and what happened"
    points = [
        Point(p.predicted.value, p.observed.value, p.observed.low, p.observed.high)
        for p in model.calibration
        if p.predicted.value is not None and p.observed.value is not None
    ]
    reading = _calibration_words(model)
    bins = [(bar.low, bar.high, bar.share.value or 0.0) for bar in model.histogram]
    smooth = [Point(*values) for values in model.smooth]
    behind = table(
        f"{key}-points",
        f"{model.label}: cases in order of predicted risk",
        ("Group of cases", "Cases", "With the outcome", "Predicted risk", "Had the outcome"),
        [(f"Group {n}", p.n, p.events, p.predicted, p.observed) for n, p in enumerate(model.calibration, 1)],
        note=f"Tenths of the cases, joined where fewer than {threshold} had, or had not, the outcome. In brackets: 95% "
        "interval (Wilson).",
        drawn=True,
    )
    spread = table(
        f"{key}-spread",
        f"{model.label}: how many cases have each predicted risk",
        ("Predicted risk", "Cases", "Share of all"),
        [(f"{100 * b.low:.3g}% to {100 * b.high:.3g}%", b.n, b.share) for b in model.histogram],
        drawn=True,
    )
    return Chart(key, title, reading, charts.calibration(key, title, reading, points, bins, smooth), (behind, spread))


def _calibration_words(model: PrintedModel) -> str:
    slope, ratio = model.metrics.get("calibration_slope", ABSENT), model.metrics.get("oe", ABSENT)
    return (
        f"For each outcome predicted {ratio.point} happened; the slope is {slope.point} (1 is right, below 1 the "
        f"risks are "
        "too extreme)."
    )


def capacity(material: Material, gaps: Gaps) -> Section:
    """What the list finds at different lengths, and whether using it beats visiting everybody or nobody."""
    lead = material.lead
    gaps.need(lead.capacity, "what the list finds at different lengths", "capacity points of the evaluation")
    blocks: list[Block] = [_found_chart(material)] if lead.capacity else []
    if lead.decisions:
        blocks.append(_decision_chart(material))
    elif material.evaluation.models[lead.name].decision_curve:
        blocks.append(Text("Net benefit is withheld: too few cases with or without the outcome would be picked."))
    else:
        gaps.need(None, "net benefit", "decision_curve of the evaluation")
    if material.capacity is not None:
        blocks.insert(0, _ways_of_choosing(material, material.capacity.words))
    return Section("capacity", "Usefulness at the length of list there is room for", tuple(blocks))


def _ways_of_choosing(material: Material, words: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for model in material.models.values():
        point = model.at_capacity()
        if point is not None:
            rows.append((model.label, point.picked, point.precision, point.recall))
    return table(
        "ways-of-choosing",
        f"Ways of choosing the {wording.lower_first(words)} of the list, tried on the same {material.tested_on}",
        ("Way of choosing", "Picked", "Had the outcome, of those picked", "Found, of those with the outcome"),
        rows,
        note=material.brackets,
    )


def _found_chart(material: Material) -> Chart | Table:
    title = "Share of all cases with the outcome that a list of each length finds"
    shown = [*material.families, *_best_baseline(material)][:4]
    series = [_found_series(model) for model in shown]
    point = material.capacity
    reading = "Lists of each length."
    if point is not None:
        found, right = point.recall.point, point.precision.point
        reading = f"{point.words}, for which there is room: {found} found, {right} of those picked right."
    rows: list[tuple[Cell, ...]] = []
    for model in shown:
        for p in model.capacity:
            here = f"{model.label}, {p.words.lower()}" + (" (capacity)" if p.is_capacity else "")
            rows.append((here, p.picked, p.found, p.precision, p.recall, p.needed_to_visit, p.threshold))
    behind = table(
        "capacity-points",
        f"Lists of each length, on {material.tested_on}",
        (
            "List",
            "Picked",
            "Found",
            "Right, of those picked",
            "Found, of all with the outcome",
            f"{wording.sentence(material.helps)} for one found",
            "Cut-off",
        ),
        rows,
        note=f"{material.brackets} Cut-off: the lowest predicted risk on the list; cases tied there are shared out.",
    )
    drawn = [one for one in series if one.points]
    if len({point.x for one in drawn for point in one.points}) < 2:
        return behind  # one point is no curve
    svg = charts.curves(
        "found",
        title,
        reading,
        drawn,
        x_label="Share of all cases that are picked",
        y_label="Found, of all with the outcome",
        mark=None if point is None else point.share,
        mark_words="capacity",
    )
    return Chart("found", title, reading, svg, (behind,))


def _best_baseline(material: Material) -> list[PrintedModel]:
    """The baselines somebody might use instead, those that choose worst left out."""
    useful = [
        m for m in material.baselines if m.name != "base_rate" and any(p.recall.value is not None for p in m.capacity)
    ]
    return sorted(useful, key=lambda m: -max(p.recall.value or 0.0 for p in m.capacity))[:2]


def _found_series(model: PrintedModel) -> Series:
    known = [p for p in model.capacity if p.recall.value is not None]
    points = [Point(p.share, p.recall.value or 0.0, p.recall.low, p.recall.high) for p in known]
    return Series(model.label, points)


def _decision_chart(material: Material) -> Chart:
    model = material.lead
    title = "Net benefit of picking by the model, everybody or nobody"
    curve = [
        Series(
            label,
            [Point(d.threshold.value or 0.0, f.value, f.low, f.high) for d, f in values if f.value is not None],
            False,
        )
        for label, values in (
            (f"{model.label}, with its 95% band", [(d, d.model) for d in model.decisions]),
            ("Everybody is picked", [(d, _pointed(d.everybody)) for d in model.decisions]),
        )
    ]
    best = [d.threshold.text for d in model.decisions if d.gain.low is not None and d.gain.low > 0]
    reading = (
        f"The model does clearly better than picking everybody or nobody when the threshold is between {best[0]} and "
        f"{best[-1]}."
        if len(best) > 1
        else "The model does not do clearly better than picking everybody or nobody."
    )
    rows = [(d.threshold.text, d.model, d.everybody, d.gain) for d in model.decisions]
    behind = table(
        "decisions",
        f"Net benefit for each 100 cases, on {material.tested_on}",
        ("Threshold", "Picking by the model", "Picking everybody", "Gain over the better of everybody and nobody"),
        rows,
        note="Net benefit: cases rightly picked, less a charge for each wrongly picked that grows with the threshold. "
        "The "
        "threshold is the risk above which help is worth offering. Picking nobody is 0. " + material.brackets,
    )
    lead_values = [v for d in model.decisions for v in (d.model.low, d.model.value, d.model.high) if v is not None]
    svg = charts.curves(
        "decisions-chart",
        title,
        reading,
        curve,
        x_label="Risk above which help is worth offering",
        y_label="Net benefit for each 100 cases (nobody picked: 0)",
        y_percent=False,
        floor=_floor(lead_values),
    )
    return Chart("decisions-chart", title, reading, svg, (behind,))


def _floor(values: Sequence[float]) -> float:
    """Where to cut the curve of picking everybody, which falls so far that nothing else could be seen."""
    return min([*values, -0.2 * max([*values, 0.5])])


def _pointed(figure: Figure) -> Figure:
    """The figure without its interval, for a thin line."""
    return Figure(figure.point, figure.value, kind=figure.kind)
