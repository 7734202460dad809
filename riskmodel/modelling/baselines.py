"""What a model must beat: the base rate, the area's rate, a simple three-question model, and the rule in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskmodel.engine.matrix import UNKNOWN, DesignMatrix
from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.calibration import Calibrator, fit_intercept, fit_platt
from riskmodel.modelling.columns import ModelFeature, describe, encode, take
from riskmodel.modelling.crossfit import fit_calibrated
from riskmodel.modelling.estimators import LOGISTIC, Sample
from riskmodel.modelling.model import BASELINE, RiskModel
from riskmodel.modelling.preparation import prepare
from riskmodel.modelling.rates import RatePredictor, shrunk_rates
from riskmodel.modelling.splits import Split

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

BASE_RATE, AREA_RATE, SIMPLE, CURRENT_RULE = "base_rate", "area_rate", "simple", "current_rule"
NAMES = (BASE_RATE, AREA_RATE, SIMPLE, CURRENT_RULE)

_AGE = re.compile(r"(^|_)age(_in_\w+|_band)?$")
_SEX = re.compile(r"^(sex|gender)$")
_WEAK_PENALTY = 1.0
#: A level, or the lack of a value, has a coefficient in the simple model when so many of its cases should have (and
#: lack) the outcome. A dozen without a value, by chance all without the outcome, would otherwise put everybody who
#: lacks the value at the end of the list.
_LEAST_EXPECTED = 10


def fit_baselines(
    matrix: DesignMatrix, prototype: Prototype, split: Split, provenance: Mapping[str, Any], *, seed: int = 0
) -> dict[str, RiskModel]:
    """Fit every baseline that the prototype and the matrix allow.

    - ``base_rate``: everybody gets the share with the outcome in the latest training cohort.
    - ``area_rate``: the rate of the case's area over all training cohorts, shrunk towards the overall rate
      (`riskmodel.modelling.rates.shrunk_rates`), with the level of the latest cohort. Left out with fewer than two
      known areas.
    - ``simple``: a logistic model of age, sex and `prototype.baseline_flag`. Age is the first feature, or else audit
      attribute, whose name is or ends in ``age``, ``age_in_...`` or ``age_band``; sex the first named ``sex`` or
      ``gender``. What is not there is left out; with nothing there is no simple baseline. It may read audit
      attributes, because it is compared with and never used; for the same reason it follows the data and no declared
      direction. A level, or the lack of a value, for which fewer than ten outcomes (or cases without it) are to be
      expected counts as the usual value.
    - ``current_rule``: ranks by `prototype.current_rule`, a yes/no or number; where it is missing the case ranks
      last. Its probability is calibrated on the latest cohort.

    Parameters
    ----------
    matrix, prototype, split
        What is trained on.
    provenance
        Copied into every baseline.
    seed
        Decides the folds of the simple model.
    """
    found = {BASE_RATE: _base_rate(matrix, split)}
    known = sorted(set(matrix.area.iloc[split.fit].astype(str)) - {UNKNOWN})
    if len(known) > 1:
        found[AREA_RATE] = _area_rate(matrix, split, known)
    if (simple := _simple(matrix, prototype, split, seed)) is not None:
        found[SIMPLE] = simple
    if prototype.current_rule is not None:
        found[CURRENT_RULE] = _current_rule(matrix, prototype, split)
    return {name: replace(model, provenance={**provenance, "family": name}) for name, model in found.items()}


def _base_rate(matrix: DesignMatrix, split: Split) -> RiskModel:
    y = matrix.y.to_numpy()[_latest(split)]
    rate = (y.sum() + 0.5) / (len(y) + 1)
    why = "the rate is that of the latest training cohort"
    return RiskModel(BASE_RATE, BASELINE, (), RatePredictor("constant", _log_odds(rate)), Calibrator(why=why))


def _area_rate(matrix: DesignMatrix, split: Split, known: list[str]) -> RiskModel:
    feature = ModelFeature("area", "area", "where the case lives", tuple(known), origin="area")
    codes = _encoded(matrix, (feature,))[:, 0]
    y = matrix.y.to_numpy()
    fitted = split.fit[~np.isnan(codes[split.fit])]
    where = codes[fitted].astype(np.int64)
    n: Floats = np.bincount(where, minlength=len(known)).astype(np.float64)
    events: Floats = np.bincount(where, weights=y[fitted], minlength=len(known)).astype(np.float64)
    overall = (events.sum() + 0.5) / (n.sum() + 1)
    usable = 0 < events.sum() < n.sum()
    shrunk = shrunk_rates(events, n)[0] if usable else np.full(len(known), overall)
    predictor = RatePredictor("lookup", _log_odds(overall), tuple(_log_odds(rate) for rate in shrunk))
    latest = _latest(split)
    calibrator = _levelled(predictor.raw(codes[latest, None]), y[latest])
    return RiskModel(AREA_RATE, BASELINE, (feature,), predictor, calibrator)


def _simple(matrix: DesignMatrix, prototype: Prototype, split: Split, seed: int) -> RiskModel | None:
    features = tuple(_simple_features(matrix, prototype, split))
    if not features:
        return None
    values, y = _encoded(matrix, features), matrix.y.to_numpy()
    values[split.fit] = _without_handfuls(values[split.fit], y[split.fit], features)
    sample = Sample(values, y, features)
    component = matrix.component.to_numpy()
    fitted = fit_calibrated(LOGISTIC, {"C": _WEAK_PENALTY}, sample, split, component, seed=seed)
    return RiskModel(SIMPLE, BASELINE, features, fitted.predictor, fitted.calibrator)


def _without_handfuls(values: Floats, y: Floats, features: tuple[ModelFeature, ...]) -> Floats:
    """Put the usual value where a value is missing, or a level held, in too few cases to learn from."""
    usual = {term.feature: term.fill for term in prepare(values, features).terms}
    least = _LEAST_EXPECTED / max(min(y.mean(), 1 - y.mean()), 1e-9)
    settled = values.copy()
    for place, fill in usual.items():
        column = values[:, place]
        parts = [np.isnan(column)]
        if features[place].kind == "category":
            parts += [column == level for level in range(len(features[place].levels))]
        for part in parts:
            if part.sum() < least:
                settled[part, place] = fill
    return settled


def _simple_features(matrix: DesignMatrix, prototype: Prototype, split: Split) -> Iterable[ModelFeature]:
    declared = {f.name: f for f in describe(prototype.features, matrix.X.iloc[_latest(split)])}
    chosen: list[str] = []
    for pattern in (_AGE, _SEX):
        names = [name for name in [*declared, *map(str, matrix.audit.columns)] if pattern.search(name)]
        chosen += names[:1]
    if prototype.baseline_flag is not None and prototype.baseline_flag not in chosen:
        chosen.append(prototype.baseline_flag)
    for name in chosen:
        if name in declared:
            yield replace(declared[name], direction=None)
        else:
            levels = tuple(str(level) for level in matrix.audit[name].cat.categories)
            yield ModelFeature(name, "category", name.replace("_", " "), levels, origin="audit")


def _current_rule(matrix: DesignMatrix, prototype: Prototype, split: Split) -> RiskModel:
    latest = _latest(split)
    feature = next(f for f in describe(prototype.features, matrix.X.iloc[latest]) if f.name == prototype.current_rule)
    values = _encoded(matrix, (feature,))
    known = values[split.fit][~np.isnan(values[split.fit])]
    lowest = float(known.min()) if len(known) else 0.0
    predictor = RatePredictor("rule", lowest)
    raw, y = predictor.raw(values[latest]), matrix.y.to_numpy()[latest]
    varied = 0 < y.sum() < len(y)
    why = "the rule's value, calibrated on the latest training cohort"
    calibrator = replace(fit_platt(raw, y) if varied else Calibrator(), n=len(y), events=int(y.sum()), why=why)
    return RiskModel(CURRENT_RULE, BASELINE, (feature,), predictor, calibrator)


def _levelled(raw: Floats, y: Floats) -> Calibrator:
    """Move the level to that of the latest cohort."""
    fitted = fit_intercept(raw, y) if 0 < y.sum() < len(y) else Calibrator()
    return replace(fitted, n=len(y), events=int(y.sum()), why="the level of the latest training cohort")


def _latest(split: Split) -> Integers:
    return split.calibrate if len(split.calibrate) else split.train


def _encoded(matrix: DesignMatrix, features: tuple[ModelFeature, ...]) -> Floats:
    return encode(take(matrix, features, strict=False), features)


def _log_odds(rate: float) -> float:
    return float(np.log(rate / (1 - rate)))
