"""Attacks on pages of totals: all pages of one scoring are laid side by side, and no small band can be worked out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.judge_table import judge_table
from riskmodel.reporting.suppression import feasible_range
from riskmodel.scoring.bands import BANDS
from riskmodel.scoring.totals import Totals, printable
from tests.unit.scoring.invented_world import World

NO_CONTROL = Policy(threshold=1, rounding=1, minimum_denominator=1)
Counts = dict[str, tuple[int, int, int]]

counts_of_areas = st.dictionaries(
    st.sampled_from("ABCD"), st.tuples(st.integers(0, 25), st.integers(0, 30), st.integers(0, 90)), min_size=2
).filter(lambda counts: all(sum(row) for row in counts.values()))


def people(counts: Counts) -> pd.DataFrame:
    rows = [(area, band) for area, row in counts.items() for band, n in zip(BANDS, row, strict=True) for _ in range(n)]
    return pd.DataFrame(rows, columns=["area", "band"])


def cells_of(counts: Counts) -> dict[str, float]:
    return {f"{area}: {band}": float(n) for area, row in counts.items() for band, n in zip(BANDS, row, strict=True)}


def known_from(pages: Sequence[Totals], counts: Counts) -> dict[str, tuple[str, ...]]:
    """What a reader of several pages knows; a reader cannot tell sums of printed counts from counts."""
    known: dict[str, tuple[str, ...]] = {}
    for place, page in enumerate(pages):
        over = list(page.by_area)
        if page.everybody.kind == "count":
            known[f"{place} all"] = tuple(f"{area}: {band}" for area in over for band in BANDS)
        for band in BANDS:
            if page.by_band[band].kind == "count":
                known[f"{place} {band}"] = tuple(f"{area}: {band}" for area in over)
        for area, row in page.by_area.items():
            if row["all"].kind == "count":
                known[f"{place} {area}"] = tuple(f"{area}: {band}" for band in BANDS)
            known |= {f"{place} {area} {b}": (f"{area}: {b}",) for b in BANDS if row[b].kind == "count"}
    return known


def recovered(pages: Sequence[Totals], counts: Counts) -> list[str]:
    """Small cells that the pages bound to less than ten apart."""
    cells, known = cells_of(counts), known_from(pages, counts)
    found = []
    for name, value in cells.items():
        if value < 10:
            low, high = feasible_range((name,), cells, known)
            if high - low < 10 - 1e-6:
                found.append(name)
    return found


@settings(max_examples=25, deadline=None)
@given(counts_of_areas)
def test_no_page_nor_all_of_them_together_give_a_small_band_away(counts: Counts) -> None:
    cohort = people(counts)
    pages = [printable(cohort), *(printable(cohort, asked=[area]) for area in counts)]
    pages += [printable(cohort, asked=list(pair)) for pair in itertools.combinations(counts, 2)]
    assert recovered(pages, counts) == []


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.sampled_from("ABCD"), st.tuples(*[st.integers(1, 30)] * 3), min_size=2))
def test_without_control_every_small_band_that_is_there_is_found(counts: Counts) -> None:
    small = {name for name, n in cells_of(counts).items() if 0 < n < 10}
    assert small <= set(recovered([printable(people(counts), NO_CONTROL)], counts))


def test_pages_that_were_decided_one_by_one_would_have_given_a_band_away() -> None:
    counts = {"A": (4, 40, 80), "B": (12, 40, 80), "C": (15, 45, 90)}
    cohort = people(counts)
    apart = [printable(cohort), *(printable(cohort[cohort["area"] == area]) for area in counts)]
    assert "A: offer first" in recovered(apart, counts)
    together = [printable(cohort), *(printable(cohort, asked=[area]) for area in counts)]
    assert recovered(together, counts) == []


def test_a_page_of_several_areas_adds_up_printed_counts() -> None:
    page = printable(people({"A": (22, 40, 80), "B": (22, 40, 80), "C": (30, 45, 90)}), asked=["A", "B"])
    assert page.by_band["offer first"].value == 40
    assert page.by_area["A"]["offer first"].value == 20


def test_the_scores_of_one_area_know_of_the_others(world: World) -> None:
    from riskmodel.scoring.score import score_cohort

    model = world.training.model
    everywhere = score_cohort(model, world.prototype, world.warehouse)
    north = score_cohort(model, world.prototype, world.warehouse, areas=["North"])
    assert north.totals.by_area["North"] == everywhere.totals.by_area["North"]
    assert north.everybody is not None
    assert len(north.everybody) == len(everywhere.cases)


@settings(max_examples=15, deadline=None)
@given(counts_of_areas)
def test_our_own_judge_does_not_fail_a_page_of_ours(counts: Counts) -> None:
    page = printable(people(counts), Policy(rounding=1))
    rows = {area: [row[column].text for column in ("all", *BANDS)] for area, row in page.by_area.items()}
    rows["Total"] = [page.everybody.text, *(page.by_band[band].text for band in BANDS)]
    table = pd.DataFrame([[area, *row] for area, row in rows.items()], columns=["area", "All", *BANDS])
    assert {f.code for f in judge_table(table, Policy(rounding=1)).findings} <= {"complement"}
