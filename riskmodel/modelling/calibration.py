"""Calibrators that turn a raw score into a probability, chosen by a stated rule and kept as plain data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from riskmodel.modelling.arrays import Floats, Integers
from riskmodel.modelling.folds import household_folds

FILE = "calibrator.json"

# With fewer than about 200 outcomes a fitted slope is noisier than simply trusting the model's own (Collins and others
# 2016 ask for as many to judge one).
LEAST_FOR_INTERCEPT = 20
LEAST_FOR_SLOPE = 200
LEAST_FOR_ISOTONIC = 1000


@dataclass(frozen=True)
class Calibrator:
    """A monotone map from raw log-odds to a probability.

    Attributes
    ----------
    method
        ``"identity"``; ``"platt"``: the log-odds become `intercept` + `slope` x log-odds; ``"isotonic"``: the
        probability is read off the points (`x`, `y`), with straight lines between them.
    intercept, slope
        Of Platt's method, on the log-odds scale. A slope is never negative: ranks are not reversed.
    x, y
        Probabilities before and after, rising, for the isotonic method.
    n, events
        Cases and outcomes it was fitted on.
    why
        The rule by which this method was chosen, for the record.

    Examples
    --------
    >>> Calibrator("platt", intercept=0.0, slope=0.5)(np.array([0.0, 2.0])).round(3).tolist()
    [0.5, 0.731]
    """

    method: str = "identity"
    intercept: float = 0.0
    slope: float = 1.0
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    n: int = 0
    events: int = 0
    why: str = "nothing to calibrate on"

    def __call__(self, raw: Floats) -> Floats:
        """Return the probability for each raw log-odds score."""
        if self.method == "isotonic":
            found: Floats = np.interp(probability(raw), self.x, self.y)
            return found
        return probability(self.intercept + self.slope * raw)

    def files(self) -> dict[str, bytes]:
        """Return the file that holds this calibrator in a bundle."""
        plain = {**asdict(self), "x": list(self.x), "y": list(self.y)}
        return {FILE: (json.dumps(plain, indent=1) + "\n").encode()}

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> Calibrator:
        """Return the calibrator that `files` wrote."""
        plain: dict[str, Any] = json.loads(files[FILE])
        return cls(**{**plain, "x": tuple(plain["x"]), "y": tuple(plain["y"])})


def choose_calibrator(raw: Floats, y: Floats, component: Integers, *, seed: int = 0) -> Calibrator:
    """Fit the richest calibrator the data can carry.

    The scores must come from models that did not see these cases. The rule, by the smaller of the numbers of cases
    with and without the outcome: below 20 none; below 200 the intercept alone; below 1,000 intercept and slope
    (Platt); from 1,000 on isotonic, if its log loss over five folds of whole households is lower than Platt's by more
    than one standard error of the difference.

    Parameters
    ----------
    raw
        Log-odds of each case.
    y
        Outcome, 0 or 1.
    component
        Household component of each case.
    seed
        Decides the folds.
    """
    n, events = len(y), int(y.sum())
    least = min(events, n - events)
    if least < LEAST_FOR_INTERCEPT:
        return Calibrator(n=n, events=events, why=f"fewer than {LEAST_FOR_INTERCEPT} cases with or without the outcome")
    if least < LEAST_FOR_SLOPE:
        why = f"fewer than {LEAST_FOR_SLOPE} cases with or without the outcome: intercept only"
        return _with(fit_intercept(raw, y), n, events, why)
    if least < LEAST_FOR_ISOTONIC:
        return _with(fit_platt(raw, y), n, events, f"fewer than {LEAST_FOR_ISOTONIC} cases with or without the outcome")
    gain, error = _isotonic_gain(raw, y, component, seed)
    said = f"isotonic lowers the cross-validated log loss by {gain:.6f}, standard error {error:.6f}"
    chosen = fit_isotonic(raw, y) if gain > error else fit_platt(raw, y)
    return _with(chosen, n, events, said)


def fit_intercept(raw: Floats, y: Floats) -> Calibrator:
    """Fit the intercept alone, so that the mean prediction equals the share with the outcome."""
    shift = 0.0
    for _ in range(100):
        p = probability(raw + shift)
        step = (y - p).sum() / (p * (1 - p)).sum()
        shift += float(np.clip(step, -2.0, 2.0))
        if abs(step) < 1e-12:
            break
    return Calibrator("platt", intercept=shift)


def fit_platt(raw: Floats, y: Floats) -> Calibrator:
    """Fit intercept and slope by maximum likelihood (Platt 1999, on log-odds).

    A slope below nought would reverse the ranks; it is set to nought, which predicts the same risk for everybody.
    """
    if raw.std() == 0:
        return fit_intercept(raw, y)
    coefficients = _newton(np.column_stack([np.ones_like(raw), raw]), y)
    if coefficients[1] >= 0:
        return Calibrator("platt", intercept=float(coefficients[0]), slope=float(coefficients[1]))
    return Calibrator("platt", intercept=fit_intercept(np.zeros_like(raw), y).intercept, slope=0.0)


def fit_isotonic(raw: Floats, y: Floats) -> Calibrator:
    """Fit a rising step function on probabilities (Zadrozny and Elkan 2002), joined by straight lines.

    Only the ends of each level stretch are kept. Levels of exactly nought or one, which no finite sample can
    support, are moved inside by half a case.
    """
    from scipy.optimize import isotonic_regression

    x, where, weight = np.unique(probability(raw), return_inverse=True, return_counts=True)
    mean = np.bincount(where, weights=y) / weight
    level = np.asarray(isotonic_regression(mean, weights=weight).x, dtype=np.float64)
    keep = np.ones(len(x), dtype=np.bool_)
    keep[1:-1] = (level[1:-1] != level[:-2]) | (level[1:-1] != level[2:])
    inside = np.clip(level[keep], 0.5 / len(y), 1 - 0.5 / len(y))
    return Calibrator("isotonic", x=tuple(x[keep].tolist()), y=tuple(inside.tolist()))


def probability(log_odds: Floats) -> Floats:
    """Return the probability of log-odds, without overflow."""
    e = np.exp(-np.abs(log_odds))
    found: Floats = np.where(log_odds >= 0, 1.0, e) / (1.0 + e)
    return found


def log_losses(y: Floats, p: Floats) -> Floats:
    """Return minus the log-likelihood of each case."""
    inside = np.clip(p, 1e-15, 1 - 1e-15)
    found: Floats = -np.where(y == 1, np.log(inside), np.log1p(-inside))
    return found


def clustered_error(difference: Floats, component: Integers) -> float:
    """Return the standard error of a mean whose cases come in households."""
    _, where = np.unique(component, return_inverse=True)
    sums = np.bincount(where, weights=difference - difference.mean())
    return float(np.sqrt((sums**2).sum()) / len(difference))


def _isotonic_gain(raw: Floats, y: Floats, component: Integers, seed: int) -> tuple[float, float]:
    gain = np.zeros(len(y))
    for fold in household_folds(np.arange(len(y)), component, seed=seed):
        losses = [
            log_losses(y[fold.judge], fitted(raw[fold.fit], y[fold.fit])(raw[fold.judge]))
            for fitted in (fit_platt, fit_isotonic)
        ]
        gain[fold.judge] = losses[0] - losses[1]
    return float(gain.mean()), clustered_error(gain, component)


def _newton(design: Floats, y: Floats) -> Floats:
    """Return maximum-likelihood logistic coefficients by damped Newton steps."""
    beta = np.zeros(design.shape[1])
    loss = np.log(2.0) * len(y)
    for _ in range(200):
        p = probability(design @ beta)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + 1e-12 * np.eye(len(beta))
        step = np.linalg.solve(hessian, design.T @ (y - p))
        size = 1.0
        while (new := float(log_losses(y, probability(design @ (beta + size * step))).sum())) > loss and size > 1e-6:
            size /= 2
        beta, loss = beta + size * step, min(new, loss)
        if np.abs(size * step).max() < 1e-12:
            break
    return beta


def _with(calibrator: Calibrator, n: int, events: int, why: str) -> Calibrator:
    return Calibrator(**{**asdict(calibrator), "n": n, "events": events, "why": why})
