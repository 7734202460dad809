"""The truth explains the extracts and is nowhere in them."""

from __future__ import annotations

import json

import pandas as pd
import pytest


def test_every_child_and_household_of_the_extracts_is_known_to_the_truth(vange):
    children, homes = vange.truth["children"], vange.truth["homes"]
    assert set(vange.tables["births"].person_id) <= set(children.person_id)
    assert set(vange.tables["households"].household_id) <= set(homes.household_id)


def test_profiles_are_those_of_the_truth(vange):
    both = vange.tables["eyfsp"].merge(vange.truth["children"], on="person_id", suffixes=("", "_true"))
    assert (both.good_level == both.good_level_true).all()
    assert (both.academic_year == both.academic_year_true).all()


def test_a_good_level_is_the_first_twelve_goals(vange):
    profiles = vange.tables["eyfsp"]
    first = profiles[["lau", "spk", "sr", "ms", "br", "gm", "fm", "comp", "wr", "wri", "num", "np"]].astype(str)
    assert (first.isin(["2", "3"]).all(axis=1) == profiles.good_level).all()
    goals = profiles.loc[:, "lau":"bie"].astype(str)
    assert set(goals[profiles.framework.astype(str) == "2021"].stack()) == {"1", "2", "A"}
    assert set(goals[profiles.framework.astype(str) == "2012"].stack()) == {"1", "2", "3", "A"}


def test_nothing_hidden_is_in_an_extract(vange):
    hidden = {"z", "u", "asq_latent", "latent", "active", "poverty", "abuse_exposed", "programme_exposed", "family"}
    for name, table in vange.tables.items():
        assert not hidden & set(table.columns), name


def test_help_does_good_and_only_to_those_who_get_it(vange):
    children = vange.truth["children"].dropna(subset=["good_level"])
    with_help, without = children.good_level.astype(bool), children.good_level_without_help.astype(bool)
    assert (with_help >= without).all()
    contacted = vange.truth["outreach"].dropna(subset=["contacted_on"]).person_id
    helped = children.programme_exposed | children.person_id.isin(contacted)
    assert (with_help == without)[~helped].all()
    assert (with_help & ~without)[children.programme_exposed].mean() == pytest.approx(0.05, abs=0.035)
    assert set(children.academic_year[children.programme_exposed]) <= {2024, 2025}


def test_outreach_reaches_some_of_those_it_is_offered(vange):
    outreach = vange.truth["outreach"]
    assert 0.3 < outreach.contacted_on.notna().mean() < 0.5
    assert pd.to_datetime(outreach.contacted_on).min() >= pd.Timestamp("2021-09-01")


def test_incidents_come_only_from_years_of_abuse(vange):
    years = vange.truth["family_years"]
    assert (years.incidents[~years.active] == 0).all()
    assert (years.recorded <= years.incidents).all()


def test_the_parameters_are_kept_with_the_truth(vange):
    kept = json.loads((vange.folder / "truth" / "parameters.json").read_text(encoding="utf-8"))
    assert kept["preset"] == "vange_ward"
    assert kept["children"] == 10_000
    assert kept["parameters"]["abuse"]["recorded"][1] == 0.07
