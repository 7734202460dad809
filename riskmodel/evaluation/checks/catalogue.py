"""The list of all checks, kept by hand, and the function that runs them."""

from __future__ import annotations

from riskmodel.evaluation.checks import (
    areas,
    calibration,
    cases,
    coefficients,
    drift,
    eras,
    feeds,
    groups,
    history,
    horizon,
    keys,
    leakage,
    outcome,
    sample,
    scores,
    use,
    variation,
)
from riskmodel.evaluation.checks.check import Check
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import Finding
from riskmodel.evaluation.context import Context

#: RM1.. the outcome and the sample, RM2.. the measures, RM3.. cases and feeds, RM4.. scores, groups and use. A number
#: is never given to another check.
CHECKS: tuple[Check, ...] = (
    sample.TOO_FEW_TO_LEARN,
    sample.FEW_OUTCOMES_FOR_EACH_PARAMETER,
    sample.TOO_FEW_TO_TEST,
    outcome.SHIFTED,
    eras.OUTCOME_CHANGED,
    eras.MISSING_YEARS,
    horizon.BEYOND,
    horizon.STILL_ARRIVING,
    outcome.NOT_KNOWN,
    outcome.RECORDED_DIFFERENTLY,
    leakage.TOO_GOOD_ALONE,
    leakage.OWN_RECORDS,
    leakage.TOO_LATE,
    leakage.MISSING_TELLS,
    keys.NEARLY_UNIQUE_VALUE,
    keys.AREA_GIVEN_AWAY,
    variation.CONSTANT,
    variation.COLLINEAR,
    coefficients.CONTRADICTED,
    coefficients.SEPARATED,
    coefficients.NOT_CONVERGED,
    drift.DRIFTED,
    eras.MEASURE_CHANGED,
    variation.MOSTLY_MISSING,
    history.LATEST_ONLY,
    variation.ARRIVAL_UNKNOWN,
    cases.DUPLICATES,
    cases.COPIED,
    cases.BOTH_SIDES,
    feeds.SILENT,
    feeds.VOLUME,
    feeds.GUESSED,
    feeds.OPEN_WARNINGS,
    cases.COSTLY_SPLIT,
    areas.NOT_COVERED,
    scores.OUTSIDE,
    calibration.SLOPE,
    calibration.TOTAL,
    groups.TOO_SMALL,
    groups.GROUP_UNKNOWN,
    use.MORE_PLACES,
    scores.TIES,
    scores.FLATTERED_BY_TRAINING,
    use.EXPIRED,
    use.OLD_COHORTS,
)


def run_checks(context: Context) -> tuple[Finding, ...]:
    """Run every check, in the order of their numbers.

    Parameters
    ----------
    context : Context
        A finished evaluation with everything it was made from.

    Returns
    -------
    tuple of Finding
        One a check: found, passed, or not applicable with the reason.
    """
    context.progress.step("Running the coded checks", len(CHECKS))
    examined, findings = Examined(context), []
    for check in CHECKS:
        findings.append(check.run(examined))
        context.progress.advance()
    return tuple(findings)
