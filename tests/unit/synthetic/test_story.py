"""Vange in the default county: its under-fives, its poverty, its real geography."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pipelines.synthetic
from pipelines.synthetic.parameters import Place
from pipelines.synthetic.places import load_places

GEOGRAPHY = Path(pipelines.synthetic.__file__).parent / "geography"
VANGE = "E05004033"


@pytest.fixture(scope="module")
def under_fives(vange):
    """Return the children under five whom the register places in Vange on 1 September 2025, by what it knew then."""
    people = vange.tables["people"]
    known = people[people.received_on <= "2025-09-01"].sort_values("received_on", kind="stable")
    last = known.drop_duplicates("person_id", keep="last")
    young = (last.date_of_birth > "2020-09-01") & (last.date_of_birth <= "2025-09-01")
    return last[young & (last.ward_code == VANGE)]


def test_vange_has_812_under_fives(under_fives):
    assert len(under_fives) == 812


def test_the_residence_spells_agree(vange, under_fives):
    rows = vange.tables["residence"]
    known = rows[rows.received_on <= "2025-09-01"].sort_values("received_on", kind="stable")
    last = known.drop_duplicates(["person_id", "household_id", "moved_in"], keep="last")
    live = last[(last.moved_in <= "2025-09-01") & (last.moved_out.isna() | (last.moved_out > "2025-09-01"))]
    ward = vange.tables["households"].set_index("household_id").ward_code
    in_vange = live[live.household_id.map(ward) == VANGE]
    assert under_fives.person_id.isin(in_vange.person_id).all()


def test_one_in_six_of_them_is_poor(vange, under_fives):
    family = vange.truth["children"].set_index("person_id").family
    poor = vange.truth["families"].set_index("family").poverty
    assert under_fives.person_id.map(family).map(poor).sum() == round(0.161 * 812)


def test_vange_is_more_disadvantaged_and_more_often_rents_from_the_council(vange):
    families = vange.truth["families"]
    here = families[families.ward_code == VANGE]
    assert here.z.mean() == pytest.approx(0.55, abs=0.06)
    assert (here.tenure == "social_rent").mean() == pytest.approx(0.37, abs=0.04)
    years = vange.truth["family_years"].merge(here[["family"]], on="family")
    recorded = (years.recorded[years.under_five] > 0).mean()
    assert 0.05 < recorded < 0.09


def test_a_county_too_small_for_812_has_its_share(tmp_path):
    pipelines.synthetic.make_county(tmp_path / "extracts", children=1_500, truth=tmp_path / "truth")
    people = pd.read_parquet(tmp_path / "extracts" / "people.parquet")
    assert 0.01 < (people.ward_code == VANGE).mean() < 0.2


def test_the_geography_is_basildon_before_2024():
    with (GEOGRAPHY / "basildon_lsoa.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len({row["lsoa_code"] for row in rows}) == 110
    assert {row["ward_code"] for row in rows} == {f"E050040{k}" for k in range(21, 37)}
    assert {row["ward_name"] for row in rows if row["ward_code"] == VANGE} == {"Vange"}
    assert sum(int(row["under_fives"]) for row in rows if row["ward_code"] == VANGE) == 789
    assert "Open Government Licence v3.0" in (GEOGRAPHY / "PROVENANCE.md").read_text(encoding="utf-8")


def test_spread_deciles_hold_a_tenth_of_families_each():
    places = load_places(Place(deciles="spread"), None)
    shares = np.array([places.weight[places.decile == k].sum() for k in range(1, 11)])
    assert np.abs(shares - 0.1).max() < 0.02
    assert places.area @ places.weight == pytest.approx(0, abs=0.01)


def test_real_deciles_are_those_of_the_file():
    places = load_places(Place(deciles="real"), None)
    assert set(places.decile[places.story]) == {1, 2, 3}
    assert places.weight.sum() == pytest.approx(1)


def test_a_share_for_the_story_ward_is_kept():
    places = load_places(Place(), 0.105)
    assert places.weight[places.story].sum() == pytest.approx(0.105)


def test_moving_home_keeps_the_spread_of_neighbourhoods_and_its_link_with_disadvantage():
    rng, places = np.random.default_rng(3), load_places(Place(), None)
    z = rng.standard_normal(40_000)
    before = places.at(0.45 * z + np.sqrt(1 - 0.45**2) * rng.standard_normal(len(z)))
    after = places.near(rng, before, z, Place())
    assert np.corrcoef(z, places.area[after])[0, 1] == pytest.approx(0.44, abs=0.03)
    assert places.area[after].std() == pytest.approx(1, abs=0.05)
