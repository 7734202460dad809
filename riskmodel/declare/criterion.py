"""Success criteria: what a model must reach, said before it is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from riskmodel.errors import DeclarationError

#: Figures of a whole model that a criterion may be on; the last four are at the prototype's capacity.
METRICS = (
    "auroc",
    "auprc",
    "brier",
    "scaled_brier",
    "log_loss",
    "oe",
    "calibration_in_the_large",
    "calibration_intercept",
    "calibration_slope",
    "ici",
    "precision",
    "recall",
    "number_needed_to_visit",
    "net_benefit",
)

#: Figures of a group that a criterion may compare between groups.
GROUP_METRICS = ("base_rate", "selection_rate", "tpr", "fpr", "ppv", "oe", "auroc", "calibration_slope")

CriterionKind = Literal["range", "better_than", "group_gap"]


@dataclass(frozen=True)
class Criterion:
    """One thing a model must reach on later cohorts; made by `at_least` and the like.

    Parameters
    ----------
    kind
        "range": the metric lies between `low` and `high`. "better_than": the metric beats the `baseline` by at
        least `low`. "group_gap": the greatest difference between groups of `attribute` is at most `high`.
    metric
        Name of the metric.
    low, high
        Bounds, both included; None for no bound.
    baseline
        Name of the baseline to beat.
    attribute
        Name of the audit attribute whose groups are compared.
    """

    kind: CriterionKind
    metric: str
    low: float | None = None
    high: float | None = None
    baseline: str | None = None
    attribute: str | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise DeclarationError(
                f"A criterion wants {self.metric} between {self.low} and {self.high}.",
                "The lower bound comes first.",
                next_step="Swap the two numbers.",
            )

    @property
    def text(self) -> str:
        """The criterion in plain English.

        Examples
        --------
        >>> better_than("area rate", by=0.02).text
        'auroc at least 0.02 better than the area rate'
        """
        name = self.metric.replace("_", " ")
        if self.kind == "better_than":
            margin = f"at least {self.low:g} better" if self.low else "better"
            return f"{name} {margin} than the {str(self.baseline).replace('_', ' ')}"
        if self.kind == "group_gap":
            return f"{name} differs by at most {self.high:g} between groups of {str(self.attribute).replace('_', ' ')}"
        if self.low is None:
            return f"{name} at most {self.high:g}"
        if self.high is None:
            return f"{name} at least {self.low:g}"
        return f"{name} between {self.low:g} and {self.high:g}"


def at_least(metric: str, value: float) -> Criterion:
    """Ask that a metric is at least `value`.

    Examples
    --------
    >>> at_least("auroc", 0.65).text
    'auroc at least 0.65'
    """
    return Criterion("range", metric, low=value)


def at_most(metric: str, value: float) -> Criterion:
    """Ask that a metric is at most `value`.

    Examples
    --------
    >>> at_most("brier", 0.2).text
    'brier at most 0.2'
    """
    return Criterion("range", metric, high=value)


def between(metric: str, low: float, high: float) -> Criterion:
    """Ask that a metric lies between two values, both included.

    Examples
    --------
    >>> between("oe", 0.9, 1.1).text
    'oe between 0.9 and 1.1'
    """
    return Criterion("range", metric, low=low, high=high)


def calibration_slope_between(low: float, high: float) -> Criterion:
    """Ask that the calibration slope lies between two values, both included.

    Examples
    --------
    >>> calibration_slope_between(0.8, 1.25).text
    'calibration slope between 0.8 and 1.25'
    """
    return between("calibration_slope", low, high)


def better_than(baseline: str, by: float = 0.0, metric: str = "auroc") -> Criterion:
    """Ask that a metric beats a baseline ("base rate", "area rate", "simple", "current rule") by more than `by`.

    Examples
    --------
    >>> better_than("area rate").text
    'auroc better than the area rate'
    """
    return Criterion("better_than", metric, low=by, baseline=baseline.strip().casefold().replace(" ", "_"))


def group_gap_at_most(attribute: str, metric: str, value: float) -> Criterion:
    """Ask that a metric differs by at most `value` between the groups of an audit attribute.

    Examples
    --------
    >>> group_gap_at_most("sex", "tpr", 0.1).text
    'tpr differs by at most 0.1 between groups of sex'
    """
    return Criterion("group_gap", metric, high=value, attribute=attribute)
