"""All of the validation of one prototype, from a finished evaluation."""

from __future__ import annotations

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.sampled import sampled
from riskmodel.evaluation.validation.areas import areas, districts
from riskmodel.evaluation.validation.attrition import attrition
from riskmodel.evaluation.validation.judge import encoded
from riskmodel.evaluation.validation.learning import learning_curve
from riskmodel.evaluation.validation.origins import origins
from riskmodel.evaluation.validation.preflight import preflight
from riskmodel.evaluation.validation.results import Validation


def validation(context: Context) -> Validation:
    """Validate at other dates, in other areas, with fewer data; check the sample size; and count who is missing.

    Everywhere the family of the proposed model is tuned, fitted and calibrated again, without the rows it is tested on
    and without anybody of their households. The family itself was chosen once, on all training rows. Of very many
    cases a sample of whole households is used (see `sampled`), except for the sample size and the attrition.

    Parameters
    ----------
    context : Context
        A finished evaluation with everything it was made from.

    Returns
    -------
    Validation
    """
    some, note = sampled(context)
    sample = encoded(some)
    context.progress.step("Testing at every date that allows it", None)
    over_time = origins(some, sample)
    context.progress.step("Leaving out one group of areas at a time", None)
    over_areas, over_districts = areas(some, sample), districts(some, sample)
    context.progress.step("Learning from fewer households", None)
    learned = learning_curve(some, sample)
    needed, lost = preflight(context), attrition(context)
    return Validation(context.lead.family, over_time, over_areas, learned, needed, lost, note, over_districts)
