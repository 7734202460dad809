"""On which as-of dates a measure can be known at all: declared coverage, complete outcomes, kept history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from riskmodel.declare.feature import Feature
from riskmodel.declare.outcome import Outcome
from riskmodel.declare.prototype import Prototype
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.errors import LeakageError


def covered(feature: Feature, as_of: date) -> bool:
    """Whether the whole window of a feature lies inside what its source covers (rule 3).

    A feature without a window is known where the as-of date itself is covered. Memberships must be covered too: on
    the as-of date, or over the whole window when they count as they were then.

    Examples
    --------
    >>> from riskmodel import Source, count, months
    >>> visits = Source("visits", "One row a visit", partner="Clinics", agreement="ISA-1", key="person_id",
    ...                 happened="seen_on", columns={}, covers=(date(2020, 1, 1), None))
    >>> recent = count(visits, "recent_visits", "Visits in the last year", within=months(12))
    >>> covered(recent, date(2020, 12, 31)), covered(recent, date(2020, 12, 30))
    (True, False)
    """
    first = as_of if feature.within is None else feature.within.before(as_of) + timedelta(days=1)
    return _holds(feature.source, first, as_of) and _memberships_hold(feature.of, first, as_of)


def outcome_known(outcome: Outcome, as_of: date, complete_to: date | None) -> bool:
    """Whether the outcome's window is over, and what happened in it has reached the extract (rule 6).

    Parameters
    ----------
    outcome
        The outcome.
    as_of
        The as-of date.
    complete_to
        Last day on which everything that happened has reached the extract; None if the window is taken as complete.
    """
    first, last = as_of + timedelta(days=1), outcome.within.after(as_of)
    if complete_to is not None and last > complete_to:
        return False
    now = as_of if outcome.of is not None and outcome.of.when == "as_of" else last
    return _holds(outcome.source, first, last) and _memberships_hold(outcome.of, first, now)


def check_history(prototype: Prototype, features: Iterable[Feature], dates: Iterable[date]) -> None:
    """Refuse to look back with a source that keeps only its latest state (rule 5).

    Such a source may score: on the prototype's scoring date or later. On an earlier date its rows hold what became
    known afterwards, or have lost what was known then. Audit attributes are exempt, for nothing is learnt from them.

    Raises
    ------
    LeakageError
        If a source that keeps only its latest state is used for an as-of date before the scoring date.
    """
    declared = {*prototype.train_as_of, *prototype.test_as_of, *prototype.validate_as_of}
    past = [d for d in dates if d < prototype.score_as_of or d in declared]
    if not past:
        return
    uses = dict(_uses(prototype, features))
    found = sorted({f"'{source.name}' ({use})" for source, use in uses.items() if source.keeps == "latest"})
    if found:
        raise LeakageError(
            f"Prototype '{prototype.name}' looks back to {max(past)} with sources that keep only their latest state: "
            f"{', '.join(found)}.",
            "A source that keeps only the latest state may score but not train, because its past has been overwritten.",
            next_step="Ask the partner for the history, or leave these features out.",
        )


def _uses(prototype: Prototype, features: Iterable[Feature]) -> Iterable[tuple[Source, str]]:
    yield prototype.outcome.source, "the outcome"
    scopes = [(prototype.outcome.of, "the outcome")]
    for feature in (*features, *prototype.cohort.having):
        yield feature.source, f"feature '{feature.name}'"
        scopes.append((feature.of, f"feature '{feature.name}'"))
    yield from ((scope.via, use) for scope, use in scopes if scope is not None)
    yield prototype.cohort.source, "the cohort"


def _memberships_hold(scope: Scope | None, first: date, as_of: date) -> bool:
    if scope is None:
        return True
    return _holds(scope.via, first if scope.when == "then" else as_of, as_of)


def _holds(source: Source, first: date, last: date) -> bool:
    begins, ends = source.covers
    return (begins is None or begins <= first) and (ends is None or last <= ends)
