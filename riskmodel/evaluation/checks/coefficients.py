"""Whether the logistic model is sound: directions as declared, nothing separated, and an optimum that was reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskmodel.evaluation.arrays import Flags
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, WARNING
from riskmodel.evaluation.checks.words import named

#: Log-odds for one standard deviation from which a coefficient of the wrong sign is reported.
MATTERS = 0.05
#: A part of the cases is separated when all, or none, of so many have the outcome although this many were expected.
LEAST_CASES, LEAST_EXPECTED = 20, 5.0
#: How far the mean fitted probability may lie from the rate it was fitted to, and how large a coefficient may be.
GAP, LARGEST = 1e-3, 10.0


def _contradicted(examined: Examined) -> Answer:
    if examined.logistic is None:
        return not_applicable("no logistic model was trained")
    model, predictor = examined.logistic
    held = {f.name for f in model.features if f.direction}
    if not held:
        return not_applicable("no measure declares a direction")
    wrong = []
    for term, coefficient in zip(predictor.preparation.terms, predictor.coefficients, strict=True):
        feature = model.features[term.feature]
        sign = {"+": 1, "-": -1}.get(feature.direction or "", 0)
        if term.kind in ("value", "log") and sign * coefficient < -MATTERS:
            wrong.append(feature.name)
    if not wrong:
        return passed(f"None of {len(held)} measures with a declared direction goes clearly the other way.")
    return found(
        f"{len(wrong)} of {len(held)} measures with a declared direction have a logistic coefficient of the other "
        f"sign: {named(wrong)}."
    )


def _separated(examined: Examined) -> Answer:
    rate = float(examined.y.mean())
    apart = []
    for place, feature in enumerate(examined.features):
        for part in _parts(examined, place):
            n, events = int(part.sum()), int(examined.y[part].sum())
            expected = min(n * rate, n * (1 - rate))
            if n >= LEAST_CASES and expected >= LEAST_EXPECTED and events in (0, n):
                apart.append(feature.name)
    if not apart:
        return passed("No value of a measure separates cases with the outcome from cases without it.")
    return found(f"A value of {named(apart)} occurs only with the outcome, or only without it.")


def _parts(examined: Examined, place: int) -> Iterator[Flags]:
    """The parts of the training cases that one measure makes: its levels, or nought and above, and missing."""
    column = examined.values[:, place]
    yield np.isnan(column)
    if examined.features[place].kind == "category":
        for level in range(len(examined.features[place].levels)):
            yield column == level
    else:
        yield column == 0
        yield column > 0


def _not_converged(examined: Examined) -> Answer:
    if examined.logistic is None:
        return not_applicable("no logistic model was trained")
    model, predictor = examined.logistic
    largest = max((abs(c) for c in predictor.coefficients), default=0.0)
    fit = examined.context.fit
    fitted = float((1 / (1 + np.exp(-model.raw(fit)))).mean())
    gap = abs(fitted - float(fit.y.mean()))
    said = (
        f"The mean fitted probability is {gap:.1e} from the rate it was fitted to (0 at the optimum), and the largest "
        f"standardised coefficient is {largest:.2f}."
    )
    return found(said) if not gap <= GAP or not largest <= LARGEST else passed(said)


CONTRADICTED = Check(
    "RM209", "A declared direction is contradicted", WARNING,
    "Think again about the direction. If it is right, two measures may say the same, or the records may mean something "
    "else than their name.",
    _contradicted,
)  # fmt: skip
SEPARATED = Check(
    "RM210", "A measure separates the outcome perfectly", WARNING,
    "Check whether the value is recorded because of the outcome; join rare categories.",
    _separated,
)  # fmt: skip
NOT_CONVERGED = Check(
    "RM211", "The logistic model did not reach its optimum", ERROR,
    "Train again; if it stays, look for measures on extreme scales and for perfect separation.",
    _not_converged,
)  # fmt: skip
