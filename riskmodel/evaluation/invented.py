"""An invented example: a case that nobody is, with the sentence that a practitioner would read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.reasons import practitioner_sentence, reasons, turned_round
from riskmodel.evaluation.usual import UsualValue, table_of, usual_values
from riskmodel.modelling.columns import ModelFeature

#: Least and most features of the example that differ from the usual value; they do until its score is above average.
FEWEST, MOST = 3, 6
#: How far they differ: the 90th (or 10th) percentile of training.
FAR = 0.9


@dataclass(frozen=True)
class InventedExample:
    """A case with the usual value of every feature but a few. No person stands behind it.

    Attributes
    ----------
    raised : tuple of str
        Labels of what was set above (or below) the usual, as declared to raise the score; only those that may be
        quoted.
    probability, average : float
        Of the example, and mean prediction over the test cases.
    low, high : float or None
        The band of its score; None without refits.
    reasons : tuple of str
        As the scoring output would give them.
    sentence : str
        As a practitioner reads it.
    """

    raised: tuple[str, ...]
    probability: float
    average: float
    low: float | None
    high: float | None
    reasons: tuple[str, ...]
    sentence: str


def invented_example(context: Context, parts: pd.DataFrame) -> InventedExample | None:
    """Invent a case from the medians of training, with the strongest quotable features raised, one a theme.

    Parameters
    ----------
    context : Context
    parts : DataFrame
        Contributions of test cases; they say which features are strong.

    Returns
    -------
    InventedExample or None
        None when no quotable feature raises a score in its declared direction.
    """
    model = context.lead
    values = usual_values(model.features, context.fit)
    average, probability = float(context.probability.mean()), 0.0
    chosen: list[str] = []
    for feature, value in _strong(context, parts, values):
        if len(chosen) >= FEWEST and probability > average:
            break
        values[feature.name] = value
        chosen.append(feature.label)
        case = _one_case(table_of(model.features, values))
        probability = float(model.predict(case)[0])
    if not chosen:
        return None
    told = reasons(model, case, context.prototype.features, quoted=context.prototype.quoted)[0]
    band: tuple[float, float] | None = None
    if context.refitted is not None:
        low, high = context.refitted.band(case)
        band = float(low[0]), float(high[0])
    return InventedExample(
        raised=tuple(chosen),
        probability=probability,
        average=average,
        low=band[0] if band else None,
        high=band[1] if band else None,
        reasons=tuple(told),
        sentence=practitioner_sentence(probability, average, told, band),
    )


def _strong(
    context: Context, parts: pd.DataFrame, usual: dict[str, UsualValue]
) -> list[tuple[ModelFeature, UsualValue]]:
    """The strongest quotable features of different themes, with a value far from the usual."""
    turned = {*turned_round(context.lead)}
    by_name = {feature.name: feature for feature in context.lead.features}
    found: dict[str, tuple[ModelFeature, UsualValue]] = {}
    for name in parts.abs().mean().sort_values(ascending=False, kind="stable").index:
        feature = by_name[name]
        theme = feature.theme or feature.name
        if name not in context.prototype.quoted or name in turned or theme in found or feature.direction is None:
            continue
        value = _far(feature, context.fit.X[name])
        if value is not None and value != usual[name] and parts[name].max() > 0:
            found[theme] = feature, value
        if len(found) == MOST:
            break
    return list(found.values())


def _far(feature: ModelFeature, column: pd.Series[float]) -> float | None:
    if feature.kind == "flag":
        return 1.0 if feature.direction == "+" else None
    known = column.dropna()
    if feature.kind != "number" or not len(known):
        return None
    return float(known.quantile(FAR if feature.direction == "+" else 1 - FAR, interpolation="nearest"))


def _one_case(table: pd.DataFrame) -> DesignMatrix:
    blank = pd.Series(["an invented example"])
    return DesignMatrix(
        X=table, y=pd.Series([np.nan]), keys=blank, as_of=pd.Series(pd.to_datetime(["2000-01-01"])),
        component=pd.Series([0]), audit=pd.DataFrame(index=range(1)), area=blank,
    )  # fmt: skip
