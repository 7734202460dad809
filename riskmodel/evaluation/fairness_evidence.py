"""All the fairness evidence of one evaluation: groups, cohorts, proxies, label bias, and what could be done."""

from __future__ import annotations

from dataclasses import dataclass

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fairness import groupings
from riskmodel.evaluation.group_differences import GroupDifference, group_differences
from riskmodel.evaluation.group_figures import GroupFigures, group_figures, intersection_groups, ranking_draws
from riskmodel.evaluation.groups_over_time import GroupAtDate, groups_over_time
from riskmodel.evaluation.label_bias import LabelBias, label_bias
from riskmodel.evaluation.linked import LinkedShare, linked_shares
from riskmodel.evaluation.lists import resample_lists
from riskmodel.evaluation.mitigation import Mitigation, explore_mitigation
from riskmodel.evaluation.proxies import ProxyAudit, audit_proxies
from riskmodel.evaluation.sampled import sampled

#: Said of linkage: identifiers are linked before the data come.
LINKAGE = "no linkage report came with the data; whose records were found is told by group and partner"


@dataclass(frozen=True)
class FairnessEvidence:
    """What is known about how the proposed list treats groups, beyond the figures of an `Evaluation`.

    Attributes
    ----------
    groups : tuple of GroupFigures
        Every audit attribute, and then the listed intersections.
    over_time : tuple of GroupAtDate
    proxies : ProxyAudit
    label_bias : LabelBias
    mitigation : Mitigation
    linkage : str
        What is known of how completely each group's records were linked.
    linked : tuple of LinkedShare
        For how many of each group a record was found at partners that most cases are known to.
    differences : tuple of GroupDifference
        Each group of an audit attribute less the largest.
    sample : str
        On how many cases all this was found, where these were not all.
    """

    groups: tuple[GroupFigures, ...]
    over_time: tuple[GroupAtDate, ...]
    proxies: ProxyAudit
    label_bias: LabelBias
    mitigation: Mitigation
    linkage: str
    differences: tuple[GroupDifference, ...] = ()
    sample: str = ""
    linked: tuple[LinkedShare, ...] = ()


def examine_fairness(context: Context) -> FairnessEvidence:
    """Gather the fairness evidence of a finished evaluation.

    Parameters
    ----------
    context : Context

    Notes
    -----
    On an invented county of 20,000 children two to four seconds with logistic regression in the lead: most of it the
    refits of the mitigation explorer and the proxy audit.
    """
    context, sample = sampled(context)
    audit, y = context.test.audit, context.y
    single = groupings(audit, y)
    crossed = intersection_groups(audit, context.prototype.intersections, y)
    lists = resample_lists(
        y, context.probability, context.test.component.to_numpy(), {"lead": context.ranking}, (*single, *crossed),
        capacity=context.prototype.capacity, resamples=context.resamples, seed=context.seed,
    )  # fmt: skip
    draws = ranking_draws(context, (*single, *crossed))
    groups = group_figures(context, (*single, *crossed), lists, draws)
    over_time = groups_over_time(context)
    proxies = audit_proxies(context)
    bias = label_bias(context, single)
    mitigation = explore_mitigation(context, proxies.flagged, single)
    differences = group_differences(single, lists, groups, draws)
    linked = linked_shares(context, single)
    return FairnessEvidence(groups, over_time, proxies, bias, mitigation, LINKAGE, differences, sample, linked)
