"""How far each group is from the largest group of its attribute, with paired intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from riskmodel.evaluation.fairness import Grouping
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

    `estimates` is keyed by the values of `COMPARED`; a figure that does not exist in one of the groups has no value.
    """

    attribute: str
    group: str
    largest: str
    estimates: Mapping[str, Estimate]


def group_differences(groups: Sequence[Grouping], lists: Lists) -> tuple[GroupDifference, ...]:
    """Every reported group less the largest of its attribute, from the same resamples.

    Parameters
    ----------
    groups : sequence of Grouping
        Withheld ones are left out.
    lists : Lists
        Figures of these groups on the list "lead".
    """
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
            found.append(GroupDifference(attribute, group.group, largest.group, estimates))
    return tuple(found)
