"""Figures of calibration before and after a correction, with intervals paired by resample of households."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from riskmodel.evaluation import fused
from riskmodel.evaluation.accuracy import brier
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.calibration import calibration_errors, calibration_slope, observed_to_expected, recalibration
from riskmodel.evaluation.cells import Tally
from riskmodel.evaluation.fused import Counts, Smoother
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.resampled_cells import resampled
from riskmodel.evaluation.results import Estimate

#: Figures before and after recalibration.
COMPARED = ("oe", "calibration_slope", "ici", "brier")


def drawn_figures(
    y: Floats, p: Floats, household: Ints, households: int, *, resamples: int, seed: int
) -> dict[str, Floats]:
    """Work out `COMPARED` with every household once and in each resample.

    Parameters
    ----------
    y, p : arrays of shape (n,)
        Outcomes and stated risks.
    household : array of shape (n,)
        Numbered below `households`.
    households, resamples, seed : int

    Returns
    -------
    dict of str to array of shape (resamples + 1,)
    """
    start = recalibration(y, p)
    smoothers: list[Smoother] = []

    def figures(counts: Counts, tally: Tally) -> dict[str, Floats]:
        group = tally.groups[0]
        if not smoothers:
            smoothers.append(Smoother.of(group.bin_risk, group.bin_risk, p))
        positive, n = fused.binned(counts, group)
        slope = np.full(n.shape[1], np.nan)
        if not np.isnan(start[1]):
            slope = fused.recalibration(positive, n, group.bin_log_odds, start)[1]
        accuracy = fused.accuracy(counts, group)
        ici = fused.mean_gap(smoothers[0], positive, n)
        return {"oe": accuracy["oe"], "calibration_slope": slope, "ici": ici, "brier": accuracy["brier"]}

    return resampled(y, p, p, household, households, figures, resamples=resamples, seed=seed)


def before_and_after(
    y: Floats, p: Floats, corrected: Floats, before: Mapping[str, Floats], after: Mapping[str, Floats]
) -> tuple[dict[str, Estimate], dict[str, Estimate], dict[str, Estimate]]:
    """Estimate `COMPARED` before, after, and after less before.

    Parameters
    ----------
    y, p, corrected : arrays of shape (n,)
        Outcomes, stated risks, and corrected ones.
    before, after : mapping of str to array
        From `drawn_figures`, of the stated and of the corrected risks, with the same households and seed.
    """
    n, events = len(y), int(y.sum())
    exact = [_exact(y, stated) for stated in (p, corrected)]
    held: tuple[dict[str, Estimate], ...] = ({}, {}, {})
    for name in COMPARED:
        for place, (value, many) in enumerate(((exact[0], before), (exact[1], after))):
            drawn, distance = many[name], name == "ici"
            held[place][name] = percentile(
                value[name], float(drawn[0]), drawn[1:], n=n, events=events, distance=distance
            )
        moved = after[name] - before[name]
        change = exact[1][name] - exact[0][name]
        held[2][name] = percentile(change, float(moved[0]), moved[1:], n=n, events=events)
    return held[0], held[1], held[2]


def _exact(y: Floats, p: Floats) -> dict[str, float]:
    return {
        "oe": observed_to_expected(y, p),
        "calibration_slope": calibration_slope(y, p),
        "ici": calibration_errors(y, p)[0],
        "brier": brier(y, p),
    }
