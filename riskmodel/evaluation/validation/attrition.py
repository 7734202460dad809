"""Who dropped out between the register and the cases learnt from and tested on, step by step and by group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Flags, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.validation.results import Attrition, GroupLoss

#: Reasons for leaving a case out, and what became of the others, in the order of `GroupLoss`.
_FATES = ("unlabelled", "for_test", "for_training", "learnt", "tested")


def attrition(context: Context) -> Attrition:
    """Count every audit group at each step: register, cohort, known outcome, households kept apart, learnt or tested.

    Counted at the training and test dates; the rows of further validation dates take no part. What came before the
    cohort is read from the matrix's manifest (`riskmodel.engine.register.before_cohort`). An attribute that the
    outcome's own record carries cannot say who lacks such a record, so it is counted from the known outcome on.

    Parameters
    ----------
    context : Context
    """
    matrix, prototype = context.matrix, context.prototype
    days = [pd.Timestamp(day) for day in (*prototype.train_as_of, *prototype.test_as_of)]
    at: Flags = matrix.as_of.isin(days).to_numpy()
    fate = _fates(context)
    steps = matrix.manifest.get("before_cohort", [])
    with_outcome = tuple(name for name in prototype.outcome.audit if name in matrix.audit.columns)
    groups = []
    for attribute in map(str, matrix.audit.columns):
        known = at & (fate > 0) if attribute in with_outcome else at
        counted = [] if attribute in with_outcome else [step["groups"].get(attribute, {}) for step in steps]
        groups += [_loss(attribute, *one, fate) for one in _groups(matrix.audit[attribute], known, counted)]
    everyone = _loss("", "Everybody", np.flatnonzero(at), tuple(int(step["n"]) for step in steps), fate)
    earlier = tuple(str(step["text"]) for step in steps)
    elsewhere = int(matrix.y.isna().to_numpy()[~at].sum())
    return Attrition(everyone, tuple(groups), earlier, with_outcome, elsewhere, _not_counted(context, steps))


def _fates(context: Context) -> Ints:
    """What became of every row: a place in `_FATES`."""
    matrix, split = context.matrix, context.split
    test_days = [pd.Timestamp(day) for day in context.prototype.test_as_of]
    tested_on: Flags = matrix.as_of.isin(test_days).to_numpy()
    fate = np.where(tested_on, _FATES.index("for_training"), _FATES.index("for_test"))
    fate[split.fit] = _FATES.index("learnt")
    fate[split.test] = _FATES.index("tested")
    fate[matrix.y.isna().to_numpy()] = _FATES.index("unlabelled")
    return fate.astype(np.int64)


def _groups(
    column: pd.Series[Any], at: Flags, earlier: Sequence[Mapping[str, int]]
) -> Iterator[tuple[str, Ints, tuple[int, ...]]]:
    """Name, rows and earlier counts of every group of an attribute that is there at any step, in declared order."""
    values = column.astype("category")
    codes = np.where(at, values.cat.codes.to_numpy(), -1)
    names = [str(name) for name in values.cat.categories]
    beyond = [name for name in dict.fromkeys(name for step in earlier for name in step) if name not in names]
    for place, name in enumerate([*names, *beyond]):
        rows = np.flatnonzero(codes == place).astype(np.int64)
        before = tuple(int(step.get(name, 0)) for step in earlier) if all(earlier) else ()
        if len(rows) or any(before):
            yield name, rows, before


def _loss(attribute: str, group: str, rows: Ints, registered: tuple[int, ...], fate: Ints) -> GroupLoss:
    unlabelled, for_test, for_training, learnt, tested = np.bincount(fate[rows], minlength=len(_FATES)).tolist()
    n = len(rows)
    lost, left = _share(unlabelled, n), _share(for_test + for_training, n - unlabelled)
    return GroupLoss(
        attribute, group, registered, n, unlabelled, for_test, for_training, learnt, tested, lost, left
    )  # fmt: skip


def _not_counted(context: Context, steps: Sequence[Mapping[str, Any]]) -> str:
    cohort = context.prototype.cohort
    if not (cohort.where or cohort.having):
        return ""
    if not steps:
        return "the design matrix was made without counting the register by group"
    return "" if all(step["groups"] for step in steps) else "the register is too large to work them out for everybody"


def _share(part: int, whole: int) -> Estimate:
    if whole == 0:
        return Estimate(None, None, None, 0, 0, "Wilson", "nobody is left")
    return Estimate(part / whole, *wilson(part, whole), whole, part, "Wilson")
