"""Whom the model finds and whom it misses, by group: figures by fairlearn, intervals by the household bootstrap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.evaluation.arrays import Floats, Ints, ratio
from riskmodel.evaluation.bootstrap import Draws, Prediction
from riskmodel.evaluation.calibration import calibration_slope
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import of_share, percentile
from riskmodel.evaluation.results import GROUP_METRICS, Estimate, GroupResult
from riskmodel.evaluation.usefulness import selection

#: A group is reported on its own from this many cases and this many outcomes.
LEAST_CASES = 50
LEAST_EVENTS = 10


@dataclass(frozen=True)
class Grouping:
    """One group to report, or to say why not.

    `rows` are its rows of the test set; `members` the groups it was pooled from; `note` says what was done.
    """

    attribute: str
    group: str
    rows: Ints
    events: int
    members: tuple[str, ...] = ()
    note: str = ""
    withheld: bool = False

    @property
    def key(self) -> str:
        """Name under which its resamples are kept."""
        return f"{self.attribute}: {self.group}"


def groupings(audit: pd.DataFrame, y: Floats) -> tuple[Grouping, ...]:
    """Groups of every audit attribute, small ones pooled or withheld.

    A group needs 50 cases and 10 outcomes (and 10 cases without the outcome) to be reported. Smaller groups of one
    attribute are pooled; when the pool is still too small, or would be a single group, they are withheld and listed.

    Parameters
    ----------
    audit : DataFrame of n rows
        One categorical column an attribute; "Unknown" is a group like any other.
    y : array of shape (n,)
    """
    return tuple(grouping for attribute in audit.columns for grouping in _of_attribute(str(attribute), audit, y))


def _of_attribute(attribute: str, audit: pd.DataFrame, y: Floats) -> list[Grouping]:
    rows = rows_by_level(audit[attribute])
    found = [Grouping(attribute, name, r, int(y[r].sum())) for name, r in rows.items() if len(r)]
    large = [g for g in found if _enough(g, y)]
    small = [g for g in found if not _enough(g, y)]
    if not small:
        return large
    together = np.sort(np.concatenate([g.rows for g in small]))
    members = tuple(g.group for g in small)
    note = f"pooled from {', '.join(members)}: each too small to report ({_rule()})"
    pool = Grouping(attribute, _pool_name(list(rows)), together, int(y[together].sum()), members, note)
    if len(small) > 1 and _enough(pool, y):
        return [*large, pool]
    why = f"too small to report ({_rule()})" + ("" if len(small) == 1 else ", even pooled with the other small groups")
    return [*large, *(Grouping(attribute, g.group, g.rows, g.events, note=why, withheld=True) for g in small)]


def rows_by_level(column: pd.Series[Any]) -> dict[str, Ints]:
    """Row numbers of each level of a categorical column, also of levels that do not occur.

    Examples
    --------
    >>> rows = rows_by_level(pd.Series(pd.Categorical(["b", "a", None, "b"], categories=["a", "b", "c"])))
    >>> {level: places.tolist() for level, places in rows.items()}
    {'a': [1], 'b': [0, 3], 'c': []}
    """
    values = column.astype("category").cat
    codes = values.codes.to_numpy()
    return {str(level): np.flatnonzero(codes == place) for place, level in enumerate(values.categories)}


def _rule() -> str:
    return f"fewer than {LEAST_CASES} cases, or than {LEAST_EVENTS} with or without the outcome"


def _enough(grouping: Grouping, y: Floats) -> bool:
    n = len(grouping.rows)
    return n >= LEAST_CASES and min(grouping.events, n - grouping.events) >= LEAST_EVENTS


def _pool_name(taken: Sequence[str]) -> str:
    return next(name for name in ("Small groups together", "All small groups together") if name not in taken)


def group_results(
    y: Floats, prediction: Prediction, groups: Sequence[Grouping], draws: Mapping[str, Draws], capacity: float
) -> tuple[GroupResult, ...]:
    """The figures of `GROUP_METRICS` for every group at the prototype's capacity.

    One cut for everybody: the list is cut where the capacity ends, the same score for every group.

    Parameters
    ----------
    y : array of shape (n,)
    prediction : Prediction
    groups : sequence of Grouping
    draws : mapping of str to Draws
        Resamples by `Grouping.key`.
    capacity : float
        Share of all cases that is selected.
    """
    exact = point_values(y, prediction, groups, capacity)
    results = []
    for grouping in groups:
        n = len(grouping.rows)
        estimates: dict[str, Estimate] = {}
        if not grouping.withheld:
            estimates = _estimates(grouping, exact[grouping.key], draws[grouping.key])
        kept = (grouping.note, grouping.members, grouping.withheld)
        results.append(GroupResult(grouping.attribute, grouping.group, n, grouping.events, estimates, *kept))
    return tuple(results)


def _estimates(grouping: Grouping, exact: Mapping[str, float], drawn: Draws) -> dict[str, Estimate]:
    n, events = len(grouping.rows), grouping.events
    whole = {
        "base_rate": n,
        "selection_rate": n,
        "tpr": events,
        "fpr": n - events,
        "ppv": exact["selection_rate"] * n,
    }
    found = {}
    for metric in GROUP_METRICS:
        estimate = percentile(exact[metric], drawn.point[metric], drawn.resampled[metric], n=n, events=events)
        if metric in whole and estimate.value is not None:
            estimate = of_share(estimate, estimate.value * whole[metric], whole[metric])
        found[metric] = estimate
    return found


def point_values(
    y: Floats, prediction: Prediction, groups: Sequence[Grouping], capacity: float
) -> dict[str, dict[str, float]]:
    """Each figure of each reported group, keyed by `Grouping.key`.

    The rates are fairlearn's MetricFrame (Weerts et al. 2023) over the weighted cells of outcome by selection: the
    same numbers as over the cases, and no slower for a million of them.
    """
    reported = [g for g in groups if not g.withheld]
    if not reported:
        return {}
    rates = _rates(y, prediction, reported, capacity)
    values = {}
    for g in reported:
        probability, outcome = prediction.probability[g.rows], y[g.rows]
        values[g.key] = {
            **{str(name): float(rates.loc[g.key, name]) for name in _RATES},
            "auroc": auroc(outcome, prediction.score[g.rows]),
            "calibration_slope": calibration_slope(outcome, probability),
        }
    return values


def _rates(y: Floats, prediction: Prediction, reported: Sequence[Grouping], capacity: float) -> Any:
    from fairlearn.metrics import MetricFrame

    chance = selection(prediction.score, capacity)
    cells = []
    for g in reported:
        for outcome, picked in product((1, 0), (1, 0)):
            weight = np.where(y[g.rows] == outcome, chance[g.rows] if picked else 1 - chance[g.rows], 0.0)
            cells.append((g.key, outcome, picked, float(weight.sum()), float(weight @ prediction.probability[g.rows])))
    key, outcomes, selected, cases, expected = zip(*cells, strict=True)
    metrics: dict[str, Any] = _RATES
    parameters = {name: {"cases": cases, "expected": expected} for name in metrics}
    frame = MetricFrame(
        metrics=metrics, y_true=outcomes, y_pred=selected, sensitive_features=key, sample_params=parameters
    )
    return frame.by_group


def _base_rate(y: Any, picked: Any, cases: Any, expected: Any) -> float:
    return ratio(float(cases @ y), float(cases.sum()))


def _selection_rate(y: Any, picked: Any, cases: Any, expected: Any) -> float:
    return ratio(float(cases @ picked), float(cases.sum()))


def _tpr(y: Any, picked: Any, cases: Any, expected: Any) -> float:
    return ratio(float(cases @ (picked * y)), float(cases @ y))


def _fpr(y: Any, picked: Any, cases: Any, expected: Any) -> float:
    return ratio(float(cases @ (picked * (1 - y))), float(cases @ (1 - y)))


def _ppv(y: Any, picked: Any, cases: Any, expected: Any) -> float:
    return ratio(float(cases @ (picked * y)), float(cases @ picked))


def _oe(y: Any, picked: Any, cases: Any, expected: Any) -> float:
    return ratio(float(cases @ y), float(expected.sum()))


_RATES = {
    "base_rate": _base_rate,
    "selection_rate": _selection_rate,
    "tpr": _tpr,
    "fpr": _fpr,
    "ppv": _ppv,
    "oe": _oe,
}


def widest_gap(
    results: Sequence[GroupResult], draws: Mapping[str, Draws], attribute: str, metric: str
) -> tuple[str, str, Estimate] | None:
    """The two groups of an attribute that differ most in a metric, and by how much; None with fewer than two.

    The interval is that of the difference between these two groups, paired by resample. Because the pair was chosen
    for its distance, the interval is a little too far from 0.
    """
    reported = [r for r in results if r.attribute == attribute and not r.withheld]
    valued = [(r.estimates[metric].value, r) for r in reported if metric in r.estimates]
    known = sorted(((v, r) for v, r in valued if v is not None), key=lambda pair: pair[0])
    if len(known) < 2:
        return None
    (low_value, low), (high_value, high) = known[0], known[-1]
    first, second = draws[f"{attribute}: {high.group}"], draws[f"{attribute}: {low.group}"]
    gap = percentile(
        high_value - low_value,
        first.point[metric] - second.point[metric],
        first.resampled[metric] - second.resampled[metric],
        n=high.n + low.n,
        events=high.events + low.events,
    )
    return high.group, low.group, gap
