"""For one case, the strongest reasons why its score is higher, in approved words and only where they are true."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.model import RiskModel

if TYPE_CHECKING:
    from riskmodel.declare import Feature

#: Least contribution, in log-odds, that is worth calling a reason: it raises the odds by a twentieth.
LEAST_REASON = 0.05
#: What stands in place of every reason whose source may not be quoted.
NOT_QUOTED = "records held by a partner that may not be quoted here"


@dataclass(frozen=True)
class _Sayable:
    """A feature as a reason: its place, what it is grouped under, and its words."""

    place: int
    theme: str
    words: str


def reasons(
    model: RiskModel,
    data: DesignMatrix,
    features: Sequence[Feature] | None = None,
    *,
    quoted: Collection[str] | None = None,
    top: int = 3,
    contributions: pd.DataFrame | None = None,
) -> list[list[str]]:
    """The strongest reasons why each case's score is higher than that of an average case.

    A reason is the label of a feature. Only contributions that raise the score count, and only where the label can be
    true of the case: the feature is not missing, a yes/no is yes, and a number of which more is riskier is above 0;
    and the model uses the feature in its declared direction (`turned_round`). A value is never told. Each theme gives
    one reason, its strongest; it gives a second only where the other themes have none. Features that may not be quoted
    appear as `NOT_QUOTED`, once at most.

    Parameters
    ----------
    model : RiskModel
    data : DesignMatrix
        The cases.
    features : sequence of Feature, optional
        Declarations to take the labels from; left out, the labels the model was trained with.
    quoted : collection of str, optional
        Names of the features whose labels may be told (`Prototype.quoted`); left out, all.
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
    sayable = _sayable(model.features, labels, quoted)
    raised = raising(model, data, parts)
    return [[one.words for one in chosen] for chosen in _choose(raised, sayable, top)]


def strongest(model: RiskModel, data: DesignMatrix, contributions: pd.DataFrame) -> Ints:
    """Place among the model's features of each case's first reason, quoted or not; -1 for a case without a reason."""
    raised = raising(model, data, contributions)
    best = raised.argmax(axis=1)
    found: Ints = np.where(raised[np.arange(len(raised)), best] >= LEAST_REASON, best, -1)
    return found


def raising(model: RiskModel, data: DesignMatrix, contributions: pd.DataFrame) -> Floats:
    """Contributions that raise the score and whose label can be true of the case; all others are nought.

    Returns
    -------
    array of shape (cases, features)
        In log-odds.
    """
    raised: Floats = np.maximum(contributions.to_numpy(dtype=np.float64), 0.0)
    turned = set(turned_round(model))
    for place, feature in enumerate(model.features):
        if feature.name in turned:
            raised[:, place] = 0.0
        else:
            raised[~_can_be_said(feature, data.X[feature.name]), place] = 0.0
    return raised


def turned_round(model: RiskModel) -> tuple[str, ...]:
    """Names of the features that a logistic model uses against their declared direction.

    When several features say nearly the same, a logistic model may give one of them a coefficient of the other sign.
    Its label would then be untrue as a reason, so it gives none. Trees are held to the declared directions.

    Examples
    --------
    >>> from riskmodel.modelling.calibration import Calibrator
    >>> from riskmodel.modelling.rates import RatePredictor
    >>> turned_round(RiskModel("base_rate", "baseline", (), RatePredictor("constant", 0.0), Calibrator()))
    ()
    """
    if not isinstance(model.predictor, LinearPredictor):
        return ()
    terms = zip(model.predictor.preparation.terms, model.predictor.coefficients, strict=True)
    slopes = {term.feature: slope for term, slope in terms if term.kind in ("value", "log")}
    wrong = {"+": lambda slope: slope < 0, "-": lambda slope: slope > 0}
    return tuple(
        feature.name
        for place, feature in enumerate(model.features)
        if feature.direction in wrong and wrong[feature.direction](slopes.get(place, 0.0))
    )


def practitioner_sentence(
    probability: float, average: float, told: Sequence[str], band: tuple[float, float] | None = None
) -> str:
    """A score as a practitioner reads it: a chance, how sure, what raised it, and what that does not mean.

    Parameters
    ----------
    probability, average : float
        Of this case and of all cases.
    told : sequence of str
        Its reasons.
    band : (float, float), optional
        Where the score would lie 9 times in 10 after training on another sample.

    Examples
    --------
    >>> practitioner_sentence(0.42, 0.3, ["health reviews were late"])
    'The model gives a chance of 42 in 100; the average is 30 in 100. Raised by: health reviews were late. This is \
what the records show together with the outcome, not what brings it about. A person decides.'
    """
    said = f"The model gives a chance of {_hundred(probability)}; the average is {_hundred(average)}. "
    if band is not None:
        said += (
            "Trained on another sample like ours, it would 9 times in 10 give between "
            f"{_hundred(band[0])} and {_hundred(band[1])}. "
        )
    said += f"Raised by: {'; '.join(told)}. " if told else "No single record raises it. "
    return said + "This is what the records show together with the outcome, not what brings it about. A person decides."


def _hundred(share: float) -> str:
    return f"{100 * share:.0f} in 100" if share >= 0.01 else f"{1000 * share:.0f} in 1,000"


def _sayable(
    features: Sequence[ModelFeature], labels: Mapping[str, str], quoted: Collection[str] | None
) -> list[_Sayable]:
    found = []
    for place, feature in enumerate(features):
        if quoted is not None and feature.name not in quoted:
            found.append(_Sayable(place, NOT_QUOTED, NOT_QUOTED))
        else:
            found.append(_Sayable(place, feature.theme or f"feature {feature.name}", labels[feature.name]))
    return found


def _choose(raised: Floats, sayable: Sequence[_Sayable], top: int) -> list[list[_Sayable]]:
    """For each case at most `top` reasons, strongest first, a theme's second only where other themes have none."""
    order = np.argsort(-raised, axis=1, kind="stable")
    chosen = []
    for row, places in zip(raised, order.tolist(), strict=True):
        first: dict[str, _Sayable] = {}
        spare: list[_Sayable] = []
        for place in places[: int((row >= LEAST_REASON).sum())]:
            one = sayable[place]
            if one.theme not in first:
                first[one.theme] = one
                if len(first) == top:
                    break
            else:
                spare.append(one)
        chosen.append(_filled(list(first.values()), spare, row, top))
    return chosen


def _filled(first: list[_Sayable], spare: Sequence[_Sayable], row: Floats, top: int) -> list[_Sayable]:
    words = {one.words for one in first}
    for one in spare:
        if len(first) >= top:
            break
        if one.words not in words:
            first.append(one)
            words.add(one.words)
    return sorted(first, key=lambda one: (-row[one.place], one.place))[:top]


def _can_be_said(feature: ModelFeature, column: pd.Series[float]) -> Flags:
    known = column.notna().to_numpy()
    if feature.kind == "flag":
        return np.asarray(known & (column == 1).to_numpy())
    if feature.kind == "number" and feature.direction == "+":
        return np.asarray(known & (column > 0).to_numpy())
    return np.asarray(known)
