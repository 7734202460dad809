"""Faithfulness: when what a reason names is taken away, the score must fall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.intervals import of_share, percentile
from riskmodel.evaluation.reasons import strongest
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.usefulness import places
from riskmodel.evaluation.usual import usual_values
from riskmodel.modelling.model import RiskModel

#: Most listed cases that are tried.
MOST_CASES = 1000
_NOTHING = 1e-12


@dataclass(frozen=True)
class Faithfulness:
    """Listed cases, with the feature of the first reason set to its usual value of training.

    Attributes
    ----------
    listed : int
        Listed cases that were looked at.
    with_reason : Estimate
        Share of them that have a reason.
    falls : Estimate
        Share of those whose score falls, as the reason says.
    change : Estimate
        Mean change of their probability.
    """

    listed: int
    with_reason: Estimate
    falls: Estimate
    change: Estimate


def faithfulness(context: Context) -> Faithfulness:
    """Try the first reason of each case on the list at the prototype's capacity.

    Parameters
    ----------
    context : Context

    Notes
    -----
    The deletion check of feature attributions (Samek and others 2017), for one feature at a time. Other features that
    say nearly the same stay as they are, so the fall is the least that the reason accounts for.
    """
    room = places(len(context.y), context.prototype.capacity)
    listed = np.sort(np.argsort(-context.ranking, kind="stable")[:room])
    if len(listed) > MOST_CASES:
        listed = np.sort(np.random.default_rng(context.seed).choice(listed, MOST_CASES, replace=False))
    cases, model = context.test.rows(listed), context.lead
    first = strongest(model, cases, model.contributions(cases))
    has = first >= 0
    tried = cases.rows(has)
    changed = taken_away(model, tried, first[has], context.fit)
    falls = (changed["raw"] < -_NOTHING).astype(np.float64)
    return Faithfulness(
        len(cases),
        _estimate(has.astype(np.float64), cases, context, share=True),
        _estimate(falls, tried, context, share=True),
        _estimate(changed["probability"], tried, context, share=False),
    )


def taken_away(model: RiskModel, cases: DesignMatrix, first: Ints, training: DesignMatrix) -> dict[str, Floats]:
    """Change of each case's raw score and probability when one of its features takes its usual value.

    Parameters
    ----------
    model : RiskModel
    cases : DesignMatrix
    first : array of shape (cases,)
        Place of the feature that is set.
    training : DesignMatrix
        Where usual values come from.
    """
    usual, table = usual_values(model.features, training), cases.X.copy()
    for place in np.unique(first).tolist():
        name = model.features[place].name
        table.loc[first == place, name] = usual[name]
    raw = model.raw(table) - model.raw(cases)
    return {"raw": raw, "probability": model.predict(table) - model.predict(cases)}


def _estimate(values: Floats, cases: DesignMatrix, context: Context, *, share: bool) -> Estimate:
    n, events = len(values), int(np.nansum(cases.y.to_numpy()))
    if not n:
        return Estimate(None, None, None, 0, 0, "", "no listed case has a reason")
    names, where = np.unique(cases.component.to_numpy(), return_inverse=True)
    sums, sizes = np.bincount(where, weights=values), np.bincount(where)
    rng = np.random.default_rng([context.seed, 8])
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), context.resamples)
    mean = float(values.mean())
    found = percentile(mean, mean, drawn @ sums / (drawn @ sizes), n=n, events=events)
    return of_share(found, float(values.sum()), n) if share else found
