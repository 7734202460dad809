"""The ward page shows totals alone, and none that would give a small number away."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.suppression import feasible_range
from riskmodel.scoring.bands import BANDS
from riskmodel.scoring.score import Scores, score_cohort
from riskmodel.scoring.totals import printable
from tests.unit.scoring.invented_world import World


@pytest.fixture(scope="session")
def north(world: World) -> Scores:
    return score_cohort(world.training.model, world.prototype, world.warehouse, areas=["North"], invented=True)


def table_of(counts: dict[str, tuple[int, int, int]]) -> pd.DataFrame:
    rows = [(area, band) for area, row in counts.items() for band, n in zip(BANDS, row, strict=True) for _ in range(n)]
    return pd.DataFrame(rows, columns=["area", "band"])


def test_the_page_says_what_it_must_and_names_nobody(north: Scores) -> None:
    page = north.page()
    for said in (
        "Crisis next year in North, 1 September 2024", "Invented data", "An offer of help", "Sanctions",
        "Equal scores are never split", "at most 20% of the whole cohort", "1 September 2025", north.model.digest,
    ):  # fmt: skip
        assert said in page
    assert "P0" not in page
    assert "<script" not in page
    assert not re.search(r"""(src|href)=["']https?:""", page)


def test_real_data_have_no_banner(north: Scores) -> None:
    assert "Invented data" not in replace(north, invented=False).page()


def test_the_counts_on_the_page_are_rounded(north: Scores) -> None:
    printed = {band: figure.value for band, figure in north.totals.by_band.items()}
    exact = north.cases["band"].value_counts()
    for band, value in printed.items():
        assert value is not None
        assert value % 5 == 0
        assert abs(value - exact[band]) <= 2.5
    assert [row[0] for row in north.band_rows()] == list(BANDS)


def test_a_small_band_is_withheld_and_so_is_what_would_give_it_away() -> None:
    totals = printable(table_of({"A": (4, 30, 60)}))
    assert totals.by_band["offer first"].text == "withheld"
    assert [f.text for f in (totals.everybody, *totals.by_band.values())].count("withheld") >= 2


@pytest.mark.parametrize("seed", range(5))
def test_no_small_cell_can_be_worked_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = {area: tuple(int(n) for n in rng.poisson([8, 12, 40])) for area in "ABCDE"}
    totals = printable(table_of(counts))
    cells = {f"{area}: {band}": float(n) for area, row in counts.items() for band, n in zip(BANDS, row, strict=True)}
    shown: dict[str, tuple[str, ...]] = {}
    if totals.everybody.kind == "count":
        shown["all"] = tuple(cells)
    for band in BANDS:
        if totals.by_band[band].kind == "count":
            shown[band] = tuple(f"{area}: {band}" for area in counts)
    for area in counts:
        if totals.by_area[area]["all"].kind == "count":
            shown[area] = tuple(f"{area}: {band}" for band in BANDS)
        shown |= {f"{area}: {b}": (f"{area}: {b}",) for b in BANDS if totals.by_area[area][b].kind == "count"}
    for name, value in cells.items():
        if value < 10:
            low, high = feasible_range((name,), cells, shown)
            assert high - low >= 10 - 1e-6


def test_the_projects_own_rules_hold() -> None:
    table = table_of({"A": (12, 30, 60)})
    assert printable(table, Policy(threshold=15, rounding=10)).by_band["offer first"].text == "withheld"
    assert printable(table).by_band["offer first"].text == "10"


def test_the_totals_as_a_table_leave_withheld_counts_blank() -> None:
    frame = printable(table_of({"A": (4, 30, 60), "B": (20, 20, 30)})).frame()
    assert list(frame.columns) == ["area", "band", "cases"]
    assert frame["cases"].isna().any()
    assert (frame["cases"].dropna() % 5 == 0).all()


def test_not_scored_cases_are_counted_under_the_same_rules(north: Scores) -> None:
    assert len(north.not_scored) == 5
    assert "listed apart with the reason: withheld" in north.page()
    many = pd.concat([north.not_scored] * 5, ignore_index=True)
    assert "listed apart with the reason: 25." in replace(north, not_scored=many).page()
