"""Fitting on every training row, and calibrating on the latest cohort with models that did not see its households.

Half of the training rows would be lost if the model were fitted on the earlier cohorts alone and calibrated on the
latest. Instead the training rows, earlier and latest together, are dealt into five folds of whole households; each
case of the latest cohort is scored by a model of the other four folds; the calibrator is fitted to these
out-of-fold scores; and the model that is kept is fitted on all of them. The calibrator thus sees honest scores at the
most recent level of risk. What it cannot see is how far that level will drift until the model is used: that is measured
on the later test cohort.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.calibration import Calibrator, choose_calibrator
from riskmodel.modelling.estimators import Sample, Settings, fit
from riskmodel.modelling.folds import Fold, household_folds
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.splits import Split
from riskmodel.modelling.trees import TreePredictor


@dataclass(frozen=True, eq=False)
class Fitted:
    """A predictor fitted on all training rows, and the calibrator for it."""

    predictor: LinearPredictor | TreePredictor
    calibrator: Calibrator


def fit_calibrated(
    family: str, settings: Settings, sample: Sample, split: Split, component: Integers, *, seed: int = 0
) -> Fitted:
    """Fit one family with one setting on the training rows and calibrate it on the latest cohort.

    Parameters
    ----------
    family, settings
        What to fit (see `riskmodel.modelling.estimators.fit`).
    sample
        All rows of the matrix, encoded.
    split
        Training and calibration rows. Without calibration rows the calibrator is the identity.
    component
        Household component of every row.
    seed
        Decides the folds and is passed on to each fit.
    """
    predictor = fit(family, sample.rows(split.fit), settings, seed=seed)
    if not len(split.calibrate):
        return Fitted(predictor, Calibrator(why="no cohort was kept for calibration"))
    folds = household_folds(split.fit, component, seed=seed)
    if not folds or any(_constant(sample.y[fold.fit]) for fold in folds):
        return Fitted(predictor, Calibrator(why="too few households or outcomes to score the latest cohort honestly"))
    raw = _out_of_fold(family, settings, sample, folds, split.calibrate, seed)
    calibrator = choose_calibrator(raw, sample.y[split.calibrate], component[split.calibrate], seed=seed)
    said = f"{calibrator.why}; fitted to scores of models that did not see these households"
    return Fitted(predictor, replace(calibrator, why=said))


def _out_of_fold(
    family: str, settings: Settings, sample: Sample, folds: tuple[Fold, ...], wanted: Integers, seed: int
) -> Floats:
    raw = np.full(len(sample.y), np.nan)
    for fold in folds:
        rows = np.intersect1d(fold.judge, wanted)
        if len(rows):
            raw[rows] = fit(family, sample.rows(fold.fit), settings, seed=seed).raw(sample.values[rows])
    return raw[wanted]


def _constant(y: Floats) -> bool:
    return not 0 < y.sum() < len(y)
