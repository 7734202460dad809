"""The band of a single score: there when the model was refitted, absent and said to be absent when it was not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskmodel import Output
from riskmodel.engine.run import build_matrix
from riskmodel.errors import ScoringRefused
from riskmodel.modelling.refits import Refits
from riskmodel.modelling.resampled import refit_on_resamples
from riskmodel.modelling.splits import split_for
from riskmodel.scoring.score import score_cohort
from riskmodel.scoring.scores import SCORE_BAND, Scores
from tests.unit.scoring.invented_world import World, make_prototype


@pytest.fixture(scope="module")
def refits(world: World) -> Refits:
    matrix = build_matrix(world.prototype, world.warehouse)
    return refit_on_resamples(world.training.model, matrix, split_for(matrix, world.prototype), refits=20)


@pytest.fixture(scope="module")
def banded(world: World, refits: Refits) -> Scores:
    return score_cohort(world.training.model, world.prototype, world.warehouse, refits=refits)


def test_every_score_lies_in_its_band(banded: Scores) -> None:
    table = banded.frame()
    assert list(table.columns[3:6]) == ["score", *SCORE_BAND]
    assert (table["score_low"] <= table["score"]).all()
    assert (table["score"] <= table["score_high"]).all()
    assert (table["score_high"] - table["score_low"]).between(0.005, 0.6).all()


def test_the_band_changes_nothing_else_and_does_not_depend_on_who_else_is_listed(
    world: World, refits: Refits, banded: Scores
) -> None:
    plain = score_cohort(world.training.model, world.prototype, world.warehouse).frame()
    assert not set(SCORE_BAND) & set(plain.columns)
    pd.testing.assert_frame_equal(banded.frame().drop(columns=list(SCORE_BAND)), plain)
    north = score_cohort(world.training.model, world.prototype, world.warehouse, areas=["North"], refits=refits)
    some, everybody = north.frame().set_index("case"), banded.frame().set_index("case")
    for name in SCORE_BAND:
        np.testing.assert_array_equal(some[name], everybody.loc[some.index, name])


def test_the_page_says_whether_there_is_a_band(world: World, banded: Scores) -> None:
    without = score_cohort(world.training.model, world.prototype, world.warehouse)
    assert "score_low to score_high" in banded.page()
    assert "No band is given around single scores" in without.page()
    assert "score_low" not in without.page()
    for page in (banded.page(), without.page()):
        assert "because of" not in page


def test_the_written_list_has_the_band(banded: Scores, tmp_path) -> None:
    paths = {path.name: path for path in banded.save(tmp_path)}
    table = pd.read_csv(paths["scores.csv"], keep_default_na=False)
    np.testing.assert_allclose(table["score_high"], banded.frame()["score_high"], atol=5e-5)
    assert (table["score_low"].astype(str).str.len() <= 6).all()


def test_refits_of_another_model_are_refused(world: World, refits: Refits) -> None:
    other = next(m for m in world.training.models.values() if m.digest != world.training.model.digest)
    with pytest.raises(ScoringRefused, match="refits are of another model"):
        score_cohort(other, world.prototype, world.warehouse, refits=refits)


def test_totals_for_areas_never_speak_of_single_scores(world: World) -> None:
    from dataclasses import replace

    prototype = make_prototype(Output.AREA)
    model = replace(
        world.training.model,
        provenance={**world.training.model.provenance, "prototype_digest": prototype.digest()},
    )
    made = score_cohort(model, prototype, world.warehouse)
    assert "single scores" not in made.page()
