"""Whether the data reach as far as is asked of them, and whether late records had time to arrive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, WARNING
from riskmodel.evaluation.checks.months import month_of, volumes
from riskmodel.evaluation.checks.words import named


def _beyond(examined: Examined) -> Answer:
    outcome = examined.context.prototype.outcome
    ends = {name: _day(examined.entry(name).get("complete_to")) for name in examined.used}
    if all(end is None for end in ends.values()):
        return not_applicable("the manifest of the warehouse does not say to which day the extracts are complete")
    last = max(*examined.fit_dates, *examined.test_dates)
    closes, complete = outcome.within.after(last), ends.get(outcome.source.name)
    short = []
    if complete is not None and closes > complete:
        short.append(
            f"the outcome window of {last} closes on {closes}, and '{outcome.source.name}' is complete to {complete}"
        )
    early = [f"{name} ({end})" for name, end in ends.items() if end is not None and end < last]
    if early:
        short.append(f"measures are asked of {last}, and these sources are complete to earlier days: {named(early)}")
    if short:
        said = "; ".join(short)
        return found(f"{said[:1].upper()}{said[1:]}.")
    return passed(f"The last outcome window closes on {closes}, and every extract reaches as far as it has to.")


def _still_arriving(examined: Examined) -> Answer:
    outcome = examined.context.prototype.outcome
    entry = examined.entry(outcome.source.name)
    delay, taken = entry.get("delay_days", {}).get("nearly_all"), _day(entry.get("extracted_on"))
    if delay is None or taken is None:
        return not_applicable("the manifest of the warehouse does not say how long records take to arrive")
    closes = outcome.within.after(max(*examined.fit_dates, *examined.test_dates))
    last = _last_expected(closes, outcome.within.before(closes), volumes(entry))
    due = last + timedelta(days=int(delay))
    ends = "closed" if last == closes else f"(records to be expected to {last}) closed"
    said = (
        f"95% of the records of '{outcome.source.name}' arrive within {int(delay)} days; the last outcome window "
        f"{ends} on {closes} and the extract was taken on {taken}."
    )
    return found(said) if due > taken else passed(said)


def _last_expected(closes: date, opens: date, counted: Mapping[int, int] | None) -> date:
    """The last day of a window on which records are due: an assessment once a year is over long before the window is.

    The year before the window's end tells: months at its end that held no record then are not waited for now.
    """
    if counted is None or not any(counted.get(month - 12, 0) for month in range(month_of(opens), month_of(closes) + 1)):
        return closes
    month = month_of(closes)
    while not counted.get(month - 12, 0):
        month -= 1
    after = month + 1
    return min(closes, date(after // 12, after % 12 + 1, 1) - timedelta(days=1))


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


BEYOND = Check(
    "RM107", "The data end before the dates that are asked of them", ERROR,
    "Choose earlier dates, or get newer extracts and correct complete_to in extracts.toml.",
    _beyond,
)  # fmt: skip
STILL_ARRIVING = Check(
    "RM108", "Outcomes may still be arriving", WARNING,
    "Wait for the late records, or test on an earlier cohort: what arrives late is taken for not having happened.",
    _still_arriving,
)  # fmt: skip
