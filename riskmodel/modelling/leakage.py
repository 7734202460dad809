"""The guard before training: no single feature may be too good to be true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riskmodel.errors import LeakageError
from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.columns import ModelFeature

TOO_GOOD = 0.85
LEAST_EVENTS = 30


def alone(values: Floats, y: Floats, feature: ModelFeature) -> float:
    """Return how well one feature ranks the outcome by itself, as an AUROC of at least one half.

    The better direction counts. Missing values are tried at both ends of the order, and the mere fact that a value is
    missing is tried too. A category is ordered by the outcome rate of its levels.

    Parameters
    ----------
    values
        Encoded values of the feature, missing is NaN.
    y
        Outcome, 0 or 1, both present.
    feature
        What the column is.

    Examples
    --------
    >>> alone(np.array([0.0, 1.0, np.nan, 1.0]), np.array([0.0, 1.0, 0.0, 1.0]), ModelFeature("late", "flag"))
    1.0
    """
    if feature.kind == "category":
        codes = np.where(np.isnan(values), len(feature.levels), values).astype(np.int64)
        n = np.bincount(codes, minlength=len(feature.levels) + 1)
        events = np.bincount(codes, weights=y, minlength=len(feature.levels) + 1)
        return _auroc(y, (events / np.maximum(n, 1))[codes])
    missing = np.isnan(values)
    orders = [np.where(missing, end, values) for end in (-np.inf, np.inf)] if missing.any() else [values]
    return max(max(a, 1 - a) for a in (_auroc(y, order) for order in [*orders, missing.astype(np.float64)]))


def guard(values: Floats, y: Floats, features: Sequence[ModelFeature], *, limit: float = TOO_GOOD) -> None:
    """Raise an error if any single feature ranks the outcome with an AUROC of `limit` or more.

    With fewer than 30 cases with, or without, the outcome nothing is judged: a high AUROC is then often chance.

    Parameters
    ----------
    values
        Encoded training rows.
    y
        Outcome of these rows.
    features
        What the columns are.
    limit
        AUROC from which a feature is refused.

    Raises
    ------
    LeakageError
        Naming every such feature with its AUROC.
    """
    events = int(y.sum())
    if min(events, len(y) - events) < LEAST_EVENTS:
        return
    found = {f.name: alone(values[:, place], y, f) for place, f in enumerate(features)}
    suspects = sorted((name for name, a in found.items() if a >= limit), key=lambda name: -found[name])
    if suspects:
        named = ", ".join(f"'{name}' ({found[name]:.3f})" for name in suspects)
        raise LeakageError(
            f"{len(suspects)} feature(s) predict the outcome alone too well to be true: {named}.",
            f"A single honest feature stays below an AUROC of {limit}; above it, it has usually seen the outcome.",
            next_step="Check when its columns are filled in and known; declare them `settled`, or leave them out.",
        )


def _auroc(y: Floats, score: Floats) -> float:
    """Return the share of pairs ranked rightly, ties counting half (Mann and Whitney 1947)."""
    _, where, n = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(n) - (n - 1) / 2)[where]
    events = float(y.sum())
    return float((rank[y == 1].sum() - events * (events + 1) / 2) / (events * (len(y) - events)))
