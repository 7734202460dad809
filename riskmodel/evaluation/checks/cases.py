"""Whether each case is there once, and on one side of the split only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE, WARNING

#: Two cases look copied when they agree in everything and share a value that at most this many others have in this
#: many measures.
SHARED_BY, RARE_VALUES = 10, 3
#: Share of labelled training cases that a split may cost before it is said.
COSTLY = 0.2


def _duplicates(examined: Examined) -> Answer:
    matrix = examined.context.matrix
    again = pd.DataFrame({"key": matrix.keys, "as_of": matrix.as_of}).duplicated()
    n = int(again.sum())
    if not n:
        return passed("Every case is there once at each as-of date.")
    return found("{n} rows repeat a case at the same as-of date, so it counts twice in training, test or both.", n=n)


def _copied(examined: Examined) -> Answer:
    table = pd.concat([examined.fit.X, examined.test.X], ignore_index=True)
    rows = pd.DataFrame({
        "as_of": pd.concat([examined.fit.as_of, examined.test.as_of], ignore_index=True),
        "household": pd.concat([examined.fit.component, examined.test.component], ignore_index=True),
    })  # fmt: skip
    rare, many = np.zeros(len(table), dtype=np.int64), 0
    for name in table:
        shared = table[name].groupby([rows["as_of"], table[name]], observed=True, dropna=False).transform("size")
        several = table[name].nunique() > 2 * SHARED_BY
        many += int(several)
        rare += (several & table[name].notna() & (shared <= SHARED_BY)).to_numpy(dtype=np.int64)
    if many < RARE_VALUES:
        return not_applicable(f"fewer than {RARE_VALUES} measures take many values")
    suspects = table.assign(_as_of=rows["as_of"])[rare >= RARE_VALUES]
    hashed = pd.util.hash_pandas_object(suspects, index=False)
    households = rows["household"][suspects.index].groupby(hashed).nunique()
    n = int((hashed.map(households) > 1).sum())
    if not n:
        return passed("No two cases of different households agree in every measure and in several rare values.")
    return found(
        f"{{n}} cases of different households agree in every measure, in {RARE_VALUES} or more of them by a value that "
        "hardly anybody else has: the same person may be there under two keys.",
        n=n,
    )


def _both_sides(examined: Examined) -> Answer:
    fit, test = examined.context.fit, examined.context.test
    homes = len(np.intersect1d(fit.component.to_numpy(), test.component.to_numpy()))
    cases = int(pd.concat([fit.keys.drop_duplicates(), test.keys.drop_duplicates()]).duplicated().sum())
    if not homes and not cases:
        return passed("No case and no household is on both sides of the split.")
    return found(
        "{homes} households and {cases} cases are learnt from and judged on as well.", homes=homes, cases=cases
    )


def _costly_split(examined: Examined) -> Answer:
    split = examined.context.split
    dropped = {why: n for why, n in split.dropped.items() if "household" in why}
    lost = sum(dropped.values())
    every = len(split.fit) + len(split.test) + lost
    said = "{lost} of the cases with a known outcome were left out to keep those who belong together on one side."
    return (found if lost > COSTLY * every else passed)(said, lost=(lost, every))


DUPLICATES = Check(
    "RM301", "Duplicate cases", ERROR,
    "Build the matrix again; if it stays, the cohort's source repeats a key.",
    _duplicates,
)  # fmt: skip
COPIED = Check(
    "RM302", "Cases that look like copies of each other", WARNING,
    "Ask the partner who links the records whether one person has two keys.",
    _copied,
)  # fmt: skip
BOTH_SIDES = Check(
    "RM303", "A household is on both sides of the split", ERROR,
    "Split with split_for, and declare together= for the cohort.",
    _both_sides,
)  # fmt: skip
COSTLY_SPLIT = Check(
    "RM308", "Keeping people together cost many cases", NOTE,
    "Nothing has to be done; say on the card that fewer cases were used than there are.",
    _costly_split,
)  # fmt: skip
