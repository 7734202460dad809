"""Rules 7 and 8: protected characteristics are kept apart, and every feature says where it comes from."""

from __future__ import annotations

import pytest

from riskmodel.declare import count, has, latest
from riskmodel.errors import DeclarationError
from tests.spec.county import attendance, home, incidents, people

sex = latest(people, "sex", "the child's sex", "sex", levels=["F", "M"], protected=True)
REGISTER = """
    person | registered_on | received_on | sex
    a      | 2020-01-01    | 2020-01-01  | F
    b      | 2020-01-01    | 2020-01-01  |
    c      | 2020-01-01    | 2020-01-01  | X
"""


def test_a_protected_characteristic_goes_to_the_audit_and_never_into_the_features(matrix_of):
    matrix = matrix_of({people: REGISTER}, audit=[sex], as_of="2024-06-01")
    assert "sex" not in matrix.X
    assert matrix.audit["sex"].tolist() == ["F", "Unknown", "Unknown"]
    assert list(matrix.audit["sex"].cat.categories) == ["F", "M", "Unknown"]


def test_among_the_features_it_is_an_error(matrix_of):
    with pytest.raises(DeclarationError, match="sex"):
        matrix_of({people: REGISTER}, sex, as_of="2024-06-01")


def test_unless_it_is_justified_and_then_the_reason_travels_with_it(matrix_of):
    why = "Boys and girls are assessed on different scales"
    justified = latest(people, "sex", "the child's sex", "sex", levels=["F", "M"], protected=True, justification=why)
    matrix = matrix_of({people: REGISTER}, justified, as_of="2024-06-01", gives={"a": "F", "b": None, "c": None})
    assert matrix.manifest["features"][0]["justification"] == why


@pytest.mark.parametrize(
    ("feature", "partner", "agreement", "sensitivity"),
    [
        (count(attendance, "f", "sessions"), "Schools", "ISA-2", "personal"),
        (has(incidents, "f", "an incident"), "Police", "ISA-3", "criminal"),
        (has(incidents, "f", "an incident at home", of=home), "Police", "ISA-3", "criminal"),
    ],
)
def test_partner_agreement_and_sensitivity_travel_to_the_matrix(matrix_of, feature, partner, agreement, sensitivity):
    matrix = matrix_of({people: REGISTER}, feature, as_of="2024-06-01")
    described = matrix.manifest["features"][0]
    assert (described["partner"], described["agreement"], described["sensitivity"]) == (partner, agreement, sensitivity)
