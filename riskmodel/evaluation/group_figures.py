"""Further figures of every audited group and of the intersections that were listed beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.bootstrap import Draws, Prediction, household_bootstrap, household_weights
from riskmodel.evaluation.calibration import calibration_slope
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.fairness import Grouping, groupings
from riskmodel.evaluation.fused import divide
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.lists import Lists
from riskmodel.evaluation.results import Estimate

#: Figures beside those of `GroupResult`: share of those with the outcome who are missed, the same less that of all
#: cases, picked without the outcome among 1,000 of the group, and share of feature values that are missing.
MORE_METRICS = ("fnr", "fnr_gap", "burden", "missingness")
#: Figures of a group that need no cut-off.
RANKING = ("auroc", "calibration_slope")
#: Between the two attributes, and the two groups, of an intersection.
CROSS = " & "
#: Resamples for the interval of a share of missing values.
RESAMPLES = 200


@dataclass(frozen=True)
class GroupFigures:
    """One group of one attribute, or of two together.

    Attributes
    ----------
    attributes, groups : tuple of str
        The attribute and its group; or both attributes of an intersection, and both groups. A pool of small groups has
        one name.
    n, events : int
        Exact; disclosure control happens when they are printed.
    estimates : mapping of str to Estimate
        Keyed by `GROUP_METRICS` and `MORE_METRICS`; empty when withheld.
    note : str
        Why it was pooled or withheld.
    members : tuple of str
        The small groups in a pool.
    withheld : bool
    """

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    n: int
    events: int
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    note: str = ""
    members: tuple[str, ...] = ()
    withheld: bool = False


def intersection_groups(audit: pd.DataFrame, pairs: Sequence[tuple[str, str]], y: Floats) -> tuple[Grouping, ...]:
    """Groups of two attributes together, by the rules of `groupings`; the name is both names with `CROSS` between.

    Parameters
    ----------
    audit : DataFrame of n rows
    pairs : sequence of (str, str)
        As the prototype lists them; a pair of which a column is absent gives nothing.
    y : array of shape (n,)
    """
    crossed = {
        f"{a}{CROSS}{b}": (audit[a].astype(str) + CROSS + audit[b].astype(str)).astype("category")
        for a, b in pairs
        if a in audit.columns and b in audit.columns
    }
    return groupings(pd.DataFrame(crossed, index=audit.index), y)


def ranking_draws(context: Context, groups: Sequence[Grouping]) -> dict[str, Draws]:
    """AUROC and calibration slope of every reported group in each household resample, by `Grouping.key`.

    Parameters
    ----------
    context : Context
    groups : sequence of Grouping
        Withheld ones are left out.
    """
    rows = {group.key: group.rows for group in groups if not group.withheld}
    prediction = Prediction(context.ranking, context.probability, rows)
    drawn = household_bootstrap(
        context.y, context.test.component.to_numpy(), {"lead": prediction},
        shares=(context.prototype.capacity,), resamples=context.resamples, seed=context.seed,
    )  # fmt: skip
    return drawn["lead"]


def group_figures(
    context: Context, groups: Sequence[Grouping], lists: Lists, draws: Mapping[str, Draws]
) -> tuple[GroupFigures, ...]:
    """Every figure of every group, withheld groups without figures.

    Parameters
    ----------
    context : Context
    groups : sequence of Grouping
    lists : Lists
        Figures of the list "lead".
    draws : mapping of str to Draws
        From `ranking_draws`.
    """
    missing = _missing_shares(context, lists)
    found = []
    for grouping in groups:
        attributes = tuple(grouping.attribute.split(CROSS))
        alone = grouping.members or len(attributes) == 1
        names = (grouping.group,) if alone else tuple(grouping.group.split(CROSS))
        estimates: dict[str, Estimate] = {}
        if not grouping.withheld:
            place = lists.place(grouping.attribute, grouping.group)
            estimates = _estimates(context, grouping, lists, place, draws[grouping.key]) | {
                "missingness": missing[place - 1]
            }
        kept = (grouping.note, grouping.members, grouping.withheld)
        found.append(GroupFigures(attributes, names, len(grouping.rows), grouping.events, estimates, *kept))
    return tuple(found)


def _estimates(context: Context, grouping: Grouping, lists: Lists, place: int, drawn: Draws) -> dict[str, Estimate]:
    names = ("base_rate", "selection_rate", "tpr", "fpr", "ppv", "fnr", "fnr_gap", "burden")
    found = {metric: lists.estimate("lead", place, metric) for metric in names}
    found["oe"] = lists.estimate("lead", place, "expected_ratio")
    measured = [
        group
        for group in context.evaluation.fairness
        if (group.attribute, group.group) == (grouping.attribute, grouping.group) and not group.withheld
    ]
    if measured:  # an attribute of its own: measured already, from the same resamples
        return found | {name: measured[0].estimates[name] for name in RANKING}
    rows = grouping.rows
    exact = {
        "auroc": auroc(context.y[rows], context.ranking[rows]),
        "calibration_slope": calibration_slope(context.y[rows], context.probability[rows]),
    }
    return found | {
        name: percentile(value, drawn.point[name], drawn.resampled[name], n=len(rows), events=grouping.events)
        for name, value in exact.items()
    }


def _missing_shares(context: Context, lists: Lists) -> list[Estimate]:
    """Share of feature values that are missing in each reported group, with an interval by household."""
    share = context.test.X.isna().to_numpy().mean(axis=1)
    _, household = np.unique(context.test.component.to_numpy(), return_inverse=True)
    size = int(household.max()) + 1
    drawn = household_weights(size, range(min(context.resamples, RESAMPLES)), context.seed).astype(np.float64)
    weights = np.hstack([np.ones((size, 1)), drawn])
    found = []
    for grouping in lists.groups:
        rows = grouping.rows
        top = np.bincount(household[rows], weights=share[rows], minlength=size) @ weights
        bottom = np.bincount(household[rows], weights=np.ones(len(rows)), minlength=size) @ weights
        mean = divide(np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64))
        found.append(percentile(mean[0], mean[0], mean[1:], n=len(rows), events=grouping.events))
    return found
