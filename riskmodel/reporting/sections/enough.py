"""Whether there were enough data: the sample-size criteria, and what more would add."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.validation.results import LearningCurve, Preflight, Projection, SampleNeed
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Point, Series
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Block, Cell, Chart, Section, Table, Text, table
from riskmodel.reporting.figures import Figure, counted, measured, number, proportion
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import full_stop, lower_first, sentence


def enough(material: Material) -> Section | None:
    """The pre-flight check beside what was there, and the learning curve."""
    found = material.evidence.validation if material.evidence else None
    if found is None:
        return None
    drawn = [Text(f"Learning from fewer cases was tried as follows. {found.sample}")] if found.sample else []
    blocks = [*_planned(found.sample_size, material.policy), *drawn, *_learnt(found.learning, material)]
    return Section("enough", "Were there enough data, and would more help", tuple(blocks))


def _planned(found: Preflight, policy: Policy) -> list[Block]:
    short = [need for need in (*found.develop, *found.test) if not need.met]
    said = (
        f"Before a model is built one can work out how many cases it needs. Planned for a ranking (AUROC) of "
        f"{found.auroc:.2f}, {found.auroc_from}, with {found.parameters} parameters and "
        f"{_percent(found.prevalence)} of the cases with the outcome."
    )
    verdict = "All criteria are met." if not short else _too_few(found)
    return [Text(f"{said} {verdict}"), _needs(found, policy), *([Text(found.note)] if found.note else [])]


def _percent(prevalence: float) -> str:
    return proportion(prevalence, digits=0 if prevalence >= 0.1 else 1).text


def _too_few(found: Preflight) -> str:
    words = []
    if any(not need.met for need in found.develop):
        words.append(
            "There were fewer cases to learn from than the criteria ask for, so the model leans on being held back "
            "(its effects are shrunk), and a model of other cases would come out more different than one would like."
        )
    if any(not need.met for need in found.test):
        words.append("There were fewer cases to test on than are needed for intervals as narrow as one would like.")
    return " ".join(words)


def _needs(found: Preflight, policy: Policy) -> Table:
    rows = [*_need_rows("To learn from", found.develop, policy), *_need_rows("To test on", found.test, policy)]
    columns = ("So that", "Cases needed", "Outcomes needed", "Cases there", "Outcomes there", "Enough")
    return table(
        "sample-size", "Cases needed, and cases there", columns, rows,
        note="Criteria of Riley and others (2019, 2021), for a logistic model of these features. "
        f"{found.events_per_parameter:.1f} outcomes a parameter were there.",
    )  # fmt: skip


def _need_rows(part: str, needs: Sequence[SampleNeed], policy: Policy) -> list[tuple[Cell, ...]]:
    return [
        (
            f"{part}: {need.criterion}",
            _plain(need.needed_n),
            _plain(need.needed_events),
            counted(need.n, policy),
            counted(need.events, policy, whole=need.n),
            "yes" if need.met else "no",
        )
        for need in needs
    ]


def _learnt(curve: LearningCurve, material: Material) -> list[Block]:
    if not curve.points:
        return [Text(f"No learning curve was drawn. {full_stop(curve.why_not)}")]
    title = "How well it ranks after learning from fewer cases"
    projection = curve.projections["auroc"]
    reading = _gain(projection, material.policy)
    return [_drawn(curve, projection, title, reading, material), _projected(curve)]


def _gain(found: Projection, policy: Policy) -> str:
    gain, metric = measured(found.gain, digits=3), wording.metric("auroc")
    learnt = counted(found.train_n, policy).text
    clear = found.gain.low is not None and found.gain.low > 0
    if not clear:
        return f"Going on from {learnt} cases, twice as many would not clearly improve the ranking: {gain.text}."
    return (
        f"Going on from {learnt} cases, twice as many would be expected to add {gain.text} to the "
        f"{lower_first(metric.label)}."
    )


def _drawn(curve: LearningCurve, found: Projection, title: str, reading: str, material: Material) -> Chart:
    policy = material.policy
    figures = [measured(point.estimates["auroc"], digits=3) for point in curve.points]
    measured_points = [
        Point(_size(point.train_n, policy), figure.value, figure.low, figure.high)
        for point, figure in zip(curve.points, figures, strict=True)
        if figure.value is not None
    ]
    ends = [
        (size, measured(e, digits=3)) for size, e in ((found.train_n, found.now), (2 * found.train_n, found.doubled))
    ]
    ahead = [Point(_size(size, policy), e.value) for size, e in ends if e.value is not None]
    series = [Series("Measured, with 95% interval", measured_points), Series("Expected with twice as many", ahead)]
    svg = charts.curves(
        "learning", title, reading, series, x_label="Cases learnt from", y_label=wording.metric("auroc").label,
        x_percent=False, y_percent=False, bottom=0.5,
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            f"{100 * point.share:.0f}%",
            counted(point.train_n, policy),
            counted(point.train_events, policy, whole=point.train_n),
            *(measured(point.estimates[name], digits=digits) for name, digits in (("auroc", 3), ("brier", 4))),
        )
        for point in curve.points
    ]
    columns = (
        f"{sentence(material.units)} learnt from",
        "Cases",
        "With the outcome",
        *(_label(name) for name in ("auroc", "brier")),
    )
    draws = max(point.draws for point in curve.points)
    note = (
        f"The same test cases throughout. Below 100%: mean of {draws} draws of {material.units}. "
        f"In brackets: 95% interval from resampling whole {material.units} and draws."
    )
    return Chart("learning", title, reading, svg, (table("learning-table", title, columns, rows, note=note),))


def _projected(curve: LearningCurve) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            _label(name),
            measured(found.now, digits=digits),
            measured(found.doubled, digits=digits),
            measured(found.gain, digits=digits),
        )
        for (name, found), digits in zip(curve.projections.items(), (3, 4), strict=True)
    ]
    return table(
        "learning-gain", "What twice the data would be expected to bring",
        ("Figure", "On the curve now", "With twice the data", "Gain"), rows,
        note="An inverse power law through the curve. It supposes that more data would be of the same kind; more kinds "
        "of data, or better outcomes, may help more. A gain counts so that more is better.",
    )  # fmt: skip


def _label(name: str) -> str:
    return wording.metric(name).label


def _size(n: int, policy: Policy) -> float:
    """A number of cases as it is printed, as a place on the axis."""
    return counted(n, policy).value or 0.0


def _plain(n: int) -> Figure:
    """A count of things that are not people."""
    return number(float(n), digits=0) if n < 1000 else Figure(f"{n:,}", float(n))
