"""A logistic model as plain data: terms and coefficients, applied without scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.preparation import Preparation

FILE = "coefficients.json"


@dataclass(frozen=True)
class LinearPredictor:
    """Log-odds as an intercept plus one coefficient a standardised term.

    Because every term has mean nought in training, a term's contribution is its coefficient times its value, which is
    the exact Shapley value of a linear model with independent features (Štrumbelj and Kononenko 2014), and the
    intercept is the score of an average case.
    """

    preparation: Preparation
    coefficients: tuple[float, ...]
    intercept: float
    n_features: int

    @property
    def expected(self) -> float:
        """Log-odds of an average training case."""
        return self.intercept

    def raw(self, values: Floats) -> Floats:
        """Return the log-odds of encoded rows."""
        start, slopes = self.slopes()
        # einsum adds in the same order whatever the number of rows: a case scores the same alone and in a batch. In
        # the terms' own units, so that a copy without means and deviations gives the same scores to the last bit.
        scores: Floats = np.einsum("ij,j->i", self.preparation.columns(values), slopes) + start
        return scores

    def slopes(self) -> tuple[float, Floats]:
        """Return the intercept and the coefficients in the units of the terms."""
        terms = self.preparation.terms
        slopes = np.array([c / term.scale for c, term in zip(self.coefficients, terms, strict=True)], dtype=np.float64)
        start = self.intercept - sum(slope * term.mean for slope, term in zip(slopes.tolist(), terms, strict=True))
        return start, slopes

    def contributions(self, values: Floats) -> Floats:
        """Return each feature's part of the log-odds above or below an average case."""
        parts = self.preparation(values) * np.array(self.coefficients)
        found = np.zeros((len(values), self.n_features))
        for place, term in enumerate(self.preparation.terms):
            found[:, term.feature] += parts[:, place]
        return found

    def unstandardised(self, features: Sequence[ModelFeature]) -> dict[str, float]:
        """Return the coefficients in the units of the features, as a statistics package prints them.

        Returns
        -------
        dict
            ``"(intercept)"`` and then each term's name -> log-odds per unit.
        """
        start, slopes = self.slopes()
        return {"(intercept)": start, **dict(zip(self.preparation.names(features), slopes.tolist(), strict=True))}

    def files(self) -> dict[str, bytes]:
        """Return the file that holds this predictor in a bundle."""
        plain = {
            "intercept": self.intercept,
            "n_features": self.n_features,
            "terms": [
                {**term, "coefficient": c} for term, c in zip(self.preparation.plain(), self.coefficients, strict=True)
            ],
        }
        return {FILE: (json.dumps(plain, indent=1) + "\n").encode()}

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> LinearPredictor:
        """Return the predictor that `files` wrote."""
        plain: dict[str, Any] = json.loads(files[FILE])
        coefficients = tuple(float(term.pop("coefficient")) for term in plain["terms"])
        return cls(Preparation.from_plain(plain["terms"]), coefficients, plain["intercept"], plain["n_features"])
