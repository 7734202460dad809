"""Judge the success criteria that the prototype declared before training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from riskmodel.errors import EvaluationError, nearest_name
from riskmodel.evaluation.bootstrap import Draws
from riskmodel.evaluation.fairness import widest_gap
from riskmodel.evaluation.measure import LESS_IS_BETTER, NEAR_A_VALUE, Measured
from riskmodel.evaluation.results import GROUP_METRICS, CriterionResult, Estimate, GroupResult

if TYPE_CHECKING:
    from riskmodel.declare import Criterion


def judge(
    criteria: Sequence[Criterion],
    measured: Measured,
    lead: str,
    groups: Sequence[GroupResult],
    draws: Mapping[str, Draws],
) -> tuple[CriterionResult, ...]:
    """Say of each criterion whether the lead model meets it on the test rows.

    - A range ("at least", "at most", "between") is met when the figure itself lies in it; `surely_met` says whether
      the whole 95 % interval does.
    - "Better than a baseline by x" is met only when the lower end of the interval of the paired difference is above
      x, because a ranking that may be no better than the simple one has not earned its use of personal data.
    - A gap between groups is met when the two groups furthest apart differ by no more than the limit.

    A figure that cannot be measured leaves `met` None.

    Parameters
    ----------
    criteria : sequence of Criterion
    measured : Measured
    lead : str
        Name of the lead model.
    groups, draws
        The lead model's groups and their resamples.

    Raises
    ------
    EvaluationError
        When a criterion names a metric, baseline or attribute that is not there; the message names them all.
    """
    _check(criteria, measured, groups)
    return tuple(_judge_one(criterion, measured, lead, groups, draws) for criterion in criteria)


def _judge_one(
    criterion: Criterion, measured: Measured, lead: str, groups: Sequence[GroupResult], draws: Mapping[str, Draws]
) -> CriterionResult:
    if criterion.kind == "range":
        return _range(criterion, measured.estimate(lead, criterion.metric))
    if criterion.kind == "better_than":
        if criterion.baseline not in measured.exact:
            return _unmeasured(criterion, f"the {_words(str(criterion.baseline))} could not be built from these data")
        return _better(criterion, measured, lead)
    found = widest_gap(groups, draws, str(criterion.attribute), criterion.metric)
    if found is None:
        return _unmeasured(criterion, f"fewer than two groups of {_words(str(criterion.attribute))} can be reported")
    high, low, gap = found
    result = _range(criterion, gap)
    between = f"the widest gap is {gap.text()}, between {high} (highest) and {low} (lowest)"
    return CriterionResult(result.text, result.metric, gap, result.met, result.surely_met, between)


def _range(criterion: Criterion, value: Estimate) -> CriterionResult:
    if value.value is None:
        return _unmeasured(criterion, value.note, value)
    met = _inside(criterion, value.value)
    surely = None
    if value.low is not None and value.high is not None:
        surely = _inside(criterion, value.low) and _inside(criterion, value.high)
    reason = f"it is {value.text()}"
    if met and surely is False:
        reason += "; allowing for chance it may lie outside that"
    if surely is None:
        reason += f" without an interval ({value.note})"
    return CriterionResult(criterion.text, criterion.metric, value, met, surely, reason)


def _better(criterion: Criterion, measured: Measured, lead: str) -> CriterionResult:
    baseline, margin = str(criterion.baseline), criterion.low or 0.0
    less = measured.figure(criterion.metric).partition("@")[0] in LESS_IS_BETTER
    first, second = (baseline, lead) if less else (lead, baseline)
    gain = measured.difference(criterion.metric, first, second).difference
    if gain.value is None or gain.low is None:
        return _unmeasured(criterion, gain.note, gain)
    met = gain.low > margin
    verb = "is" if met else "may not be"
    amount = f"more than {margin:g} " if margin else ""
    reason = f"it {verb} {amount}better: the gain is {gain.text()}"
    return CriterionResult(criterion.text, criterion.metric, gain, met, met, reason)


def _unmeasured(criterion: Criterion, why: str, value: Estimate | None = None) -> CriterionResult:
    return CriterionResult(criterion.text, criterion.metric, value, None, None, f"it cannot be measured: {why}")


def _inside(criterion: Criterion, value: float) -> bool:
    above = criterion.low is None or value >= criterion.low
    below = criterion.high is None or value <= criterion.high
    return above and below


def _words(name: str) -> str:
    return name.replace("_", " ")


def _check(criteria: Sequence[Criterion], measured: Measured, groups: Sequence[GroupResult]) -> None:
    attributes = {group.attribute for group in groups}
    problems, nearest = [], None
    for criterion in criteria:
        of_groups = criterion.kind == "group_gap"
        if of_groups and criterion.metric not in GROUP_METRICS:
            problems.append(f"'{criterion.text}' names no metric of groups")
            nearest = nearest or nearest_name(criterion.metric, GROUP_METRICS)
        if not of_groups and not measured.knows(criterion.metric):
            problems.append(f"'{criterion.text}' names no metric")
            nearest = nearest or nearest_name(criterion.metric, next(iter(measured.exact.values())))
        if criterion.kind == "better_than" and criterion.metric in NEAR_A_VALUE:
            problems.append(f"'{criterion.text}' compares a figure of which neither more nor less is better")
        if of_groups and criterion.attribute not in attributes:
            problems.append(f"'{criterion.text}' names no audit attribute of these cases")
            nearest = nearest or nearest_name(str(criterion.attribute), attributes)
    if problems:
        raise EvaluationError(
            "A success criterion cannot be judged: " + "; ".join(problems) + ".",
            "A criterion names a metric of the evaluation and an audit attribute of the prototype.",
            nearest=nearest,
            next_step="Correct the criterion; its words are part of the prototype's digest, so train again.",
        )
