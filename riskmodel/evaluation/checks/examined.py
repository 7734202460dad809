"""What the checks look at: the context, and the parts of it that several of them need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from riskmodel.declare import Source
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.context import Context
from riskmodel.modelling.columns import ModelFeature, encode, take
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.preparation import Preparation, prepare

#: Rows at most of either side that the checks of single measures look at; a share of so many is exact enough.
MOST_ROWS = 50_000


@dataclass(frozen=True, eq=False)
class Examined:
    """A context as the checks see it; everything is worked out once, when it is first asked for."""

    context: Context

    @cached_property
    def fit(self) -> DesignMatrix:
        """The rows the model learnt from, or a random part of them where they are very many."""
        return _part(self.context.fit, self.context.seed)

    @cached_property
    def test(self) -> DesignMatrix:
        """The rows it is judged on, or a random part of them where they are very many."""
        return _part(self.context.test, self.context.seed)

    @cached_property
    def features(self) -> tuple[ModelFeature, ...]:
        """The columns of the lead model."""
        return self.context.lead.features

    @cached_property
    def values(self) -> Floats:
        """Encoded measures of `fit`, missing is NaN."""
        return encode(take(self.fit, self.features, strict=True), self.features)

    @cached_property
    def test_values(self) -> Floats:
        """Encoded measures of `test`, missing is NaN."""
        return encode(take(self.test, self.features, strict=True), self.features)

    @cached_property
    def y(self) -> Floats:
        """Outcome of `fit`, 0 or 1."""
        return self.fit.y.to_numpy(dtype=np.float64)

    @cached_property
    def preparation(self) -> Preparation:
        """The logistic model's terms, as `fit` would give them."""
        return prepare(self.values, self.features)

    @cached_property
    def blank_without_record(self) -> frozenset[str]:
        """Measures that are missing by definition where nothing was ever recorded: the days since it was."""
        return frozenset(f.name for f in self.context.prototype.features if f.verb == "days_since")

    @property
    def logistic(self) -> tuple[RiskModel, LinearPredictor] | None:
        """The logistic model and its coefficients; None when there is none."""
        for model in self.context.training.models.values():
            if isinstance(model.predictor, LinearPredictor):
                return model, model.predictor
        return None

    @cached_property
    def fit_dates(self) -> list[date]:
        """As-of dates learnt from, sorted."""
        return _dates(self.context.fit)

    @cached_property
    def test_dates(self) -> list[date]:
        """As-of dates judged on, sorted."""
        return _dates(self.context.test)

    @property
    def sources(self) -> dict[str, Source]:
        """The sources that measures are taken from, and the memberships that lead to them, by name."""
        found: dict[str, Source] = {}
        for feature in self.context.prototype.features:
            found[feature.source.name] = feature.source
            if feature.of is not None:
                found[feature.of.via.name] = feature.of.via
        return dict(sorted(found.items()))

    @property
    def used(self) -> dict[str, Source]:
        """Every source that training rests on: of measures, cohort and outcome."""
        cohort, outcome = self.context.prototype.cohort.source, self.context.prototype.outcome.source
        return dict(sorted((self.sources | {cohort.name: cohort, outcome.name: outcome}).items()))

    def entry(self, source: str) -> Mapping[str, Any]:
        """What the warehouse's manifest says about a source; empty when it says nothing."""
        found: Mapping[str, Any] = self.context.warehouse.get("sources", {}).get(source, {})
        return found


def _part(matrix: DesignMatrix, seed: int) -> DesignMatrix:
    if len(matrix) <= MOST_ROWS:
        return matrix
    return matrix.rows(np.sort(np.random.default_rng(seed).choice(len(matrix), MOST_ROWS, replace=False)))


def _dates(matrix: DesignMatrix) -> list[date]:
    return sorted(stamp.date() for stamp in matrix.as_of.drop_duplicates())
