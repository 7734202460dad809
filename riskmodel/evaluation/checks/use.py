"""Whether the declared use fits what was learnt: room on the list, the date of expiry, the age of the cohorts."""

from __future__ import annotations

from datetime import date

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE, WARNING
from riskmodel.evaluation.checks.words import percent

#: Years between the newest cohort learnt from and the one that is scored, from which it is said.
OLD = 3.0


def _more_places(examined: Examined) -> Answer:
    y, capacity = examined.context.test.y, examined.context.prototype.capacity
    with_it = (int(y.sum()), len(y))
    said = f"There is room for {percent(capacity)} of the cases, and {{with_it}} have the outcome"
    if capacity * len(y) <= y.sum():
        return passed(f"{said}.", with_it=with_it)
    return found(f"{said}: even a perfect list would be filled up with cases without it.", with_it=with_it)


def _expired(examined: Examined) -> Answer:
    context = examined.context
    try:
        expires = date.fromisoformat(str(context.training.record.get("expires_on")))
    except ValueError:
        return not_applicable("the record of the training has no date of expiry")
    said = f"The model expires on {expires}, and is declared to score {context.prototype.score_as_of}."
    return found(said) if context.prototype.score_as_of > expires else passed(said)


def _old(examined: Examined) -> Answer:
    newest, scored = max(examined.fit_dates), examined.context.prototype.score_as_of
    years = (scored - newest).days / 365.25
    said = f"The newest cohort learnt from is {years:.1f} years older than the one that is scored."
    return found(said) if years > OLD else passed(said)


MORE_PLACES = Check(
    "RM406", "More places than outcomes", WARNING,
    "Say what is offered to those who did not need it, or take fewer.",
    _more_places,
)  # fmt: skip
EXPIRED = Check(
    "RM409", "The model will have expired when it is used", ERROR,
    "Add newer cohorts to the prototype's dates and train again, or score an earlier date.",
    _expired,
)  # fmt: skip
OLD_COHORTS = Check(
    "RM410", "The cohorts learnt from are old", NOTE,
    "Say on the card what changed since; train again as soon as newer outcomes are known.",
    _old,
)  # fmt: skip
