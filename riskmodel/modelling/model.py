"""The trained model: a predictor, a calibrator and their provenance, all plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import BundleError
from riskmodel.modelling import bundle, calibration, linear, public, rates, trees
from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.calibration import Calibrator
from riskmodel.modelling.columns import ModelFeature, encode, take

BASELINE = "baseline"
#: Rows that are scored at a time.
_ROWS = 10_000
_FEATURES = "features.json"
_PROVENANCE = "provenance.json"


class Predictor(Protocol):
    """What turns encoded rows into log-odds."""

    @property
    def expected(self) -> float:
        """Log-odds that the contributions start from."""

    def raw(self, values: Floats) -> Floats:
        """Return the log-odds of each row."""

    def contributions(self, values: Floats) -> Floats:
        """Return each feature's part of the log-odds, one column a feature."""

    def files(self) -> dict[str, bytes]:
        """Return the files that hold it in a bundle."""


@dataclass(frozen=True, eq=False)
class RiskModel:
    """A trained model that predicts without the library it was trained with (trees need LightGBM).

    Attributes
    ----------
    name
        ``"logistic"``, ``"gradient_boosting"``, or a baseline's name.
    family
        The name again, or ``"baseline"``.
    features
        The columns it reads.
    predictor, calibrator
        From features to raw log-odds, and from there to a probability.
    provenance
        Where it comes from: digests, dates, counts, settings, software. Plain data without times of the clock.

    Examples
    --------
    >>> import numpy as np
    >>> model = RiskModel("base_rate", "baseline", (), rates.RatePredictor("constant", 0.0), Calibrator())
    >>> model.predict(pd.DataFrame(index=range(2))).tolist()
    [0.5, 0.5]
    """

    name: str
    family: str
    features: tuple[ModelFeature, ...]
    predictor: Predictor
    calibrator: Calibrator
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def predict(self, data: pd.DataFrame | DesignMatrix) -> Floats:
        """Return the calibrated probability of the outcome for each row.

        Calibration may give equal probabilities to different scores; rank cases by `raw`.

        Parameters
        ----------
        data
            A design matrix, or a table with exactly the model's columns in any order. Baselines take what they
            need and leave the rest; those that read the area or audit columns need a design matrix.

        Raises
        ------
        ModelError
            If the data do not fit; the message names everything that does not.
        """
        return self.calibrator(self.raw(data))

    def raw(self, data: pd.DataFrame | DesignMatrix) -> Floats:
        """Return the ranking score of each row: log-odds before calibration (see `predict` for parameters)."""
        table = self._checked(data)
        # So many rows at a time: their numbers and terms stay in the processor's own memory, which halves the time.
        starts = range(0, max(len(table), 1), _ROWS)
        parts = [self.predictor.raw(encode(table.iloc[low : low + _ROWS], self.features)) for low in starts]
        return np.concatenate(parts)

    def contributions(self, data: pd.DataFrame | DesignMatrix) -> pd.DataFrame:
        """Return what each feature adds to each row's raw score.

        Returns
        -------
        DataFrame
            One row a case, one column a feature, in log-odds. A row's sum plus `expected` is its raw score.
        """
        found = self.predictor.contributions(encode(self._checked(data), self.features))
        return pd.DataFrame(found, columns=[feature.name for feature in self.features])

    @property
    def expected(self) -> float:
        """Log-odds that contributions start from: those of an average case."""
        return self.predictor.expected

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that makes the model what it is."""
        return bundle.digest_of(self._files())

    def save(self, folder: Path | str) -> Path:
        """Write the model as a folder of text with a manifest of digests, all or nothing."""
        return bundle.write(folder, self._files())

    @classmethod
    def load(cls, folder: Path | str, *, digest: str | None = None) -> RiskModel:
        """Read a model that `save` wrote.

        Parameters
        ----------
        folder
            The bundle.
        digest
            The digest it must have, such as the approved one; None accepts any intact bundle.

        Raises
        ------
        BundleError
            If a byte was changed, or a file is missing or one too many.
        """
        files = bundle.read(folder, digest=digest)
        try:
            return _assemble(files)
        except (KeyError, TypeError, ValueError) as problem:
            raise BundleError(
                f"The model in {folder} is intact but not understood ({type(problem).__name__}: {problem}).",
                "A bundle holds a predictor, a calibrator, features and provenance of this version of riskmodel.",
                next_step="Train the model again with this version.",
            ) from problem

    def _checked(self, data: pd.DataFrame | DesignMatrix) -> pd.DataFrame:
        return take(data, self.features, strict=self.family != BASELINE)

    def _files(self) -> dict[str, bytes]:
        features = {"model": self.name, "family": self.family, "features": [f.plain() for f in self.features]}
        return {
            **self.predictor.files(),
            **self.calibrator.files(),
            _FEATURES: _json(features),
            _PROVENANCE: _json(self.provenance),
        }


def _assemble(files: dict[str, bytes]) -> RiskModel:
    described = json.loads(files[_FEATURES])
    features = tuple(ModelFeature.from_plain(plain) for plain in described["features"])
    predictor: Predictor
    if trees.FILE in files:
        predictor = trees.TreePredictor.from_files(files, len(features))
    elif linear.FILE in files:
        predictor = linear.LinearPredictor.from_files(files)
    else:
        predictor = rates.RatePredictor.from_files(files)
    if public.FILE in files:
        predictor = public.PublicPredictor.from_files(files, predictor)
    calibrator = Calibrator.from_files({calibration.FILE: files[calibration.FILE]})
    provenance = json.loads(files[_PROVENANCE])
    return RiskModel(described["model"], described["family"], features, predictor, calibrator, provenance)


def _json(plain: Any) -> bytes:
    return (json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()
