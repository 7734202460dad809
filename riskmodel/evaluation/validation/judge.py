"""One fold: fit on its training rows with tuning inside, score its test rows, and measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.evaluation.bootstrap import EVERYONE, Prediction, household_bootstrap
from riskmodel.evaluation.calibration import calibration_slope, observed_to_expected
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.validation.results import Fold
from riskmodel.modelling.estimators import Sample
from riskmodel.modelling.nested import fit_nested, sample_of
from riskmodel.modelling.splits import Split

#: Fewest cases with, and without, the outcome on either side of a fold.
LEAST_EVENTS = 20
#: Most resamples of a fold: there are many folds, and their intervals need no third digit.
MOST_RESAMPLES = 400


@dataclass(frozen=True, eq=False)
class Judged:
    """Scores of the test rows of one fold, with how they were made."""

    name: str
    members: tuple[str, ...]
    split: Split
    raw: Floats
    probability: Floats
    settings: str


def encoded(context: Context) -> Sample:
    """Every row of the context's matrix, encoded once for all folds."""
    return sample_of(context.matrix, context.prototype)


def judge(context: Context, sample: Sample, name: str, members: Sequence[str], split: Split) -> Judged:
    """Fit the lead's family without the test rows of `split`, and score them."""
    made = fit_nested(context.lead.family, sample, context.matrix, context.prototype, split, seed=context.seed)
    values = sample.values[split.test]
    said = ", ".join(f"{key} {value}" for key, value in sorted(made.settings.items()))
    return Judged(name, tuple(members), split, made.raw(values), made.predict(values), said)


def too_few(context: Context, split: Split) -> str:
    """Why a split cannot be judged; empty when it can."""
    y = context.matrix.y.to_numpy(dtype=np.float64)
    for side, rows in (("train on", split.fit), ("test on", split.test)):
        events = int(y[rows].sum())
        fewest = min(events, len(rows) - events)
        if fewest < LEAST_EVENTS:
            return f"fewer than {LEAST_EVENTS} cases with, or without, the outcome to {side}"
    return ""


def measure(context: Context, one: Judged) -> Fold:
    """The figures of one fold with the intervals of its own household bootstrap."""
    y = context.matrix.y.to_numpy(dtype=np.float64)
    test, fit = y[one.split.test], y[one.split.fit]
    drawn = household_bootstrap(
        test,
        context.matrix.component.to_numpy()[one.split.test],
        {"": Prediction(one.raw, one.probability)},
        shares=[1.0],
        resamples=min(context.resamples, MOST_RESAMPLES),
        seed=context.seed,
    )[""][EVERYONE]
    n, events = len(test), int(test.sum())
    estimates: Mapping[str, Estimate] = {
        name: percentile(value, drawn.point[name], drawn.resampled[name], n=n, events=events)
        for name, value in exact_figures(test, one.raw, one.probability).items()
    }
    counts = (n, events, len(fit), int(fit.sum()))
    return Fold(one.name, one.members, *counts, one.settings, estimates, one.split.note)


def exact_figures(y: Floats, raw: Floats, probability: Floats) -> dict[str, float]:
    """The figures of `MEASURED` on one fold's test rows."""
    return {
        "auroc": auroc(y, raw),
        "oe": observed_to_expected(y, probability),
        "calibration_slope": calibration_slope(y, probability),
    }


def rows_of(mask: Flags) -> Ints:
    """Row numbers of a mask."""
    return np.flatnonzero(mask).astype(np.int64)
