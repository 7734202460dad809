"""How far each group is from the largest group of its attribute, with paired intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskmodel.evaluation.bootstrap import Draws
from riskmodel.evaluation.fairness import Grouping
from riskmodel.evaluation.group_figures import RANKING, GroupFigures
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.lists import Lists
from riskmodel.evaluation.results import Estimate

#: Figures that are compared, as `Lists` names them, and as they are kept.
COMPARED = {
    "base_rate": "base_rate",
    "selection_rate": "selection_rate",
    "tpr": "tpr",
    "fpr": "fpr",
    "ppv": "ppv",
    "expected_ratio": "oe",
}


@dataclass(frozen=True)
class GroupDifference:
    """Figures of `group` less those of `largest`, the group of the same attribute with most cases.

    `estimates` is keyed by the values of `COMPARED`, "auroc" and "calibration_slope"; a figure that does not exist in
    one of the groups has no value.
    """

    attribute: str
    group: str
    largest: str
    estimates: Mapping[str, Estimate]


def group_differences(
    groups: Sequence[Grouping],
    lists: Lists,
    figures: Sequence[GroupFigures] = (),
    draws: Mapping[str, Draws] | None = None,
) -> tuple[GroupDifference, ...]:
    """Every reported group less the largest of its attribute, from the same resamples.

    Parameters
    ----------
    groups : sequence of Grouping
        Withheld ones are left out.
    lists : Lists
        Figures of these groups on the list "lead".
    figures, draws : sequence of GroupFigures, and mapping of str to Draws
        Where AUROC and calibration slope are found, exact and from `group_figures.ranking_draws`; left out, these two
        are not compared.
    """
    exact = {(one.attributes, one.groups): one for one in figures}
    found = []
    for attribute in dict.fromkeys(group.attribute for group in groups):
        reported = [group for group in groups if group.attribute == attribute and not group.withheld]
        if len(reported) < 2:
            continue
        largest = max(reported, key=lambda group: len(group.rows))
        base = lists.place(attribute, largest.group)
        for group in reported:
            if group is largest:
                continue
            place = lists.place(attribute, group.group)
            estimates = {}
            for theirs, mine in COMPARED.items():
                figure = lists.figure("lead", theirs)
                estimates[mine] = lists.of(figure[place] - figure[base], place)
            if draws is not None:
                ours, other = (exact[((attribute,), (one.group,))] for one in (group, largest))
                pair = draws[group.key], draws[largest.key]
                estimates |= {name: _less(name, ours, other, *pair) for name in RANKING}
            found.append(GroupDifference(attribute, group.group, largest.group, estimates))
    return tuple(found)


def _less(name: str, ours: GroupFigures, theirs: GroupFigures, mine: Draws, base: Draws) -> Estimate:
    """A figure of one group less that of another, paired by resample."""
    first, second = ours.estimates[name].value, theirs.estimates[name].value
    value = math.nan if first is None or second is None else first - second
    pooled, drawn = mine.point[name] - base.point[name], mine.resampled[name] - base.resampled[name]
    return percentile(value, pooled, drawn, n=ours.n, events=ours.events)
