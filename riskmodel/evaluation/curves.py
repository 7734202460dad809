"""The points of a model's charts: calibration in tenths and as a smooth band, and how the scores are spread."""

from __future__ import annotations

import numpy as np

from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.bootstrap import Draws
from riskmodel.evaluation.calibration import smooth_calibration
from riskmodel.evaluation.intervals import percentile, wilson
from riskmodel.evaluation.results import CalibrationPoint, HistogramBin

#: Bins of the binned calibration curve, places of the smooth one, most bins of the histogram.
TENTHS = 10
PLACES = 40
MOST_BARS = 20


def places_of(probability: Floats) -> Floats:
    """Risks at which the smooth curve is drawn: evenly from the 1st to the 99th percentile.

    The tails are left out, where the curve would rest on a few people.
    """
    low, high = np.quantile(probability, (0.01, 0.99))
    return np.linspace(low, high, PLACES) if high > low else np.array([low])


def binned_calibration(y: Floats, probability: Floats) -> tuple[CalibrationPoint, ...]:
    """Observed share by tenth of predicted risk, with Wilson intervals; equal risks stay in one bin."""
    edges = np.unique(np.quantile(probability, np.arange(1, TENTHS) / TENTHS))
    place = np.searchsorted(edges, probability, side="left")
    points = []
    for number in np.unique(place):
        here = place == number
        n, events = int(here.sum()), int(y[here].sum())
        low, high = wilson(events, n)
        points.append(CalibrationPoint(float(probability[here].mean()), events / n, low, high, n, events))
    return tuple(points)


def smooth_calibration_band(y: Floats, probability: Floats, draws: Draws) -> tuple[CalibrationPoint, ...]:
    """The lowess curve with a pointwise 95 % band from the resamples; empty with fewer than ten distinct risks."""
    if len(np.unique(probability)) < TENTHS or not len(draws.curve_at):
        return ()
    risk, curve = smooth_calibration(y, probability)
    points = []
    for place, at in enumerate(draws.curve_at):
        here = float(np.interp(at, risk, curve))
        band = percentile(here, float(draws.curve_point[place]), draws.curve[place], n=len(y), events=int(y.sum()))
        ends = [None if end is None else float(np.clip(end, 0, 1)) for end in (band.low, band.high)]
        points.append(CalibrationPoint(float(at), float(np.clip(here, 0, 1)), ends[0], ends[1]))
    return tuple(points)


def histogram(y: Floats, probability: Floats) -> tuple[HistogramBin, ...]:
    """Cases by predicted risk, in bars of a round width."""
    top = float(probability.max())
    width = next((w for w in (0.005, 0.01, 0.02, 0.05) if top < w * MOST_BARS), 0.1)
    bars = min(int(top / width) + 1, round(1 / width))
    place = np.minimum((probability / width).astype(np.int64), bars - 1)
    n, events = np.bincount(place, minlength=bars), np.bincount(place, weights=y, minlength=bars)
    return tuple(
        HistogramBin(round(bar * width, 3), round((bar + 1) * width, 3), int(n[bar]), int(events[bar]))
        for bar in range(bars)
    )
