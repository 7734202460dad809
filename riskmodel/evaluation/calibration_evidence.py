"""Calibration in detail: how far off risks are at most, in every group, and what recalibrating would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from riskmodel.evaluation import fused
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.before_and_after import before_and_after, drawn_figures
from riskmodel.evaluation.calibration import calibration_errors
from riskmodel.evaluation.cells import Tally
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.correction_taken import CorrectionTaken, correction_taken
from riskmodel.evaluation.fused import Counts, Smoother
from riskmodel.evaluation.group_calibration import AttributeCalibration, group_calibration
from riskmodel.evaluation.group_curves import GroupCurve, group_curves
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.resampled_cells import numbered, resampled
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.sampled import sampled
from riskmodel.modelling.folds import household_folds
from riskmodel.modelling.recalibrate import NEEDED, enough, fit_correction, log_odds

#: Distances between the smooth curve and the stated risks: mean, median, 90th percentile, largest.
DISTANCES = ("ici", "e50", "e90", "emax")
#: Folds of whole households in which a correction is fitted on four parts and tried on the fifth.
FOLDS = 5
#: Distinct risks that a smooth curve takes.
LEAST_RISKS = 10


@dataclass(frozen=True)
class Recalibration:
    """What one way of recalibrating would give.

    Attributes
    ----------
    method : str
        "intercept", "intercept and slope" or "isotonic".
    possible : bool
        Whether there are enough outcomes for it.
    note : str
        Why not; or where the correction comes from.
    as_of : str
        The cohort it is fitted and tried on, the most recent one whose outcomes are known.
    n, events : int
    intercept, slope : float or None
        What would be added to the log-odds of every probability, and multiplied; None for isotonic.
    before, after, change : mapping of str to Estimate
        `before_and_after.COMPARED` on these cases, as they are and cross-fitted, and after less before, by resample.
    """

    method: str
    possible: bool
    note: str
    as_of: str
    n: int
    events: int
    intercept: float | None = None
    slope: float | None = None
    before: Mapping[str, Estimate] = field(default_factory=dict)
    after: Mapping[str, Estimate] = field(default_factory=dict)
    change: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True)
class CalibrationEvidence:
    """Calibration of the lead model beyond the figures of an `Evaluation`.

    Attributes
    ----------
    distances : mapping of str to Estimate
        `DISTANCES`; empty with fewer than ten distinct risks.
    groups : tuple of AttributeCalibration
    recalibrations : tuple of Recalibration
        The mildest first.
    curves : tuple of GroupCurve
        Of the groups that can be reported.
    taken : CorrectionTaken or None
        The recalibration that the model went through after training; None for a model as it was trained.
    """

    distances: Mapping[str, Estimate]
    groups: tuple[AttributeCalibration, ...]
    recalibrations: tuple[Recalibration, ...]
    curves: tuple[GroupCurve, ...] = ()
    taken: CorrectionTaken | None = None


def examine_calibration(context: Context) -> CalibrationEvidence:
    """Gather the evidence on the lead model's calibration.

    Parameters
    ----------
    context : Context
    """
    household, households = numbered(context.test.component.to_numpy())
    y, p = context.y, context.probability
    drawing = {"resamples": context.resamples, "seed": context.seed}
    return CalibrationEvidence(
        calibration_distances(y, p, household, households, **drawing),
        group_calibration(context.test.audit, y, p, household),
        _recalibrations(context),
        group_curves(context.test.audit, y, p, household, seed=context.seed),
        correction_taken(context),
    )


def calibration_distances(
    y: Floats, p: Floats, household: Ints, households: int, *, resamples: int, seed: int
) -> dict[str, Estimate]:
    """ICI, E50, E90 and Emax with intervals; empty with fewer than ten distinct risks.

    Parameters
    ----------
    y, p : arrays of shape (n,)
        Outcomes and probabilities.
    household : array of shape (n,)
        Household of each row, numbered below `households`.
    households, resamples, seed : int

    Notes
    -----
    Austin and Steyerberg (2019), on the lowess curve. A distance is above 0 by chance alone; the ends of its interval
    are corrected for that (`intervals.percentile`), which is exact for a mean and roughly right for the others.
    """
    if len(np.unique(p)) < LEAST_RISKS:
        return {}
    exact = dict(zip(DISTANCES, calibration_errors(y, p), strict=True))
    smoothers: list[Smoother] = []

    def figures(counts: Counts, tally: Tally) -> dict[str, Floats]:
        group = tally.groups[0]
        if not smoothers:
            smoothers.append(Smoother.of(group.bin_risk, group.bin_risk, p))
        positive, n = fused.binned(counts, group)
        gap = np.nan_to_num(np.abs(smoothers[0].curve(positive, n) - group.bin_risk[:, None]))
        mean = fused.divide(np.einsum("kb,kb->b", n, gap), n.sum(axis=0))
        return {"ici": mean, **{name: _quantile(gap, n, q) for name, q in (("e50", 0.5), ("e90", 0.9), ("emax", 1.0))}}

    drawn = resampled(y, p, p, household, households, figures, resamples=resamples, seed=seed)
    n, events = len(y), int(y.sum())
    return {
        name: percentile(exact[name], float(many[0]), many[1:], n=n, events=events, distance=True)
        for name, many in drawn.items()
    }


def _quantile(value: Floats, weight: Floats, q: float) -> Floats:
    """Weighted quantile of each column: the least value with at least `q` of the weight at or below it."""
    order = np.argsort(value, axis=0)
    running = np.take_along_axis(weight, order, axis=0).cumsum(axis=0)
    place = np.minimum((running < q * running[-1] - 1e-9).sum(axis=0), len(value) - 1)
    found: Floats = np.take_along_axis(value, order, axis=0)[place, np.arange(value.shape[1])]
    return found


def _recalibrations(context: Context) -> tuple[Recalibration, ...]:
    """Every way of recalibrating, on the most recent cohort of the test rows, or a sample of it (see `sampled`)."""
    context, sample = sampled(context)
    days = context.test.as_of.to_numpy()
    latest = days.max()
    rows = np.flatnonzero(days == latest)
    day = str(latest)[:10]
    y, p = context.y[rows], context.probability[rows]
    household, households = numbered(context.test.component.to_numpy()[rows])
    drawing = {"resamples": context.resamples, "seed": context.seed}
    drawn = drawn_figures(y, p, household, households, **drawing)
    found = []
    for method, least in NEEDED.items():
        corrected = cross_fitted(method, y, p, household, seed=context.seed)
        if corrected is None:
            why = f"needs {least:,} cases with, and as many without, the outcome"
            found.append(Recalibration(method, False, why, day, len(y), int(y.sum())))
            continue
        after = drawn_figures(y, corrected, household, households, **drawing)
        whole = fit_correction(method, p, y)
        intercept, slope = (whole.intercept, whole.slope) if whole.method == "platt" else (None, None)
        moved = before_and_after(y, p, corrected, drawn, after)
        note = f"fitted on four parts of the households and tried on the fifth, {FOLDS} times"
        note += f". {sample}" if sample else ""
        found.append(Recalibration(method, True, note, day, len(y), int(y.sum()), intercept, slope, *moved))
    return tuple(found)


def cross_fitted(method: str, y: Floats, p: Floats, household: Ints, *, seed: int = 0) -> Floats | None:
    """Recalibrated probabilities, each from a correction that was fitted without the case's household.

    Parameters
    ----------
    method : str
        As in `riskmodel.modelling.recalibrate`.
    y, p : arrays of shape (n,)
    household : array of shape (n,)
    seed : int
        Decides the folds.

    Returns
    -------
    array of shape (n,) or None
        None where a part would be too small for the method.
    """
    corrected = np.full(len(y), np.nan)
    folds = household_folds(np.arange(len(y)), household, k=FOLDS, seed=seed)
    if not enough(method, y) or not folds or not all(0 < y[fold.fit].sum() < len(fold.fit) for fold in folds):
        return None
    for fold in folds:
        corrected[fold.judge] = fit_correction(method, p[fold.fit], y[fold.fit])(log_odds(p[fold.judge]))
    return corrected
