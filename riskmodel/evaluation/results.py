"""What an evaluation found, as plain frozen data that can be saved, loaded, tabulated and printed on a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel.evaluation.serialise import decode, encode

if TYPE_CHECKING:
    import pandas as pd

#: The three decisions a verdict can come to, in order of how much they allow.
USE_AS_DECLARED = "may be used as declared"
AREA_ONLY = "only for area planning"
DO_NOT_DEPLOY = "do not deploy"

#: Names under which `ModelResult.estimates` keeps the figures that need no cut-off.
OVERALL_METRICS = (
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
)

#: Names under which `GroupResult.estimates` keeps the figures of a group.
GROUP_METRICS = ("base_rate", "selection_rate", "tpr", "fpr", "ppv", "oe", "auroc", "calibration_slope")


@dataclass(frozen=True)
class Estimate:
    """One figure with its 95 % interval and its denominators.

    Attributes
    ----------
    value : float or None
        The point estimate from the whole test set. None: it does not exist there (for example no positive case).
    low, high : float or None
        Ends of the 95 % interval. None: no interval could be given, and `note` says why.
    n, events : int
        Rows, and rows with a positive outcome, that the figure rests on.
    method : str
        How the interval was made, such as "household bootstrap, 1,000 resamples".
    note : str
        Anything a reader must know, such as resamples in which the figure did not exist.

    Examples
    --------
    >>> Estimate(0.72, 0.70, 0.74, n=1900, events=600, method="household bootstrap").text(2)
    '0.72 (0.70 to 0.74)'
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    events: int
    method: str = ""
    note: str = ""

    def text(self, digits: int = 3) -> str:
        """The figure as words: "0.72 (0.70 to 0.74)", or "not estimable"."""
        if self.value is None:
            return "not estimable"
        point = f"{self.value:.{digits}f}"
        if self.low is None or self.high is None:
            return point
        return f"{point} ({self.low:.{digits}f} to {self.high:.{digits}f})"

    def excludes(self, value: float) -> bool:
        """True when the interval exists and lies wholly on one side of `value`."""
        return self.low is not None and self.high is not None and not self.low <= value <= self.high


@dataclass(frozen=True)
class CapacityPoint:
    """What happens when the highest-scored `share` of cases is visited.

    `selected` is the number selected and `found` the number of those with the outcome (both as estimates: the
    value is the count in the test set, the interval is that of the count). `threshold` is the lowest score
    selected. Ties at the threshold are shared out: each tied case counts with the fraction of ties that fits.
    """

    share: float
    n_selected: int
    threshold: float
    selected: Estimate
    found: Estimate
    precision: Estimate
    recall: Estimate
    number_needed_to_visit: Estimate
    is_capacity: bool = False


@dataclass(frozen=True)
class CalibrationPoint:
    """One point of a calibration curve: mean predicted risk and observed share, with a 95 % interval.

    In the binned curve `n` and `events` count the bin; in the smooth curve they are None.
    """

    predicted: float
    observed: float
    low: float | None
    high: float | None
    n: int | None = None
    events: int | None = None


@dataclass(frozen=True)
class DecisionPoint:
    """Net benefit at one threshold: of the model, of treating all, and the gain on the better of all and none."""

    threshold: float
    model: Estimate
    treat_all: Estimate
    gain: Estimate


@dataclass(frozen=True)
class HistogramBin:
    """Cases (`n`) and positive cases (`events`) whose predicted probability lies in [low, high)."""

    low: float
    high: float
    n: int
    events: int


@dataclass(frozen=True)
class GroupResult:
    """One group of one audit attribute. `estimates` is keyed by `GROUP_METRICS`.

    `note` is empty for a group reported as it stands. A group pooled from small ones has its members in
    `members` and says so in `note`; a withheld one has no estimates and says why. `n` and `events` are exact:
    disclosure control happens when they are printed.
    """

    attribute: str
    group: str
    n: int
    events: int
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    note: str = ""
    members: tuple[str, ...] = ()
    withheld: bool = False


@dataclass(frozen=True)
class ModelResult:
    """Everything measured for one model or baseline on the test rows.

    `estimates` is keyed by `OVERALL_METRICS`; a figure that does not apply is left out (a current rule has no
    probabilities, so no calibration). `family` is "logistic", "gradient_boosting" or "baseline". `groups` is filled
    for the two model families, not for baselines. `calibration_curve` holds tenths of the cases by predicted risk
    (with counts), `calibration_smooth` the lowess curve with its band.
    """

    name: str
    family: str
    estimates: Mapping[str, Estimate]
    capacity: tuple[CapacityPoint, ...] = ()
    calibration_curve: tuple[CalibrationPoint, ...] = ()
    calibration_smooth: tuple[CalibrationPoint, ...] = ()
    decision_curve: tuple[DecisionPoint, ...] = ()
    score_histogram: tuple[HistogramBin, ...] = ()
    groups: tuple[GroupResult, ...] = ()

    def at_capacity(self) -> CapacityPoint | None:
        """The point at the prototype's own capacity; None when none was measured."""
        return next((point for point in self.capacity if point.is_capacity), None)


@dataclass(frozen=True)
class Comparison:
    """The difference a - b of one metric, paired on the same test rows and the same resamples."""

    metric: str
    a: str
    b: str
    difference: Estimate


@dataclass(frozen=True)
class FeatureEffect:
    """How much one feature moves the lead model's score.

    `importance` is the mean absolute contribution in log-odds over the explained rows and `share` its part of the
    total. `direction` is "+" (more raises the risk), "-" (more lowers it), "mixed", or "none" (never used).
    """

    feature: str
    label: str
    partner: str
    theme: str | None
    importance: float
    share: float
    direction: str


@dataclass(frozen=True)
class Explanation:
    """Global importance, strongest first, over `n` rows of the test set; `model` names the model explained.

    `additivity_error` is the largest gap, in log-odds, between a score and the sum of its contributions.
    """

    model: str
    n: int
    effects: tuple[FeatureEffect, ...]
    additivity_error: float


@dataclass(frozen=True)
class CriterionResult:
    """One success criterion, judged. `met` is None when the figure could not be measured.

    `met` speaks of the point estimate (for "better than", of the interval's lower end); `surely_met` says
    whether the whole interval meets the criterion, None without an interval.
    """

    text: str
    metric: str
    value: Estimate | None
    met: bool | None
    surely_met: bool | None
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The decision (`USE_AS_DECLARED`, `AREA_ONLY` or `DO_NOT_DEPLOY`) and the reasons for it, most serious first."""

    decision: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Evaluation:
    """A finished evaluation: what was measured, on what, and what follows.

    Attributes
    ----------
    prototype, question : str
        Name of the prototype and the question it asks.
    generated_from : mapping
        `matrix_digest`, `model_digests` (name -> digest), `prototype_digest`, `data_is_invented` (bool),
        `resamples`, `seed`.
    test, train : mapping
        `as_of` (list of ISO dates), `n`, `events`, `components` of the rows tested and trained on; `train` also
        has the same for `calibrate`.
    lead : str
        The family chosen by the tuning loss, before the test rows were looked at.
    models : mapping of str to ModelResult
        Both families and every baseline.
    comparisons : tuple of Comparison
        The other family and every baseline against the lead.
    explanation : Explanation or None
        Of the lead model.
    criteria : tuple of CriterionResult
    verdict : Verdict
    attrition : tuple of mapping
        Steps `{step, text, n}` from cohort to test rows.
    optimism : mapping of str to Estimate
        AUROC under splits `random`, `household`, `honest` (household and time), and the gaps `random - household` and
        `household - honest`. Empty when not asked for.
    withheld_groups : tuple of str
        "attribute: group" for each group too small to report.
    """

    prototype: str
    question: str
    generated_from: Mapping[str, Any]
    test: Mapping[str, Any]
    train: Mapping[str, Any]
    lead: str
    models: Mapping[str, ModelResult]
    comparisons: tuple[Comparison, ...]
    explanation: Explanation | None
    criteria: tuple[CriterionResult, ...]
    verdict: Verdict
    attrition: tuple[Mapping[str, Any], ...] = ()
    optimism: Mapping[str, Estimate] = field(default_factory=dict)
    withheld_groups: tuple[str, ...] = ()

    @property
    def fairness(self) -> tuple[GroupResult, ...]:
        """The groups of the lead model."""
        return self.models[self.lead].groups

    def families(self) -> dict[str, ModelResult]:
        """The trained models, without the baselines."""
        return {name: result for name, result in self.models.items() if result.family != "baseline"}

    def baselines(self) -> dict[str, ModelResult]:
        """The baselines alone."""
        return {name: result for name, result in self.models.items() if result.family == "baseline"}

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers, ready for JSON (a missing number is None)."""
        plain: dict[str, Any] = encode(self)
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Evaluation:
        """The inverse of `to_dict`."""
        return decode(cls, plain)

    def save(self, path: Path | str) -> Path:
        """Write the evaluation as one JSON file, whole or not at all; returns the path."""
        from riskmodel.evaluation.serialise import write_json

        return write_json(Path(path), self.to_dict())

    @classmethod
    def load(cls, path: Path | str) -> Evaluation:
        """Read what `save` wrote.

        Raises
        ------
        EvaluationError
            When the file is missing, is not JSON or is not an evaluation.
        """
        from riskmodel.evaluation.serialise import read_json

        return cls.from_dict(read_json(Path(path)))

    def frame(self) -> pd.DataFrame:
        """One row a figure: part, model, attribute, group, metric, at, value, low, high, n, events, method, note."""
        from riskmodel.evaluation.tabulate import evaluation_frame

        return evaluation_frame(self)
