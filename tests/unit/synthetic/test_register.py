"""The register is one story: spells that follow each other, homes that move together, small circles of people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

SPELL = ["person_id", "household_id", "moved_in"]


@pytest.fixture(scope="module")
def spells(vange):
    """Return each spell with the last that the register says of its end."""
    rows = vange.tables["residence"].sort_values("received_on", kind="stable")
    return rows.drop_duplicates(SPELL, keep="last")


def test_a_spell_is_opened_once_and_closed_once_and_later(vange):
    rows = vange.tables["residence"]
    opened, closed = rows[rows.moved_out.isna()], rows[rows.moved_out.notna()]
    assert not opened.duplicated(SPELL).any()
    assert not closed.duplicated(SPELL).any()
    both = closed.merge(opened, on=SPELL, suffixes=("_closed", "_opened"))
    assert len(both) == len(closed)
    assert (both.received_on_closed > both.received_on_opened).all()
    assert (both.moved_out_closed > both.moved_in).all()


def test_nobody_lives_in_two_homes_at_once(spells):
    ordered = spells.sort_values(["person_id", "moved_in"])
    following = ordered.groupby("person_id").moved_in.shift(-1)
    has_next = following.notna()
    assert (ordered.moved_out[has_next] <= following[has_next]).all()


@pytest.mark.parametrize("as_of", ["2016-09-01", "2020-09-01", "2023-09-01", "2025-09-01"])
def test_what_is_known_on_a_day_places_everybody_once(vange, as_of):
    rows = vange.tables["residence"]
    known = rows[rows.received_on <= as_of].sort_values("received_on", kind="stable")
    last = known.drop_duplicates(SPELL, keep="last")
    live = last[(last.moved_in <= as_of) & (last.moved_out.isna() | (last.moved_out > as_of))]
    assert not live.person_id.duplicated().any()
    assert live.household_id.nunique() > 500


def test_people_live_where_their_household_is(vange, spells):
    people = vange.tables["people"].rename(columns={"recorded_on": "moved_in"})
    homes = vange.tables["households"].set_index("household_id")
    both = spells.merge(people, on=["person_id", "moved_in"], suffixes=("", "_person"))
    assert len(both) == len(spells) == len(people)
    assert (both.lsoa_code == both.household_id.map(homes.lsoa_code)).all()
    assert (both.ward_code == both.household_id.map(homes.ward_code)).all()


def test_a_household_mostly_moves_as_one(spells):
    moved = spells[spells.moved_out.notna()]
    together = moved.groupby("household_id").moved_out.nunique() == 1
    assert together.mean() > 0.9


def test_some_adults_leave_and_a_few_join_another_household(spells):
    role = spells.sort_values("moved_in", kind="stable").groupby("person_id").role.agg(["first", "last", "nunique"])
    leavers = role[(role["first"] == "carer") & (role["last"] == "other_adult")]
    assert 0.02 < len(leavers) / (role["first"] == "carer").sum() < 0.2
    shared = spells[spells.household_id.isin(spells.household_id[spells.role == "child"])]
    assert shared.person_id.isin(leavers.index).any()


def test_circles_of_people_stay_small(spells):
    person, household = pd.factorize(spells.person_id)[0], pd.factorize(spells.household_id)[0]
    n = person.max() + 1
    size = n + household.max() + 1
    links = coo_matrix((np.ones(len(spells)), (person, n + household)), shape=(size, size))
    circle = connected_components(links, directed=False)[1][:n]
    sizes = np.bincount(circle)
    sizes = sizes[sizes > 0]
    assert np.median(sizes) < 10
    assert sizes.max() < 40


def test_identifiers_say_nothing_of_order(vange):
    people = vange.tables["people"].drop_duplicates("person_id")
    number = people.person_id.str[1:].astype(int)
    assert abs(number.corr(people.date_of_birth.astype("int64"))) < 0.03
    assert abs(number.corr(pd.Series(range(len(people)), index=people.index))) < 0.03
    assert people.person_id.str.fullmatch(r"P\d{7}").all()
    assert vange.tables["households"].household_id.str.fullmatch(r"H\d{7}").all()


def test_every_child_has_a_carer_at_home(spells):
    children, carers = spells[spells.role == "child"], spells[spells.role == "carer"]
    assert children.household_id.isin(carers.household_id).all()
