"""Which features may be named as a reason: criminal records only by name, forbidden sources never."""

from dataclasses import replace

import pytest

from riskmodel import has, months
from riskmodel.declare import Sensitivity
from riskmodel.errors import DeclarationError
from tests.unit.evaluation.conftest import make_prototype, people


def with_police(quotable=None, **changes):
    police = replace(people, name="police", sensitivity=Sensitivity.CRIMINAL, quotable=quotable)
    features = [*make_prototype().features, has(police, "incident", "an incident was recorded", within=months(12))]
    return make_prototype(features=features, **changes)


def test_everything_but_criminal_records_may_be_quoted_unless_the_prototype_says_more():
    assert make_prototype().quoted == {"visits", "late", "score", "tenure"}
    assert with_police().quoted == {"visits", "late", "score", "tenure"}
    assert with_police(quotable=True).quoted == {"visits", "late", "score", "tenure", "incident"}
    assert with_police(reasons_from=["visits", "incident"]).quoted == {"visits", "incident"}


def test_a_source_that_may_not_be_quoted_never_is():
    closed = replace(people, name="refuge", quotable=False)
    features = [*make_prototype().features, has(closed, "stayed", "a stay was recorded")]
    assert "stayed" not in make_prototype(features=features).quoted
    with pytest.raises(DeclarationError, match=r"names 'stayed', from a source that says quotable=False"):
        make_prototype(features=features, reasons_from=["stayed"])


def test_the_list_of_reasons_names_features_of_the_prototype():
    with pytest.raises(DeclarationError, match=r"names 'visit', not among its features.*visits"):
        make_prototype(reasons_from=["visit"])


def test_the_list_is_part_of_what_is_approved():
    assert make_prototype(reasons_from=["visits"]).digest() != make_prototype().digest()
    assert make_prototype(reasons_from=["visits"]).reasons_from == ("visits",)
