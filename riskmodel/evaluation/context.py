"""What every part of the evidence is worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.privacy_rules import USUAL_RULES, PrivacyRules
from riskmodel.evaluation.results import Evaluation
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.refits import Refits
from riskmodel.modelling.resampled import refit_on_resamples
from riskmodel.modelling.splits import Split
from riskmodel.modelling.training import Training
from riskmodel.progress import SILENT, Progress

if TYPE_CHECKING:
    from riskmodel.declare import Prototype


@dataclass(frozen=True, eq=False)
class Context:
    """A finished evaluation with everything it was made from, handed to each part of the evidence.

    Attributes
    ----------
    training, matrix, prototype, split, evaluation
        What was trained, on what, as declared, and what `evaluate` found.
    warehouse
        Manifest of the warehouse; empty when the matrix was not built from one.
    resamples, refits, seed
        How many household resamples an interval takes, how many times models are refitted for stability, and the seed.
    progress
        Told of each step.
    privacy
        The limits by which the model's privacy is judged.
    """

    training: Training
    matrix: DesignMatrix
    prototype: Prototype
    split: Split
    evaluation: Evaluation
    warehouse: Mapping[str, Any] = field(default_factory=dict)
    resamples: int = 1000
    refits: int = 100
    seed: int = 0
    progress: Progress = SILENT
    privacy: PrivacyRules = USUAL_RULES

    @property
    def lead(self) -> RiskModel:
        """The model that is proposed for use."""
        return self.training.model

    @cached_property
    def test(self) -> DesignMatrix:
        """The rows the model is judged on."""
        return self.matrix.rows(self.split.test)

    @cached_property
    def fit(self) -> DesignMatrix:
        """The rows it was trained and calibrated on."""
        return self.matrix.rows(self.split.fit)

    @cached_property
    def y(self) -> Floats:
        """Outcome of the test rows, 0 or 1."""
        return self.test.y.to_numpy(dtype=np.float64)

    @cached_property
    def probability(self) -> Floats:
        """The lead model's calibrated probability of the test rows."""
        return self.lead.calibrator(self.ranking)

    @cached_property
    def ranking(self) -> Floats:
        """The lead model's raw score of the test rows: ranks go by it, because calibration may tie."""
        return self.lead.raw(self.test)

    @cached_property
    def refitted(self) -> Refits | None:
        """The lead model fitted again on household resamples; None when fewer than two refits are asked for."""
        if self.refits < 2:
            return None
        return refit_on_resamples(
            self.lead, self.matrix, self.split, refits=self.refits, seed=self.seed, progress=self.progress
        )
