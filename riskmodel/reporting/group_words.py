"""Names of groups and intersections in words, and whether their figures may be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from riskmodel.evaluation.results import Estimate
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.figures import ABSENT, WITHHELD, Figure, number, proportion, shared
from riskmodel.reporting.wording import in_words, sentence

#: People of whom a difference of shares may be told to a tenth of a point: a whole person is then less than that.
MANY = 2000


def group_words(labels: Mapping[str, str], attributes: Sequence[str], groups: Sequence[str]) -> str:
    """One group, or an intersection, in words; a yes or no is told with what it answers.

    Examples
    --------
    >>> group_words({"fsm": "free school meals"}, ("sex", "fsm"), ("Girl", "Yes"))
    'Girl; free school meals: yes'
    """
    if len(groups) < len(attributes):
        return sentence(in_words(groups[0]))
    parts = [
        f"{labels.get(attribute, in_words(attribute))}: {group.lower()}"
        if group.lower() in ("yes", "no", "true", "false", "unknown")
        else in_words(group)
        for attribute, group in zip(attributes, groups, strict=True)
    ]
    return sentence("; ".join(parts))


def safe(n: float, events: float, found_share: float | None, wrong_share: float | None, policy: Policy) -> bool:
    """Whether all four kinds of case in a group (found, missed, wrongly picked, rightly left) reach the threshold.

    Parameters
    ----------
    n, events
        Cases, and cases with the outcome.
    found_share, wrong_share
        Share picked of those with, and of those without, the outcome. None: unknown, and so not safe.
    policy
        The rules.

    Examples
    --------
    >>> safe(900, 60, 0.4, 0.05, Policy()), safe(900, 60, 0.1, 0.05, Policy())
    (True, False)
    """
    if found_share is None or wrong_share is None:
        return False
    found, wrong = found_share * events, wrong_share * (n - events)
    return min(found, events - found, wrong, n - events - wrong) >= policy.threshold


def share_of(estimate: Estimate | None, whole: float, policy: Policy) -> Figure:
    """A share as printed, from rounded counts, with its interval."""
    if estimate is None or estimate.value is None:
        return ABSENT
    return shared(estimate.value * whole, whole, policy, low=estimate.low, high=estimate.high)


def percentage(estimate: Estimate | None, digits: int = 0) -> Figure:
    """A share that is no count of a group, with its interval."""
    if estimate is None or estimate.value is None:
        return ABSENT
    return proportion(estimate.value, estimate.low, estimate.high, digits=digits)


def points(estimate: Estimate | None, whole: float = 0.0) -> Figure:
    """A difference of shares in percentage points, with its interval.

    Of fewer than 2,000 people it is a whole number, so that it tells no single person's change.
    """
    if estimate is None or estimate.value is None:
        return ABSENT
    digits = 1 if whole >= MANY else 0
    ends = (estimate.value, estimate.low, estimate.high)
    return number(*(None if end is None else 100 * end for end in ends), digits=digits)


def kept(figure: Figure, printable: bool) -> Figure:
    """The figure, or that it is withheld."""
    return figure if printable else WITHHELD
