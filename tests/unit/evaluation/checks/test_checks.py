"""Every check finds its fault where it is, and nothing where it is not."""

from __future__ import annotations

import pytest

from riskmodel.evaluation.checks import CHECKS, run_checks
from riskmodel.evaluation.checks.finding import FOUND, PASSED
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.serialise import decode, encode
from tests.unit.evaluation.checks.faults import FAULTS
from tests.unit.evaluation.checks.world import finding

CODES = [check.code for check in CHECKS]


@pytest.fixture(scope="module")
def findings(sound):
    return {found.code: found for found in run_checks(sound)}


def test_every_check_has_a_number_of_its_own_in_order_and_a_fault_to_find():
    assert sorted(set(CODES)) == CODES
    assert list(FAULTS) == CODES


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_found_where_nothing_is_wrong(findings, code):
    found = findings[code]
    assert found.status == PASSED, found.reason
    assert found.reason.endswith(".")
    assert "{" not in found.text()


@pytest.mark.parametrize("code", CODES)
def test_the_fault_is_found_with_its_figure(sound, code):
    fault, severity, words = FAULTS[code]
    found = finding(fault(sound), code)
    assert found.status == FOUND, found.reason
    assert found.severity == severity
    assert words in found.text()
    assert found.what_to_do.endswith(".")


def test_findings_survive_being_saved(findings):
    kept = Evidence("invented", checks=tuple(findings.values()))
    assert decode(Evidence, encode(kept)) == kept
