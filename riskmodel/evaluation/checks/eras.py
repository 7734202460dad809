"""Whether the outcome, or a measure, changed its meaning between the cases learnt from and those judged on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from riskmodel.declare import Source
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE, WARNING
from riskmodel.evaluation.checks.months import longest_pause, month_of, month_words, volumes
from riskmodel.evaluation.checks.words import named, number_of, percent

#: A cohort counts as missing when fewer than this share of its outcomes are known; a series as interrupted when it
#: holds nothing for longer than a yearly source ever would.
MOSTLY_KNOWN, INTERRUPTED = 0.5, 13


def _outcome_eras(examined: Examined) -> Answer:
    outcome = examined.context.prototype.outcome
    if not outcome.source.breaks:
        return not_applicable(f"source '{outcome.source.name}' declares no break")
    counted = volumes(examined.entry(outcome.source.name))
    sides = []
    for dates in (examined.fit_dates, examined.test_dates):
        eras: set[int] = set()
        for day in dates:
            eras |= eras_of(outcome.source, day + timedelta(days=1), outcome.within.after(day), counted)
        sides.append(eras)
    breaks = named(map(str, outcome.source.breaks))
    if sides[0] == sides[1] and len(sides[0]) == 1:
        return passed(
            f"All outcomes learnt from and judged on were recorded between the same breaks of source "
            f"'{outcome.source.name}' ({breaks})."
        )
    if sides[0] == sides[1]:
        return found(
            f"Training and test both mix outcomes from before and after a break of source '{outcome.source.name}' "
            f"({breaks}).",
            WARNING,
        )
    return found(
        f"Source '{outcome.source.name}' changed its meaning ({breaks}), and training holds outcomes that were "
        "recorded on another side of it than those of the test."
    )


def eras_of(source: Source, first: date, last: date, counted: dict[int, int] | None) -> set[int]:
    """The stretches between breaks in which a window holds records; all it touches where records are not counted."""
    edges = [first, *(day for day in source.breaks if first < day <= last)]
    ends = [*(day - timedelta(days=1) for day in edges[1:]), last]
    number = sum(day <= first for day in source.breaks)
    held = set()
    for place, (begins, stops) in enumerate(zip(edges, ends, strict=True)):
        months = range(month_of(begins), month_of(stops) + 1)
        if counted is None or any(counted.get(month, 0) for month in months):
            held.add(number + place)
    return held


def _missing_years(examined: Examined) -> Answer:
    context = examined.context
    outcome, matrix = context.prototype.outcome, context.matrix
    asked = sorted({*context.prototype.train_as_of, *context.prototype.test_as_of})
    by_date = matrix.y.notna().groupby(matrix.as_of.dt.strftime("%Y-%m-%d")).mean()
    absent = [day.isoformat() for day in asked if day.isoformat() not in by_date.index]
    if absent:
        return found(f"The cohorts of {named(absent)} are named by the prototype and hold no case at all.")
    empty = [day.isoformat() for day in asked if by_date[day.isoformat()] < MOSTLY_KNOWN]
    if empty:
        return found(
            f"Fewer than {percent(MOSTLY_KNOWN)} of the outcomes of the cohorts of {named(empty)} are known, so these "
            "cohorts are missing from training or test."
        )
    counted = volumes(examined.entry(outcome.source.name))
    if counted is None:
        return passed("The outcome is known for most cases of every cohort that the prototype names.")
    spans = [range(month_of(day), month_of(outcome.within.after(day)) + 1) for day in asked]
    silent = [str(day) for day, span in zip(asked, spans, strict=True) if not any(counted.get(m, 0) for m in span)]
    if silent:
        return found(
            f"Source '{outcome.source.name}' holds no record at all in the outcome window of {named(silent)}, so "
            "nothing recorded was taken for nothing happened.",
            ERROR,
        )
    return _pause(outcome.source, counted, spans)


def _pause(source: Source, counted: dict[int, int], spans: Iterable[range]) -> Answer:
    length, begins = longest_pause(counted)
    if length >= INTERRUPTED and any(set(span) & set(range(begins, begins + length)) for span in spans):
        return found(
            f"Source '{source.name}' holds nothing from {month_words(begins)} to {month_words(begins + length - 1)}: "
            "cohorts whose outcome fell into that time have none, and the series before it cannot be joined to it.",
            NOTE,
        )
    return passed("Every outcome window holds records, without a pause of more than a year.")


def _measure_breaks(examined: Examined) -> Answer:
    prototype = examined.context.prototype
    if not any(source.breaks for source in examined.sources.values()):
        return not_applicable("no source of a measure declares a break")
    first, last = min(examined.fit_dates), max(examined.test_dates)
    broken = {}
    for feature in prototype.features:
        begins = None if feature.within is None else feature.within.before(first)
        days = [day for day in feature.source.breaks if day <= last and (begins is None or day > begins)]
        if days:
            broken[feature.name] = feature.source.name
    if not broken:
        return passed("No measure looks back across a break of its source.")
    said = number_of(len(broken), "measure", "looks", "look")
    return found(
        f"{said} back across a break of the source ({named(sorted(set(broken.values())))}): {named(broken)}. "
        "The values do not mean the same for all cases."
    )


OUTCOME_CHANGED = Check(
    "RM105", "The outcome changed its meaning between training and test", ERROR,
    "Train and test on cohorts whose outcomes were recorded on the same side of the break.",
    _outcome_eras,
)  # fmt: skip
MISSING_YEARS = Check(
    "RM106", "Years without outcomes", WARNING,
    "Leave these cohorts out of the dates of the prototype, or get the missing records; say on the card which years "
    "are missing.",
    _missing_years,
)  # fmt: skip
MEASURE_CHANGED = Check(
    "RM213", "A measure changed its meaning", WARNING,
    "Shorten what the measure looks back on, word it so that both definitions agree, or leave it out; if it stays, say "
    "among the limits what it means on each side.",
    _measure_breaks,
)  # fmt: skip
