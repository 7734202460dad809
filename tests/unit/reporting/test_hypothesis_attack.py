"""Attackers on cards of worlds that Hypothesis makes up: with control on none succeeds, with it off they do."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from riskmodel.errors import DisclosureError
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.policy import Policy
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import Inputs, inputs
from tests.unit.reporting.test_card_attack import KINDS, exact_cells

NO_CONTROL = Policy(threshold=1, rounding=1, minimum_denominator=1)
worlds = st.tuples(
    st.integers(300, 2500), st.integers(0, 10_000), st.floats(-3.0, 0.5), st.sampled_from([0.05, 0.1, 0.2, 0.3])
)
Known = tuple[list[str], float, float]


@cache
def made(world: tuple[int, int, float, float]) -> Inputs:
    return inputs(*world)


def card_of(world: tuple[int, int, float, float], policy: Policy) -> ModelCard | None:
    """The card; None when the world is refused because its totals alone disclose."""
    one = made(world)
    try:
        return ModelCard.compose(
            one.prototype, one.evaluation, one.matrix, one.warehouse, one.training, invented=True, policy=policy
        )
    except DisclosureError:
        return None


def from_json(card: ModelCard) -> dict[str, list[list[str]]]:
    return reading.json_tables(json.loads(card.json()))


def from_html(card: ModelCard) -> dict[str, list[list[str]]]:
    return reading.page(card.html()).tables


def number(text: str) -> float | None:
    """The point that a cell prints; a percentage as a share of 1."""
    point = text.split(" (")[0].replace(",", "")
    if point.endswith("%"):
        return float(point[:-1]) / 100 if point[:-1].replace(".", "").isdigit() else None
    return float(point) if point.isdigit() else None


def known_of(
    world: tuple[int, int, float, float], attribute: str, rows: list[list[str]], policy: Policy
) -> list[Known]:
    """What the fairness table of one attribute says, as sums of cells with how far they may be off.

    The attacker takes rounded counts as exact to half the rounding, and percentages as those of the printed counts.
    """
    half = policy.rounding / 2 if policy.rounding > 1 else 0.0
    known: list[Known] = []
    for place, row in enumerate(rows):
        n, events, picked, found = (number(row[column]) for column in (1, 2, 4, 5))
        four = [f"{place} {kind}" for kind in KINDS]
        if n is not None:
            known.append((four, n, half))
        if events is not None:
            known.append((four[:2], events, half))
        if n is not None and picked is not None:
            known.append(([four[0], four[2]], picked * n, max(half, 0.005 * n)))
        if events is not None and found is not None:
            known.append(([four[0]], found * events, max(half, 0.005 * events)))
    test = made(world).evaluation.test
    everybody = [f"{place} {kind}" for place in range(len(rows)) for kind in KINDS]
    known.append((everybody, policy.rounding * round(test["n"] / policy.rounding), half))
    return known


def width(target: str, names: list[str], known: list[Known]) -> float:
    rows = np.array([[float(name in parts) for name in names] for parts, _, _ in known])
    values, off = (np.array([one[place] for one in known]) for place in (1, 2))
    above, below = np.vstack([rows, -rows]), np.concatenate([values + off, off - values]) + 1e-6
    aim = np.array([float(name == target) for name in names])
    ends = [linprog(sign * aim, A_ub=above, b_ub=below, bounds=(0, None)) for sign in (1, -1)]
    return float("inf") if any(end.status != 0 for end in ends) else float(-ends[1].fun - ends[0].fun)


def recovered(world: tuple[int, int, float, float], tables: dict[str, list[list[str]]], policy: Policy) -> list[str]:
    """Small cells that an attacker bounds to within ten."""
    found = []
    groups = made(world).evaluation.fairness
    for attribute in dict.fromkeys(group.attribute for group in groups):
        members = [group for group in groups if group.attribute == attribute]
        captions = [caption for caption in tables if caption.endswith(": the list by group")]
        rows = next(
            tables[c][1:] for c in captions if len(tables[c]) == len(members) + 1 and _is_of(tables[c], members)
        )
        names = [f"{place} {kind}" for place in range(len(members)) for kind in KINDS]
        known = known_of(world, attribute, rows, policy)
        for place, group in enumerate(members):
            if not group.withheld:
                small = [f"{place} {kind}" for kind, value in exact_cells(group).items() if value < 9.5]
                found += [f"{attribute} {name}" for name in small if width(name, names, known) < 10 - 1e-4]
    return found


def _is_of(rows: list[list[str]], members: list[Any]) -> bool:
    return [row[0].lower() for row in rows[1:]] == [member.group.lower().replace("_", " ") for member in members]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@example((600, 1, -1.0, 0.2))
@example((2500, 3, -3.0, 0.05))
@given(worlds)
def test_no_attacker_recovers_a_small_cell_from_a_card(world: tuple[int, int, float, float]) -> None:
    card = card_of(world, Policy())
    if card is not None:
        assert recovered(world, from_json(card), Policy()) == []
        assert recovered(world, from_html(card), Policy()) == []


def test_without_control_the_same_attacker_succeeds() -> None:
    for world in ((2500, 3, -3.0, 0.05), (400, 2, -0.5, 0.1), (900, 4, -2.2, 0.1)):
        card = card_of(world, NO_CONTROL)
        assert card is not None
        for tables in (from_json(card), from_html(card)):
            assert recovered(world, tables, NO_CONTROL), world


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(worlds)
def test_net_benefit_is_printed_only_where_all_four_cells_are_large(world: tuple[int, int, float, float]) -> None:
    """Picked (from the spread of risks) and net benefit are two equations for the rightly and the wrongly picked."""
    card = card_of(world, Policy())
    if card is None:
        return
    result = made(world).evaluation.models[made(world).evaluation.lead]
    tables = [t for t in reading.raw_tables(json.loads(card.json())) if t["key"] == "decisions"]
    for row in (row for table in tables for row in table["rows"]):
        threshold = float(row[0].rstrip("%")) / 100
        above = [b for b in result.score_histogram if b.low >= threshold - 1e-9]
        assert sum(b.events for b in above) >= 10
        assert sum(b.n - b.events for b in above) >= 10
