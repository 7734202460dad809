"""Whether the data reach as far as is asked of them, and whether late records had time to arrive."""

from __future__ import annotations

from datetime import date, timedelta

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, WARNING
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
    due = closes + timedelta(days=int(delay))
    said = (
        f"95% of the records of '{outcome.source.name}' arrive within {int(delay)} days; the last outcome window "
        f"closed on {closes} and the extract was taken on {taken}."
    )
    return found(said) if due > taken else passed(said)


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
