"""The household bootstrap: whole households are drawn with replacement, and every figure is computed from one draw."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from riskmodel.errors import EvaluationError
from riskmodel.evaluation import fused
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.calibration import calibration_in_the_large, recalibration
from riskmodel.evaluation.cells import MOST_BINS, MOST_LEVELS, Group, Tally, make_levels, make_tally
from riskmodel.evaluation.fused import Counts, Smoother
from riskmodel.evaluation.usefulness import places
from riskmodel.progress import SILENT, Progress

#: Name of the group that holds all cases.
EVERYONE = ""
#: Bytes that the weights of one batch of resamples may take.
BATCH_BYTES = 2**25
#: Resamples that are drawn, and kept, together.
BLOCK = 32
#: Households beyond which draws are kept.
KEPT = 50_000


@dataclass(frozen=True)
class Prediction:
    """What one model says about the test rows.

    Attributes
    ----------
    score : array of shape (n,)
        Ranks the cases.
    probability : array of shape (n,)
        Rises with the score.
    groups : mapping of str to array
        Rows of each group to report on, beside everyone.
    curve_at : array of shape (places,)
        Risks at which the smooth calibration curve is drawn.
    """

    score: Floats
    probability: Floats
    groups: Mapping[str, Ints] = field(default_factory=dict)
    curve_at: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Draws:
    """Figures of one group under one model.

    Attributes
    ----------
    point : dict of str to float
        Each figure with every household counted once, from the pooled cells (equal to the exact figure up to
        `cells.MOST_LEVELS` distinct scores).
    resampled : dict of str to array of shape (resamples,)
        The same in each resample; not-a-number where it does not exist.
    curve : array of shape (places, resamples)
        The smooth calibration curve at the risks `curve_at` (everyone only, otherwise empty).
    curve_point, curve_at : arrays of shape (places,)
    """

    point: dict[str, float]
    resampled: dict[str, Floats]
    curve: Floats
    curve_point: Floats
    curve_at: Floats


@dataclass(frozen=True)
class _Plan:
    """One model, made ready: its cells, where Newton starts, and its smoothers."""

    tally: Tally
    starts: tuple[tuple[float, float], ...]
    shift: float
    at_bins: Smoother
    at_curve: Smoother
    shares: tuple[float, ...]
    thresholds: tuple[float, ...]
    group_share: float
    n: int

    def room(self, share: float) -> float:
        """The share that a whole number of places is."""
        return places(self.n, share) / self.n


def household_bootstrap(
    y: Floats,
    component: npt.ArrayLike,
    predictions: Mapping[str, Prediction],
    *,
    shares: Sequence[float],
    thresholds: Sequence[float] = (),
    group_share: float | None = None,
    resamples: int = 1000,
    seed: int = 0,
    most_levels: int = MOST_LEVELS,
    progress: Progress | None = None,
) -> dict[str, dict[str, Draws]]:
    """Resample households and compute every figure of every model and group from the same draws.

    Parameters
    ----------
    y : array of shape (n,)
        Outcomes, 0 or 1.
    component : array of shape (n,)
        Household of each row; households are drawn whole.
    predictions : mapping of str to Prediction
        What each model says, and the groups to report under it.
    shares : sequence of float
        Capacities as shares of all cases.
    thresholds : sequence of float
        Thresholds of the net benefit.
    group_share : float, optional
        The capacity at which groups are compared; the first of `shares` when left out.
    resamples, seed : int
        The same seed gives the same figures, whatever the number of processor cores.
    most_levels : int
        Distinct scores kept apart.
    progress : Progress, optional

    Returns
    -------
    dict of str to dict of str to Draws
        By model and group; everyone is the group `EVERYONE`.

    Notes
    -----
    Estimator: the nonparametric cluster bootstrap (Efron and Tibshirani 1993; Davison and Hinkley 1997). Each resample
    draws as many households as there are, with replacement; a row's weight is how often its household was drawn.
    The list is cut anew in every resample, because the capacity is a share and not a threshold. Assumes that
    households are independent of one another; it does not cover the uncertainty of training, which the models'
    refits would show. Differences between figures of one call are paired.

    Cost: rows with neighbouring scores are pooled into at most `most_levels` cells a group, each resample is a column
    of a sparse matrix product, and all figures come from running sums over cells.
    """
    from threadpoolctl import threadpool_limits

    if resamples < 1:
        raise EvaluationError(
            f"{resamples} resamples were asked for.",
            "Intervals are taken from resamples of the households, so at least one is drawn.",
            next_step="Ask for 1,000, or for 200 to look quickly.",
        )
    watcher = progress or SILENT
    _, household = np.unique(np.asarray(component), return_inverse=True)
    households = int(household.max()) + 1
    cuts = tuple(shares)
    plans = {
        name: _plan(y, household, prediction, cuts, tuple(thresholds), group_share or cuts[0], most_levels)
        for name, prediction in predictions.items()
    }
    batches = batches_of(households, resamples)
    watcher.step("Resampling households", resamples)

    def batch(numbers: range) -> dict[str, dict[str, dict[str, Floats]]]:
        weights = household_weights(households, numbers, seed)
        return {name: _figures(plan, weights) for name, plan in plans.items()}

    done = []
    limits = threadpool_limits(1, user_api="blas")  # the batches run beside each other already
    pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1))
    try:
        for numbers, part in zip(batches, pool.map(batch, batches), strict=True):
            done.append(part)
            watcher.advance(len(numbers))
    finally:  # so that Ctrl-C does not wait for the batches not yet begun
        pool.shutdown(cancel_futures=True)
        limits.restore_original_limits()
    once = np.ones((households, 1), dtype=np.float32)
    return {name: _draws(plan, [part[name] for part in done], _figures(plan, once)) for name, plan in plans.items()}


def household_weights(households: int, numbers: Sequence[int], seed: int) -> npt.NDArray[np.float32]:
    """How often each household is drawn in each of the resamples of consecutive numbers: one column a resample.

    Multinomial counts. Of very many households the last thousand draws are kept: every part of the evidence takes its
    intervals from the same.

    Examples
    --------
    >>> weights = household_weights(5, range(3), seed=1)
    >>> weights.shape, weights.sum(axis=0).tolist()
    ((5, 3), [5.0, 5.0, 5.0])
    """
    first, last = numbers[0], numbers[-1] + 1
    blocks = range(first // BLOCK, (last - 1) // BLOCK + 1)
    held = [
        _drawn(households, block, seed)[:, max(first - block * BLOCK, 0) : min(last - block * BLOCK, BLOCK)]
        for block in blocks
    ]
    return np.concatenate(held, axis=1, dtype=np.float32)


def _drawn(households: int, block: int, seed: int) -> npt.NDArray[np.uint8]:
    """One block of draws, kept where they take long and so all come from the same households."""
    return _kept(households, block, seed) if households > KEPT else _draw(households, block, seed)


@lru_cache(maxsize=1024 // BLOCK)
def _kept(households: int, block: int, seed: int) -> npt.NDArray[np.uint8]:
    return _draw(households, block, seed)


def _draw(households: int, block: int, seed: int) -> npt.NDArray[np.uint8]:
    """No household is drawn 256 times (chance below one in 255 factorial)."""
    counts = np.empty((BLOCK, households), dtype=np.uint8)
    for row in range(BLOCK):
        number = block * BLOCK + row
        drawn = np.random.default_rng([seed, number]).integers(0, households, households, dtype=np.uint32)
        counts[row] = np.bincount(drawn, minlength=households)
    return np.ascontiguousarray(counts.T)


def batches_of(households: int, resamples: int) -> list[range]:
    """Numbers of the resamples that are worked on together: few enough to stay small in memory.

    Examples
    --------
    >>> batches_of(1_000_000, 70)
    [range(0, 32), range(32, 64), range(64, 70)]
    """
    size = max(1, min(4, BATCH_BYTES // (4 * households * BLOCK))) * BLOCK
    return [range(low, min(low + size, resamples)) for low in range(0, resamples, size)]


def _plan(
    y: Floats,
    household: Ints,
    prediction: Prediction,
    shares: tuple[float, ...],
    thresholds: tuple[float, ...],
    group_share: float,
    most_levels: int,
) -> _Plan:
    probability = prediction.probability
    levels = make_levels(prediction.score, probability, thresholds, most_levels)
    members = {EVERYONE: np.arange(len(y)), **prediction.groups}
    tally = make_tally(y, probability, household, levels, members, min(MOST_BINS, most_levels))
    everyone = tally.groups[0]
    return _Plan(
        tally,
        _starts(tally),
        calibration_in_the_large(y, probability),
        Smoother.of(everyone.bin_risk, everyone.bin_risk, probability),
        Smoother.of(prediction.curve_at, everyone.bin_risk, probability),
        shares, thresholds, group_share, len(y),
    )  # fmt: skip


def _starts(tally: Tally) -> tuple[tuple[float, float], ...]:
    """Intercept and slope of every group with each household once, fitted to its bins; not-a-number without a fit."""
    held = np.asarray(tally.matrix @ np.ones((tally.matrix.shape[1], 1), dtype=np.float32), dtype=np.float64)
    found = []
    for group in tally.groups:
        here = slice(group.first, group.last)
        positive, n = fused.binned(Counts.of(held[: tally.cells][here], held[tally.cells :][here]), group)
        weight = np.concatenate([positive[:, 0], (n - positive)[:, 0]])
        outcome = np.repeat([1.0, 0.0], len(n))
        risk = 1 / (1 + np.exp(-np.tile(group.bin_log_odds, 2)))
        found.append(recalibration(outcome, risk, weight))
    return tuple(found)


def _figures(plan: _Plan, weights: npt.NDArray[np.float32]) -> dict[str, dict[str, Floats]]:
    """Every figure of one model in one batch of resamples, by group."""
    held = np.asarray(plan.tally.matrix @ weights, dtype=np.float64)
    positive, negative = held[: plan.tally.cells], held[plan.tally.cells :]
    figures = {}
    for group, start in zip(plan.tally.groups, plan.starts, strict=True):
        here = slice(group.first, group.last)
        counts = Counts.of(positive[here], negative[here])
        if group.name == EVERYONE:
            line = fused.cut_line(counts, plan.room(plan.group_share))
            figures[group.name] = _overall(plan, group, counts, start)
        else:
            area = {"auroc": fused.ranking(counts)["auroc"]}
            slope = {"calibration_slope": _slope(group, counts, start)[1]}
            figures[group.name] = {**fused.of_group(counts, group, line), **area, **slope}
    return figures


def _overall(plan: _Plan, group: Group, counts: Counts, start: tuple[float, float]) -> dict[str, Floats]:
    figures = {**fused.ranking(counts), **fused.accuracy(counts, group)}
    for share in plan.shares:
        figures.update(fused.at_share(counts, group, share, plan.room(share)))
    figures.update(fused.net_benefits(counts, plan.thresholds, plan.tally.levels.reaching))
    positive, n = fused.binned(counts, group)
    intercept, slope = _slope(group, counts, start)
    return {
        **figures,
        "calibration_intercept": intercept,
        "calibration_slope": slope,
        "calibration_in_the_large": fused.in_the_large(positive, n, group.bin_log_odds, plan.shift),
        "ici": fused.mean_gap(plan.at_bins, positive, n),
        "curve": plan.at_curve.curve(positive, n),
    }


def _slope(group: Group, counts: Counts, start: tuple[float, float]) -> tuple[Floats, Floats]:
    """Intercept and slope in each resample; not-a-number throughout when the whole group has none."""
    if np.isnan(start[1]):
        nothing = np.full(counts.found.shape[1], np.nan)
        return nothing, nothing
    positive, n = fused.binned(counts, group)
    return fused.recalibration(positive, n, group.bin_log_odds, start)


def _draws(
    plan: _Plan, parts: Sequence[dict[str, dict[str, Floats]]], once: dict[str, dict[str, Floats]]
) -> dict[str, Draws]:
    draws = {}
    for group in plan.tally.groups:
        resampled = fused.merged([part[group.name] for part in parts])
        point = dict(once[group.name])
        curve = resampled.pop("curve", np.empty((0, 0)))
        curve_point = point.pop("curve", np.empty((0, 1)))[:, 0]
        flat = {key: float(value[0]) for key, value in point.items()}
        draws[group.name] = Draws(flat, resampled, curve, curve_point, plan.at_curve.at)
    return draws
