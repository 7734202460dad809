"""What a team can do is declared in visits, in all or by area."""

import pytest

from riskmodel.declare import Team
from riskmodel.errors import DeclarationError
from tests.unit.evaluation.conftest import make_prototype


def test_visits_are_whole_numbers_for_one_cohort():
    assert Team(visits_a_month=2.5).visits == 30
    assert Team(visits_a_month={"a": 2.5, "b": 4}, months=6).by_area == {"a": 15, "b": 24}
    assert Team(visits_a_month={"a": 2.5, "b": 4}, months=6).visits == 39


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), {}, {"a": 0}, 0.01])
def test_a_team_without_visits_is_refused(wrong):
    with pytest.raises(DeclarationError, match="visit"):
        Team(visits_a_month=wrong)


def test_months_are_above_nought():
    with pytest.raises(DeclarationError, match="above 0"):
        Team(visits_a_month=3, months=0)


def test_a_prototype_keeps_its_team_and_can_still_be_hashed():
    prototype = make_prototype(team=Team(visits_a_month={"North": 3}, decisions="late"))
    assert hash(prototype.team) == hash(Team(visits_a_month={"North": 9}, decisions="late"))
    assert prototype.declaration()["team"] == {"visits_a_month": {"North": 3}, "months": 12, "decisions": "late"}


def test_decisions_that_are_not_there_are_refused_with_the_nearest():
    with pytest.raises(DeclarationError, match="late"):
        make_prototype(team=Team(visits_a_month=3, decisions="latee"))


def test_visits_by_area_need_an_area():
    from riskmodel import Cohort
    from tests.unit.evaluation.conftest import people

    with pytest.raises(DeclarationError, match="no area"):
        make_prototype(cohort=Cohort("Everybody", people), success=make_prototype().success[:1],
                       team=Team(visits_a_month={"North": 3}))  # fmt: skip
