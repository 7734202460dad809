"""Who dropped out between the cohort and the rows that models were fitted and tested on, by audit group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from riskmodel.evaluation.arrays import Flags, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.validation.results import Attrition, GroupLoss

#: A group with fewer rows than this is pooled with the other small ones of its attribute.
LEAST_ROWS = 50
POOLED = "Small groups together"


def attrition(context: Context) -> Attrition:
    """Share of each audit group that was lost for want of an outcome, and by the split.

    Only what the matrix holds can be told by group: its rows are the cohort at the training and test dates. Who was
    left out before (not on the register, not in the cohort) has no row there. Attributes that the outcome's own
    record carries cannot say who lacks such a record; they are named in `not_told`.

    Parameters
    ----------
    context : Context
    """
    matrix = context.matrix
    unlabelled: Flags = matrix.y.isna().to_numpy()
    used = np.zeros(len(matrix), dtype=np.bool_)
    used[np.concatenate([context.split.fit, context.split.test])] = True
    not_told = tuple(name for name in context.prototype.outcome.audit if name in matrix.audit.columns)
    told = [str(name) for name in matrix.audit.columns if name not in not_told]
    groups = tuple(
        replace(_loss(attribute, name, rows, unlabelled, used), members=members)
        for attribute in told
        for name, rows, members in _groups(context, attribute)
    )
    note = (
        "Counted at every date of training and testing, so a case that is in the cohort at two dates counts twice. "
        "Who never came into the cohort cannot be told by group: the engine keeps only their number."
    )
    return Attrition(_loss("", "Everybody", np.arange(len(matrix)), unlabelled, used), groups, not_told, note)


def _groups(context: Context, attribute: str) -> list[tuple[str, Ints, tuple[str, ...]]]:
    """Groups of an attribute in declared order; those under fifty rows pooled, or left out where the pool is too."""
    column = context.matrix.audit[attribute].astype("category")
    codes = column.cat.codes.to_numpy()
    found = [(str(name), np.flatnonzero(codes == place)) for place, name in enumerate(column.cat.categories)]
    large = [(name, rows, ()) for name, rows in found if len(rows) >= LEAST_ROWS]
    small = [(name, rows) for name, rows in found if 0 < len(rows) < LEAST_ROWS]
    pool = _together(small)
    return [*large, *([(POOLED, pool, tuple(name for name, _ in small))] if len(pool) >= LEAST_ROWS else [])]


def _together(small: Sequence[tuple[str, Ints]]) -> Ints:
    return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *(rows for _, rows in small)])).astype(np.int64)


def _loss(attribute: str, group: str, rows: Ints, unlabelled: Flags, used: Flags) -> GroupLoss:
    n, without = len(rows), int(unlabelled[rows].sum())
    kept = int(used[rows].sum())
    left_out = n - without - kept
    return GroupLoss(
        attribute, group, n, without, left_out, kept, _share(without, n), _share(left_out, n - without)
    )  # fmt: skip


def _share(part: int, whole: int) -> Estimate:
    if whole == 0:
        return Estimate(None, None, None, 0, 0, "Wilson", "nobody is left")
    return Estimate(part / whole, *wilson(part, whole), whole, part, "Wilson")
