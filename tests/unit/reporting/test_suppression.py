"""Attacks on tables with withheld cells: subtract whatever can be subtracted, and bound whatever can be bounded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from riskmodel.errors import DisclosureError
from riskmodel.reporting.suppression import feasible_range, withhold

Figures = Mapping[str, tuple[str, ...]]


def solve_by_subtraction(cells: Mapping[str, float], shown: Figures) -> dict[str, float]:
    """What somebody with a pencil finds: as long as a printed sum has one unknown cell, work that cell out."""
    known: dict[str, float] = {}
    sums = [(set(parts), sum(cells[p] for p in parts)) for parts in shown.values()]
    sums += [(a - b, x - y) for a, x in sums for b, y in sums if b < a]
    found = True
    while found:
        found = False
        for parts, total in sums:
            unknown = [p for p in parts if p not in known]
            if len(unknown) == 1:
                known[unknown[0]] = total - sum(known[p] for p in parts if p in known)
                found = True
    return known


def bounds_from_rounding(target: str, cells: Mapping[str, float], shown: Figures) -> float:
    """The width of the range that somebody who knows the rounding can prove for a cell."""
    names = list(cells)
    rows = np.array([[float(name in parts) for name in names] for parts in shown.values()])
    printed = np.array([5 * np.floor(sum(cells[p] for p in parts) / 5 + 0.5) for parts in shown.values()])
    aim = np.array([float(name == target) for name in names])
    ends = []
    for sign in (1, -1):
        found = linprog(
            sign * aim,
            A_ub=np.vstack([rows, -rows]),
            b_ub=np.concatenate([printed + 2.5, 2.5 - printed]),
            bounds=(0, None),
        )
        ends.append(np.inf if found.status == 3 else abs(found.fun))
    return float(ends[1] - ends[0])


@st.composite
def two_way(draw: st.DrawFn) -> dict[str, float]:
    groups, columns = draw(st.integers(2, 5)), draw(st.integers(2, 3))
    sizes = st.one_of(st.integers(0, 15), st.integers(10, 400))
    cells = {f"{g}{c}": float(draw(sizes)) for g in range(groups) for c in range(columns)}
    cells["00"] += 60.0
    return cells


def printed_of(cells: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    """A table with its margins, as a card prints it."""
    figures = {"all": tuple(cells)}
    for place in (1, 0):
        for mark in sorted({name[place] for name in cells}):
            figures[f"{'row' if place == 0 else 'column'} {mark}"] = tuple(n for n in cells if n[place] == mark)
    return figures | {f"cell {name}": (name,) for name in cells}


@given(two_way())
@settings(max_examples=60, deadline=None)
def test_no_small_cell_of_a_two_way_table_can_be_recovered(cells: dict[str, float]) -> None:
    figures = printed_of(cells)
    hidden = withhold(cells, figures, keep={"all"})
    shown = {name: parts for name, parts in figures.items() if name not in hidden}
    assert "all" in shown
    found = solve_by_subtraction(cells, shown)
    for name, value in cells.items():
        if value < 10:
            assert name not in found
            assert bounds_from_rounding(name, cells, shown) >= 10 - 1e-6
            low, high = feasible_range((name,), cells, shown)
            assert low <= value <= high


@given(two_way())
@settings(max_examples=30, deadline=None)
def test_small_margins_are_protected_too(cells: dict[str, float]) -> None:
    figures = printed_of(cells)
    hidden = withhold(cells, figures, keep={"all"})
    shown = {name: parts for name, parts in figures.items() if name not in hidden}
    for name, parts in figures.items():
        if sum(cells[p] for p in parts) < 10:
            assert name in hidden
            low, high = feasible_range(parts, cells, shown)
            assert high - low >= 10 - 1e-6


def test_a_table_without_small_cells_is_printed_whole() -> None:
    cells = {"0a": 50.0, "0b": 60.0, "1a": 70.0, "1b": 80.0}
    assert withhold(cells, printed_of(cells), keep={"all"}) == set()


def test_a_single_small_cell_takes_another_with_it() -> None:
    cells = {"a": 400.0, "b": 30.0, "c": 7.0}
    figures = {"all": ("a", "b", "c"), "a": ("a",), "b": ("b",), "c": ("c",)}
    assert withhold(cells, figures, keep={"all"}) == {"b", "c"}


def test_two_small_cells_that_add_up_to_a_small_number_take_a_third() -> None:
    cells = {"a": 400.0, "b": 30.0, "c": 4.0, "d": 3.0}
    figures = {"all": tuple(cells), **{name: (name,) for name in cells}}
    assert withhold(cells, figures, keep={"all"}) == {"b", "c", "d"}


def test_a_complement_is_guarded() -> None:
    cells = {"with": 95.0, "without": 5.0}
    figures = {"all": ("with", "without"), "with": ("with",)}
    assert withhold(cells, figures, keep={"all"}) == {"with"}


def test_totals_that_give_a_small_group_away_are_refused() -> None:
    cells = {"a": 95.0, "b": 5.0}
    with pytest.raises(DisclosureError, match="totals that are already printed"):
        withhold(cells, {"all": ("a", "b"), "a": ("a",)}, keep={"all", "a"})
