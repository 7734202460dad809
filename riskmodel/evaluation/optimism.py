"""The optimism gap: how much better the same model would look under splits that are easier than real use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.bootstrap import EVERYONE, Prediction, household_bootstrap
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.splits import Split
from riskmodel.modelling.training import Training

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

#: The family that is fitted again: the one that fits in seconds, so that the gap can always be shown.
QUICK = "logistic"


def optimism_gap(
    training: Training, matrix: DesignMatrix, prototype: Prototype, split: Split, *, resamples: int, seed: int
) -> dict[str, Estimate]:
    """AUROC of one model under three splits: `random`, `household`, `honest` (household and time).

    The same family, settings and numbers of rows every time, so that the differences are due to the split: what
    `random` is above `household` comes from brothers and sisters on both sides, what `household` is above `honest`
    from cohorts of the same years on both sides. The logistic model is used where it was trained, being quick to refit.

    Parameters
    ----------
    training : Training
    matrix : DesignMatrix
        All rows.
    prototype : Prototype
    split : Split
        The honest split the training used.
    resamples, seed : int
        Of the household bootstrap and of the two easier splits.
    """
    from riskmodel.modelling.splits import split_at_random, split_by_household
    from riskmodel.modelling.train import refit

    like = training.models.get(QUICK, training.model)
    easier = {
        "random": split_at_random(matrix, split, seed=seed),
        "household": split_by_household(matrix, split, seed=seed),
    }
    found = {
        name: _area(refit(matrix, prototype, other, like), matrix.rows(other.test), resamples, seed)
        for name, other in easier.items()
    }
    return {**found, "honest": _area(like, matrix.rows(split.test), resamples, seed)}


def _area(model: RiskModel, test: DesignMatrix, resamples: int, seed: int) -> Estimate:
    y, score = test.y.to_numpy(dtype=np.float64), model.raw(test)
    prediction = Prediction(score, model.predict(test))
    drawn = household_bootstrap(
        y, test.component.to_numpy(), {model.name: prediction}, shares=[1.0], resamples=resamples, seed=seed
    )[model.name][EVERYONE]
    return percentile(auroc(y, score), drawn.point["auroc"], drawn.resampled["auroc"], n=len(y), events=int(y.sum()))
