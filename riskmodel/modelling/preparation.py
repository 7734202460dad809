"""Preparing features for the logistic model: impute, flag what was missing, one column a level, standardise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.columns import ModelFeature

# Counts and sums have long tails; beyond this skewness one family with forty incidents would steer the whole fit.
SKEWED = 2.0
# A yes-or-no column that fewer cases differ in says nothing that will hold, and gives those few away.
LEAST_IN_TERM = 10
_SIGN = {"+": 1.0, "-": -1.0, None: 0.0}


@dataclass(frozen=True)
class Term:
    """One column of the logistic model's own design, as plain data.

    Attributes
    ----------
    feature
        Place of the feature among the model's features.
    kind
        ``"value"``, ``"log"`` (natural logarithm of one plus the value), ``"missing"`` (1 where there is no value) or
        ``"level"`` (1 where the category is `level`).
    level
        Place of the category level; None unless `kind` is ``"level"``.
    fill
        What a missing value is replaced by: the median, or the most frequent flag or level, of training.
    mean, scale
        Mean and standard deviation of the column in training.
    """

    feature: int
    kind: str
    level: int | None
    fill: float
    mean: float
    scale: float


@dataclass(frozen=True)
class Preparation:
    """What `prepare` learnt from the training rows, and nothing else.

    Columns that never vary in training, and yes-or-no columns that fewer than ten cases differ in, have no term, and so
    no influence.
    """

    terms: tuple[Term, ...]

    def __call__(self, values: Floats) -> Floats:
        """Return the standardised design, one column a term.

        Parameters
        ----------
        values
            Encoded features (see `riskmodel.modelling.columns.encode`), missing is NaN.
        """
        design = self.columns(values)
        for place, term in enumerate(self.terms):
            design[:, place] = (design[:, place] - term.mean) / term.scale
        return design

    def columns(self, values: Floats) -> Floats:
        """Return the design before it is standardised, one column a term in its own units."""
        design = np.empty((len(values), len(self.terms)), dtype=np.float64)
        for place, term in enumerate(self.terms):
            design[:, place] = _column(values[:, term.feature], term)
        return design

    def names(self, features: Sequence[ModelFeature]) -> list[str]:
        """Name each term in words a reader of the coefficients understands."""
        return [_name(term, features[term.feature]) for term in self.terms]

    def signs(self, features: Sequence[ModelFeature]) -> Floats:
        """Return the sign that each term's coefficient may have: 1, -1, or 0 for either.

        The value of a feature, and its logarithm, follow the declared direction. Nothing is declared about a level of a
        category or about being missing.
        """
        declared = [
            _SIGN[features[term.feature].direction] if term.kind in ("value", "log") else 0.0 for term in self.terms
        ]
        return np.array(declared, dtype=np.float64)

    def plain(self) -> list[dict[str, Any]]:
        """Return the terms as dictionaries that can be written as JSON."""
        return [asdict(term) for term in self.terms]

    @classmethod
    def from_plain(cls, plain: list[dict[str, Any]]) -> Preparation:
        """Return the preparation that `plain` described."""
        return cls(tuple(Term(**term) for term in plain))


def prepare(values: Floats, features: Sequence[ModelFeature]) -> Preparation:
    """Learn fills, means and scales from training rows.

    Parameters
    ----------
    values
        Encoded features of the training rows.
    features
        What each column is.

    Examples
    --------
    >>> values = np.array([[1.0], [np.nan], [3.0]])
    >>> features = [ModelFeature("visits", "number", direction="+")]
    >>> prepare(values, features)(values).round(3).tolist()
    [[-1.225], [0.0], [1.225]]
    >>> preparation = prepare(np.repeat(values, 10, axis=0), features)
    >>> preparation.names(features), preparation.signs(features).tolist()
    (['visits', 'visits is missing'], [1.0, 0.0])
    """
    terms: list[Term] = []
    for place, feature in enumerate(features):
        column = values[:, place]
        for kind, level, fill in _plan(column, feature):
            bare = Term(place, kind, level, fill, 0.0, 1.0)
            raw = _column(column, bare)
            spread = float(raw.std())
            varies = spread > 1e-12 * max(1.0, float(np.abs(raw).max(initial=0.0)))
            if varies and not _rare(raw):
                terms.append(Term(place, kind, level, fill, float(raw.mean()), spread))
    return Preparation(tuple(terms))


def _plan(column: Floats, feature: ModelFeature) -> list[tuple[str, int | None, float]]:
    known = column[~np.isnan(column)]
    plan: list[tuple[str, int | None, float]]
    if feature.kind == "category":
        usual = _most_frequent(known)
        plan = [("level", level, usual) for level in range(len(feature.levels)) if level != usual]
    elif feature.kind == "flag":
        plan = [("value", None, _most_frequent(known))]
    else:
        plan = [("log" if _long_tailed(known) else "value", None, float(np.median(known)) if len(known) else 0.0)]
    if len(known) < len(column):
        plan.append(("missing", None, 0.0))
    return plan


def _column(column: Floats, term: Term) -> Floats:
    missing = np.isnan(column)
    filled: Floats = missing if term.kind == "missing" else np.where(missing, term.fill, column)
    if term.kind == "level":
        filled = filled == term.level
    if term.kind == "log":
        filled = np.log1p(np.maximum(filled, 0.0))
    return filled.astype(np.float64)


def _rare(column: Floats) -> bool:
    """Whether a column says yes or no, and one of the two of fewer than `LEAST_IN_TERM` cases."""
    yes = int((column == 1).sum())
    if yes + int((column == 0).sum()) < len(column):
        return False
    return min(yes, len(column) - yes) < LEAST_IN_TERM


def _most_frequent(known: Floats) -> float:
    """Return the most frequent value; the smallest of several, and nought when nothing is known."""
    if not len(known):
        return 0.0
    found, times = np.unique(known, return_counts=True)
    return float(found[np.argmax(times)])


def _long_tailed(known: Floats) -> bool:
    if len(known) < 3 or known.min() < 0:
        return False
    apart = known - known.mean()
    squared = apart * apart  # a product is many times as fast as a power
    variance = float(squared.mean())
    return variance > 0 and float((squared * apart).mean()) > SKEWED * variance**1.5


def _name(term: Term, feature: ModelFeature) -> str:
    if term.kind == "level":
        return f"{feature.name} is {feature.levels[term.level or 0]}"
    if term.kind == "missing":
        return f"{feature.name} is missing"
    return feature.name if term.kind == "value" else f"log(1 + {feature.name})"
