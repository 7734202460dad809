"""Training: guard, tune on earlier cohorts, fit both families and the baselines, choose which one leads."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodel import __version__
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import ModelError
from riskmodel.modelling.baselines import fit_baselines
from riskmodel.modelling.columns import ModelFeature, describe, encode, take
from riskmodel.modelling.crossfit import fit_calibrated
from riskmodel.modelling.estimators import BOOSTING, FAMILIES, LOGISTIC, Sample, Settings
from riskmodel.modelling.folds import Fold, tuning_folds
from riskmodel.modelling.leakage import guard
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.splits import Split, split_for
from riskmodel.modelling.training import Training
from riskmodel.modelling.tuning import GRID, Tuned, compare, tune
from riskmodel.progress import SILENT, Progress

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

__all__ = ["Training", "refit", "train"]

LEAST_EVENTS = 10


def train(
    matrix: DesignMatrix,
    prototype: Prototype,
    split: Split | None = None,
    *,
    seed: int = 0,
    families: Sequence[str] = FAMILIES,
    progress: Progress | None = None,
) -> Training:
    """Train both families and the baselines of a prototype.

    Settings are chosen by log loss on the training rows that are not kept for calibration
    (`riskmodel.modelling.folds.tuning_folds`); models are then fitted on all training rows and calibrated on the
    latest cohort (`riskmodel.modelling.crossfit`). The logistic model leads, being simpler, unless boosting lowers the
    log loss of the tuning rows by more than one standard error of the difference. The test rows are not looked at.

    Parameters
    ----------
    matrix
        The design matrix with all rows.
    prototype
        What is trained.
    split
        From `riskmodel.modelling.splits`; left out, `split_for` with the same seed.
    seed
        Seeds everything random. The same matrix, prototype, split and seed give the same bytes.
    families
        Which families to train.
    progress
        Told of each step.

    Returns
    -------
    Training

    Raises
    ------
    LeakageError
        If a single feature predicts the outcome too well to be honest.
    ModelError
        If there are fewer than 10 training cases with, or without, the outcome; or the matrix lacks a feature.
    """
    watcher = progress or SILENT
    split = split_for(matrix, prototype, seed=seed) if split is None else split
    sample = _sample(matrix, prototype, split)
    _check_enough(sample, split)
    guard(sample.values[split.fit], sample.y[split.fit], sample.features)
    earlier = split.train if len(split.train) else split.fit
    folds, how = tuning_folds(matrix, earlier, prototype.outcome.within, seed=seed)
    component = matrix.component.to_numpy()
    origin = _provenance(matrix, prototype, split, seed)
    tuned: dict[str, Tuned] = {}
    models: dict[str, RiskModel] = {}
    for family in families:
        watcher.step(f"Training {family.replace('_', ' ')}", len(GRID.get(family, ())) + 1)
        tuned[family] = tune(family, sample, folds, component, seed=seed, progress=watcher)
        models[family] = _model(family, tuned[family].settings, sample, split, component, origin, seed)
        watcher.advance()
    watcher.step("Fitting baselines", None)
    baselines = fit_baselines(matrix, prototype, split, origin, seed=seed)
    lead, why = _lead(tuned, folds, component)
    trials = [trial.plain() for family in families for trial in tuned[family].trials]
    return Training(models, baselines, lead, {**origin, "tuning": how, "lead_reason": why, "trials": trials})


def refit(
    matrix: DesignMatrix, prototype: Prototype, split: Split, like: RiskModel, *, seed: int | None = None
) -> RiskModel:
    """Fit the family and settings of `like` on other rows, without tuning again.

    Parameters
    ----------
    matrix, prototype, split
        What to fit on.
    like
        A model that `train` returned.
    seed
        Replaces the seed of `like`.
    """
    sample = _sample(matrix, prototype, split)
    chosen = int(like.provenance["seed"]) if seed is None else seed
    origin = _provenance(matrix, prototype, split, chosen)
    component = matrix.component.to_numpy()
    return _model(like.family, like.provenance["settings"], sample, split, component, origin, chosen)


def _sample(matrix: DesignMatrix, prototype: Prototype, split: Split) -> Sample:
    latest = split.calibrate if len(split.calibrate) else split.train
    features: tuple[ModelFeature, ...] = describe(prototype.features, matrix.X.iloc[latest])
    values = encode(take(matrix, features, strict=True), features)
    return Sample(values, matrix.y.to_numpy(dtype=np.float64), features)


def _check_enough(sample: Sample, split: Split) -> None:
    y = sample.y[split.fit]
    events = int(np.nansum(y))
    if np.isnan(y).any() or min(events, len(y) - events) < LEAST_EVENTS:
        raise ModelError(
            f"There are {len(y)} training cases, {events} of them with the outcome.",
            f"Training needs at least {LEAST_EVENTS} cases with the outcome and {LEAST_EVENTS} without it, all known.",
            next_step="Train on more cohorts or a larger area, or widen the outcome.",
        )


def _model(
    family: str,
    settings: Settings,
    sample: Sample,
    split: Split,
    component: Any,
    origin: Mapping[str, Any],
    seed: int,
) -> RiskModel:
    fitted = fit_calibrated(family, settings, sample, split, component, seed=seed)
    provenance = {**origin, "family": family, "settings": dict(settings)}
    return RiskModel(family, family, sample.features, fitted.predictor, fitted.calibrator, provenance)


def _lead(tuned: Mapping[str, Tuned], folds: Sequence[Fold], component: Any) -> tuple[str, str]:
    families = list(tuned)
    if LOGISTIC not in tuned or BOOSTING not in tuned:
        return families[0], "only one family was trained"
    if not folds:
        return LOGISTIC, "too few events to compare the families: the simpler one leads"
    judged = np.concatenate([fold.judge for fold in folds])
    gain, error = compare(tuned[LOGISTIC], tuned[BOOSTING], component[judged])
    said = f"on the tuning rows boosting changes the mean log loss by {-gain:+.5f} (standard error {error:.5f})"
    if gain > error:
        return BOOSTING, f"{said}: better by more than one standard error"
    return LOGISTIC, f"{said}: not better by more than one standard error, so the simpler family leads"


def _provenance(matrix: DesignMatrix, prototype: Prototype, split: Split, seed: int) -> dict[str, Any]:
    used = matrix.as_of.iloc[np.concatenate([split.fit, split.test])]
    known_to = prototype.outcome.within.after(pd.Timestamp(used.max()).date())
    return {
        "prototype": prototype.name,
        "prototype_digest": prototype.digest(),
        "matrix_digest": matrix.digest,
        "warehouse_digest": str(matrix.manifest.get("warehouse_digest", "")),
        "outcome": prototype.outcome.label,
        "horizon": str(prototype.outcome.within),
        "split": split.summary(matrix),
        "seed": seed,
        "outcomes_known_to": known_to.isoformat(),
        "expires_on": prototype.expires.after(known_to).isoformat(),
        "software": {
            "python": platform.python_version(),
            "riskmodel": __version__,
            **{name: version(name) for name in ("scikit-learn", "lightgbm", "numpy")},
        },
    }
