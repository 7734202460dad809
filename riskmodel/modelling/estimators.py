"""Fitting the two families, a penalised logistic model and gradient-boosted trees; both keep declared directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from riskmodel.errors import ModelError, nearest_name
from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.newton import weighted_ridge
from riskmodel.modelling.preparation import prepare
from riskmodel.modelling.trees import TreePredictor

LOGISTIC = "logistic"
BOOSTING = "gradient_boosting"
FAMILIES = (LOGISTIC, BOOSTING)  # the simpler one first

Settings: TypeAlias = Mapping[str, Any]

DEFAULTS: Mapping[str, Settings] = {
    LOGISTIC: {"C": 0.03},
    BOOSTING: {"num_leaves": 8, "min_child_samples": 50, "rounds": 100},
}

# What is not tuned. Few leaves and many cases a leaf keep the model explainable and hide single people in it; a
# fixed order of additions and one thread give the same bytes on every run.
# LightGBM counts the cases of a leaf by their second derivatives, so `min_child_samples` promises nothing when the
# outcome is rare. A case's second derivative is p (1 - p), at most a quarter: a leaf whose sum is at least a quarter of
# this many surely rests on this many cases, which is the least that may ever be given away.
LEAST_IN_LEAF = 10
_FIXED: Settings = {
    "min_sum_hessian_in_leaf": LEAST_IN_LEAF / 4,
    "objective": "binary",
    "learning_rate": 0.05,
    "feature_fraction": 0.4,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "deterministic": True,
    # One thread: column by column takes half the time of row by row, for the same trees.
    "force_col_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, eq=False)
class Sample:
    """Encoded rows to fit on, with the outcome (0 or 1) and what the columns are."""

    values: Floats
    y: Floats
    features: tuple[ModelFeature, ...]

    def rows(self, which: np.ndarray[Any, Any]) -> Sample:
        """Return the chosen rows."""
        return Sample(self.values[which], self.y[which], self.features)


def fit(family: str, sample: Sample, settings: Settings, *, seed: int = 0) -> LinearPredictor | TreePredictor:
    """Fit one family with one setting.

    Parameters
    ----------
    family
        ``"logistic"`` or ``"gradient_boosting"``.
    sample
        Training rows.
    settings
        Logistic: ``C``, the inverse strength of the ridge penalty on standardised terms; None for no penalty.
        Boosting: ``num_leaves``, ``min_child_samples``, ``rounds``.
    seed
        Seeds LightGBM's choice of features; the logistic fit has nothing random.

    Raises
    ------
    ModelError
        If the family is unknown, or the outcome never varies.
    """
    if family not in FAMILIES:
        raise ModelError(
            f"There is no model family '{family}'.",
            f"The families are {' and '.join(FAMILIES)}.",
            nearest=nearest_name(family, FAMILIES),
            next_step="Name one of them.",
        )
    if not 0 < sample.y.sum() < len(sample.y):
        raise ModelError(
            f"The outcome is the same in all {len(sample.y)} training rows.",
            "A model learns from cases with the outcome and cases without it.",
            next_step="Check the outcome's definition, or train on more cohorts.",
        )
    if family == LOGISTIC:
        return fit_logistic(sample, settings["C"])
    trained = boost(sample, settings, int(settings["rounds"]), seed=seed)
    return TreePredictor(trained.model_to_string(), len(sample.features))


def fit_logistic(sample: Sample, C: float | None) -> LinearPredictor:
    """Fit a ridge-penalised logistic model (None: maximum likelihood) and return it as plain data.

    A declared direction is a promise to those who approve the model: a coefficient that the data would give the other
    sign is exactly nought.
    """
    return fit_logistic_path(sample, [C])[0]


def fit_logistic_path(sample: Sample, strengths: Sequence[float | None]) -> list[LinearPredictor]:
    """Fit a logistic model for each of several penalties: the terms are prepared once, and each starts at the last."""
    preparation = prepare(sample.values, sample.features)
    signs, design = preparation.signs(sample.features), preparation(sample.values)
    found: list[LinearPredictor] = []
    start = np.zeros(design.shape[1] + 1)
    for C in strengths:
        coefficients, intercept = penalised_likelihood(design, sample.y, C, signs, start)
        start = np.append(coefficients, intercept)
        found.append(LinearPredictor(preparation, tuple(coefficients.tolist()), intercept, len(sample.features)))
    return found


def penalised_likelihood(
    design: Floats, y: Floats, C: float | None, signs: Floats | None = None, start: Floats | None = None
) -> tuple[Floats, float]:
    """Return coefficients and intercept that maximise the penalised likelihood of a standardised design.

    `signs` are those of `riskmodel.modelling.newton.weighted_ridge`; left out, every coefficient is free. `start` saves
    steps where an optimum close by is known: it changes no figure that is printed.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    if design.shape[1] == 0:
        rate = y.mean()
        return np.empty(0), float(np.log(rate / (1 - rate)))
    if signs is not None and signs.any():
        with threadpool_limits(limits=1):
            begin = np.zeros(design.shape[1] + 1) if start is None else start
            return weighted_ridge(design, y, np.ones(len(y)), C, begin, signs)
    # A second-order solver reaches the optimum to many digits; one thread adds up in one order.
    model = LogisticRegression(C=np.inf if C is None else C, solver="newton-cholesky", tol=1e-10, max_iter=500)
    if start is not None:
        model.set_params(warm_start=True)
        model.coef_, model.intercept_ = start[None, :-1], start[-1:]
    with threadpool_limits(limits=1):
        model.fit(design, y)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def boost(
    sample: Sample, settings: Settings, rounds: int, *, seed: int = 0, judge: Sample | None = None, patience: int = 0
) -> Any:
    """Grow trees and return LightGBM's booster, with the loss on `judge` by round in its ``losses`` attribute.

    Parameters
    ----------
    sample
        Training rows.
    settings
        ``num_leaves`` and ``min_child_samples``.
    rounds
        Number of trees, at most.
    seed
        Seeds the choice of features a tree may use.
    judge
        Rows whose log loss is recorded after each tree.
    patience
        Stop when the loss on `judge` has not improved for so many trees; 0 never stops early.
    """
    import lightgbm

    params = boosting_parameters(sample.features, settings, seed=seed)
    data = binned(sample, params)
    losses: dict[str, dict[str, list[float]]] = {}
    callbacks: list[Any] = []
    if judge is not None:
        callbacks.append(lightgbm.record_evaluation(losses))
        if patience:
            callbacks.append(lightgbm.early_stopping(patience, verbose=False))
    valid = [] if judge is None else [binned(judge, params, reference=data)]
    booster = lightgbm.train(params, data, num_boost_round=rounds, valid_sets=valid, callbacks=callbacks)
    booster.losses = losses["valid_0"]["binary_logloss"] if judge is not None else []
    return booster


def boosting_parameters(features: Sequence[ModelFeature], settings: Settings, *, seed: int = 0) -> dict[str, Any]:
    """Return all of LightGBM's parameters: what is fixed, what was tuned, and the declared directions."""
    tuned = {key: settings[key] for key in ("num_leaves", "min_child_samples")}
    return {**_FIXED, **tuned, "seed": seed, "metric": "binary_logloss", **monotone(features)}


def monotone(features: Sequence[ModelFeature]) -> dict[str, Any]:
    """Return LightGBM's monotone constraints from the declared directions (categories have none)."""
    signs = [0 if f.kind == "category" else {"+": 1, "-": -1, None: 0}[f.direction] for f in features]
    return {"monotone_constraints": signs, "monotone_constraints_method": "intermediate"} if any(signs) else {}


def binned(sample: Sample, params: Settings, reference: Any = None) -> Any:
    """Return the rows as LightGBM's binned data set, with the bins of `reference` where it is given."""
    import lightgbm

    return lightgbm.Dataset(
        sample.values,
        label=sample.y,
        reference=reference,
        params=dict(params),
        feature_name=[feature.name for feature in sample.features],
        categorical_feature=[place for place, f in enumerate(sample.features) if f.kind == "category"],
        free_raw_data=True,
    )
