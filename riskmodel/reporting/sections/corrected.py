"""The recalibration that a model went through after training: on what, by whom, and what it changed."""

from __future__ import annotations

from riskmodel.evaluation.correction_taken import CorrectionTaken
from riskmodel.reporting import wording
from riskmodel.reporting.document import Cell, Facts, Section, Table, Text, table
from riskmodel.reporting.figures import counted, measured, number
from riskmodel.reporting.material import Material

_FIGURES = ("oe", "calibration_slope", "ici", "brier")
_WAYS = {
    "intercept": "All risks were moved up or down by the same step",
    "intercept and slope": "All risks were moved, and stretched or drawn in",
    "isotonic": "The risks were redrawn freely, in the same order",
}


def corrected(material: Material) -> Section | None:
    """What recalibrating changed; None for a model as it was trained."""
    found = material.evidence.calibration if material.evidence else None
    if found is None or found.taken is None:
        return None
    step = found.taken
    said = Text(
        "After training, the risks were corrected on cases later than those trained on. All other figures of this card "
        "are those of the corrected model. None of these cases, and none of their "
        f"{material.units}, is among the cases tested on; before and after were tried on the same test cases."
    )
    return Section("corrected", "Recalibrated after training", (said, _facts(step, material), _table(step, material)))


def _facts(step: CorrectionTaken, material: Material) -> Facts:
    rows: list[tuple[str, Cell]] = [
        ("What was done", f"{_WAYS[step.method]} ({step.method})."),
        ("Who decided on it", step.by),
        ("Corrected on", f"Cases as they stood on {wording.listed([wording.day(day) for day in step.as_of])}"),
        ("Cases", counted(step.n, material.policy)),
        ("With the outcome", counted(step.events, material.policy, whole=step.n)),
        ("The model before", f"SHA-256 {step.from_digest}"),
    ]
    if step.slope is not None:
        rows[-1:-1] = [("Added to the log-odds", number(step.intercept)), ("Multiplied", number(step.slope))]
    return Facts(tuple(rows))


def _table(step: CorrectionTaken, material: Material) -> Table:
    digits = {name: wording.metric(name).digits for name in _FIGURES}
    rows: list[tuple[Cell, ...]] = []
    for name in _FIGURES:
        told = (measured(held[name], digits=digits[name]) for held in (step.before, step.after))
        rows.append((wording.metric(name).label, *told, measured(step.change[name], digits=digits[name] + 1)))
    return table(
        "corrected",
        f"Before and after the correction, on {material.tested_on}",
        ("Figure", "Before", "After", "Change"),
        rows,
        note=f"{material.brackets} A change is clear when its interval does not include 0. For the distance and the "
        "squared error less is better; for the other two 1 is right.",
    )
