"""The sample-size check of one prototype: what the criteria ask for, beside what was there."""

from __future__ import annotations

import math

import numpy as np

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.sample_size import (
    extra_for_strong,
    needed_to_develop,
    needed_to_test_ranking,
    needed_to_test_total,
    r2_of_auroc,
)
from riskmodel.evaluation.validation.results import Preflight, SampleNeed
from riskmodel.modelling.columns import describe, encode, take
from riskmodel.modelling.estimators import BOOSTING
from riskmodel.modelling.preparation import prepare

#: Assumed where no success criterion asks for an AUROC.
USUAL_AUROC = 0.7


def preflight(context: Context) -> Preflight:
    """Compare the cases that were there with what Riley's criteria ask for.

    The AUROC is the one that the prototype's success criteria ask for, since that was written down before training;
    0.70 without one. The parameters are those of the logistic model: every number, flag, category level but one, and
    mark of a missing value.

    Parameters
    ----------
    context : Context
    """
    auroc, source = planned_auroc(context)
    y = context.fit.y.to_numpy(dtype=np.float64)
    n, events = len(y), int(y.sum())
    prevalence, parameters = events / n, candidate_parameters(context)
    r2 = r2_of_auroc(auroc, prevalence)
    needed = needed_to_develop(prevalence, parameters, r2)
    develop = tuple(
        SampleNeed(text, wanted, math.ceil(wanted * prevalence), n, events)
        for text, wanted in (
            ("effects at most a tenth too large", math.ceil(needed.shrinkage * extra_for_strong(auroc))),
            ("fit flattered by at most 0.05", needed.optimism),
            ("overall risk known well enough", needed.overall_risk),
        )
    )
    tested, share = len(context.y), float(context.y.mean())
    test = tuple(
        SampleNeed(text, wanted, math.ceil(wanted * share), tested, int(context.y.sum()))
        for text, wanted in (
            ("total happened over predicted known to within a tenth", needed_to_test_total(share)),
            ("ranking (AUROC) known to within 0.05", needed_to_test_ranking(share, auroc)),
        )
    )
    return Preflight(
        auroc, source, r2, prevalence, parameters, develop, test, events / parameters, _note(context)
    )  # fmt: skip


def planned_auroc(context: Context) -> tuple[float, str]:
    """The AUROC that was planned for, and where it comes from."""
    asked = [
        criterion.low
        for criterion in context.prototype.success
        if criterion.kind == "range" and criterion.metric == "auroc" and criterion.low is not None
    ]
    usable = [low for low in asked if 0.5 < low < 1]
    if usable:
        return max(usable), "asked for by a success criterion"
    return USUAL_AUROC, "assumed, because no success criterion asks for one"


def candidate_parameters(context: Context) -> int:
    """Parameters that the logistic model of this prototype has on these training rows."""
    features = describe(context.prototype.features, context.fit.X)
    return max(1, len(prepare(encode(take(context.fit, features, strict=True), features), features).terms))


def _note(context: Context) -> str:
    if context.lead.family != BOOSTING:
        return ""
    return (
        "The criteria were made for regression. The model proposed for use is of trees, which need several times more "
        "data for the same stability, so read them as the least."
    )
