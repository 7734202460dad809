"""Which features move the score, and for one case the strongest reasons in the features' own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.evaluation.results import Explanation, FeatureEffect
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.model import RiskModel

if TYPE_CHECKING:
    from riskmodel.declare import Feature

#: Most test rows that the global importance is averaged over; exact contributions cost time.
MOST_ROWS = 2000
#: Least contribution, in log-odds, that is worth calling a reason: it raises the odds by a twentieth.
LEAST_REASON = 0.05
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


def reasons(
    model: RiskModel,
    data: DesignMatrix,
    features: Sequence[Feature] | None = None,
    *,
    top: int = 3,
    contributions: pd.DataFrame | None = None,
) -> list[list[str]]:
    """The strongest reasons why each case's score is higher than that of an average case.

    A reason is the label of a feature, which completes "this score is higher because ...". Only contributions that
    raise the score count, and only where the label can be true of the case: the feature is not missing, a yes/no is
    yes, and a number of which more is riskier is above 0. A value is never told.

    Parameters
    ----------
    model : RiskModel
    data : DesignMatrix
        The cases.
    features : sequence of Feature, optional
        Declarations to take the labels from; left out, the labels the model was trained with.
    top : int
        Most reasons a case.
    contributions : DataFrame, optional
        `model.contributions(data)`, where it was computed before.

    Returns
    -------
    list of list of str
        For each case its reasons, strongest first; empty when nothing raises its score.
    """
    parts = model.contributions(data) if contributions is None else contributions
    labels = {f.name: f.label for f in model.features} | {f.name: f.label for f in features or ()}
    raised = parts.to_numpy(dtype=np.float64, copy=True)
    for place, feature in enumerate(model.features):
        raised[~_can_be_said(feature, data.X[feature.name]), place] = 0.0
    order = np.argsort(-raised, axis=1, kind="stable")
    names = [feature.name for feature in model.features]
    return [_first(raised[row], order[row], names, labels, top) for row in range(len(raised))]


def _first(raised: Floats, order: Ints, names: Sequence[str], labels: Mapping[str, str], top: int) -> list[str]:
    said: list[str] = []
    for place in order.tolist():
        if raised[place] < LEAST_REASON or len(said) == top:
            break
        label = labels[names[place]]
        if label not in said:
            said.append(label)
    return said


def _can_be_said(feature: ModelFeature, column: pd.Series[float]) -> Flags:
    known = column.notna().to_numpy()
    if feature.kind == "flag":
        return np.asarray(known & (column == 1).to_numpy())
    if feature.kind == "number" and feature.direction == "+":
        return np.asarray(known & (column > 0).to_numpy())
    return np.asarray(known)


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
