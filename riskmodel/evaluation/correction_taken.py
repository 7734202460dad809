"""The recalibration a model went through after training, tried on the test cases: before, after, and the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from riskmodel.evaluation.before_and_after import before_and_after, drawn_figures
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.resampled_cells import numbered
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.recalibrate import calibrator_before


@dataclass(frozen=True)
class CorrectionTaken:
    """A step of its own between training and test.

    Attributes
    ----------
    method, by : str
        The way, and the role that decided on it.
    as_of : tuple of str
        Cohorts it was fitted on; none of them is tested on.
    n, events : int
        Cases it was fitted on. No household of theirs is in the test.
    from_digest : str
        The model before.
    intercept, slope : float or None
        What was added to the log-odds of every probability, and multiplied; None for isotonic.
    tested, tested_events : int
        Cases of the figures below: the test rows.
    before, after, change : mapping of str to Estimate
        `before_and_after.COMPARED` on the test rows, and after less before, paired by resample.
    """

    method: str
    by: str
    as_of: tuple[str, ...]
    n: int
    events: int
    from_digest: str
    intercept: float | None
    slope: float | None
    tested: int
    tested_events: int
    before: Mapping[str, Estimate] = field(default_factory=dict)
    after: Mapping[str, Estimate] = field(default_factory=dict)
    change: Mapping[str, Estimate] = field(default_factory=dict)


def correction_taken(context: Context) -> CorrectionTaken | None:
    """Measure what recalibrating the lead model changed on the test rows; None when it was not recalibrated.

    Parameters
    ----------
    context : Context
    """
    earlier = calibrator_before(context.lead)
    if earlier is None:
        return None
    record = context.lead.provenance["recalibrated"]
    household, households = numbered(context.test.component.to_numpy())
    y, stated, corrected = context.y, earlier(context.ranking), context.probability
    before, after = (
        drawn_figures(y, p, household, households, resamples=context.resamples, seed=context.seed)
        for p in (stated, corrected)
    )
    isotonic = record["correction"]["method"] == "isotonic"
    return CorrectionTaken(
        record["method"], record["by"], tuple(record["as_of"]), record["n"], record["events"], record["from_digest"],
        None if isotonic else record["intercept"], None if isotonic else record["slope"],
        len(y), int(y.sum()),
        *before_and_after(y, stated, corrected, before, after),
    )  # fmt: skip
