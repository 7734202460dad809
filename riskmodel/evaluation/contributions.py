"""Contributions in detail: by theme and partner, along each feature, and whether they are true of the score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.effects import EffectCurve, effect_curves
from riskmodel.evaluation.explanation import MOST_ROWS, additivity_error
from riskmodel.evaluation.faithfulness import Faithfulness, faithfulness
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.invented import InventedExample, invented_example
from riskmodel.evaluation.reasons import turned_round
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import ModelFeature


@dataclass(frozen=True)
class ShareOfMovement:
    """What the features of one theme, or of one partner, move together, as a share of all movement."""

    name: str
    features: int
    share: Estimate


@dataclass(frozen=True)
class Explained:
    """The explanation of the lead model in detail.

    Attributes
    ----------
    model, n
        Which model, and how many test cases its contributions were worked out for.
    themes, partners
        Shares of movement, largest first. A theme's contribution to a case is the sum of its features'; its movement is
        the mean absolute contribution. A feature without a theme is a theme of its own, by its label.
    curves
        Mean contribution along the values of the strongest features.
    faithfulness
        What happens to the scores of listed cases when the feature of their first reason is set to its usual value.
    additivity_error
        Largest gap, in log-odds, between a raw score and the sum of its contributions.
    turned_round
        Labels of the features that the model uses against their declared direction; they give no reason.
    not_quoted
        How many features are used but never named in a reason.
    example
        An invented case, with the sentence that a practitioner would read; None when no feature raises a score.
    """

    model: str
    n: int
    themes: tuple[ShareOfMovement, ...]
    partners: tuple[ShareOfMovement, ...]
    curves: tuple[EffectCurve, ...]
    faithfulness: Faithfulness
    additivity_error: float
    turned_round: tuple[str, ...]
    not_quoted: int
    example: InventedExample | None


def explain_in_detail(context: Context) -> Explained:
    """Explain the lead model on the test rows, or on a sample of them as large as `explanation.MOST_ROWS`.

    Parameters
    ----------
    context : Context

    Notes
    -----
    Contributions are those of `RiskModel.contributions`. Intervals are percentiles of a bootstrap of households among
    the explained rows; they do not cover the uncertainty of training, which `stability` does.
    """
    model, rows = context.lead, np.arange(len(context.test))
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(context.seed).choice(rows, MOST_ROWS, replace=False))
    cases = context.test.rows(rows)
    parts = model.contributions(cases)
    draws = household_draws(cases, context.resamples, context.seed)
    labels = {feature.name: feature.label for feature in model.features}
    used = parts.columns[parts.abs().sum() > 0]
    return Explained(
        model=model.name,
        n=len(cases),
        themes=shares_of_movement(parts, _grouping(model.features, lambda f: f.theme or f.label), cases, draws),
        partners=shares_of_movement(parts, _grouping(model.features, lambda f: f.partner), cases, draws),
        curves=effect_curves(model, cases, parts, draws),
        faithfulness=faithfulness(context),
        additivity_error=additivity_error(model, cases, parts),
        turned_round=tuple(labels[name] for name in turned_round(model)),
        not_quoted=sum(name not in context.prototype.quoted for name in used),
        example=invented_example(context, parts),
    )


def household_draws(cases: DesignMatrix, resamples: int, seed: int) -> Floats:
    """How often each case counts in each resample of whole households.

    Returns
    -------
    array of shape (resamples, cases)
        The same for all cases of one household.
    """
    names, where = np.unique(cases.component.to_numpy(), return_inverse=True)
    times = np.random.default_rng([seed, 7]).multinomial(len(names), np.full(len(names), 1 / len(names)), resamples)
    drawn: Floats = times[:, where].astype(np.float64)
    return drawn


def shares_of_movement(
    parts: pd.DataFrame, groups: Mapping[str, Ints], cases: DesignMatrix, draws: Floats
) -> tuple[ShareOfMovement, ...]:
    """Share of all movement that each group of features makes, largest first.

    Parameters
    ----------
    parts : DataFrame
        Contributions, one column a feature.
    groups : mapping of str to array
        Places of each group's features.
    cases : DesignMatrix
        Of the contributions.
    draws : array of shape (resamples, cases)
        From `household_draws`.
    """
    values = parts.to_numpy(dtype=np.float64)
    sizes = np.column_stack([np.abs(values[:, places].sum(axis=1)) for places in groups.values()])
    whole, resampled = sizes.mean(axis=0), draws @ sizes / draws.sum(axis=1, keepdims=True)
    if not whole.sum():
        return ()
    shares, moved = whole / whole.sum(), resampled / resampled.sum(axis=1, keepdims=True)
    n, events = len(cases), int(np.nansum(cases.y.to_numpy()))
    found = [
        ShareOfMovement(name, len(places), percentile(float(share), float(share), moved[:, at], n=n, events=events))
        for at, ((name, places), share) in enumerate(zip(groups.items(), shares.tolist(), strict=True))
    ]
    return tuple(sorted(found, key=lambda one: (-(one.share.value or 0.0), one.name)))


def _grouping(features: Sequence[ModelFeature], key: Callable[[ModelFeature], str]) -> dict[str, Ints]:
    names = [key(feature) for feature in features]
    return {name: np.flatnonzero([other == name for other in names]) for name in dict.fromkeys(names)}
