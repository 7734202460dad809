"""Whether predicted risks are as high, and as far apart, as what happened."""

from __future__ import annotations

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, WARNING
from riskmodel.evaluation.limits import CALIBRATION_RANGE


def _in_range(examined: Examined, metric: str, words: str) -> Answer:
    evaluation = examined.context.evaluation
    value = evaluation.models[evaluation.lead].estimates[metric]
    low, high = CALIBRATION_RANGE
    if value.value is None:
        return not_applicable(f"{words} could not be measured ({value.note})")
    said = f"{words[:1].upper()}{words[1:]} is {value.text()}; it should lie within {low:g} to {high:g}."
    if low <= value.value <= high:
        return passed(said)
    surely = value.low is not None and value.high is not None and (value.high < low or value.low > high)
    return found(said, ERROR if surely else WARNING)


def _slope(examined: Examined) -> Answer:
    return _in_range(examined, "calibration_slope", "the calibration slope")


def _total(examined: Examined) -> Answer:
    return _in_range(examined, "oe", "observed over expected")


SLOPE = Check(
    "RM402", "The calibration slope is out of range", WARNING,
    "Recalibrate on the newest cohort and judge on a later one. Below 1 the risks are too extreme: use fewer measures "
    "or a stronger penalty; above 1 they are too much alike.",
    _slope,
)  # fmt: skip
TOTAL = Check(
    "RM403", "Risks are too high or too low overall", WARNING,
    "Recalibrate on the newest cohort whose outcome is known and judge on a later one; do not plan numbers with it "
    "until then.",
    _total,
)  # fmt: skip
