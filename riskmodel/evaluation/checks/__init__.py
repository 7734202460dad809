"""Coded checks: numbered faults that a careful statistician would look for, each with a reason and what to do."""

from riskmodel.evaluation.checks.catalogue import CHECKS as CHECKS
from riskmodel.evaluation.checks.catalogue import run_checks as run_checks
from riskmodel.evaluation.checks.finding import Finding as Finding
from riskmodel.evaluation.checks.finding import by_severity as by_severity
