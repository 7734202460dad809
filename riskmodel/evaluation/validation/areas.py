"""Leave-area-out validation: how well the model does in places it never saw, and what to expect of the next."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.evaluation.arrays import Flags
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.intervals import NORMAL
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.side_by_side import side_by_side
from riskmodel.evaluation.validation.judge import LEAST_EVENTS, judge, measure, rows_of, too_few
from riskmodel.evaluation.validation.pooling import pool
from riskmodel.evaluation.validation.results import Areas, Fold, NotPossible, Pooled
from riskmodel.modelling.estimators import BOOSTING, LOGISTIC, Sample
from riskmodel.modelling.splits import Split

#: Fewest groups of areas that are left out in turn, and from which a spread between areas is estimated.
LEAST_LEFT_OUT, LEAST_GROUPS = 2, 5
#: Most groups: each is a model to tune and fit.
MOST_GROUPS: Mapping[str, int] = {LOGISTIC: 16, BOOSTING: 8}

# Figures are pooled on scales on which their errors are about normal (Debray and others 2017).
_SCALES: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "auroc": (
        lambda area: math.log(min(max(area, 1e-4), 1 - 1e-4) / (1 - min(max(area, 1e-4), 1 - 1e-4))),
        lambda odds: 1 / (1 + math.exp(-odds)),
    ),
    "oe": (lambda ratio: math.log(max(ratio, 1e-4)), math.exp),
    "calibration_slope": (float, float),
}


def areas(context: Context, sample: Sample) -> Areas:
    """Hold out each group of areas in turn, and pool what is found there.

    Training takes other areas at the training dates; whoever ever lived together with somebody of the held-out area
    leaves training. The test takes all labelled rows of the held-out area at the test dates.

    Parameters
    ----------
    context : Context
    sample : Sample
        The matrix, encoded.
    """
    area, y = _at_test_dates(context)
    groups, note = group_areas(area, y, most=MOST_GROUPS.get(context.lead.family, LEAST_GROUPS))
    if not groups:
        return Areas(why_not=note)
    return _left_out(context, sample, [(_named(members), members) for members in groups], note)


def districts(context: Context, sample: Sample) -> Areas:
    """Hold out each declared district whole, all its areas at once, in the same way.

    Parameters
    ----------
    context : Context
    sample : Sample
        The matrix, encoded.
    """
    declared = context.prototype.cohort.districts
    if not declared:
        return Areas(why_not="No larger districts are declared, so none was left out whole.")
    there = set(_at_test_dates(context)[0])
    homeless = len(there - {UNKNOWN} - {area for areas in declared.values() for area in areas})
    note = f"{len(declared)} districts, each left out whole."
    if homeless:
        note += f" {homeless} of {len(there - {UNKNOWN})} areas are in none of them."
    return _left_out(context, sample, [(name, tuple(areas)) for name, areas in declared.items()], note)


def _left_out(context: Context, sample: Sample, groups: Sequence[tuple[str, tuple[str, ...]]], note: str) -> Areas:
    """Hold out each named group of areas in turn, where it can be judged, and pool what is found."""
    not_possible: list[NotPossible] = []
    possible: list[tuple[str, tuple[str, ...], Split]] = []
    for name, members in groups:
        split = held_out(context, members)
        if why := too_few(context, split):
            not_possible.append(NotPossible(name, why))
        else:
            possible.append((name, members, split))
    judged = side_by_side(lambda one: judge(context, sample, *one), possible, progress=context.progress)
    folds = [measure(context, one) for one in judged]
    pooled = {metric: found for metric in _SCALES if (found := _pooled(metric, folds)) is not None}
    y = _at_test_dates(context)[1]
    outside = len(y) - sum(fold.n for fold in folds), int(y.sum()) - sum(fold.events for fold in folds)
    return Areas(tuple(folds), pooled, tuple(not_possible), note, "", *outside)


def group_areas(area: pd.Series[str], y: pd.Series[float], *, most: int) -> tuple[tuple[tuple[str, ...], ...], str]:
    """Put areas into groups of enough outcomes, the same way every time.

    An area with enough cases with, and without, the outcome stands alone. The others are joined with their neighbours
    in the order of their codes until they have enough. Enough is 20, or more where there would be too many groups.

    Parameters
    ----------
    area, y : Series of the same length
        Area and outcome of the rows to test on.
    most : int
        Most groups.

    Returns
    -------
    groups, note
        Tuples of areas, in the order of their first code; and how they were made, or why there are none.

    Examples
    --------
    >>> area = pd.Series(np.repeat(list("abcdefg"), 100))
    >>> y = pd.Series(np.tile(np.arange(100) < 15, 7).astype(float))
    >>> group_areas(area, y, most=20)[0]
    (('a', 'b', 'g'), ('c', 'd'), ('e', 'f'))
    >>> group_areas(area, pd.Series(np.tile(np.arange(100) < 30, 7).astype(float)), most=20)[0][:2]
    (('a',), ('b',))
    """
    known = area[area != UNKNOWN]
    counts = pd.DataFrame({"yes": y[known.index], "no": 1 - y[known.index]}).groupby(known).sum().sort_index()
    fewest = int(counts.min(axis=1).sum()) if len(counts) else 0
    enough = max(LEAST_EVENTS, fewest // (2 * most))
    groups = _joined(counts, enough)
    while len(groups) > most:
        enough += 1
        groups = _joined(counts, enough)
    if len(groups) < LEAST_LEFT_OUT:
        return (), (
            f"There are {len(counts)} areas to test on, which do not make {LEAST_LEFT_OUT} groups of at least "
            f"{LEAST_EVENTS} cases with, and without, the outcome."
        )
    return groups, _how_grouped(len(counts), groups, enough)


def _how_grouped(number: int, groups: Sequence[Sequence[str]], enough: int) -> str:
    alone = sum(len(group) == 1 for group in groups)
    if alone == len(groups):
        return f"{number} areas, each left out on its own."
    return (
        f"{number} areas in {len(groups)} groups; {alone} stand alone, the others were joined in the order of "
        f"their codes until a group had {enough} cases with, and without, the outcome."
    )


def held_out(context: Context, members: Sequence[str]) -> Split:
    """Train on other areas at the training dates, test on these at the test dates; no household on both sides."""
    matrix, base = context.matrix, context.split
    inside: Flags = matrix.area.isin(list(members)).to_numpy()
    component = matrix.component.to_numpy()
    strangers = ~np.isin(component, component[inside])
    tested = inside & matrix.y.notna().to_numpy() & _test_date(context)
    return Split(
        base.train[strangers[base.train]], base.calibrate[strangers[base.calibrate]], rows_of(tested), kind="area"
    )


def _test_date(context: Context) -> Flags:
    days = [pd.Timestamp(day) for day in context.prototype.test_as_of]
    mask: Flags = context.matrix.as_of.isin(days).to_numpy()
    return mask


def _at_test_dates(context: Context) -> tuple[pd.Series[str], pd.Series[float]]:
    rows = rows_of(_test_date(context) & context.matrix.y.notna().to_numpy())
    return (
        context.matrix.area.iloc[rows].reset_index(drop=True),
        context.matrix.y.iloc[rows].reset_index(drop=True),
    )


def _joined(counts: pd.DataFrame, enough: int) -> tuple[tuple[str, ...], ...]:
    groups: list[tuple[str, ...]] = []
    waiting: list[str] = []
    held = np.zeros(2)
    for name, row in zip(counts.index.astype(str), counts[["yes", "no"]].to_numpy(), strict=True):
        if row.min() >= enough:
            groups.append((name,))
            continue
        waiting.append(name)
        held = held + row
        if held.min() >= enough:
            groups.append(tuple(waiting))
            waiting, held = [], np.zeros(2)
    if waiting and groups:  # what is left joins the smallest group
        sizes = [counts.loc[list(group)].sum().min() for group in groups]
        smallest = int(np.argmin(sizes))
        groups[smallest] = tuple(sorted((*groups[smallest], *waiting)))
    return tuple(sorted(groups))


def _named(members: Sequence[str]) -> str:
    return members[0] if len(members) == 1 else ", ".join(members[:-1]) + " and " + members[-1]


def _pooled(metric: str, folds: Sequence[Fold]) -> Pooled | None:
    """Random-effects pooling of one figure; None when fewer than five groups have it."""
    there, back = _SCALES[metric]
    found = [fold.estimates[metric] for fold in folds]
    usable = [e for e in found if e.value is not None and e.low is not None and e.high is not None and e.high > e.low]
    if len(usable) < LEAST_GROUPS:
        return None
    values = [there(e.value) for e in usable if e.value is not None]
    errors = [(there(e.high) - there(e.low)) / (2 * NORMAL) for e in usable if e.high is not None and e.low is not None]
    effects = pool(values, errors)
    n, events = sum(e.n for e in usable), sum(e.events for e in usable)
    left_out = f"{len(found) - len(usable)} groups had no interval" if len(usable) < len(found) else ""
    mean = Estimate(
        back(effects.mean), back(effects.low), back(effects.high), n, events,
        "random effects (REML, Hartung-Knapp)", left_out,
    )  # fmt: skip
    new = Estimate(
        back(effects.mean), back(effects.new_low), back(effects.new_high), n, events,
        "95 % prediction interval for a new area", left_out,
    )  # fmt: skip
    return Pooled(metric, mean, new, math.sqrt(effects.tau2), effects.i2, effects.k)
