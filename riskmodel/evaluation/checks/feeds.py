"""Whether partners kept sending: silence, changed volumes, guessed days of extract, and open warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import median

import numpy as np

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE, WARNING
from riskmodel.evaluation.checks.months import last_full_month, longest_pause, month_of, month_words, volumes
from riskmodel.evaluation.checks.words import named, number_of

#: A source is silent when it sent nothing for so many months, longer than ever before, although a year earlier there
#: were so many records.
LEAST_MONTHS, LEAST_RECORDS = 2, 20
#: A measure that so large a share of training cases had, and no test case, has fallen silent too, where as many as
#: that were to be expected.
USUAL = 0.05
#: A year's volume is out of line when it is this many times that of the usual year, or the inverse.
TIMES, LEAST_A_YEAR, YEARS = 2.0, 100, 3


def _silent(examined: Examined) -> Answer:
    quiet, judged = list(_vanished(examined)), False
    prototype = examined.context.prototype
    # What comes after the last day that is looked at is of no use, and so its absence no loss.
    needed = {name: max(*examined.test_dates, prototype.score_as_of) for name in examined.used}
    needed[prototype.outcome.source.name] = prototype.outcome.within.after(max(examined.test_dates))
    for name, source in examined.used.items():
        entry = examined.entry(name)
        counted, last = volumes(entry), last_full_month(entry)
        if counted is None or last is None:
            continue
        judged = True
        since = _silent_since(counted, min(last, month_of(needed[name] + timedelta(days=1)) - 1))
        if since is not None:
            quiet.append(f"{name} ({source.partner}) holds nothing from {month_words(since)} on")
    if quiet:
        return found(f"A feed has fallen silent: {'; '.join(quiet)}. Risk would seem to fall with it.")
    if not judged:
        return passed("No measure that training cases had is gone in the test. (The manifest counts no months.)")
    return passed("Every source goes on as far as it is needed, and no measure has vanished in the test.")


def _silent_since(counted: Mapping[int, int], last: int) -> int | None:
    """The first month of silence at the end, when it is longer than any before it and records were to be expected."""
    filled = [month for month, n in counted.items() if n and month <= last]
    if not filled:
        return None
    length = last - filled[-1]
    before = longest_pause({month: n for month, n in counted.items() if month <= filled[-1]})[0]
    expected = sum(counted.get(month - 12, 0) for month in range(filled[-1] + 1, last + 1))
    silent = length >= LEAST_MONTHS and length > before and expected >= LEAST_RECORDS
    return filled[-1] + 1 if silent else None


def _vanished(examined: Examined) -> Iterator[str]:
    for place, feature in enumerate(examined.features):
        if feature.kind == "category":
            continue
        before, after = ((np.nan_to_num(v[:, place]) != 0).mean() for v in (examined.values, examined.test_values))
        if before >= USUAL and before * len(examined.test_values) >= LEAST_RECORDS and after == 0:
            yield f"{feature.name} ({feature.partner}) is nought or missing for every test case"


def _volume(examined: Examined) -> Answer:
    first = min(examined.fit_dates)
    changed, judged = [], 0
    for name in examined.sources:
        entry = examined.entry(name)
        counted, last = volumes(entry), last_full_month(entry)
        if counted is None or last is None:
            continue
        years = _yearly(counted, last, month_of(first) - 12 * YEARS)
        usual = median(years.values()) if years else 0
        if len(years) < YEARS or usual < LEAST_A_YEAR:
            continue
        judged += 1
        seen = _first_seen(examined, name)
        off = [month for month, n in years.items() if month > seen and (n > TIMES * usual or TIMES * n < usual)]
        changed += [f"{name} in the 12 months to {month_words(month)}" for month in off]
    if not judged:
        return not_applicable(f"no source has {YEARS} years of at least {LEAST_A_YEAR} records counted by month")
    if changed:
        return found(f"The volume is more than {TIMES:g} times the usual, or less than its half: {named(changed)}.")
    return passed(
        f"In each of {judged} sources every year looked at holds between half and {TIMES:g} times the usual records."
    )


def _first_seen(examined: Examined, source: str) -> int:
    """The first month that any measure of a source looks back to."""
    begins = [
        date.min if feature.within is None else feature.within.before(min(examined.fit_dates))
        for feature in examined.context.prototype.features
        if source in (feature.source.name, feature.of.via.name if feature.of else "")
    ]
    return month_of(min(begins))


def _yearly(counted: Mapping[int, int], last: int, first: int) -> dict[int, int]:
    """Records in each twelve months back from the last full month to `first`, by the last month of each."""
    begins = max(first, min(counted))
    ends = range(last, begins + 10, -12)
    return {end: sum(counted.get(month, 0) for month in range(end - 11, end + 1)) for end in ends}


def _guessed(examined: Examined) -> Answer:
    stated = {name: examined.entry(name).get("dates_stated") for name in examined.used}
    if all(value is None for value in stated.values()):
        return not_applicable("the matrix was not built from a warehouse")
    guessed = [name for name, value in stated.items() if value is False]
    if not guessed:
        return passed("For every source it is stated when the extract was taken and to which day it is complete.")
    return found(
        f"For {number_of(len(guessed), 'source')} the day of extract and the day to which it is complete were guessed "
        f"from the last record: {named(guessed)}."
    )


def _open_warnings(examined: Examined) -> Answer:
    if not examined.context.warehouse:
        return not_applicable("the matrix was not built from a warehouse")
    open_ = [
        f"{problem['code']} {problem['source']}"
        for problem in examined.context.warehouse.get("problems", ())
        if problem.get("source") in examined.used
    ]
    if not open_:
        return passed("The extracts of the sources that are used came without a warning.")
    return found(f"{number_of(len(open_), 'warning')} about extracts that are used: {named(open_)}.")


SILENT = Check(
    "RM304", "A partner has stopped sending", ERROR,
    "Ask the partner for the missing records and build again; until then do not score: nobody's risk fell.",
    _silent,
)  # fmt: skip
VOLUME = Check(
    "RM305", "The volume of records has changed", WARNING,
    "Ask the partner whether the service, the people or the recording changed; say so on the card.",
    _volume,
)  # fmt: skip
GUESSED = Check(
    "RM306", "The day of an extract was guessed", WARNING,
    "State extracted_on and complete_to in extracts.toml.",
    _guessed,
)  # fmt: skip
OPEN_WARNINGS = Check(
    "RM307", "Warnings about the extracts are open", NOTE,
    "Read them with riskmodel check, and have the extracts mended or say why they may stay.",
    _open_warnings,
)  # fmt: skip
