"""Fitting a trained model again on household resamples of its training rows, with other seeds, without tuning again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.calibration import Calibrator, fit_intercept, fit_isotonic, fit_platt
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.estimators import Sample, binned, boosting_parameters
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.newton import weighted_ridge
from riskmodel.modelling.recalibrate import calibrator_before, corrected_alike
from riskmodel.modelling.refits import Refits, raw_of, with_coefficients
from riskmodel.modelling.splits import Split
from riskmodel.modelling.trees import TreePredictor
from riskmodel.progress import SILENT, Progress

_AGAIN = "fitted again on the households that were drawn"
_FitOne = Callable[[Integers, int], LinearPredictor | TreePredictor]


def refit_on_resamples(
    model: RiskModel,
    matrix: DesignMatrix,
    split: Split,
    *,
    refits: int = 100,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Refits:
    """Fit a model's family and settings again on resamples of whole households, each with another seed.

    As many households are drawn with replacement as there are in training. The logistic model keeps its fills and
    scales and starts from its own coefficients; the trees keep the bins of the training rows. Each refit has a
    calibrator of the model's kind, fitted to the drawn households of the latest cohort. What it is fitted to are
    scores by refits that did not draw the household, one for each case, so that it sees honest scores.

    Parameters
    ----------
    model
        A model that `riskmodel.modelling.train.train` returned.
    matrix, split
        What it was trained on.
    refits, seed
        How many, and what they are drawn with.
    workers
        Threads to fit in; left out, two where there are two cores. The result does not depend on it.
    progress
        Advanced once a refit.

    Returns
    -------
    Refits
    """
    from threadpoolctl import threadpool_limits

    watcher = progress or SILENT
    values = encode(take(matrix, model.features, strict=True), model.features)
    y = matrix.y.to_numpy(dtype=np.float64)
    times = _drawn(matrix.component.to_numpy()[split.fit], y[split.fit], refits, seed)
    watcher.step("Fitting the model again on other samples", refits)
    with threadpool_limits(limits=1):
        fit_one = _fitter(model, Sample(values[split.fit], y[split.fit], model.features))
        tasks = [(times[place], seed + 1 + place) for place in range(refits)]
        predictors = _in_threads(fit_one, tasks, workers, watcher)
    in_fit = np.searchsorted(split.fit, split.calibrate)
    latest = _Latest(y[split.calibrate], times[:, in_fit].T, raw_of(predictors, values[split.calibrate]))
    like = calibrator_before(model) or model.calibrator
    return Refits(model, predictors, corrected_alike(model, _calibrators(like, latest, seed)))


def refit_with_seeds(model: RiskModel, matrix: DesignMatrix, split: Split, *, refits: int, seed: int = 0) -> Refits:
    """Fit a model again on the very same rows with other seeds; its calibrator is kept.

    A logistic fit has nothing random, so its refits are all alike.
    """
    from threadpoolctl import threadpool_limits

    values = encode(take(matrix, model.features, strict=True), model.features)
    sample = Sample(values, matrix.y.to_numpy(dtype=np.float64), model.features).rows(split.fit)
    once = np.ones(len(split.fit), dtype=np.int64)
    with threadpool_limits(limits=1):
        fit_one = _fitter(model, sample)
        tasks = [(once, seed + 100_001 + place) for place in range(refits)]
        predictors = _in_threads(fit_one, tasks, None, SILENT)
    return Refits(model, predictors, [model.calibrator] * refits)


def _drawn(component: Integers, y: Floats, refits: int, seed: int) -> Integers:
    """How often each row is drawn in each refit; both outcomes are drawn in all of them."""
    names, where = np.unique(component, return_inverse=True)
    times = np.empty((refits, len(component)), dtype=np.int64)
    for place in range(refits):
        rng = np.random.default_rng([seed, place])
        while True:
            chosen = rng.integers(0, len(names), len(names))
            times[place] = np.bincount(chosen, minlength=len(names))[where]
            if 0 < (times[place] * y).sum() < times[place].sum():
                break
    return times


def _fitter(model: RiskModel, sample: Sample) -> _FitOne:
    """Return what fits one refit from how often each row is drawn and a seed."""
    settings, like = model.provenance["settings"], model.predictor
    if isinstance(like, LinearPredictor):
        design, start = like.preparation(sample.values), np.array([*like.coefficients, like.intercept])
        signs = like.preparation.signs(sample.features)

        def fit_linear(times: Integers, seed: int) -> LinearPredictor:
            weight = times.astype(np.float64)
            slopes, intercept = weighted_ridge(design, sample.y, weight, settings["C"], start, signs)
            return with_coefficients(like, like.preparation, np.append(slopes, intercept))

        return fit_linear
    data = binned(sample, boosting_parameters(sample.features, settings)).construct()

    def fit_trees(times: Integers, seed: int) -> TreePredictor:
        import lightgbm

        rows = np.repeat(np.arange(len(times)), times)
        params = boosting_parameters(sample.features, settings, seed=seed)
        booster = lightgbm.train(params, data.subset(rows.tolist()), num_boost_round=int(settings["rounds"]))
        return TreePredictor(booster.model_to_string(), len(sample.features))

    return fit_trees


def _in_threads(
    fit_one: _FitOne, tasks: Sequence[tuple[Integers, int]], workers: int | None, progress: Progress
) -> list[LinearPredictor | TreePredictor]:
    # Both solvers leave Python for nearly all of their time, so threads do, and share the binned rows.
    found = []
    with ThreadPoolExecutor(workers or min(2, os.cpu_count() or 1)) as pool:
        for predictor in pool.map(lambda task: fit_one(*task), tasks):
            found.append(predictor)
            progress.advance()
    return found


@dataclass(frozen=True, eq=False)
class _Latest:
    """The latest training cohort: outcomes, how often each refit drew each row, and its score under each refit."""

    y: Floats
    times: Integers
    raw: Floats


def _calibrators(like: Calibrator, latest: _Latest, seed: int) -> list[Calibrator]:
    refits = latest.raw.shape[1] if latest.raw.ndim == 2 else 0
    left_out = latest.times == 0
    known = left_out.any(axis=1)
    if like.method == "identity" or not known.any():
        return [like] * latest.times.shape[1]
    # One honest score a case: from a refit, chosen at random, among those that did not draw its household.
    lots = np.where(left_out, np.random.default_rng([seed, 1]).random(left_out.shape), -1.0)
    honest = latest.raw[np.arange(len(lots)), lots.argmax(axis=1)][known]
    y, times = latest.y[known], latest.times[known]
    return [_again(like, np.repeat(honest, times[:, b]), np.repeat(y, times[:, b])) for b in range(refits)]


def _again(like: Calibrator, raw: Floats, y: Floats) -> Calibrator:
    """Fit the kind of calibrator the model has."""
    if not 0 < y.sum() < len(y):
        return like
    fitted: Any = fit_isotonic if like.method == "isotonic" else fit_intercept if like.slope == 1.0 else fit_platt
    found: Calibrator = fitted(raw, y)
    return replace(found, n=len(y), events=int(y.sum()), why=_AGAIN)
