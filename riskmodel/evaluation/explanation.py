"""Which features move the score, in which direction, and whether contributions add up to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.results import Explanation, FeatureEffect
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.model import RiskModel

#: Most test rows that the global importance is averaged over; exact contributions cost time.
MOST_ROWS = 2000
#: Least correlation between a feature and its contribution for "more of it raises (or lowers) the score".
CLEAR = 0.3


def explain_globally(model: RiskModel, data: DesignMatrix, *, most_rows: int = MOST_ROWS, seed: int = 0) -> Explanation:
    """Mean absolute contribution of each feature, its direction, and the check that contributions add up.

    Parameters
    ----------
    model : RiskModel
    data : DesignMatrix
        The test rows; at most `most_rows` of them are explained, drawn with `seed`.

    Notes
    -----
    Contributions are exact Shapley values in log-odds: path-dependent TreeSHAP for the trees (Lundberg et al. 2020),
    coefficient times distance from the mean for the logistic model. They say what the model does with the data, not
    what causes the outcome.
    """
    rows = np.arange(len(data))
    if len(data) > most_rows:
        rows = np.sort(np.random.default_rng(seed).choice(len(data), most_rows, replace=False))
    sample = data.rows(rows)
    contributions = model.contributions(sample)
    error = additivity_error(model, sample, contributions)
    sizes = contributions.abs().mean().to_numpy(dtype=np.float64)
    total = float(sizes.sum())
    effects = [
        FeatureEffect(
            feature.name,
            feature.label,
            feature.partner,
            feature.theme or None,
            float(size),
            float(size / total) if total else 0.0,
            _direction(feature, sample.X, contributions[feature.name].to_numpy(dtype=np.float64)),
        )
        for feature, size in zip(model.features, sizes, strict=True)
    ]
    effects.sort(key=lambda effect: (-effect.importance, effect.feature))
    return Explanation(model.name, len(sample), tuple(effects), error)


def additivity_error(model: RiskModel, data: DesignMatrix, contributions: pd.DataFrame) -> float:
    """Largest gap, in log-odds, between a raw score and `expected` plus the contributions of its row."""
    summed = model.expected + contributions.to_numpy(dtype=np.float64).sum(axis=1)
    return float(np.abs(summed - model.raw(data)).max()) if len(summed) else 0.0


def _direction(feature: ModelFeature, table: pd.DataFrame, contribution: Floats) -> str:
    if not contribution.any():
        return "none"
    if feature.kind not in ("number", "flag"):
        return "mixed"
    values = table[feature.name].to_numpy(dtype=np.float64)
    known = ~np.isnan(values)
    x, part = values[known], contribution[known]
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(part) == 0:
        return "mixed"
    together = float(np.corrcoef(x, part)[0, 1])
    return "+" if together >= CLEAR else "-" if together <= -CLEAR else "mixed"
