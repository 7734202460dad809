"""Whether scores can be trusted where they fall: inside what was learnt, untied at the cut-off, and not overfitted."""

from __future__ import annotations

import numpy as np

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import WARNING
from riskmodel.evaluation.checks.words import named
from riskmodel.evaluation.discrimination import auroc

#: Share of test cases that may score beyond every training case, and that may exceed the range of some measure.
BEYOND_SCORES, BEYOND_VALUES = 0.01, 0.05
MOST_OFTEN = 3
#: Share of the list whose places may be decided by a tie at the cut-off.
TIED = 0.10
#: By how much the AUROC may be better on what was learnt than on the test.
FLATTERED = 0.10


def _outside(examined: Examined) -> Answer:
    learnt = examined.context.lead.raw(examined.fit)
    scores = examined.context.lead.raw(examined.test)
    n, beyond = len(scores), int(((scores < learnt.min()) | (scores > learnt.max())).sum())
    values, tested = examined.values, examined.test_values
    known = np.asarray(~np.isnan(values).all(axis=0))
    low, high = np.nanmin(values[:, known], axis=0), np.nanmax(values[:, known], axis=0)
    outside = (tested[:, known] < low) | (tested[:, known] > high)
    some = int(outside.any(axis=1).sum())
    said = (
        "{beyond} of the test cases score beyond every training case, and {some} have a value beyond its range there."
    )
    bad = beyond > BEYOND_SCORES * n or some > BEYOND_VALUES * n
    if bad and some:
        names = [f.name for f, there in zip(examined.features, known, strict=True) if there]
        times = outside.sum(axis=0)
        said += f" Most often: {named([names[place] for place in np.argsort(-times)[:MOST_OFTEN] if times[place]])}."
    return (found if bad else passed)(said, beyond=(beyond, n), some=(some, n))


def _ties(examined: Examined) -> Answer:
    ranking = examined.context.ranking
    room = max(round(examined.context.prototype.capacity * len(ranking)), 1)
    cut = np.sort(ranking)[-room]
    above, at = int((ranking > cut).sum()), int((ranking == cut).sum())
    tied = room - above if at > room - above else 0
    said = "{tied} of the places on the list are decided by a tie of equal scores at the cut-off."
    return (found if tied > TIED * room else passed)(said, tied=(tied, room))


def _flattered(examined: Examined) -> Answer:
    fit = examined.context.fit
    test = examined.context.evaluation.models[examined.context.evaluation.lead].estimates["auroc"]
    if test.value is None or not 0 < fit.y.sum() < len(fit):
        return not_applicable("the AUROC cannot be measured")
    learnt = auroc(fit.y.to_numpy(dtype=np.float64), examined.context.lead.raw(fit))
    said = f"The AUROC is {learnt:.3f} on the cases learnt from and {test.text()} on the test."
    return found(said) if learnt - test.value > FLATTERED else passed(said)


OUTSIDE = Check(
    "RM401", "Scores outside what training has seen", WARNING,
    "Look at the measures that are beyond their range; set a limit on them in the snippet, or train on newer cohorts.",
    _outside,
)  # fmt: skip
TIES = Check(
    "RM407", "Scores tie at the cut-off", WARNING,
    "Say by what rule tied cases are taken, or move the cut-off to where scores differ.",
    _ties,
)  # fmt: skip
FLATTERED_BY_TRAINING = Check(
    "RM408", "The model is much better on what it learnt", WARNING,
    "Use fewer measures or a stronger penalty, or train on more cases; rely on the figures of the test alone.",
    _flattered,
)  # fmt: skip
