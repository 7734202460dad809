"""Scoring refuses, in one clear message, whatever does not fit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from riskmodel.engine.build import build_warehouse
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import ScoringRefused
from riskmodel.scoring.fitness import check_cohort, sources_for_scoring
from riskmodel.scoring.score import score_cohort
from tests.unit.scoring.invented_world import SOURCES, World


def score(world: World, **changes: Any) -> None:
    given: dict[str, Any] = {"model": world.training.model, "prototype": world.prototype, "warehouse": world.warehouse}
    score_cohort(**{**given, **changes})


def rebuilt(world: World, tmp_path: Path, change: Any) -> Warehouse:
    """Build the warehouse again from changed extracts."""
    extracts = tmp_path / "extracts"
    shutil.copytree(world.extracts, extracts)
    change(extracts)
    return build_warehouse(SOURCES, extracts, tmp_path / "warehouse")


def test_another_declaration(world: World) -> None:
    with pytest.raises(ScoringRefused, match=r"trained for another declaration .* riskmodel run crisis_next_year"):
        score(world, prototype=replace(world.prototype, capacity=0.1))


@pytest.mark.parametrize("day", [date(2021, 9, 1), date(2022, 9, 1)])
def test_a_date_the_model_has_learnt_from(world: World, day: date) -> None:
    with pytest.raises(ScoringRefused, match="has learnt from outcomes of cohorts up to 2022-09-01"):
        score(world, as_of=day)


def test_an_expired_model(world: World) -> None:
    assert world.training.model.provenance["expires_on"] == "2025-09-01"
    with pytest.raises(ScoringRefused, match="expired on 2025-09-01, and is asked to score 2025-09-02"):
        score(world, as_of=date(2025, 9, 2))


def test_extracts_that_are_too_old_are_all_named(world: World) -> None:
    with pytest.raises(ScoringRefused) as caught:
        score(world, as_of=date(2025, 2, 11))
    assert "extracted on 2025-01-10: checks (Clinics), people (Register), visits (Visitors)" in str(caught.value)
    assert "crises" not in str(caught.value), "the outcome is not needed for scoring"
    score(world, as_of=date(2025, 2, 10))  # one month is allowed


def test_the_sources_that_scoring_needs(world: World) -> None:
    assert [source.name for source in sources_for_scoring(world.prototype)] == ["checks", "people", "visits"]


def test_an_empty_cohort(world: World) -> None:
    matrix = build_matrix(world.prototype, world.warehouse, world.prototype.score_as_of)
    with pytest.raises(ScoringRefused, match="Nobody is in the cohort of 'crisis_next_year' on 2024-09-01"):
        check_cohort(world.training.model, matrix.rows([]), world.prototype, date(2024, 9, 1))


def test_an_unknown_area_and_the_nearest_one(world: World) -> None:
    with pytest.raises(ScoringRefused, match=r"lives in 'Nort' on 2024-09-01.* nearest right name is 'North'"):
        score(world, areas=["Nort", "South"])
    with pytest.raises(ScoringRefused, match="'Unknown'"):
        score(world, areas=["Unknown"])


def changed(world: World, **columns: Any) -> Any:
    matrix = build_matrix(world.prototype, world.warehouse, world.prototype.score_as_of)
    return replace(matrix, X=matrix.X.assign(**columns))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"extra": 1.0}, "column 'extra' is not known"),
        ({"visits_1y": np.inf}, "column 'visits_1y' is infinite in 900 row"),
        ({"tenure": "castle"}, r"column 'tenure' has a level that is none of owner, rented in 900 row"),
    ],
)
def test_columns_or_levels_that_do_not_fit(world: World, columns: dict[str, Any], said: str) -> None:
    with pytest.raises(ScoringRefused, match=said):
        check_cohort(world.training.model, changed(world, **columns), world.prototype, date(2024, 9, 1))


def test_a_missing_column(world: World) -> None:
    matrix = changed(world)
    lacking = replace(matrix, X=matrix.X.drop(columns="tenure"))
    with pytest.raises(ScoringRefused, match="column 'tenure' is missing"):
        check_cohort(world.training.model, lacking, world.prototype, date(2024, 9, 1))


def test_a_feature_missing_much_more_often_than_in_training(world: World, tmp_path: Path) -> None:
    def fewer(extracts: Path) -> None:
        table = pd.read_csv(extracts / "checks.csv")
        table[table["person_id"].str[-1] < "6"].to_csv(extracts / "checks.csv", index=False)

    thinned = rebuilt(world, tmp_path, fewer)
    with pytest.raises(ScoringRefused, match=r"'check_points' \(Clinics\) is missing for 40% of the cases, in train"):
        score(world, warehouse=thinned)


def test_a_feed_that_has_fallen_silent(world: World, tmp_path: Path) -> None:
    def silent(extracts: Path) -> None:
        table = pd.read_csv(extracts / "visits.csv")
        table[table["visited_on"] < "2023-09-01"].to_csv(extracts / "visits.csv", index=False)

    quiet = rebuilt(world, tmp_path, silent)
    with pytest.raises(ScoringRefused, match=r"'visits_1y' \(Visitors\) is nought for everybody, in training \d+% had"):
        score(world, warehouse=quiet)


def test_a_date_outside_the_declared_coverage(world: World) -> None:
    matrix = changed(world, check_points=np.nan)
    coverage = {**matrix.manifest["coverage"], "features_not_covered": {"check_points": ["2024-09-01"]}}
    uncovered = replace(matrix, manifest={**matrix.manifest, "coverage": coverage})
    with pytest.raises(ScoringRefused, match="outside the declared coverage of their sources: check_points"):
        check_cohort(world.training.model, uncovered, world.prototype, date(2024, 9, 1))


def test_few_cases_are_not_compared_with_training(world: World) -> None:
    few = changed(world, check_points=np.nan).rows(np.arange(49))
    check_cohort(world.training.model, few, world.prototype, date(2024, 9, 1))


def test_no_message_holds_a_persons_value(world: World) -> None:
    with pytest.raises(ScoringRefused) as caught:
        check_cohort(world.training.model, changed(world, tenure="castle"), world.prototype, date(2024, 9, 1))
    assert "castle" not in str(caught.value)
