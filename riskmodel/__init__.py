"""Predictive risk stratification for public services, from linked partner data to a model card."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# name -> module that holds it. Nothing is imported before it is asked for, so that `import riskmodel`
# and `riskmodel --help` stay fast on a council laptop.
_PUBLIC = {
    # what partners send, whose records count, what is measured
    "Source": "riskmodel.declare",
    "Sensitivity": "riskmodel.declare",
    "Scope": "riskmodel.declare",
    "count": "riskmodel.declare",
    "has": "riskmodel.declare",
    "total": "riskmodel.declare",
    "highest": "riskmodel.declare",
    "lowest": "riskmodel.declare",
    "distinct": "riskmodel.declare",
    "latest": "riskmodel.declare",
    "days_since": "riskmodel.declare",
    "trend": "riskmodel.declare",
    "years": "riskmodel.periods",
    "months": "riskmodel.periods",
    "days": "riskmodel.periods",
    # who is scored, what is predicted, what is promised
    "Cohort": "riskmodel.declare",
    "Outcome": "riskmodel.declare",
    "Prototype": "riskmodel.declare",
    "Output": "riskmodel.declare",
    "at_least": "riskmodel.declare",
    "at_most": "riskmodel.declare",
    "calibration_slope_between": "riskmodel.declare",
    "better_than": "riskmodel.declare",
    # the path from extracts to a card and a scored ward
    "build_warehouse": "riskmodel.engine.build",
    "build_matrix": "riskmodel.engine.run",
    "train": "riskmodel.modelling.train",
    "RiskModel": "riskmodel.modelling.model",
    "evaluate": "riskmodel.evaluation.evaluate",
    "ModelCard": "riskmodel.reporting.card",
    "score_cohort": "riskmodel.scoring.score",
}

__all__ = list(_PUBLIC)

if TYPE_CHECKING:  # each name `as` itself: that is how a type checker is told that it is public
    from riskmodel.declare import (
        Cohort as Cohort,
    )
    from riskmodel.declare import (
        Outcome as Outcome,
    )
    from riskmodel.declare import (
        Output as Output,
    )
    from riskmodel.declare import (
        Prototype as Prototype,
    )
    from riskmodel.declare import (
        Scope as Scope,
    )
    from riskmodel.declare import (
        Sensitivity as Sensitivity,
    )
    from riskmodel.declare import (
        Source as Source,
    )
    from riskmodel.declare import (
        at_least as at_least,
    )
    from riskmodel.declare import (
        at_most as at_most,
    )
    from riskmodel.declare import (
        better_than as better_than,
    )
    from riskmodel.declare import (
        calibration_slope_between as calibration_slope_between,
    )
    from riskmodel.declare import (
        count as count,
    )
    from riskmodel.declare import (
        days_since as days_since,
    )
    from riskmodel.declare import (
        distinct as distinct,
    )
    from riskmodel.declare import (
        has as has,
    )
    from riskmodel.declare import (
        highest as highest,
    )
    from riskmodel.declare import (
        latest as latest,
    )
    from riskmodel.declare import (
        lowest as lowest,
    )
    from riskmodel.declare import (
        total as total,
    )
    from riskmodel.declare import (
        trend as trend,
    )
    from riskmodel.engine.build import build_warehouse as build_warehouse
    from riskmodel.engine.run import build_matrix as build_matrix
    from riskmodel.evaluation.evaluate import evaluate as evaluate
    from riskmodel.modelling.model import RiskModel as RiskModel
    from riskmodel.modelling.train import train as train
    from riskmodel.periods import days as days
    from riskmodel.periods import months as months
    from riskmodel.periods import years as years
    from riskmodel.reporting.card import ModelCard as ModelCard
    from riskmodel.scoring.score import score_cohort as score_cohort


def __getattr__(name: str) -> Any:
    """Import a public name from the module that holds it, the first time it is asked for."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'riskmodel' has no attribute {name!r}")
    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
