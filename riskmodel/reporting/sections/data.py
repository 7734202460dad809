"""What a model was made from: partners, agreements, records and measures, and who was left out at each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from riskmodel.declare import Feature, Sensitivity, Source
from riskmodel.reporting.charts import Row, bars
from riskmodel.reporting.disclosure import falling
from riskmodel.reporting.document import Block, Cell, Chart, Facts, Folded, Section, Table, Text, table
from riskmodel.reporting.figures import Figure, counted, exact
from riskmodel.reporting.material import Gaps, Material
from riskmodel.reporting.wording import day, full_stop, listed, sentence, short_day, source_words

_SENSITIVITY = {
    Sensitivity.PUBLIC: "public",
    Sensitivity.PERSONAL: "personal",
    Sensitivity.SPECIAL: "special category",
    Sensitivity.CRIMINAL: "criminal offences",
}


def data(material: Material, gaps: Gaps) -> Section:
    """Data and agreements by partner."""
    held: Mapping[str, Any] = material.warehouse.get("sources", {})
    rows: list[tuple[Cell, ...]] = []
    for source in sorted(material.prototype.sources, key=lambda s: (s.partner, s.name)):
        gaps.need(source.agreement, f"the agreement of source '{source.name}'", "agreement= of the source")
        entry = held.get(source.name)
        gaps.need(entry, f"what was received for source '{source.name}'", "manifest of the warehouse")
        rows.append(_source_row(source, entry or {}, material))
    blocks: list[Block] = [
        table(
            "sources",
            "What each partner sent, and under which agreement",
            ("Partner and records", "Agreement", "Sensitivity", "Records", "Years", "Complete to", "Measures"),
            rows,
            note="Measures: how many of the model's features are taken from these records. Some sources only say who "
            "is in "
            "the cohort, who lives together, or what the outcome was.",
        ),
        Folded(f"All {len(material.prototype.features)} measures the model may use", _dictionary(material)),
    ]
    return Section("data", "Data and agreements", tuple(blocks))


def _source_row(source: Source, entry: Mapping[str, Any], material: Material) -> tuple[Cell, ...]:
    used = sum(feature.source.name == source.name for feature in material.prototype.features)
    return (
        f"{source.partner}: {source_words(source)}",
        source.agreement,
        _SENSITIVITY[source.sensitivity],
        counted(entry.get("rows"), material.policy),
        _years(entry),
        short_day(entry["complete_to"]) if entry.get("complete_to") else "not known",
        _plain(used),
    )


def _years(entry: Mapping[str, Any]) -> str:
    ends = [str(entry[name])[:4] for name in ("first_happened", "last_happened") if entry.get(name)]
    return "–".join(dict.fromkeys(ends)) if ends else "none"


def _dictionary(material: Material) -> Table:
    return table(
        "features",
        "Measures, in the words used for reasons",
        ("Measure", "Partner", "Looks back", "Whose records", "Held to its direction"),
        [_feature_row(feature) for feature in material.prototype.features],
        note="Held to its direction: no model may let it raise the score in another direction than its words say.",
    )


def _feature_row(feature: Feature) -> tuple[Cell, ...]:
    return (
        sentence(feature.label),
        feature.partner,
        "all records" if feature.within is None else str(feature.within),
        "the case's own" if feature.of is None else feature.of.description,
        "no" if feature.direction is None else "yes",
    )


def cohort(material: Material, gaps: Gaps) -> Section:
    """Who is in it, on which dates, and who was left out at each step."""
    prototype, split = material.prototype, material.training.get("split", {})
    dates = (
        ("Learnt from", prototype.train_as_of),
        ("Probabilities set right on", prototype.calibrate_as_of),
        ("Tested on", prototype.test_as_of),
        ("Only tried as another date", prototype.validate_as_of),
        ("To be used on", (prototype.score_as_of,)),
    )
    facts: list[tuple[str, Cell]] = [
        ("Cohort", full_stop(prototype.cohort.description)),
        ("Outcome", full_stop(prototype.outcome.label)),
        ("Looks ahead", str(prototype.outcome.within)),
        ("If nothing is recorded", _no_record(prototype.outcome.no_record)),
        *((name, listed([day(d.isoformat()) for d in on])) for name, on in dates if on),
    ]
    blocks: list[Block] = [Facts(tuple(facts))]
    steps = _steps(material)
    gaps.need(steps, "the steps from cohort to test cases", "attrition in the manifest of the design matrix")
    if steps:
        blocks.append(_flow(steps, material))
    blocks += _parts(split, material)
    return Section("cohort", "Cohort, and who was left out", tuple(blocks))


def _no_record(rule: str) -> str:
    if rule == "negative":
        return "The outcome is taken not to have happened."
    return "The outcome is not known, and the case is left out of training and testing."


def _steps(material: Material) -> list[tuple[str, float]]:
    """From the cohort to the cases tested, at the test dates: words and cases left.

    The register that the cohort is taken from is left out: whoever the cohort is not about was not lost.
    """
    dates = [str(day) for day in material.evaluation.test["as_of"]]
    steps = [
        (str(step["text"]), float(sum(step["by_as_of"].get(day, 0) for day in dates)))
        for step in material.matrix.get("attrition", ())
        if step["step"] != "register"
    ]
    return [*steps, ("Tested on", float(material.evaluation.test["n"]))] if steps else []


def _flow(steps: Sequence[tuple[str, float]], material: Material) -> Chart:
    shown = [exact(n) for n in falling([n for _, n in steps], material.policy)]
    rows: list[tuple[Cell, ...]] = []
    drawn: list[Row] = []
    for place, ((said, _), left) in enumerate(zip(steps, shown, strict=True)):
        words = sentence(said)
        rows.append((words, left, _lost(shown, place)))
        drawn.append(Row(words, left.value, left.text))
    first, last = shown[0].text, shown[-1].text
    reading = f"From {first} cases at the first step to {last} at the last."
    title = "From the cohort to the cases tested, at the test date"
    columns = ("Step", "Cases left", "Left out here")
    behind = table("attrition", title, columns, rows, note=_few(material), drawn=True)
    return Chart("attrition-flow", title, reading, bars("attrition-flow", title, reading, drawn), (behind,))


def _lost(shown: Sequence[Figure], place: int) -> Cell:
    before, now = shown[place - 1].value if place else None, shown[place].value
    if place == 0 or before is None or now is None:
        return "–"
    return Figure(f"{before - now:,.0f}", before - now, kind="count") if before > now else "none or few"


def _few(material: Material) -> str:
    return f"“None or few”: fewer than {material.policy.threshold}."


def _parts(split: Mapping[str, Any], material: Material) -> list[Block]:
    names = {"train": "Learnt from", "calibrate": "Probabilities set right on", "test": "Tested on"}
    rows: list[tuple[Cell, ...]] = []
    for key, words in names.items():
        part = split.get(key)
        if part and part.get("n"):
            n, events = part["n"], part.get("events")
            rows.append((words, counted(n, material.policy), counted(events, material.policy, whole=n)))
    blocks: list[Block] = []
    if rows:
        caption = "Cases on each side of the split"
        blocks.append(table("split", caption, ("Part", "Cases", "With the outcome"), rows))
    dropped = split.get("dropped", {})
    if dropped:
        left_out = [(sentence(material.spoken(str(why))), counted(n, material.policy)) for why, n in dropped.items()]
        blocks.append(
            table("left-out", "Cases left out of training and testing, all dates", ("Why", "Cases"), left_out)
        )
    if split.get("note"):
        blocks.append(Text(full_stop(sentence(material.spoken(str(split["note"]))))))
    blocks.append(
        Text(
            f"{_kept_whole(material)} is on both sides of the split. "
            "The outcomes learnt from were all known before the first test date."
        )
    )
    return blocks


def _kept_whole(material: Material) -> str:
    return "No case" if material.prototype.cohort.together is None else f"No {material.unit}, and so no case,"


def _plain(n: int) -> Figure:
    """A count of things that are not people."""
    return Figure(f"{n:,}", float(n), kind="number")
