"""How much scores, the list and its reasons owe to the sample that the model happened to be trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.reasons import reasons
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.usefulness import places
from riskmodel.modelling.estimators import BOOSTING
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.refits import Refits, band_of
from riskmodel.modelling.resampled import refit_with_seeds

#: Most test rows that are scored by every refit, and most listed cases and refits whose reasons are compared.
MOST_ROWS, MOST_REASONED, MOST_REASONING = 50_000, 200, 50
#: A case whose place on the list is firm is on the list of at least this share of the refits.
FIRM = 0.9
#: Cases in a group of the band table, at least.
LEAST_IN_GROUP = 50


@dataclass(frozen=True)
class BandByRisk:
    """The band of single scores in one group of test cases with similar predicted risk.

    `group` counts from 1, the lowest risk. `risk` is the mean predicted risk with the mean ends of the band. `width` is
    the median width of the band of probabilities and `rank_width` that of ranks, as a share of the cohort, each with
    its quartiles over the cases.
    """

    group: int
    risk: Estimate
    width: Estimate
    rank_width: Estimate


@dataclass(frozen=True)
class Stability:
    """What changes when the lead model is fitted again on household resamples of its training rows.

    Attributes
    ----------
    model, refits
        Which model, and how many times it was fitted again.
    n, events, listed, capacity
        Test cases, those with the outcome, and places on the list at the prototype's capacity.
    replaced
        Mean share of the list that differs between two trainings on different samples of this size.
    by_chance
        What that share would be for lists drawn by lot.
    replaced_by_seed
        The same when only the random seed differs; None for a family in which nothing is random.
    firm
        Share of the listed cases that are on the lists of at least nine in ten refits.
    band
        Bands of single scores, by predicted risk.
    top_reason_stays, top_theme_stays, reasons_shared
        Share of listed cases whose first reason stays, or at least its theme, and mean overlap (Jaccard) of their three
        reasons.
    auroc
        Over the refits, on the same test cases.
    """

    model: str
    refits: int
    n: int
    events: int
    listed: int
    capacity: float
    replaced: Estimate
    by_chance: float
    replaced_by_seed: Estimate | None
    firm: Estimate
    band: tuple[BandByRisk, ...]
    top_reason_stays: Estimate
    top_theme_stays: Estimate
    reasons_shared: Estimate
    auroc: Estimate


def stability(context: Context) -> Stability | None:
    """Measure how much scores, list and reasons change on refit; None when fewer than two refits are asked for.

    Parameters
    ----------
    context : Context
        Its `refitted` models are made here, unless they were before.

    Notes
    -----
    A refit is a training on a household bootstrap of the training rows, with another seed and the chosen settings
    (Riley and Collins 2023 call the spread of its predictions instability). Two such refits differ from each other as
    two trainings on different samples do, but both lie around the model's own scores, whose noise they share as if it
    were signal; with a weak signal that makes lists look steadier than they are. For `replaced` and `firm` the scores
    that the refits have in common are therefore drawn together until the spread of a refit's scores over the cases is
    that of the model itself (the plug-in correction of an overdispersed bootstrap). With no signal at all lists then
    agree no more than by chance. Simulations in the tests compare the result with fresh samples.
    """
    refits = context.refitted
    if refits is None:
        return None
    data, y, own = _some_rows(context)
    raw = refits.raw(data)
    room = places(len(y), context.prototype.capacity)
    lists = lists_of(other_samples(raw, own), room)
    listed = np.argsort(-own, kind="stable")[:room]
    counts = (len(y), int(y.sum()))
    stays, theme_stays, shared = _reasons(context, data.rows(_at_most(listed, MOST_REASONED, context.seed)))
    return Stability(
        model=context.lead.name,
        refits=len(refits),
        n=counts[0],
        events=counts[1],
        listed=room,
        capacity=context.prototype.capacity,
        replaced=_spread(replaced_between(lists), *counts, "pairs of refits"),
        by_chance=1 - room / len(y),
        replaced_by_seed=_by_seed(context, data, own, room, counts),
        firm=_firm(lists, listed, y),
        band=_bands(refits, data, raw, y, own),
        top_reason_stays=stays,
        top_theme_stays=theme_stays,
        reasons_shared=shared,
        auroc=_spread(np.array([auroc(y, raw[:, place]) for place in range(len(refits))]), *counts, "refits"),
    )


def other_samples(raw: Floats, own: Floats) -> Floats:
    """Scores that trainings on other samples would give, from those of refits on resamples (see `stability`).

    Parameters
    ----------
    raw : array of shape (cases, refits)
        Log-odds under each refit.
    own : array of shape (cases,)
        Log-odds under the model itself.

    Examples
    --------
    >>> other_samples(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([1.0, -1.0])).tolist()
    [[1.0, 1.0], [-1.0, -1.0]]
    """
    refits = raw.shape[1]
    noise = (raw - raw.mean(axis=1, keepdims=True)) * np.sqrt(refits / (refits - 1))
    spread, of_noise = float(own.var()), float(noise.var(axis=0).mean())
    kept = np.sqrt(max(0.0, 1 - of_noise / spread)) if spread > 0 else 0.0
    found: Floats = own.mean() + kept * (own - own.mean())[:, None] + noise
    return found


def lists_of(scores: Floats, room: int) -> Flags:
    """Which cases are on the list under each column of scores; the earlier row wins a tie, in every column alike.

    Examples
    --------
    >>> lists_of(np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 1.0]]), 2).tolist()
    [[True, True], [True, True], [False, False]]
    """
    lists: Flags = np.zeros(scores.shape, dtype=np.bool_)
    chosen = np.argsort(-scores, axis=0, kind="stable")[:room]
    np.put_along_axis(lists, chosen, True, axis=0)
    return lists


def replaced_between(lists: Flags) -> Floats:
    """Share of the list that differs between each refit and the next, the last one and the first."""
    shared = (lists & np.roll(lists, 1, axis=1)).sum(axis=0)
    found: Floats = 1 - shared / lists[:, 0].sum()
    return found if lists.shape[1] > 2 else found[:1]


def _some_rows(context: Context) -> tuple[DesignMatrix, Floats, Floats]:
    """The test rows, or a sample of them, with their outcome and own ranking score."""
    rows = np.sort(_at_most(np.arange(len(context.y)), MOST_ROWS, context.seed))
    if len(rows) == len(context.y):
        return context.test, context.y, context.ranking
    return context.test.rows(rows), context.y[rows], context.ranking[rows]


def _at_most(rows: Ints, most: int, seed: int) -> Ints:
    if len(rows) <= most:
        return rows
    chosen: Ints = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return chosen


def _spread(values: Floats, n: int, events: int, over: str, note: str = "") -> Estimate:
    low, high = (float(end) for end in np.quantile(values, (0.025, 0.975)))
    method = f"mean of {len(values)} {over}; 95 in 100 of them lie in the interval"
    return Estimate(float(values.mean()), low, high, n, events, method, note)


def _by_seed(context: Context, data: DesignMatrix, own: Floats, room: int, counts: tuple[int, int]) -> Estimate | None:
    if context.lead.family != BOOSTING:
        return None
    again = refit_with_seeds(
        context.lead, context.matrix, context.split, refits=max(2, context.refits // 10), seed=context.seed
    )
    lists = lists_of(np.column_stack([own, again.raw(data)]), room)
    shares = 1 - (lists[:, 1:] & lists[:, :1]).sum(axis=0) / room
    return _spread(shares, *counts, "refits with another seed")


def _firm(lists: Flags, listed: Ints, y: Floats) -> Estimate:
    found = int((lists[listed].mean(axis=1) >= FIRM).sum())
    low, high = wilson(found, len(listed))
    note = f"on the lists of at least {FIRM:.0%} of {lists.shape[1]} refits"
    return Estimate(found / len(listed), low, high, len(listed), int(y[listed].sum()), "Wilson", note)


def _bands(refits: Refits, data: DesignMatrix, raw: Floats, y: Floats, own: Floats) -> tuple[BandByRisk, ...]:
    probability = refits.model.calibrator(own)
    low, high = band_of(refits.predict(data, raw), probability)
    place = (np.argsort(np.argsort(raw, axis=0, kind="stable"), axis=0) + 0.5) / len(y)
    first, last = np.quantile(place, (0.05, 0.95), axis=1)
    groups = np.array_split(np.argsort(own, kind="stable"), min(10, max(1, len(y) // LEAST_IN_GROUP)))
    return tuple(
        BandByRisk(
            number,
            _mean_band(probability[rows], low[rows], high[rows], y[rows]),
            _middle((high - low)[rows], y[rows]),
            _middle((last - first)[rows], y[rows]),
        )
        for number, rows in enumerate(groups, 1)
    )


def _mean_band(risk: Floats, low: Floats, high: Floats, y: Floats) -> Estimate:
    method = "mean risk; mean 5th and 95th percentile over the refits"
    return Estimate(float(risk.mean()), float(low.mean()), float(high.mean()), len(y), int(y.sum()), method)


def _middle(widths: Floats, y: Floats) -> Estimate:
    low, middle, high = (float(q) for q in np.quantile(widths, (0.25, 0.5, 0.75)))
    return Estimate(middle, low, high, len(y), int(y.sum()), "median and quartiles over the cases")


def _reasons(context: Context, listed: DesignMatrix) -> tuple[Estimate, Estimate, Estimate]:
    """Whether the first reason stays, whether its theme does, and how much the three reasons overlap, over refits."""
    refits = context.refitted
    assert refits is not None
    before = _told(context.lead, listed)
    kept = [_compared(before, _told(refits.one(place), listed)) for place in range(min(len(refits), MOST_REASONING))]
    events = int(np.nansum(listed.y.to_numpy()))
    note = "listed cases; reasons as they are before any that may not be quoted is replaced"
    first, theme, overlap = (
        _spread(np.array(values), len(listed), events, "refits", note) for values in zip(*kept, strict=True)
    )
    return first, theme, overlap


def _told(model: RiskModel, cases: DesignMatrix) -> list[tuple[str, str, set[str]]]:
    """The first reason of each case (empty: none), its theme, and its three reasons."""
    parts = model.contributions(cases)
    themes = {feature.label: feature.theme or feature.label for feature in model.features} | {"": ""}
    told = [[*three, ""][:3] for three in reasons(model, cases, contributions=parts)]
    return [(three[0], themes[three[0]], {reason for reason in three if reason}) for three in told]


def _compared(
    before: list[tuple[str, str, set[str]]], after: list[tuple[str, str, set[str]]]
) -> tuple[float, float, float]:
    pairs = list(zip(before, after, strict=True))
    return (
        float(np.mean([a[0] == b[0] for a, b in pairs])),
        float(np.mean([a[1] == b[1] for a, b in pairs])),
        float(np.mean([_jaccard(a[2], b[2]) for a, b in pairs])),
    )


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0
