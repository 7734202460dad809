"""Whether the outcome is as common in the test as in training, known for most cases, and recorded alike everywhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import WARNING
from riskmodel.evaluation.checks.words import named, percent
from riskmodel.evaluation.intervals import wilson

#: A shift counts when it is this large, as a share of the rate in training, and this many standard errors wide.
SHIFT, SURE = 0.15, 3.0
#: Share of cases whose outcome may be unknown, and how much it may differ between training and test.
MOST_UNKNOWN, UNEVEN = 0.10, 0.05
#: An area is judged from so many expected outcomes on; it is out of line when it is off by this share, with this chance
#: of a false alarm over all areas together.
LEAST_EXPECTED, OUT_OF_LINE, CHANCE = 10.0, 0.25, 0.01


def _shift(examined: Examined) -> Answer:
    fit, test = examined.context.fit.y, examined.context.test.y
    n, m = len(fit), len(test)
    before, after = float(fit.mean()), float(test.mean())
    pooled = (before * n + after * m) / (n + m)
    error = (pooled * (1 - pooled) * (1 / n + 1 / m)) ** 0.5
    if not error:
        return not_applicable("the outcome never varies")
    shifted = abs(after - before) > SHIFT * before and abs(after - before) > SURE * error
    ends = [f"{percent(low)} to {percent(high)}" for low, high in (wilson(before * n, n), wilson(after * m, m))]
    said = f"{{before}} of the training cases had the outcome ({ends[0]}), and {{after}} of the test cases ({ends[1]})."
    return (found if shifted else passed)(said, before=(int(fit.sum()), n), after=(int(test.sum()), m))


def _unknown(examined: Examined) -> Answer:
    matrix = examined.context.matrix
    parts = []
    for dates in (examined.fit_dates, examined.test_dates):
        unknown = matrix.y[matrix.as_of.isin([pd.Timestamp(day) for day in dates])].isna()
        parts.append((int(unknown.sum()), len(unknown)))
    before, after = (n / of for n, of in parts)
    bad = abs(before - after) > UNEVEN or max(before, after) > MOST_UNKNOWN
    said = "The outcome is not known for {before} of the cases at the training dates and {after} at the test dates."
    return (found if bad else passed)(said, before=parts[0], after=parts[1])


def _areas(examined: Examined) -> Answer:
    from scipy.stats import norm

    context = examined.context
    known = (context.test.area != UNKNOWN).to_numpy()
    rows = pd.DataFrame({
        "area": context.test.area[known].astype(str).to_numpy(), "y": context.y[known],
        "p": context.probability[known], "v": (context.probability * (1 - context.probability))[known],
    })  # fmt: skip
    by_area = rows.groupby("area")[["y", "p", "v"]].sum()
    large = by_area[by_area["p"] >= LEAST_EXPECTED]
    if len(large) < 3:
        return not_applicable(f"fewer than three areas expect {LEAST_EXPECTED:g} outcomes or more")
    z = (large["y"] - large["p"]) / np.sqrt(large["v"])
    limit = float(norm.isf(CHANCE / 2 / len(large)))
    off = large[(z.abs() > limit) & ((large["y"] / large["p"] - 1).abs() > OUT_OF_LINE)]
    if off.empty:
        return passed(f"None of {len(large)} areas is out of line with what the model expects there.")
    parts = []
    for words, where in (("more", off["y"] > off["p"]), ("less", off["y"] < off["p"])):
        if where.any():
            parts.append(f"{words} often in {named(map(str, off.index[where]))}")
    return found(
        f"In {len(off)} of {len(large)} areas the outcome is recorded over {percent(OUT_OF_LINE)} more or less often "
        f"than the model expects, beyond chance: {', and '.join(parts)}."
    )


SHIFTED = Check(
    "RM104", "The outcome is more or less common in the test than in training", WARNING,
    "Find out whether the people, the outcome or its recording changed; set the probabilities right on the newest "
    "cohort whose outcome is known.",
    _shift,
)  # fmt: skip
NOT_KNOWN = Check(
    "RM109", "The outcome is not known for many cases", WARNING,
    "Say who these cases are (moved away, another school, not yet received) and whether the model will be used for "
    "people like them.",
    _unknown,
)  # fmt: skip
RECORDED_DIFFERENTLY = Check(
    "RM110", "Some areas are out of line with the model", WARNING,
    "Ask those who record the outcome there how they do so, and what else is different; compare areas only after that.",
    _areas,
)  # fmt: skip
