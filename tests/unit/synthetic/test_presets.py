"""What each preset promises, and what a wrong one is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic import PRESETS, make_county
from riskmodel.errors import DeclarationError


def truth_of(tmp_path, preset, children):
    make_county(tmp_path / "extracts", preset=preset, children=children, truth=tmp_path / "truth")
    children_ = pd.read_parquet(tmp_path / "truth" / "children.parquet")
    families = pd.read_parquet(tmp_path / "truth" / "families.parquet").set_index("family")
    years = pd.read_parquet(tmp_path / "truth" / "family_years.parquet").join(families, on="family")
    return children_.join(families, on="family"), years


def test_names():
    assert list(PRESETS) == ["england_like", "essex_like", "vange_ward", "no_signal", "label_bias_only", "tiny"]


def test_tiny_has_162_children_however_many_are_asked_for(tmp_path):
    children, _ = truth_of(tmp_path, "tiny", 20_000)
    assert len(children) == 162


def test_any_number_of_children_is_met_exactly(tmp_path):
    children, _ = truth_of(tmp_path, "essex_like", 1_234)
    assert len(children) == 1_234


def test_without_signal_no_outcome_follows_from_anything(tmp_path):
    children, years = truth_of(tmp_path, "no_signal", 12_000)
    known = children[children.good_level.notna()]
    good = known.good_level.astype(float)
    assert 0.6 < good.mean() < 0.75
    for name in ("need", "z", "asq_latent", "male", "free_meals", "abuse_exposed", "education", "area"):
        assert abs(good.corr(known[name].astype(float))) < 3.5 / np.sqrt(len(known)), name
    recorded = (years.recorded > 0).astype(float)
    for name in ("z", "u", "lone", "mental_health", "substance"):
        assert abs(recorded.corr(years[name].astype(float))) < 3.5 / np.sqrt(len(years)), name
    again = years.sort_values("year_from").groupby("family").recorded.shift(1)
    assert abs(recorded.corr(again)) < 3.5 / np.sqrt(len(years))


def test_only_the_label_is_biased(tmp_path):
    _, years = truth_of(tmp_path, "label_bias_only", 20_000)
    true = years.groupby("ethnic_group").active.agg(["mean", "size"])
    told = years[years.active].groupby("ethnic_group").recorded.apply(lambda r: (r > 0).mean())
    families = years.family.nunique() * true["size"] / len(years)
    wide = 4 * np.sqrt(true["mean"] * (1 - true["mean"]) / families)
    assert (abs(true["mean"] - true.loc["White", "mean"]) < wide).all(), true
    assert told["Asian"] < 0.88 * told["White"]


def test_essex_has_the_essex_mix(tmp_path):
    children, _ = truth_of(tmp_path, "essex_like", 6_000)
    shares = children.ethnic_group.value_counts(normalize=True)
    assert shares["White"] == pytest.approx(0.86, abs=0.02)
    assert shares["Asian"] == pytest.approx(0.04, abs=0.015)


def test_an_unknown_preset_is_told_the_nearest(tmp_path):
    with pytest.raises(DeclarationError, match=r"no preset 'vange'.*nearest right name is 'vange_ward'"):
        make_county(tmp_path / "a", preset="vange", truth=tmp_path / "b")
    assert not (tmp_path / "a").exists()


def test_no_children_is_refused(tmp_path):
    with pytest.raises(DeclarationError, match="number of children is not positive"):
        make_county(tmp_path / "a", children=0, truth=tmp_path / "b")


@pytest.mark.parametrize(("out", "truth"), [("a", "a"), ("a", "a/truth"), ("a/extracts", "a")])
def test_the_truth_lies_apart(tmp_path, out, truth):
    with pytest.raises(DeclarationError, match="overlap"):
        make_county(tmp_path / out, preset="tiny", truth=tmp_path / truth)
