"""Tuning on the earlier training cohorts: a small declared grid, judged by log loss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.calibration import clustered_error, log_losses, probability
from riskmodel.modelling.estimators import BOOSTING, DEFAULTS, LOGISTIC, Sample, Settings, boost, fit_logistic_path
from riskmodel.modelling.folds import Fold
from riskmodel.progress import SILENT, Progress

GRID: Mapping[str, tuple[Settings, ...]] = {
    LOGISTIC: tuple({"C": C} for C in (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)),
    BOOSTING: tuple(
        {"num_leaves": leaves, "min_child_samples": least} for leaves, least in ((4, 50), (8, 150), (8, 50), (15, 50))
    ),
}
MOST_ROUNDS = 400
PATIENCE = 30


@dataclass(frozen=True)
class Trial:
    """One setting that was tried, and how it did.

    Attributes
    ----------
    family, settings
        What was fitted; for boosting with the number of rounds that was best over all folds together.
    loss
        Mean log loss over the judged rows (lower is better); NaN when nothing could be judged.
    error
        Standard error of `loss`, with households as the unit.
    n, events
        Judged rows, and those with the outcome.
    chosen
        Whether the final model of the family uses this setting.
    """

    family: str
    settings: Mapping[str, Any]
    loss: float
    error: float
    n: int
    events: int
    chosen: bool = False

    def plain(self) -> dict[str, Any]:
        """Return this trial as a dictionary that can be written as JSON; what was not measured is None."""
        measured = {"loss": self.loss, "error": self.error}
        known = {name: value if math.isfinite(value) else None for name, value in measured.items()}
        return {**asdict(self), "settings": dict(self.settings), **known}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Trial:
        """Return the trial that `plain` described."""
        known = {name: math.nan if plain[name] is None else plain[name] for name in ("loss", "error")}
        return cls(**{**plain, **known})


@dataclass(frozen=True, eq=False)
class Tuned:
    """The chosen setting of one family, everything tried, and the loss of each judged row under the choice."""

    settings: Settings
    trials: tuple[Trial, ...]
    losses: Floats


def tune(
    family: str,
    sample: Sample,
    folds: Sequence[Fold],
    component: Integers,
    *,
    seed: int = 0,
    grid: Sequence[Settings] | None = None,
    progress: Progress = SILENT,
) -> Tuned:
    """Try every setting of a family's grid on the same folds and choose the one with the lowest log loss.

    Parameters
    ----------
    family
        A model family.
    sample
        All rows of the matrix, encoded; only the rows of `folds` are read.
    folds
        Where to fit and where to judge. Without folds the family's default setting is taken.
    component
        Household component of every row.
    seed
        Passed on to each fit.
    grid
        Settings to try; left out, all of the family's.
    progress
        Advanced once a setting.
    """
    if not folds:
        default = DEFAULTS[family]
        return Tuned(default, (Trial(family, default, float("nan"), float("nan"), 0, 0, True),), np.empty(0))
    judged = np.concatenate([fold.judge for fold in folds])
    y, households = sample.y[judged], component[judged]
    tried: list[tuple[Trial, Floats]] = []
    settings_to_try = GRID[family] if grid is None else grid
    judge = _judge_boosting if family == BOOSTING else _judge_logistic
    for settings, raw in judge(settings_to_try, sample, folds, seed):
        losses = log_losses(y, probability(raw))
        loss, error = float(losses.mean()), clustered_error(losses, households)
        tried.append((Trial(family, settings, loss, error, len(y), int(y.sum())), losses))
        progress.advance()
    # Ties go to the first, which is the simpler setting.
    best = min(range(len(tried)), key=lambda place: (tried[place][0].loss, place))
    trials = tuple(replace(trial, chosen=place == best) for place, (trial, _) in enumerate(tried))
    return Tuned(trials[best].settings, trials, tried[best][1])


def compare(simpler: Tuned, other: Tuned, households: Integers) -> tuple[float, float]:
    """Return by how much `other` lowers the mean log loss of `simpler`, and the standard error of that difference."""
    gain = simpler.losses - other.losses
    return float(gain.mean()), clustered_error(gain, households)


def _judge_logistic(
    grid: Sequence[Settings], sample: Sample, folds: Sequence[Fold], seed: int
) -> Iterator[tuple[Settings, Floats]]:
    """Yield each setting with the log-odds of every judged row, fold after fold; nothing here is random."""
    strengths = [settings["C"] for settings in grid]
    paths = [fit_logistic_path(sample.rows(fold.fit), strengths) for fold in folds]
    for place, settings in enumerate(grid):
        raw = [path[place].raw(sample.values[fold.judge]) for path, fold in zip(paths, folds, strict=True)]
        yield settings, np.concatenate(raw)


def _judge_boosting(
    grid: Sequence[Settings], sample: Sample, folds: Sequence[Fold], seed: int
) -> Iterator[tuple[Settings, Floats]]:
    """Yield each setting, with the number of trees that was best for it, and the log-odds of every judged row."""
    for settings in grid:
        boosters = [
            boost(sample.rows(f.fit), settings, MOST_ROUNDS, seed=seed, judge=sample.rows(f.judge), patience=PATIENCE)
            for f in folds
        ]
        rounds = _best_rounds([booster.losses for booster in boosters], [len(fold.judge) for fold in folds])
        raw = [
            booster.predict(sample.values[fold.judge], raw_score=True, num_iteration=rounds, num_threads=1)
            for booster, fold in zip(boosters, folds, strict=True)
        ]
        yield {**settings, "rounds": rounds}, np.concatenate(raw)


def _best_rounds(losses: Sequence[Sequence[float]], sizes: Sequence[int]) -> int:
    """Return the number of trees with the lowest loss over all folds, as far as every fold was grown."""
    shortest = min(len(curve) for curve in losses)
    mean = np.average([curve[:shortest] for curve in losses], axis=0, weights=sizes)
    return int(np.argmin(mean)) + 1
