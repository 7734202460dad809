"""Gradient-boosted trees held as LightGBM's own model text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from riskmodel.modelling.arrays import Floats, Integers

FILE = "model.txt"
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class TreePredictor:
    """Log-odds as the sum of the leaves a case falls into.

    Contributions are exact path-dependent TreeSHAP (Lundberg and others 2020), computed by LightGBM itself.
    """

    text: str
    n_features: int

    @cached_property
    def expected(self) -> float:
        """Mean log-odds over the training rows, weighted by how many fell into each leaf."""
        return float(self._contributions(np.zeros((1, self.n_features)))[0, -1])

    def raw(self, values: Floats) -> Floats:
        """Return the log-odds of encoded rows."""
        if not len(values):
            return np.empty(0)
        scores: Floats = self._booster.predict(values, raw_score=True, num_threads=1)
        return scores

    def contributions(self, values: Floats) -> Floats:
        """Return each feature's part of the log-odds above or below the mean."""
        parts = [
            self._contributions(values[start : start + _ROWS_AT_ONCE])[:, :-1]
            for start in range(0, len(values), _ROWS_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.n_features))

    def leaves(self, values: Floats) -> Integers:
        """Return the leaf that each row falls into, one column a tree."""
        if not len(values):
            return np.empty((0, 0), dtype=np.int64)
        found = self._booster.predict(values, pred_leaf=True, num_threads=1)
        return np.asarray(found, dtype=np.int64).reshape(len(values), -1)

    def files(self) -> dict[str, bytes]:
        """Return the file that holds this predictor in a bundle."""
        return {FILE: self.text.encode()}

    @classmethod
    def from_files(cls, files: dict[str, bytes], n_features: int) -> TreePredictor:
        """Return the predictor that `files` wrote."""
        return cls(files[FILE].decode(), n_features)

    def _contributions(self, values: Floats) -> Floats:
        found: Floats = self._booster.predict(values, pred_contrib=True, num_threads=1)
        return found

    @cached_property
    def _booster(self) -> Any:
        import lightgbm

        return lightgbm.Booster(model_str=self.text)
