"""Whose records were found: by group, the share of cases with a record at partners that most cases are known to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.bootstrap import household_weights
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fairness import Grouping
from riskmodel.evaluation.fused import divide
from riskmodel.evaluation.intervals import of_share, percentile
from riskmodel.evaluation.results import Estimate

#: A partner is asked about when this share of all cases, and not all of them, have a record there; resamples.
MOST_ARE_KNOWN, RESAMPLES = 0.5, 500


@dataclass(frozen=True)
class LinkedShare:
    """Cases of one group with a record at one partner.

    Attributes
    ----------
    partner, attribute, group : str
    n, found : int
        Cases, and those with a record; exact, disclosure control happens when they are printed.
    share : Estimate
    difference : Estimate or None
        The share of the largest group of the attribute less this one's, paired by resample; None for the largest.
    """

    partner: str
    attribute: str
    group: str
    n: int
    found: int
    share: Estimate
    difference: Estimate | None


def linked_shares(context: Context, groups: Sequence[Grouping]) -> tuple[LinkedShare, ...]:
    """Share of each group's test cases with a record at every partner that most cases are known to.

    Parameters
    ----------
    context : Context
    groups : sequence of Grouping
        Groups of single attributes; withheld ones are left out.

    Notes
    -----
    A case counts as found at a partner when any feature that is missing without a record (`latest`, `highest`,
    `days_since` ...) is there. Features of a part of a home alone, such as its older children, are not asked: not every
    case has one. Nor are partners with counts and yes/no features alone, because no record and nothing recorded look
    alike. Where most cases are known to a service, a lower share in one group means that records
    of its people were linked less completely, arrived less often, or that the service reached fewer of them; the data
    cannot tell which. With the identifiers already linked before the data come, this is the nearest there is to a
    linkage rate.
    """
    reported = [group for group in groups if not group.withheld]
    _, household = np.unique(context.test.component.to_numpy(), return_inverse=True)
    size = int(household.max()) + 1
    drawn = household_weights(size, range(min(context.resamples, RESAMPLES)), context.seed).astype(np.float64)
    weights = np.hstack([np.ones((size, 1)), drawn])

    def counted(group: Grouping, value: Floats) -> Floats:
        """Weighted sum of a value over a group's cases, exact and in each resample."""
        by_household = np.bincount(household[group.rows], weights=value[group.rows], minlength=size)
        return np.asarray(by_household @ weights, dtype=np.float64)

    cases = {g.key: counted(g, np.ones(len(household))) for g in reported}
    shares = []
    for partner, known in _known(context).items():
        drawn_of = {g.key: divide(counted(g, known), cases[g.key]) for g in reported}
        shares += [_share(partner, g, reported, known, drawn_of) for g in reported]
    return tuple(shares)


def _known(context: Context) -> dict[str, Floats]:
    """By partner, 1 for each test case with a record there; only of partners that most, and not all, are known to."""
    by_partner: dict[str, list[str]] = {}
    for feature in context.prototype.features:
        everybody = feature.scope is None or feature.scope.where is None
        if everybody and feature.missing_without_record and feature.name in context.test.X.columns:
            by_partner.setdefault(feature.partner, []).append(feature.name)
    found = {}
    for partner, names in by_partner.items():
        known = context.test.X[names].notna().any(axis=1).to_numpy().astype(np.float64)
        if MOST_ARE_KNOWN <= known.mean() < 1:
            found[partner] = known
    return found


def _share(
    partner: str, group: Grouping, reported: Sequence[Grouping], known: Floats, drawn: dict[str, Floats]
) -> LinkedShare:
    largest = max((g for g in reported if g.attribute == group.attribute), key=lambda g: len(g.rows))
    n, events, found = len(group.rows), group.events, int(known[group.rows].sum())
    mine, theirs = drawn[group.key], drawn[largest.key]
    share = of_share(percentile(mine[0], mine[0], mine[1:], n=n, events=events), found, n)
    difference = None
    if group is not largest:
        less = theirs - mine
        difference = percentile(less[0], less[0], less[1:], n=n, events=events)
    return LinkedShare(partner, group.attribute, group.group, n, found, share, difference)
