"""Whether the areas that are judged, and so used, were learnt from."""

from __future__ import annotations

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import WARNING
from riskmodel.evaluation.checks.words import named

#: Share of test cases that may live in areas without a training case, or have no area.
UNSEEN, NOWHERE = 0.01, 0.05


def _not_covered(examined: Examined) -> Answer:
    fit, test = examined.context.fit.area, examined.context.test.area
    if examined.context.prototype.cohort.area is None:
        return not_applicable("the cohort declares no area")
    seen = set(fit.astype(str))
    unseen = ~test.astype(str).isin(seen | {UNKNOWN})
    n, apart, nowhere = len(test), int(unseen.sum()), int((test.astype(str) == UNKNOWN).sum())
    said = "{apart} of the test cases live in areas without a training case, and {nowhere} have no known area."
    if apart > UNSEEN * n:
        said += f" Not learnt from: {named(sorted(set(test[unseen].astype(str))))}."
    bad = apart > UNSEEN * n or nowhere > NOWHERE * n
    return (found if bad else passed)(said, apart=(apart, n), nowhere=(nowhere, n))


NOT_COVERED = Check(
    "RM309", "Areas without training cases", WARNING,
    "Train on these areas too, or say that the model was not made for them; mend addresses that give no area.",
    _not_covered,
)  # fmt: skip
