"""Declarations: what partners send, whose records count, what is measured, who is scored and what is predicted."""

from riskmodel.declare.cohort import Cohort as Cohort
from riskmodel.declare.criterion import Criterion as Criterion
from riskmodel.declare.criterion import at_least as at_least
from riskmodel.declare.criterion import at_most as at_most
from riskmodel.declare.criterion import better_than as better_than
from riskmodel.declare.criterion import between as between
from riskmodel.declare.criterion import calibration_slope_between as calibration_slope_between
from riskmodel.declare.criterion import group_gap_at_most as group_gap_at_most
from riskmodel.declare.expression import Expression as Expression
from riskmodel.declare.feature import Feature as Feature
from riskmodel.declare.outcome import Outcome as Outcome
from riskmodel.declare.prototype import Output as Output
from riskmodel.declare.prototype import Prototype as Prototype
from riskmodel.declare.scope import Scope as Scope
from riskmodel.declare.source import Sensitivity as Sensitivity
from riskmodel.declare.source import Source as Source
from riskmodel.declare.team import Team as Team
from riskmodel.declare.verbs import count as count
from riskmodel.declare.verbs import days_since as days_since
from riskmodel.declare.verbs import distinct as distinct
from riskmodel.declare.verbs import has as has
from riskmodel.declare.verbs import highest as highest
from riskmodel.declare.verbs import latest as latest
from riskmodel.declare.verbs import lowest as lowest
from riskmodel.declare.verbs import total as total
from riskmodel.declare.verbs import trend as trend
