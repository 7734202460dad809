"""Pages of successive months are laid side by side, and no small number of people can be subtracted out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import DisclosureError
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.suppression import feasible_range
from riskmodel.scoring.bands import BANDS
from riskmodel.scoring.pages import FILE, Page, load_pages, steady
from riskmodel.scoring.score import score_cohort
from riskmodel.scoring.totals import printable
from tests.unit.scoring.invented_world import World

Month = np.ndarray
AREAS = ("A", "B", "C", "D")
NO_CONTROL = Policy(threshold=1, rounding=1, minimum_denominator=1)

starts = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 30), st.integers(5, 90)), min_size=4, max_size=4)
moves = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-6, 8)), max_size=6), min_size=1, max_size=4
)


def months_of(start: list[tuple[int, int, int]], moved: list[list[tuple[int, int, int]]]) -> list[Month]:
    """Exact counts of area by band in every month."""
    months = [np.array(start)]
    for changes in moved:
        now = months[-1].copy()
        for area, band, by in changes:
            now[area, band] = max(now[area, band] + by, 0)
        months.append(now)
    return months


def people(month: Month) -> pd.DataFrame:
    rows = [
        (a, b) for a, row in zip(AREAS, month, strict=True) for b, n in zip(BANDS, row, strict=True) for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=["area", "band"])


def pages_of(months: Sequence[Month], policy: Policy | None = None) -> list[Page]:
    """What is printed month after month, each page beside the earlier ones."""
    pages: list[Page] = []
    for month in months:
        pages.append(printable(people(month), policy or Policy(), earlier=pages).decided)
    return pages


def apart(pages: Sequence[Page], least: float = 10) -> list[str]:
    """Figures that two pages print differently by fewer people than the threshold."""
    return [
        f"{name}, pages {i} and {j}"
        for j, later in enumerate(pages)
        for i, sooner in enumerate(pages[:j])
        for name in set(later) & set(sooner)
        for a, b in [(sooner[name], later[name])]
        if a is not None and b is not None and 0 < abs(a - b) < least
    ]


def merged(pages: Sequence[Page], months: Sequence[Month]) -> list[str]:
    """Small cells of a month that are told by the page after it to somebody who takes hardly anybody to have moved."""
    found = []
    for (sooner, later), (month, next_month) in zip(pairwise(pages), pairwise(months), strict=True):
        cells, after = cells_of(month), cells_of(next_month)
        shown = {name: parts_of(name) for name in later if later[name] is not None or sooner[name] is not None}
        for name, n in cells.items():
            if n < 10 and after[name] < 20:
                low, high = feasible_range((name,), cells, shown)
                found += [name] if high - low < 10 - 1e-6 else []
    return found


def cells_of(month: Month) -> dict[str, float]:
    return {f"{a}: {b}": float(n) for a, row in zip(AREAS, month, strict=True) for b, n in zip(BANDS, row, strict=True)}


def parts_of(name: str) -> tuple[str, ...]:
    if name == "all":
        return tuple(f"{a}: {b}" for a in AREAS for b in BANDS)
    kind, _, rest = name.partition(" ")
    if kind == "band":
        return tuple(f"{a}: {rest}" for a in AREAS)
    return tuple(f"{rest}: {b}" for b in BANDS) if kind == "area" else (name,)


@settings(max_examples=25, deadline=None)
@given(starts, moves)
def test_no_two_months_differ_by_a_small_count(
    start: list[tuple[int, int, int]], moved: list[list[tuple[int, int, int]]]
) -> None:
    months = months_of(start, moved)
    try:
        pages = pages_of(months)
    except DisclosureError:
        return
    assert apart(pages) == []


@settings(max_examples=20, deadline=None)
@given(starts, moves)
def test_what_is_withheld_one_month_cannot_be_put_together_with_the_next(
    start: list[tuple[int, int, int]], moved: list[list[tuple[int, int, int]]]
) -> None:
    """Somebody who reads both pages as if nobody had moved still bounds no small cell of the earlier one."""
    months = months_of(start, moved)[:2]
    try:
        pages = pages_of(months)
    except DisclosureError:
        return
    if not fell(pages, months):
        assert merged(pages, months) == []


def fell(pages: Sequence[Page], months: Sequence[Month]) -> bool:
    """Whether a count that was printed is now under the threshold: that it fell is told by its being withheld."""
    return any(n is not None and pages[1].get(name) is None for name, n in pages[0].items())


def test_pages_decided_one_by_one_would_have_given_a_few_people_away() -> None:
    months = [np.array([[12, 40, 80], [14, 40, 80], [15, 45, 90], [20, 30, 50]])]
    months.append(months[0] + np.array([[5, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]))
    one_by_one = [printable(people(month)).decided for month in months]
    assert any(said.startswith("A: offer first") for said in apart(one_by_one))
    assert apart(pages_of(months)) == []
    small = [np.array([[9, 40, 80], [14, 40, 80], [15, 45, 90], [20, 30, 50]])]
    small.append(small[0] + np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]))
    assert "A: offer first" in merged([printable(people(month)).decided for month in small], small)
    assert merged(pages_of(small), small) == []


def test_without_control_every_small_change_is_found() -> None:
    months = months_of([(20, 30, 50)] * 4, [[(0, 0, 3)]])
    assert any(
        said.startswith("A: offer first") for said in apart([printable(people(m), NO_CONTROL).decided for m in months])
    )


def test_a_count_keeps_to_every_earlier_page_not_only_to_the_last() -> None:
    printed: list[Page] = [{"all": 40}, {"all": 50}]
    assert steady("all", 37, Policy(), printed).value == 40
    assert steady("all", 62, Policy(), printed).value == 60
    assert steady("other", 37, Policy(), printed).value == 35


def test_a_withheld_count_comes_back_when_it_is_clearly_large() -> None:
    first = np.array([[9, 40, 80], [14, 40, 80], [15, 45, 90], [20, 30, 50]])
    grown = [first, first + np.array([[4, 0, 0]] + [[0, 0, 0]] * 3), first + np.array([[30, 0, 0]] + [[0, 0, 0]] * 3)]
    shown = [page["A: offer first"] for page in pages_of(grown)]
    assert shown == [None, None, 40]


def test_pages_are_held_to_those_in_the_folder(world: World, tmp_path: Path) -> None:
    scores = score_cohort(world.training.model, world.prototype, world.warehouse)
    scores.save(tmp_path)
    folder = tmp_path / world.prototype.name
    (page,) = load_pages(folder)
    north = scores.cases["area"] == "North"
    few = scores.cases.drop(scores.cases.index[north & (scores.cases["band"] == BANDS[2])][:6])
    everybody = few[["area", "band"]]
    later = replace(scores, cases=few, everybody=everybody, as_of=date(2024, 10, 1))
    assert later.totals.decided != page
    later.save(tmp_path)
    assert apart(load_pages(folder)) == []
    assert later.beside(tmp_path).totals.decided == {k: v for k, v in page.items() if k in later.totals.decided}
    assert "subtracted" in later.beside(tmp_path).page()


def test_a_record_that_cannot_be_read_is_no_excuse(world: World, tmp_path: Path) -> None:
    (tmp_path / world.prototype.name).mkdir()
    (tmp_path / world.prototype.name / FILE).write_text("[]", "utf-8")
    with pytest.raises(DisclosureError, match=r"printed\.json, cannot be read"):
        score_cohort(world.training.model, world.prototype, world.warehouse).save(tmp_path)
