"""Whether the records agree with the declared directions, nothing is separated, and the optimum was reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import rankdata

from riskmodel.evaluation.arrays import Flags
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE, WARNING
from riskmodel.evaluation.checks.words import named

#: A measure goes the other way when its correlation with the outcome does by this many standard errors.
SURE = 4.0
#: A part of the cases is separated when all, or none, of so many have the outcome although this many were expected.
LEAST_CASES, LEAST_EXPECTED = 20, 5.0
#: How far the mean fitted probability may lie from the rate it was fitted to, and how large a coefficient may be.
GAP, LARGEST = 1e-3, 10.0
_SIGN = {"+": 1, "-": -1}


def _contradicted(examined: Examined) -> Answer:
    declared = [(place, f.name, _SIGN[f.direction]) for place, f in enumerate(examined.features) if f.direction]
    if not declared:
        return not_applicable("no measure declares a direction")
    wrong = [name for place, name, sign in declared if sign * _strength(examined, place) < -SURE]
    idle = [name for name in _idle(examined) if name not in wrong]
    if wrong:
        return found(
            f"{len(wrong)} of {len(declared)} measures with a declared direction clearly go the other way among the "
            f"cases learnt from: {named(wrong)}. They keep the declared direction, and so count for nothing."
        )
    if idle:
        return found(
            f"No declared direction is clearly contradicted; beside the others {len(idle)} of {len(declared)} measures "
            f"would go the other way in the logistic model, and so have no weight there: {named(idle)}.",
            NOTE,
        )
    return passed(f"None of {len(declared)} measures with a declared direction goes the other way.")


def _strength(examined: Examined, place: int) -> float:
    """Correlation of a measure with the outcome where it is known, in standard errors."""
    column = examined.values[:, place]
    known = ~np.isnan(column)
    ranks = rankdata(column[known])
    y = examined.y[known]
    if len(y) < LEAST_CASES or not ranks.std() or not y.std():
        return 0.0
    return float(np.corrcoef(ranks, y)[0, 1] * len(y) ** 0.5)


def _idle(examined: Examined) -> Iterator[str]:
    """Measures of the logistic model whose coefficient their direction holds at nought."""
    if examined.logistic is None:
        return
    model, predictor = examined.logistic
    signs = predictor.preparation.signs(model.features)
    for term, sign, coefficient in zip(predictor.preparation.terms, signs, predictor.coefficients, strict=True):
        if sign and coefficient == 0:
            yield model.features[term.feature].name


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
    "Think again about a direction that is contradicted: the records may mean something else than their name. What has "
    "no weight beside the others says what they say; leave it out where it costs a partner's data.",
    _contradicted,
)  # fmt: skip
SEPARATED = Check(
    "RM210", "A measure separates the outcome perfectly", WARNING,
    "Check whether the value is only recorded once the outcome is there; join rare categories.",
    _separated,
)  # fmt: skip
NOT_CONVERGED = Check(
    "RM211", "The logistic model did not reach its optimum", ERROR,
    "Train again; if it stays, look for measures on extreme scales and for perfect separation.",
    _not_converged,
)  # fmt: skip
