"""A scored cohort: nobody is lost, everything can be traced, and files appear whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel import Output
from riskmodel.engine.run import build_matrix
from riskmodel.errors import BundleError, ScoringRefused, StorageError
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY, USE_AS_DECLARED, Verdict
from riskmodel.scoring.score import Scores, score_cohort
from tests.unit.scoring.invented_world import World, make_prototype


@pytest.fixture(scope="session")
def scores(world: World) -> Scores:
    return score_cohort(world.training.model, world.prototype, world.warehouse)


@pytest.fixture(scope="session")
def north(world: World) -> Scores:
    return score_cohort(world.training.model, world.prototype, world.warehouse, areas=["North"])


def test_the_list_has_everything_a_case_worker_needs(scores: Scores, world: World) -> None:
    assert list(scores.frame().columns) == [
        "case", "as_of", "area", "score", "rank", "rank_in_cohort", "band", "reason_1", "reason_2", "reason_3",
        "model_digest", "prototype_digest", "expires_on",
    ]  # fmt: skip
    row = scores.frame().iloc[0]
    assert row["model_digest"] == world.training.model.digest
    assert row["prototype_digest"] == world.prototype.digest()
    assert (row["as_of"], row["expires_on"], row["rank"], row["band"]) == ("2024-09-01", "2025-09-01", 1, "offer first")


def test_the_scores_are_those_of_the_model(scores: Scores, world: World) -> None:
    matrix = build_matrix(world.prototype, world.warehouse, world.prototype.score_as_of)
    expected = dict(zip(matrix.keys, world.training.model.predict(matrix), strict=True))
    table = scores.frame().set_index("case")
    assert len(table) == 900
    np.testing.assert_array_equal(table["score"], [expected[case] for case in table.index])
    assert table["score"].is_monotonic_decreasing


def test_reasons_are_the_labels_of_what_raises_the_score(scores: Scores, world: World) -> None:
    labels = {feature.label for feature in world.prototype.features}
    told = scores.frame()[["reason_1", "reason_2", "reason_3"]].to_numpy()
    assert set(told.ravel()) <= labels | {""}
    assert (told[:20, 0] != "").all()
    assert (told[-1] == "").any()


def test_the_first_band_holds_the_capacity(scores: Scores) -> None:
    assert (scores.frame()["band"] == "offer first").sum() <= 180
    assert (scores.frame()["band"] == "offer first").sum() >= 170


def test_nobody_is_lost(scores: Scores, north: Scores) -> None:
    for made in (scores, north):
        assert len(made.cases) + len(made.not_scored) + made.elsewhere == made.cohort == 900
    assert scores.not_scored.empty
    assert set(north.cases["area"]) == {"North"}
    assert north.not_scored["reason_code"].tolist() == ["area_not_known"] * 5
    assert not set(north.cases["case"]) & set(north.not_scored["case"])


def test_a_case_has_the_same_band_whichever_areas_are_asked_for(scores: Scores, north: Scores) -> None:
    everybody = scores.frame().set_index("case")
    some = north.frame().set_index("case")
    same = ["score", "band", "rank_in_cohort", "reason_1"]
    pd.testing.assert_frame_equal(some[same].sort_index(), everybody.loc[some.index, same].sort_index())
    assert some["rank"].min() == 1
    assert some["rank"].max() <= len(some) < some["rank_in_cohort"].max()


def test_a_case_of_which_too_little_is_known_is_listed_and_not_scored(world: World, monkeypatch) -> None:
    def blanked(*args: object, **kwargs: object) -> object:
        matrix = build_matrix(world.prototype, world.warehouse, world.prototype.score_as_of)
        X = matrix.X.copy()
        X.loc[10:12, ["visits_1y", "late_visits_1y", "check_points"]] = np.nan
        return replace(matrix, X=X)

    monkeypatch.setattr("riskmodel.scoring.score.build_matrix", blanked)
    made = score_cohort(world.training.model, world.prototype, world.warehouse)
    assert made.not_scored["case"].tolist() == ["P0010", "P0011", "P0012"]
    assert set(made.not_scored["reason_code"]) == {"too_little_known"}
    assert len(made.cases) == 897


def test_the_files_are_written_whole_and_alike_every_time(north: Scores, tmp_path: Path) -> None:
    paths = north.save(tmp_path)
    folder = tmp_path / "crisis_next_year" / "2024-09-01-North"
    names = {"ward.html", "totals.csv", "scores.csv", "scores.parquet", "not_scored.csv", "scores.json"}
    assert {path.name for path in paths} == {path.name for path in folder.iterdir()} == names
    assert paths[0] == folder / "ward.html"
    first = {path.name: path.read_bytes() for path in paths}
    assert {path.name: path.read_bytes() for path in north.save(tmp_path)} == first
    stored = pd.read_parquet(folder / "scores.parquet")
    pd.testing.assert_frame_equal(stored, north.frame(), check_dtype=False)
    as_text = pd.read_csv(folder / "scores.csv", keep_default_na=False)
    np.testing.assert_allclose(as_text["score"], stored["score"], atol=5e-5)
    assert as_text["case"].tolist() == stored["case"].tolist()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_lists_of_people_are_for_their_owner_alone(north: Scores, tmp_path: Path) -> None:
    readable = {path.name: path.stat().st_mode & 0o077 for path in north.save(tmp_path)}
    assert [readable[name] for name in ("scores.csv", "scores.parquet", "not_scored.csv")] == [0, 0, 0]


def test_a_full_disk_leaves_nothing_half_written(north: Scores, tmp_path: Path, monkeypatch) -> None:
    before = {path.name: path.read_bytes() for path in north.save(tmp_path)}
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "scores.parquet":
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="the disk is full"):
        north.save(tmp_path)
    folder = tmp_path / "crisis_next_year" / "2024-09-01-North"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "printed.json"]


def test_many_areas_make_a_short_folder_name(world: World, north: Scores, tmp_path: Path) -> None:
    wide = replace(north, areas=tuple(f"E050040{i}" for i in range(21, 37)))
    folder = wide.save(tmp_path)[0].parent
    assert folder.name.startswith("2024-09-01-16-areas-")
    assert len(folder.name) < 50


def test_a_prototype_for_areas_never_gives_a_list(world: World, tmp_path: Path) -> None:
    prototype = make_prototype(Output.AREA)
    model = world.training.model
    fitting = replace(model, provenance={**model.provenance, "prototype_digest": prototype.digest()})
    made = score_cohort(fitting, prototype, world.warehouse, areas=["North"])
    with pytest.raises(ScoringRefused, match="totals for areas, and no list of cases"):
        made.frame()
    assert list(made.cases.columns) == ["area", "band"]
    assert list(made.not_scored.columns) == ["area", "reason_code"]
    paths = made.save(tmp_path)
    assert {path.name for path in paths} == {"ward.html", "totals.csv", "scores.json"}
    for path in paths:
        assert b"P0" not in path.read_bytes()


def test_the_verdict_decides_what_comes_out(world: World) -> None:
    def judged(decision: str) -> Scores:
        verdict = Verdict(decision, ("A success criterion is not met.",))
        return score_cohort(world.training.model, world.prototype, world.warehouse, verdict=verdict)

    with pytest.raises(ScoringRefused, match=r"do not deploy.*criterion is not met"):
        judged(DO_NOT_DEPLOY)
    assert judged(USE_AS_DECLARED).individual
    totals = judged(AREA_ONLY)
    assert list(totals.cases.columns) == ["area", "band"]
    with pytest.raises(ScoringRefused, match="only for area planning"):
        totals.frame()


def test_a_bundle_on_disk_scores_alike_unless_changed(world: World, scores: Scores, tmp_path: Path) -> None:
    folder = world.training.model.save(tmp_path / "bundle")
    again = score_cohort(folder, world.prototype, world.warehouse)
    pd.testing.assert_frame_equal(again.frame(), scores.frame())
    (folder / "calibrator.json").write_text("{}")
    with pytest.raises(BundleError, match=r"calibrator.json was changed"):
        score_cohort(folder, world.prototype, world.warehouse)


def test_the_record_beside_the_list(north: Scores, tmp_path: Path) -> None:
    record = json.loads(next(p for p in north.save(tmp_path) if p.name == "scores.json").read_text())
    assert record["model_digest"] == north.model.digest
    assert record["areas"] == ["North"]
    assert set(record["files"]) == {"scores.csv", "scores.parquet", "not_scored.csv"}


def test_fewer_reasons_when_asked(world: World) -> None:
    made = score_cohort(world.training.model, world.prototype, world.warehouse, top_reasons=1)
    assert [c for c in made.frame().columns if c.startswith("reason")] == ["reason_1"]
