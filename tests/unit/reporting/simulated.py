"""A made-up world: outcomes and scores drawn at random, and the results that an evaluation of them would hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.accuracy import brier, scaled_brier
from riskmodel.evaluation.calibration import calibration_in_the_large, calibration_slope, ici
from riskmodel.evaluation.discrimination import auprc, auroc
from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.results import (
    CalibrationPoint,
    CapacityPoint,
    DecisionPoint,
    Estimate,
    GroupResult,
    HistogramBin,
    ModelResult,
)

Floats = npt.NDArray[np.float64]
_WIDER = {"oe": 3, "calibration_slope": 3}
HOW = "household bootstrap, 1,000 resamples"


def simulated_models(n: int, seed: int, base: float, capacity: float) -> tuple[Floats, dict[str, ModelResult]]:
    """Outcomes of `n` cases, and the results of two models and four baselines on them."""
    rng = np.random.default_rng(seed)
    truth = base + 0.95 * rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-truth))).astype(float)
    seen = {
        "logistic": base + 0.75 * (truth - base) + 0.55 * rng.normal(size=n),
        "gradient_boosting": base + 0.72 * (truth - base) + 0.6 * rng.normal(size=n),
        "base_rate": np.full(n, base),
        "area_rate": base + 0.15 * (truth - base) + 0.2 * rng.normal(size=n),
        "simple": base + 0.4 * np.sign(truth - base + 1.5 * rng.normal(size=n)) + 1e-3 * rng.normal(size=n),
        "current_rule": base + 0.5 * np.sign(truth - base - 0.8 + 1.5 * rng.normal(size=n)) + 1e-3 * rng.normal(size=n),
    }
    scores = {name: 1 / (1 + np.exp(-score)) for name, score in seen.items()}
    groups = _memberships(n, rng)
    models = {name: _result(name, y, p, groups, capacity) for name, p in scores.items()}
    return y, models


def _memberships(n: int, rng: np.random.Generator) -> Mapping[str, npt.NDArray[Any]]:
    return {
        "sex": rng.choice(["F", "M"], n),
        "ethnic_group": rng.choice(
            ["White", "Asian", "Black", "Mixed", "Other", "Unknown"], n, p=[0.8, 0.07, 0.05, 0.05, 0.01, 0.02]
        ),
        "free_school_meals": rng.choice(["no", "yes"], n, p=[0.78, 0.22]),
    }


def _result(name: str, y: Floats, p: Floats, groups: Mapping[str, npt.NDArray[Any]], capacity: float) -> ModelResult:
    trained = name in ("logistic", "gradient_boosting")
    fits = name in ("logistic", "gradient_boosting", "area_rate")
    figures = {"auroc": auroc(y, p), "auprc": auprc(y, p)}
    if name != "current_rule":
        figures |= {"brier": brier(y, p), "scaled_brier": scaled_brier(y, p), "oe": y.sum() / p.sum()}
    if fits:
        figures |= {"calibration_in_the_large": calibration_in_the_large(y, p), "ici": ici(y, p)}
        figures |= {"calibration_slope": calibration_slope(y, p)}
    width = 0.9 / np.sqrt(len(y))
    shares = sorted({0.05, 0.1, 0.2, capacity})
    return ModelResult(
        name=name,
        family=name if trained else "baseline",
        estimates={
            key: around(float(value), width * (3 if key in ("oe", "calibration_slope") else 1), len(y), y)
            for key, value in figures.items()
        },
        capacity=tuple(_point(share, y, p, capacity) for share in shares),
        calibration_curve=_tenths(y, p) if fits else (),
        calibration_smooth=_smooth(y, p) if fits else (),
        decision_curve=_benefit(y, p) if trained else (),
        score_histogram=_histogram(y, p),
        groups=_groups(y, p, groups, capacity) if trained else (),
    )


def around(value: float, half: float, n: int, y: Floats) -> Estimate:
    return Estimate(value, value - half, value + half, n, int(y.sum()), HOW)


def _share(part: float, whole: float) -> Estimate:
    low, high = wilson(part, whole)
    return (
        Estimate(part / whole, low, high, int(whole), int(part), HOW)
        if whole
        else Estimate(None, None, None, 0, 0, HOW)
    )


def _point(share: float, y: Floats, p: Floats, capacity: float) -> CapacityPoint:
    n = round(share * len(y))
    order = np.argsort(-p, kind="stable")[:n]
    found = float(y[order].sum())
    right = _share(found, n)
    return CapacityPoint(
        share=share, n_selected=n, threshold=float(p[order[-1]]),
        selected=Estimate(n, n, n, len(y), int(y.sum()), HOW),
        found=Estimate(found, found * 0.9, found * 1.1, len(y), int(y.sum()), HOW),
        precision=right, recall=_share(found, y.sum()),
        number_needed_to_visit=_inverse(right, n),
        is_capacity=share == capacity,
    )  # fmt: skip


def _inverse(share: Estimate, n: int) -> Estimate:
    value, low, high = (1 / (v or 1) for v in (share.value, share.high, share.low))
    return Estimate(value, low, high, n, share.events, HOW)


def _tenths(y: Floats, p: Floats) -> tuple[CalibrationPoint, ...]:
    points = []
    for part in np.array_split(np.argsort(p, kind="stable"), 10):
        events = int(y[part].sum())
        points.append(
            CalibrationPoint(float(p[part].mean()), events / len(part), *wilson(events, len(part)), len(part), events)
        )
    return tuple(points)


def _smooth(y: Floats, p: Floats) -> tuple[CalibrationPoint, ...]:
    tenths = _tenths(y, p)
    xs = np.linspace(tenths[0].predicted, tenths[-1].predicted, 30)
    observed = np.interp(xs, [t.predicted for t in tenths], [t.observed for t in tenths])
    return tuple(
        CalibrationPoint(float(x), float(o), float(max(o - 0.04, 0)), float(o + 0.04))
        for x, o in zip(xs, observed, strict=True)
    )


def _benefit(y: Floats, p: Floats) -> tuple[DecisionPoint, ...]:
    points, n = [], len(y)
    for t in np.arange(0.2, 0.601, 0.02):
        odds = t / (1 - t)
        model = float((y[p >= t].sum() - odds * (1 - y)[p >= t].sum()) / n)
        everybody = float((y.sum() - odds * (1 - y).sum()) / n)
        points.append(
            DecisionPoint(
                float(t), around(model, 0.012, n, y), around(everybody, 0.02, n, y),
                around(model - max(everybody, 0.0), 0.012, n, y),
            )
        )  # fmt: skip
    return tuple(points)


def _histogram(y: Floats, p: Floats) -> tuple[HistogramBin, ...]:
    edges = np.round(np.linspace(0, 1, 21), 10)
    place = np.clip((p * 20).astype(int), 0, 19)
    return tuple(
        HistogramBin(float(edges[b]), float(edges[b + 1]), int((place == b).sum()), int(y[place == b].sum()))
        for b in range(20)
    )


def _groups(
    y: Floats, p: Floats, memberships: Mapping[str, npt.NDArray[Any]], capacity: float
) -> tuple[GroupResult, ...]:
    picked = np.zeros(len(y))
    picked[np.argsort(-p, kind="stable")[: round(capacity * len(y))]] = 1
    return tuple(
        _group(attribute, str(group), y[of == group], picked[of == group], p[of == group])
        for attribute, of in memberships.items()
        for group in sorted(set(of))
    )


def _group(attribute: str, group: str, y: Floats, picked: Floats, p: Floats) -> GroupResult:
    n, events = len(y), int(y.sum())
    if n < 50 or events < 10:
        return GroupResult(attribute, group, n, events, note="too few cases to measure", withheld=True)
    found = float((y * picked).sum())
    estimates = {
        "base_rate": _share(events, n), "selection_rate": _share(picked.sum(), n), "tpr": _share(found, events),
        "fpr": _share(picked.sum() - found, n - events), "ppv": _share(found, picked.sum()),
        "oe": around(float(events / p.sum()), 0.2, n, y), "auroc": around(float(auroc(y, p)), 0.05, n, y),
    }  # fmt: skip
    return GroupResult(attribute, group, n, events, estimates)
