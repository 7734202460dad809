"""Success criteria and what they came to in words for everybody: so many in a hundred, and no names of measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from riskmodel.declare import Criterion
from riskmodel.evaluation.results import CriterionResult
from riskmodel.reporting import wording
from riskmodel.reporting.figures import Figure

#: Shares, as "the share of ... " goes on; {many} is what cases are called.
_SHARES = {
    "base_rate": "{many} that had the outcome",
    "selection_rate": "{many} that are picked",
    "tpr": "{many} with the outcome that the list finds",
    "recall": "{many} with the outcome that the list finds",
    "fpr": "{many} without the outcome that are picked",
    "ppv": "picked {many} that had the outcome",
    "precision": "picked {many} that had the outcome",
}
_ORDER = "of two {many}, one with the outcome and one without, the list puts the one with it higher"
_FURTHEST = re.compile(r"between .+ \(highest\) and .+ \(lowest\)")


@dataclass(frozen=True)
class Said:
    """A criterion, and what was measured, each as the start of a sentence."""

    asked: str
    found: str


def in_plain_words(
    declared: Criterion,
    one: CriterionResult,
    figure: Figure,
    called: tuple[str, str],
    labels: Mapping[str, str],
    reason: str = "",
) -> Said | None:
    """Say a criterion and its figure without statistics, or None where there are no plainer words.

    Parameters
    ----------
    declared, one, figure
        What was asked, what came of it, and the figure as the rest of the card prints it.
    called
        A case and several, in words.
    labels
        Audit attributes in words.
    reason
        Why there is no figure, where there is none.

    Examples
    --------
    >>> from riskmodel.declare import at_least
    >>> from riskmodel.evaluation.results import Estimate
    >>> from riskmodel.reporting.figures import measured
    >>> asked, value = at_least("recall", 0.3), Estimate(0.36, 0.28, 0.44, 900, 300)
    >>> one = CriterionResult(asked.text, "recall", value, True, False, "it is")
    >>> said = in_plain_words(asked, one, measured(value, digits=2), ("child", "children"), {})
    >>> print(f"{said.asked}. {said.found}")
    the share of children with the outcome that the list finds is at least 30 in 100. It is 36 in 100 (between 28 and \
44 allowing for chance)
    """
    asked = _asked(declared, labels)
    if asked is None:
        return None
    asked = asked.format(many=called[1])
    if figure.value is None:
        return Said(asked, wording.sentence(reason))
    value = _number(declared.metric, figure.value) + _rounded_away(declared, one, figure.value)
    if declared.kind == "range":
        return Said(asked, f"It is {value}{_chance(declared.metric, figure)}")
    if declared.kind == "better_than":
        more = f"{_scaled(declared.metric, figure.value)} times more in 100{_chance(declared.metric, figure)}"
        return Said(asked, f"{'It does:' if one.met else 'That has to be so beyond chance, and is not: it was'} {more}")
    furthest = _FURTHEST.search(one.reason)
    where = f", {furthest.group()}" if furthest else ""
    gap = f"The widest gap is {value}{where}"
    return Said(asked, f"{gap}{_gap(declared.metric, figure)}")


def _asked(declared: Criterion, labels: Mapping[str, str]) -> str | None:
    metric = declared.metric
    if declared.kind == "better_than":
        return _better(declared) if metric == "auroc" else None
    if declared.kind == "group_gap":
        what = {"oe": "what happens for every 100 outcomes predicted", "auroc": f"how often, {_ORDER},"}.get(metric)
        what = what or (f"the share of {_SHARES[metric]}" if metric in _SHARES else None)
        high = f"{declared.high or 0:g}" if metric == "calibration_slope" else _number(metric, declared.high or 0)
        groups = f"between groups compared by {labels[str(declared.attribute)]}"
        return None if what is None else f"{what} differs by at most {high} {groups}"
    limits = _limits(declared)
    if metric == "auroc":
        return f"{_ORDER} {limits} times in 100" if declared.low is not None else None
    if metric == "oe":
        return f"for every 100 outcomes predicted, {limits} happen"
    if metric == "calibration_slope":
        meaning = "high risks are as high, and low ones as low, as they should be"
        return f"{meaning} (a calibration slope {limits}; 1 is right)"
    return f"the share of {_SHARES[metric]} is {limits} in 100" if metric in _SHARES else None


def _better(declared: Criterion) -> str:
    than = wording.lower_first(wording.model(str(declared.baseline)))
    margin = f": at least {_scaled('auroc', declared.low)} times more in 100" if declared.low else ""
    return f"{_ORDER} more often than {than}{margin}"


def _limits(declared: Criterion) -> str:
    low, high = (None if end is None else _scaled(declared.metric, end) for end in (declared.low, declared.high))
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"between {low} and {high}"


def _rounded_away(declared: Criterion, one: CriterionResult, value: float) -> str:
    """What tells a figure from a limit that it misses by less than its rounding."""
    if one.met is not False:
        return ""
    limits = [_scaled(declared.metric, end) for end in (declared.low, declared.high) if end is not None]
    return ", rounded: it lies just outside the limit" if _scaled(declared.metric, value) in limits else ""


def _chance(metric: str, figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" (between {_scaled(metric, figure.low)} and {_scaled(metric, figure.high)} allowing for chance)"


def _gap(metric: str, figure: Figure) -> str:
    """What the gap may be, allowing for chance; one that may be the other way round may be none."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = _scaled(metric, figure.low), _scaled(metric, figure.high)
    may = f"there may be none, or one of {high}" if figure.low <= 0 else f"it may be anything from {low} to {high}"
    return f". Allowing for chance {may}"


def _number(metric: str, value: float) -> str:
    """A figure with its unit: a share as so many in a hundred."""
    unit = " in 100" if metric in _SHARES else " times in 100" if metric == "auroc" else ""
    return f"{_scaled(metric, value)}{unit}"


def _scaled(metric: str, value: float | None) -> str:
    """A figure as it is said: shares and ratios out of a hundred, others as they are, never finer than printed."""
    digits = wording.metric(metric).digits
    if metric == "calibration_slope":
        return f"{value or 0:.{digits}f}".rstrip("0").rstrip(".")
    return f"{100 * (value or 0):.{max(digits - 2, 0)}f}".removesuffix(".0")
