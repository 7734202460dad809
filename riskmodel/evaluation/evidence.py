"""The evidence behind an evaluation, one part a field, and the order in which it is gathered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskmodel.evaluation.calibration_evidence import CalibrationEvidence, examine_calibration
from riskmodel.evaluation.capacity import Capacity, capacity
from riskmodel.evaluation.checks import Finding, run_checks
from riskmodel.evaluation.comparison import CasesCompared, compare_cases
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.contributions import Explained, explain_in_detail
from riskmodel.evaluation.fairness_evidence import FairnessEvidence, examine_fairness
from riskmodel.evaluation.privacy import Privacy, privacy
from riskmodel.evaluation.published import contradictions
from riskmodel.evaluation.serialise import decode, encode, read_json, write_json
from riskmodel.evaluation.side_by_side import side_by_side
from riskmodel.evaluation.stability import Stability, stability
from riskmodel.evaluation.validation import Validation, validation


@dataclass(frozen=True)
class Evidence:
    """What was found beyond the figures of an `Evaluation`. A part that was not gathered is None.

    Each part is a frozen dataclass of its own file in `riskmodel/evaluation`, made by one function from a `Context`.
    """

    prototype: str
    checks: tuple[Finding, ...] = ()
    validation: Validation | None = None
    stability: Stability | None = None
    explained: Explained | None = None
    fairness: FairnessEvidence | None = None
    calibration: CalibrationEvidence | None = None
    capacity: Capacity | None = None
    privacy: Privacy | None = None
    arithmetic: tuple[str, ...] = ()
    comparison: CasesCompared | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, strings and numbers, ready for JSON."""
        plain: dict[str, Any] = encode(self)
        return plain

    def save(self, path: Path | str) -> Path:
        """Write the evidence as one JSON file, whole or not at all; return the path."""
        return write_json(Path(path), self.to_dict())

    @classmethod
    def load(cls, path: Path | str) -> Evidence:
        """Read what `save` wrote; an EvaluationError says when it cannot be read."""
        return decode(cls, read_json(Path(path)))


def gather_evidence(context: Context) -> Evidence:
    """Work out every part of the evidence; the parts do not need each other, so some are worked out beside others.

    Parameters
    ----------
    context : Context
        A finished evaluation with everything it was made from.
    """
    checks, validated, stable = run_checks(context), validation(context), stability(context)
    context.probability  # noqa: B018 - scored once, before the parts below share it
    parts: tuple[Callable[[Context], Any], ...] = (
        examine_fairness, capacity, examine_calibration, privacy, explain_in_detail, compare_cases,
    )  # fmt: skip
    context.progress.step("Looking at groups, calibration, capacity and privacy", len(parts))
    fairness, team, calibrated, private, explained, compared = side_by_side(
        lambda part: part(context), parts, progress=context.progress
    )
    return Evidence(
        prototype=context.prototype.name,
        checks=checks,
        validation=validated,
        stability=stable,
        explained=explained,
        fairness=fairness,
        calibration=calibrated,
        capacity=team,
        privacy=private,
        arithmetic=contradictions(context.evaluation),
        comparison=compared,
    )
