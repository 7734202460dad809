"""A model fitted again on other samples, kept small, and the band it gives each person's score."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import BundleError
from riskmodel.modelling import bundle, trees
from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.calibration import Calibrator
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.preparation import Preparation

#: Ends of the band: 9 in 10 refits lie between them.
ENDS = (0.05, 0.95)
#: Most refits of trees that are written to disk; a logistic refit is a row of numbers, and all are kept.
MOST_TREES_KEPT = 40
_FILE = "refits.json"


@dataclass(frozen=True, eq=False)
class Refits:
    """One model fitted again on household resamples of its training rows.

    Make them with `riskmodel.modelling.resampled.refit_on_resamples`.

    Attributes
    ----------
    model
        The model that was fitted again.
    predictors, calibrators
        One of each for every refit. Logistic refits share the model's own fills and scales.
    """

    model: RiskModel
    predictors: Sequence[LinearPredictor | trees.TreePredictor]
    calibrators: Sequence[Calibrator]

    def __len__(self) -> int:
        return len(self.predictors)

    def raw(self, data: pd.DataFrame | DesignMatrix) -> Floats:
        """Return the ranking score of each row under each refit.

        Returns
        -------
        array of shape (rows, refits)
            Log-odds before calibration.
        """
        values = encode(take(data, self.model.features, strict=True), self.model.features)
        return raw_of(self.predictors, values)

    def predict(self, data: pd.DataFrame | DesignMatrix, raw: Floats | None = None) -> Floats:
        """Return the calibrated probability of each row under each refit (see `raw`, which may be handed over)."""
        scores = self.raw(data) if raw is None else raw
        found = [calibrator(scores[:, place]) for place, calibrator in enumerate(self.calibrators)]
        return np.column_stack(found)

    def band(self, data: pd.DataFrame | DesignMatrix) -> tuple[Floats, Floats]:
        """Return between which probabilities 9 in 10 refits put each row; the model's own always lies inside.

        Parameters
        ----------
        data
            As for `RiskModel.predict`.

        Returns
        -------
        low, high
            The 5th and the 95th percentile over the refits, widened to the model's own probability where it lies
            outside.
        """
        return band_of(self.predict(data), self.model.predict(data))

    def one(self, place: int) -> RiskModel:
        """Return one refit as a model."""
        like = self.model
        return RiskModel(like.name, like.family, like.features, self.predictors[place], self.calibrators[place])

    def save(self, folder: Path | str) -> Path:
        """Write the refits as a bundle of text; of trees the first `MOST_TREES_KEPT` alone."""
        kept = self.predictors if self._linear() else self.predictors[:MOST_TREES_KEPT]
        plain: dict[str, Any] = {
            "model_digest": self.model.digest,
            "calibrators": [{**asdict(c), "x": list(c.x), "y": list(c.y)} for c in self.calibrators[: len(kept)]],
        }
        files = {}
        for place, predictor in enumerate(kept):
            if isinstance(predictor, LinearPredictor):
                plain.setdefault("coefficients", []).append([*predictor.coefficients, predictor.intercept])
            else:
                files[_tree_file(place)] = predictor.text.encode()
        return bundle.write(folder, {_FILE: (json.dumps(plain) + "\n").encode(), **files})

    @classmethod
    def load(cls, folder: Path | str, model: RiskModel) -> Refits:
        """Read what `save` wrote for exactly this model.

        Raises
        ------
        BundleError
            If a byte was changed, or the refits are of another model.
        """
        files = bundle.read(folder)
        plain = json.loads(files[_FILE])
        if plain["model_digest"] != model.digest:
            raise BundleError(
                f"The refits in {folder} are of another model.",
                "The band of a score comes from refits of the very model that gives the score.",
                next_step="Evaluate the model again, which refits it.",
            )
        calibrators = [Calibrator(**{**c, "x": tuple(c["x"]), "y": tuple(c["y"])}) for c in plain["calibrators"]]
        return cls(model, _predictors(model, plain, files), calibrators)

    def _linear(self) -> bool:
        return isinstance(self.model.predictor, LinearPredictor)


def band_of(probabilities: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Return the 5th and 95th percentile of each row, widened to the model's own probability.

    Examples
    --------
    >>> low, high = band_of(np.array([[0.2, 0.3, 0.4], [0.5, 0.6, 0.7]]), np.array([0.3, 0.8]))
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.21, 0.51], [0.39, 0.8])
    """
    low, high = np.quantile(probabilities, ENDS, axis=1)
    return np.minimum(low, own), np.maximum(high, own)


def raw_of(predictors: Sequence[LinearPredictor | trees.TreePredictor], values: Floats) -> Floats:
    """Return the log-odds of encoded rows under each predictor, one column a predictor."""
    first = predictors[0]
    if not isinstance(first, LinearPredictor):
        return np.column_stack([predictor.raw(values) for predictor in predictors])
    linear = [predictor for predictor in predictors if isinstance(predictor, LinearPredictor)]
    slopes = np.array([predictor.coefficients for predictor in linear]).reshape(len(linear), -1)
    # einsum adds in the same order whatever the number of rows: a case has the same band alone and in a batch.
    above = np.einsum("ij,kj->ik", first.preparation(values), slopes)
    found: Floats = above + np.array([predictor.intercept for predictor in linear])
    return found


def with_coefficients(like: LinearPredictor, preparation: Preparation, beta: Floats) -> LinearPredictor:
    """Return a predictor with other coefficients, the intercept last."""
    return LinearPredictor(preparation, tuple(beta[:-1].tolist()), float(beta[-1]), like.n_features)


def _predictors(
    model: RiskModel, plain: Mapping[str, Any], files: Mapping[str, bytes]
) -> list[LinearPredictor | trees.TreePredictor]:
    like = model.predictor
    if isinstance(like, LinearPredictor):
        return [with_coefficients(like, like.preparation, np.array(beta)) for beta in plain["coefficients"]]
    count = len(plain["calibrators"])
    return [trees.TreePredictor(files[_tree_file(place)].decode(), len(model.features)) for place in range(count)]


def _tree_file(place: int) -> str:
    return f"refit-{place:03d}.txt"
