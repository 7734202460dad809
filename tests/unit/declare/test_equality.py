"""Fairness settings of a prototype: pairs, assumed ratios and what it could drop, refused when they cannot be."""

from __future__ import annotations

import pytest

from riskmodel.declare import has, latest
from riskmodel.errors import DeclarationError
from tests.unit.declare.test_prototype import calls, declared, people

BOTH = [
    latest(people, "sex", "sex", "sex", levels=["F", "M"], protected=True),
    has(calls, "called", "called before"),
]


def test_what_is_declared_is_part_of_the_digest() -> None:
    made = declared(audit=BOTH, intersections=[["sex", "called"]], reporting_ratios={"sex: M": [0.6, 1.0]})
    assert made.intersections == (("sex", "called"),)
    assert made.reporting_ratios == {"sex: M": (0.6, 1.0)}
    assert made.digest() != declared(audit=BOTH).digest()
    assert hash(made) == hash(declared(audit=BOTH, intersections=[("sex", "called")], reporting_ratios={}))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"intersections": [("sex", "caled")]}, "'caled', which it does not audit"),
        ({"intersections": [("sex", "sex")]}, "not two"),
        ({"intersections": [("sex", "called"), ("called", "sex")]}, "one pair twice"),
        ({"reporting_ratios": {"sx: M": (0.6, 1.0)}}, "'sx: M', which it does not audit"),
        ({"reporting_ratios": {"sex: M": (0.0, 1.0)}}, "a range that cannot be"),
        ({"reporting_ratios": {"everyone": (0.9, 0.6)}}, "a range that cannot be"),
        ({"could_drop": ["calls_2y"]}, "neither a feature nor a theme"),
        ({"could_drop": ["calls_1y"]}, "names every feature"),
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, object], says: str) -> None:
    with pytest.raises(DeclarationError, match=says):
        declared(audit=BOTH, **settings)
