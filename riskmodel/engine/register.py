"""Who was on the register before the cohort's conditions, by audit group: the first steps of an attrition table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from riskmodel.declare.prototype import Prototype
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse

#: Most cases of a step, over all dates, whose audit attributes are worked out: beyond that it would cost more than the
#: cohort itself.
MOST_CASES = 2_000_000


def before_cohort(
    prototype: Prototype, warehouse: Warehouse, attrition: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Count by audit group who was there at each step before the cohort, at the training and test dates.

    Audit attributes are those of the as-of date, worked out as for the cohort. Those that the outcome's own record
    carries are left out, because they are only known of cases with an outcome.

    Parameters
    ----------
    prototype
        Its cohort decides on the steps: the register; those who meet `where`, when `having` narrows them further.
    warehouse
        The partners' data.
    attrition
        The manifest's entry of that name, which has the number of cases of each step.

    Returns
    -------
    list of dict
        One a step, in order, with ``step``, ``text`` and ``n``; ``groups`` holds counts by attribute and group, and is
        empty where the step has too many cases. Empty for a cohort that takes the register as it is.
    """
    cohort = prototype.cohort
    steps = {"register": replace(cohort, where=None, having=())} if cohort.where or cohort.having else {}
    if cohort.where and cohort.having:
        steps["where"] = replace(cohort, having=())
    days = [*prototype.train_as_of, *prototype.test_as_of]
    made = []
    for entry in attrition:
        if entry["step"] not in steps:
            continue
        n = sum(entry["by_as_of"].get(day.isoformat(), 0) for day in days)
        groups: dict[str, dict[str, int]] = {}
        if n <= MOST_CASES:
            wider = replace(prototype, cohort=steps[entry["step"]])
            audit = build_matrix(wider, warehouse, days, features=[]).audit
            groups = {
                feature.name: {str(name): int(k) for name, k in audit[feature.name].value_counts(sort=False).items()}
                for feature in prototype.audit
            }
        made.append({"step": entry["step"], "text": entry["text"], "n": n, "groups": groups})
    return made
