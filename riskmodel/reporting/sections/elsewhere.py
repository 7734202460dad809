"""Whether the model holds at other dates and in places it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riskmodel.declare import Prototype
from riskmodel.evaluation.validation.results import MEASURED, Areas, Fold, NotPossible, Origins
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Row
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Block, Cell, Chart, Points, Section, Table, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, counted, measured, number
from riskmodel.reporting.material import Material
from riskmodel.reporting.suppression import Cells, withhold
from riskmodel.reporting.wording import full_stop, listed, sentence, short_day

_DISTRICTS = "Districts that could not be tested alone, and why:"
_LABELS = tuple(wording.metric(name).label for name in MEASURED)


def elsewhere(material: Material) -> Section | None:
    """Tests at every date that allows one, and in each area with a model that never saw it."""
    found = material.evidence.validation if material.evidence else None
    if found is None:
        return None
    cohort = material.prototype.cohort
    apart = "" if cohort.together is None else f" and without any {cohort.called[0]} of the same {material.unit}"
    said = Text(
        f"Each test in this section was made anew: {wording.model(found.family).lower()}, with its settings chosen, "
        f"fitted and set right without the cases it is tested on{apart}. "
        f"{found.sample}".strip()
    )
    return Section(
        "elsewhere",
        "Does it hold at other times and in other places",
        (
            said,
            *_dates(found.origins, material),
            *_places(found.areas, material),
            *_districts(found.districts, material),
        ),
    )


def _dates(origins: Origins, material: Material) -> list[Block]:
    """One row a test date; dates that could not be tested are named with the reason."""
    prototype = material.prototype
    blocks: list[Block] = [
        Text(
            f"An outcome takes {prototype.outcome.within} to be known. At each date below a model was made from the "
            "cohorts whose outcomes were complete by then, and from no later one, and tested on the cohort of that "
            "date."
        )
    ]
    if origins.folds:
        title = "Tested at each date with what was known by then"
        rows = [_date_row(fold, prototype, material.policy) for fold in origins.folds]
        columns = ("Test date", "Learnt from", "Cases", *_LABELS)
        behind = table("origins", title, columns, rows, note=material.brackets)
        blocks.append(behind if len(origins.folds) == 1 else _over_time(origins.folds, title, behind))
    if len(origins.folds) == 1:
        blocks.append(Text("Only one date could be tested, so how the figures move over the years is not known."))
    noted: dict[str, list[str]] = {}
    for fold in origins.folds:
        if fold.note:
            noted.setdefault(fold.note, []).append(short_day(fold.name))
    blocks += [Text(full_stop(f"{listed(days)}: {note}")) for note, days in noted.items()]
    return blocks + _impossible(origins.not_possible, "Dates that could not be tested, and why:")


def _over_time(folds: Sequence[Fold], title: str, behind: Table) -> Chart:
    rows = [_row(short_day(fold.name), fold) for fold in folds]
    values = [row.value for row in rows if row.value is not None]
    reading = f"Between {min(values):.3f} and {max(values):.3f} at {len(folds)} dates." if values else title
    axis = wording.metric("auroc").label
    svg = charts.intervals(
        "origins-chart", title, reading, rows, axis=axis, reference=0.5, reference_words="0.5: by chance"
    )
    return Chart("origins-chart", title, reading, svg, (behind,))


def _date_row(fold: Fold, prototype: Prototype, policy: Policy) -> tuple[Cell, ...]:
    learnt = listed([short_day(day) for day in fold.members])
    return f"{short_day(fold.name)} ({_role(fold.name, prototype)})", learnt, counted(fold.n, policy), *_figures(fold)


def _role(day: str, prototype: Prototype) -> str:
    if day in {str(other) for other in prototype.test_as_of}:
        return "the test"
    return "also learnt from" if day in {str(other) for other in prototype.train_as_of} else "only tried here"


def _places(areas: Areas, material: Material) -> list[Block]:
    """The forest of areas, with the average and the interval for an area not yet seen."""
    if not areas.folds:
        return [Text(f"No area was left out. {full_stop(areas.why_not)}")]
    counts = _counts(areas, material.policy)
    cells: list[tuple[Cell, ...]] = [
        (material.spoken(fold.name), *count, *_figures(fold)) for fold, count in zip(areas.folds, counts, strict=True)
    ]
    columns = ("Area", "Cases", "With the outcome", *_LABELS)
    title = "Each area, ranked by a model that never saw it"
    blocks: list[Block] = [
        _forest(areas, "areas", "area", table("areas-table", title, columns, cells, note=material.brackets), material)
    ]
    if areas.pooled:
        blocks.append(_average(areas, "areas", "areas or groups of areas"))
    else:
        blocks.append(Text("There are too few areas to say what to expect of a new one."))
    blocks += _impossible(_named(areas.not_possible, material), "Areas that could not be tested alone, and why:")
    return [*blocks, Text(areas.note)]


def _districts(districts: Areas, material: Material) -> list[Block]:
    """The same for districts, without counts: those of areas, which the districts add up, are printed already."""
    if not districts.folds:
        said = districts.why_not or districts.note
        return (
            [Text(full_stop(said)), *_impossible(_named(districts.not_possible, material), _DISTRICTS)] if said else []
        )
    cells: list[tuple[Cell, ...]] = [(material.spoken(fold.name), *_figures(fold)) for fold in districts.folds]
    title = "Each district, ranked by a model that never saw it"
    behind = table("districts-table", title, ("District", *_LABELS), cells, note=material.brackets)
    blocks: list[Block] = [_forest(districts, "districts", "district", behind, material)]
    if districts.pooled:
        blocks.append(_average(districts, "districts", "districts"))
    else:
        blocks.append(Text("There are too few districts to say what to expect of a new one."))
    return [*blocks, *_impossible(_named(districts.not_possible, material), _DISTRICTS), Text(districts.note)]


def _forest(areas: Areas, key: str, one: str, behind: Table, material: Material) -> Chart:
    title = behind.caption
    rows = [_row(material.spoken(fold.name), fold) for fold in areas.folds]
    reading = f"Each line is {'an' if one[0] in 'aeiou' else 'a'} {one} whose cases the model had not learnt from."
    if pooled := areas.pooled.get("auroc"):
        mean = measured(pooled.mean, digits=3)
        low, high = pooled.new_area.low, pooled.new_area.high
        new = number(pooled.new_area.value, low, high, digits=3)
        rows += [
            Row(f"All {one}s together", mean.value, mean.text, mean.low, mean.high, emphasis=True),
            Row(f"To be expected in a new {one}", None, f"{new.low:.3f} to {new.high:.3f}", new.low, new.high),
        ]
        reading = (
            f"On average over {one}s {mean.text}. In a new {one}, like these but not seen, the model is expected to "
            f"reach between {new.low:.2f} and {new.high:.2f}."
        )
    axis = wording.metric("auroc").label
    svg = charts.intervals(key, title, reading, rows, axis=axis, reference=0.5, reference_words="0.5: by chance")
    return Chart(key, title, reading, svg, (behind,))


def _average(areas: Areas, key: str, several: str) -> Block:
    one = key.removesuffix("s")
    rows: list[tuple[Cell, ...]] = []
    for name, pooled in areas.pooled.items():
        metric = wording.metric(name)
        new = number(pooled.new_area.value, pooled.new_area.low, pooled.new_area.high, digits=metric.digits)
        span = Figure(f"{new.low:.{metric.digits}f} to {new.high:.{metric.digits}f}", None, new.low, new.high)
        spread = Figure(f"{100 * pooled.i2:.0f}%", round(pooled.i2, 2), kind="share")
        rows.append((metric.label, measured(pooled.mean, digits=metric.digits), span, spread))
    return table(
        f"{key}-pooled",
        f"The average over {len(areas.folds)} {several}, and what to expect of a new one",
        ("Figure", f"Average over {key}", f"A new {one} (95%)", "Spread that is not chance"),
        rows,
        note="Random-effects pooling (REML, Hartung-Knapp) of log-odds of the AUROC, log of O:E, and the slope. The "
        f"interval of a new {one} allows for not knowing exactly how far {key} differ.",
    )


def _row(label: str, fold: Fold) -> Row:
    figure = measured(fold.estimates.get("auroc"), digits=3)
    return Row(label, figure.value, figure.text, figure.low, figure.high)


def _figures(fold: Fold) -> tuple[Figure, ...]:
    return tuple(measured(fold.estimates.get(name), digits=wording.metric(name).digits) for name in MEASURED)


def _counts(areas: Areas, policy: Policy) -> list[tuple[Figure, Figure]]:
    """Cases and outcomes of each area, less what would give away a few people in none of them."""
    cells: dict[str, float] = {}
    for place, fold in enumerate(areas.folds):
        cells |= {f"{place} yes": fold.events, f"{place} no": fold.n - fold.events}
    if areas.outside_n:
        cells |= {"rest yes": areas.outside_events, "rest no": areas.outside_n - areas.outside_events}
    everybody: dict[str, Cells] = {"all n": tuple(cells), "all events": tuple(c for c in cells if c.endswith("yes"))}
    figures = dict(everybody)
    for place in range(len(areas.folds)):
        figures |= {f"{place} n": (f"{place} yes", f"{place} no"), f"{place} events": (f"{place} yes",)}
    rest: list[Cells] = [("rest yes", "rest no")] if areas.outside_n else []
    hidden = withhold(cells, figures, guarded=rest, keep=set(everybody), policy=policy)
    return [
        (
            WITHHELD if f"{place} n" in hidden else counted(fold.n, policy),
            WITHHELD if f"{place} events" in hidden else counted(fold.events, policy, whole=fold.n),
        )
        for place, fold in enumerate(areas.folds)
    ]


def _named(parts: Sequence[NotPossible], material: Material) -> list[NotPossible]:
    return [replace(part, what=material.spoken(part.what)) for part in parts]


def _impossible(parts: Sequence[NotPossible], lead: str) -> list[Block]:
    if not parts:
        return []
    dated = [(short_day(p.what) if p.what[:4].isdigit() else p.what, p.why) for p in parts]
    return [Points(tuple(full_stop(f"{sentence(what)}: {why}") for what, why in dated), lead)]
