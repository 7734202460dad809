"""The usual value of each feature in training: what a reason is taken away to, and what invented cases are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.modelling.columns import ModelFeature

UsualValue = float | str


def usual_values(features: Sequence[ModelFeature], training: DesignMatrix) -> dict[str, UsualValue]:
    """Median of a number, no for a yes/no, the most frequent level of a category; missing where most cases are.

    Parameters
    ----------
    features : sequence of ModelFeature
    training : DesignMatrix
        The rows that were fitted on.
    """
    return {feature.name: _usual(feature, training.X[feature.name]) for feature in features}


def table_of(features: Sequence[ModelFeature], values: dict[str, UsualValue]) -> pd.DataFrame:
    """One row with these values, in the columns a model reads."""
    columns = {
        f.name: pd.Categorical([values[f.name]], categories=list(f.levels))
        if f.kind == "category"
        else np.array([values[f.name]], dtype=np.float64)
        for f in features
    }
    return pd.DataFrame(columns)


def _usual(feature: ModelFeature, column: pd.Series[float]) -> UsualValue:
    known = column.dropna()
    if feature.kind == "flag":
        return 0.0
    if 2 * len(known) <= len(column):
        return float("nan")
    if feature.kind == "category":
        return str(known.astype(object).mode().iloc[0])
    return float(known.median())
