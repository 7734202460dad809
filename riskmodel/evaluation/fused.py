"""Every figure of many resamples in one pass over weighted cells: one column a resample, one row a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.cells import Group
from riskmodel.evaluation.lowess import windows
from riskmodel.evaluation.usefulness import odds

#: Newton steps of a recalibration that every resample takes, from the fit on all rows. Nearly all have then converged
#: to `CLOSE`; the others go on alone, and those still moving after `MOST_STEPS` (separated outcomes) have no figure.
STEPS, MOST_STEPS, CLOSE = 4, 25, 1e-6


@dataclass(frozen=True)
class Counts:
    """Weighted cases of one group in each resample, from the highest score down.

    `positive` and `negative` are per cell, `found` and `false` their running sums, `both` the sum of these two; all of
    shape (cells, resamples).
    """

    positive: Floats
    negative: Floats
    found: Floats
    false: Floats
    both: Floats

    @classmethod
    def of(cls, positive: Floats, negative: Floats) -> Counts:
        """Take the running sums."""
        found, false = positive.cumsum(axis=0), negative.cumsum(axis=0)
        return cls(positive, negative, found, false, found + false)


@dataclass(frozen=True)
class CutLine:
    """Where a list of a given share ends in each resample: the level, and the part of that level that is selected."""

    level: Ints
    part: Floats


def divide(top: Floats, bottom: Floats) -> Floats:
    """`top / bottom`, not-a-number where the bottom is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(bottom > 0, top / bottom, np.nan)
    return found


def ranking(c: Counts) -> dict[str, Floats]:
    """AUROC and average precision."""
    positive, negative = c.found[-1], c.false[-1]
    above = np.einsum("kb,kb->b", c.negative, c.found) - 0.5 * np.einsum("kb,kb->b", c.negative, c.positive)
    precision = c.found / np.maximum(c.both, 1e-300)
    gained = np.einsum("kb,kb->b", c.positive, precision)
    return {"auroc": divide(above, positive * negative), "auprc": divide(gained, positive)}


def accuracy(c: Counts, group: Group) -> dict[str, Floats]:
    """Brier score, scaled Brier score, log loss and observed over expected."""
    events = c.found[-1]
    n = events + c.false[-1]
    brier = divide(group.brier[0] @ c.positive + group.brier[1] @ c.negative, n)
    share = divide(events, n)
    return {
        "brier": brier,
        "scaled_brier": 1 - divide(brier, share * (1 - share)),
        "log_loss": divide(group.loss[0] @ c.positive + group.loss[1] @ c.negative, n),
        "oe": observed_to_expected(c, group),
    }


def observed_to_expected(c: Counts, group: Group) -> Floats:
    """Outcomes over the sum of probabilities."""
    return divide(c.found[-1], group.risk @ c.positive + group.risk @ c.negative)


def cut_line(c: Counts, share: float) -> CutLine:
    """Cut the whole list at a share of its weight."""
    room = share * c.both[-1]
    level = np.minimum((c.both < room - 1e-9).sum(axis=0), len(c.both) - 1)
    columns = np.arange(len(room))
    held = c.positive[level, columns] + c.negative[level, columns]
    part = divide(room - (c.both[level, columns] - held), held)
    return CutLine(level, np.clip(part, 0, 1))


def selected(c: Counts, group: Group, line: CutLine) -> tuple[Floats, Floats]:
    """Weight of the positive and of the negative cases of a group above a cut of the whole list."""
    place = np.searchsorted(group.level, line.level)
    inside = np.minimum(place, len(group.level) - 1)
    columns = np.arange(len(place))
    part = np.where((place < len(group.level)) & (group.level[inside] == line.level), line.part, 0.0)
    taken = []
    for cell, running in ((c.positive, c.found), (c.negative, c.false)):
        before = np.where(place > 0, running[np.maximum(place - 1, 0), columns], 0.0)
        taken.append(before + part * cell[inside, columns])
    return taken[0], taken[1]


def at_share(c: Counts, group: Group, share: float, room: float) -> dict[str, Floats]:
    """Found, precision, recall and visits a case found; `room` is the share in whole places, `share` its name."""
    found, false = selected(c, group, cut_line(c, room))
    precision = divide(found, found + false)
    return {
        f"found@{share:g}": found,
        f"precision@{share:g}": precision,
        f"recall@{share:g}": divide(found, c.found[-1]),
        f"number_needed_to_visit@{share:g}": divide(found + false, found),
    }


def net_benefits(c: Counts, thresholds: Sequence[float], reaching: Ints) -> dict[str, Floats]:
    """Net benefit at each threshold: of the model, of treating all, and the model's gain on both."""
    n = c.found[-1] + c.false[-1]
    figures = {}
    for threshold, levels in zip(thresholds, reaching, strict=True):
        price = odds(threshold)
        true, false = (c.found[levels - 1], c.false[levels - 1]) if levels else (np.zeros_like(n), np.zeros_like(n))
        model = divide(true - price * false, n)
        everyone = divide(c.found[-1] - price * c.false[-1], n)
        figures[f"net_benefit@{threshold:g}"] = model
        figures[f"net_benefit_of_all@{threshold:g}"] = everyone
        figures[f"net_benefit_gain@{threshold:g}"] = model - np.maximum(everyone, 0)
    return figures


def of_group(c: Counts, group: Group, line: CutLine) -> dict[str, Floats]:
    """The figures of fairness of one group at the cut of the whole list."""
    true, false = selected(c, group, line)
    positive, negative = c.found[-1], c.false[-1]
    return {
        "base_rate": divide(positive, positive + negative),
        "selection_rate": divide(true + false, positive + negative),
        "tpr": divide(true, positive),
        "fpr": divide(false, negative),
        "ppv": divide(true, true + false),
        "oe": observed_to_expected(c, group),
    }


def binned(c: Counts, group: Group) -> tuple[Floats, Floats]:
    """Positive cases and all cases in each bin of predicted risk, of shape (bins, resamples)."""
    if len(group.bins) == len(c.positive):
        return c.positive, c.positive + c.negative
    positive = np.add.reduceat(c.positive, group.bins, axis=0)
    return positive, positive + np.add.reduceat(c.negative, group.bins, axis=0)


def recalibration(positive: Floats, n: Floats, log_odds: Floats, start: tuple[float, float]) -> tuple[Floats, Floats]:
    """Intercept and slope of the weighted logistic regression on the log-odds, by Newton's method from `start`."""
    intercept, slope = np.full(n.shape[1], start[0]), np.full(n.shape[1], start[1])
    moving = np.arange(n.shape[1])
    design = np.stack([np.ones_like(log_odds), log_odds, log_odds**2])
    for step in range(MOST_STEPS):
        up, steeper = _newton_step(positive, n, design, intercept[moving], slope[moving])
        intercept[moving] += np.clip(up, -1, 1)
        slope[moving] += np.clip(steeper, -1, 1)
        if step >= STEPS - 1:
            on = np.maximum(np.abs(up), np.abs(steeper)) >= CLOSE
            moving, positive, n = moving[on], positive[:, on], n[:, on]
            if not len(moving):
                break
    intercept[moving], slope[moving] = np.nan, np.nan
    return intercept, slope


def _newton_step(
    positive: Floats, n: Floats, design: Floats, intercept: Floats, slope: Floats
) -> tuple[Floats, Floats]:
    """One step of the intercept and of the slope in each resample; not-a-number where only one outcome is left."""
    fitted = _probability(intercept + np.outer(design[1], slope))
    r0, r1 = design[:2] @ (positive - n * fitted)
    fitted *= n * (1 - fitted)
    v0, v1, v2 = design @ fitted
    determinant = v0 * v2 - v1 * v1
    return divide(v2 * r0 - v1 * r1, determinant), divide(v0 * r1 - v1 * r0, determinant)


def in_the_large(positive: Floats, n: Floats, log_odds: Floats, start: float) -> Floats:
    """The shift of all log-odds that makes the mean risk right, by Newton's method from `start`."""
    shift = np.full(n.shape[1], start)
    step = np.full(n.shape[1], np.inf)
    for _ in range(STEPS):
        fitted = _probability(log_odds[:, None] + shift)
        step = divide((positive - n * fitted).sum(axis=0), (n * fitted * (1 - fitted)).sum(axis=0))
        shift = shift + step
    return np.where(np.abs(step) < 0.001, shift, np.nan)


@dataclass(frozen=True)
class Smoother:
    """A lowess curve of weighted bins at fixed places, with the window of each place fixed from all rows.

    Attributes
    ----------
    at : array of shape (places,)
    kernel : array of shape (places, bins)
        Tricube weight of each bin at each place.
    offset : array of shape (places, bins)
        Distance from the place to the bin.
    """

    at: Floats
    kernel: Floats
    offset: Floats

    @classmethod
    def of(cls, at: Floats, bins: Floats, probability: Floats) -> Smoother:
        """Smoother at the risks `at`, for bins of mean risk `bins`, among all rows' `probability`."""
        # A window without width holds one risk that most cases share: only its own bin counts there.
        width = np.maximum(windows(np.sort(probability), at), 1e-9)[:, None]
        offset = bins[None, :] - at[:, None]
        kernel = np.clip(1 - (np.abs(offset) / width) ** 3, 0, None) ** 3
        return cls(at, kernel, offset)

    def curve(self, positive: Floats, n: Floats) -> Floats:
        """Observed share at each place in each resample: (places, resamples); a mean where there is no spread."""
        k0, k1, k2 = self.kernel, self.kernel * self.offset, self.kernel * self.offset**2
        both = np.concatenate([n, positive], axis=1)
        (s0, t0), (s1, t1) = np.split(k0 @ both, 2, axis=1), np.split(k1 @ both, 2, axis=1)
        s2 = k2 @ n
        determinant = s0 * s2 - s1 * s1
        straight = divide(s2 * t0 - s1 * t1, determinant)
        return np.where(determinant > 1e-9 * s0 * s0, straight, divide(t0, s0))


def mean_gap(smoother: Smoother, positive: Floats, n: Floats) -> Floats:
    """Integrated calibration index of binned cases: the smoother must stand at the bins."""
    gap = np.abs(smoother.curve(positive, n) - smoother.at[:, None])
    return divide(np.einsum("kb,kb->b", n, np.nan_to_num(gap)), n.sum(axis=0))


def merged(parts: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    """Figures of several batches of resamples, one after another."""
    return {key: np.concatenate([part[key] for part in parts], axis=-1) for key in parts[0]}


def _probability(log_odds: Floats) -> Floats:
    with np.errstate(over="ignore"):
        found: Floats = 1 / (1 + np.exp(-log_odds))
    return found
