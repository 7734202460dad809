"""A public copy is written only of a model whose privacy was looked into, and never over other things."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from riskmodel import sharing
from riskmodel.errors import DisclosureError
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.privacy import ASK_FIRST, MAY_BE_SHARED, NOT_OUTSIDE, Privacy
from riskmodel.modelling.model import RiskModel

PROJECT = SimpleNamespace(disclosure={})


@pytest.fixture
def judged(training, monkeypatch):
    """Pretend that the model was judged so."""

    def judge(verdict: str | None, model: str | None = None) -> None:
        name = model or training.model.name
        privacy = None if verdict is None else Privacy(name, None, (), verdict, ("This is why.",))
        monkeypatch.setattr(sharing, "load_training", lambda *_: training)
        monkeypatch.setattr(sharing, "load_evidence", lambda *_: Evidence("invented", privacy=privacy))

    return judge


def test_the_copy_of_the_lead_model_is_written_and_may_be_written_again(training, matrix, judged, tmp_path):
    judged(MAY_BE_SHARED)
    for _ in range(2):
        assert sharing.export_public(PROJECT, "invented", tmp_path / "copy") == (tmp_path / "copy", ())
    copy = RiskModel.load(tmp_path / "copy")
    assert np.array_equal(copy.predict(matrix), training.model.predict(matrix))


def test_what_a_person_must_weigh_is_handed_on(judged, tmp_path):
    judged(ASK_FIRST)
    assert sharing.export_public(PROJECT, "invented", tmp_path / "copy")[1] == ("This is why.",)


def test_a_model_that_could_give_people_away_is_not_copied(judged, tmp_path):
    judged(NOT_OUTSIDE)
    with pytest.raises(DisclosureError, match="not to be shared outside: This is why"):
        sharing.export_public(PROJECT, "invented", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(("verdict", "model"), [(None, None), (MAY_BE_SHARED, "another")])
def test_a_model_that_nobody_attacked_is_not_copied(judged, tmp_path, verdict, model):
    judged(verdict, model)
    with pytest.raises(DisclosureError, match="Nobody has looked into the privacy"):
        sharing.export_public(PROJECT, "invented", tmp_path / "copy")


def test_a_folder_with_other_things_is_left_alone(training, judged, tmp_path):
    judged(MAY_BE_SHARED)
    training.model.save(tmp_path / "internal")
    with pytest.raises(DisclosureError, match="holds something other"):
        sharing.export_public(PROJECT, "invented", tmp_path / "internal")


def test_a_model_judged_by_other_limits_than_those_of_the_project_is_not_copied(judged, tmp_path):
    judged(MAY_BE_SHARED)
    stricter = SimpleNamespace(disclosure={"membership_limit": 0.58})
    with pytest.raises(DisclosureError, match=r"not judged by the limits of \[disclosure\]"):
        sharing.export_public(stricter, "invented", tmp_path / "copy")
