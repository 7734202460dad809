"""Fitting inside a fold of a validation: settings are chosen anew on the fold's own training rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.columns import describe, encode, take
from riskmodel.modelling.crossfit import Fitted, fit_calibrated
from riskmodel.modelling.estimators import BOOSTING, LOGISTIC, Sample, Settings
from riskmodel.modelling.folds import tuning_folds
from riskmodel.modelling.splits import Split
from riskmodel.modelling.tuning import GRID, tune

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

# A validation fits many folds, so each chooses among fewer settings, on fewer inner folds.
NESTED_GRID: Mapping[str, tuple[Settings, ...]] = {
    LOGISTIC: tuple(setting for setting in GRID[LOGISTIC] if setting["C"] in (0.001, 0.01, 0.1)),
    BOOSTING: (GRID[BOOSTING][0], GRID[BOOSTING][-1]),
}
INNER_FOLDS: Mapping[str, int] = {LOGISTIC: 3, BOOSTING: 2}


@dataclass(frozen=True, eq=False)
class Nested:
    """What was fitted in one fold, with the settings that its own training rows chose, and how they were chosen."""

    fitted: Fitted
    settings: Settings
    how: str

    def raw(self, values: Floats) -> Floats:
        """Ranking score of encoded rows: log-odds before calibration."""
        return self.fitted.predictor.raw(values)

    def predict(self, values: Floats) -> Floats:
        """Calibrated probability of encoded rows."""
        return self.fitted.calibrator(self.raw(values))


def sample_of(matrix: DesignMatrix, prototype: Prototype) -> Sample:
    """Encode every row of a matrix once, for as many fits as are to come.

    Parameters
    ----------
    matrix
        All rows; nothing is learnt from them here, so no fold sees another's rows.
    prototype
        Names the features.
    """
    features = describe(prototype.features, matrix.X)
    return Sample(encode(take(matrix, features, strict=True), features), matrix.y.to_numpy(np.float64), features)


def fit_nested(
    family: str, sample: Sample, matrix: DesignMatrix, prototype: Prototype, split: Split, *, seed: int = 0
) -> Nested:
    """Tune, fit and calibrate one family on the training rows of a split alone.

    Parameters
    ----------
    family
        What to fit.
    sample
        From `sample_of`.
    matrix, prototype
        What is fitted on; the outcome window decides which cohorts may judge which.
    split
        Training and calibration rows. The test rows are not looked at.
    seed
        Seeds folds and fits.
    """
    earlier = split.train if len(split.train) else split.fit
    folds, how = tuning_folds(matrix, earlier, prototype.outcome.within, seed=seed)
    component: Integers = matrix.component.to_numpy()
    grid = NESTED_GRID[family]
    settings = tune(family, sample, folds[: INNER_FOLDS[family]], component, seed=seed, grid=grid).settings
    return Nested(fit_calibrated(family, settings, sample, split, component, seed=seed), settings, how)
