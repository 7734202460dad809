"""Whether a model holds up at other dates, in other areas and with fewer data, and who is missing from it."""

from riskmodel.evaluation.validation.gather import validation
from riskmodel.evaluation.validation.results import Validation

__all__ = ["Validation", "validation"]
