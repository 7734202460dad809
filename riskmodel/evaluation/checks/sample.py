"""Whether there are enough cases to learn from and to test on."""

from __future__ import annotations

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import WARNING
from riskmodel.evaluation.limits import EVENTS_FOR_CALIBRATION
from riskmodel.evaluation.validation.preflight import preflight

#: Outcomes (or cases without it, if fewer) for each parameter, below which a regression is known to be unstable.
EVENTS_PER_PARAMETER = 10


def _too_few_to_learn(examined: Examined) -> Answer:
    n, events = len(examined.context.fit), int(examined.context.fit.y.sum())
    if not 0 < events < n:
        return not_applicable("the outcome never varies")
    planned = preflight(examined.context)
    strictest = max(planned.develop, key=lambda need: need.needed_n)
    said = (
        f"{{n}} cases were there, {{events}} of them with the outcome; {strictest.needed_n:,} are asked for to learn "
        f"{planned.parameters} parameters with {strictest.criterion}, at an AUROC of {planned.auroc:.2f} "
        f"({planned.auroc_from})."
    )
    return (passed if strictest.met else found)(said, n=n, events=events)


def _few_outcomes_for_each_parameter(examined: Examined) -> Answer:
    fit = examined.context.fit
    events = int(fit.y.sum())
    least, parameters = min(events, len(fit) - events), max(1, len(examined.preparation.terms))
    said = (
        f"There are {least / parameters:.1f} outcomes (or cases without it, if fewer) for each of the {parameters} "
        f"parameters of the logistic model; {EVENTS_PER_PARAMETER} are usually asked for."
    )
    return found(said) if least < EVENTS_PER_PARAMETER * parameters else passed(said)


def _too_few_to_test(examined: Examined) -> Answer:
    test = examined.context.test
    events = int(test.y.sum())
    said = (
        f"The test holds {{events}} cases with the outcome and {{others}} without it; {EVENTS_FOR_CALIBRATION} of each "
        "are needed to judge whether probabilities are right."
    )
    few = min(events, len(test) - events) < EVENTS_FOR_CALIBRATION
    return (found if few else passed)(said, events=events, others=len(test) - events)


TOO_FEW_TO_LEARN = Check(
    "RM101", "Too few cases to learn from", WARNING,
    "Train on more cohorts or a larger area, or leave measures out before looking at the test; keep the penalty.",
    _too_few_to_learn,
)  # fmt: skip
FEW_OUTCOMES_FOR_EACH_PARAMETER = Check(
    "RM102", "Too few outcomes for the number of parameters", WARNING,
    "Leave out measures that are rare or say the same, or train on more cohorts.",
    _few_outcomes_for_each_parameter,
)  # fmt: skip
TOO_FEW_TO_TEST = Check(
    "RM103", "Too few cases to test on", WARNING,
    "Test on more cohorts or a larger area; until then use totals for areas and not probabilities of single cases.",
    _too_few_to_test,
)  # fmt: skip
