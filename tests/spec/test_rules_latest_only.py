"""Rule 5: a source that keeps only its latest state may score but not train."""

from __future__ import annotations

import pytest

from riskmodel.declare import Cohort, has
from riskmodel.errors import DeclarationError, LeakageError
from tests.spec.county import flags, people

overcrowded = has(flags, "overcrowded", "the home is overcrowded", where="overcrowded")
TABLE = """
    person | set_on     | overcrowded
    a      | 2023-01-01 | true
    b      | 2025-08-01 | true
"""


def test_it_may_score(matrix_of):
    matrix_of(TABLE, overcrowded, apart=True, as_of="2025-09-01", score_as_of="2025-09-01", gives={"a": 1, "b": 1})


@pytest.mark.parametrize("as_of", ["2024-06-01", "2023-03-03", ["2024-06-01", "2025-09-01"]])
def test_it_may_not_look_back(matrix_of, as_of):
    with pytest.raises(LeakageError) as error:
        matrix_of(TABLE, overcrowded, apart=True, as_of=as_of, score_as_of="2025-09-01")
    assert "'flags' (feature 'overcrowded')" in str(error.value)
    assert "may score but not train" in str(error.value)


def test_a_prototype_that_learns_from_it_cannot_even_be_declared(matrix_of):
    with pytest.raises(DeclarationError, match="'flags'"):
        matrix_of(TABLE, overcrowded, as_of="2025-09-01")
    with pytest.raises(DeclarationError, match="'flags'"):
        matrix_of({flags: TABLE}, cohort=Cohort("Everybody flagged", flags), as_of="2025-09-01")


def test_an_audit_attribute_may_for_nothing_is_learnt_from_it(matrix_of):
    tables = {people: "person | registered_on | received_on\na | 2020-01-01 | 2020-01-01", flags: TABLE}
    matrix = matrix_of(tables, audit=[overcrowded], as_of="2024-06-01")
    assert matrix.audit["overcrowded"].tolist() == ["Yes"]
    assert "overcrowded" not in matrix.X
