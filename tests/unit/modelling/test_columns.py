"""Data fit a model exactly, in any column order, or one error says everything that does not fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from riskmodel.errors import ModelError
from riskmodel.modelling.columns import ModelFeature, encode, take

FEATURES = (
    ModelFeature("visits", "number"),
    ModelFeature("late", "flag"),
    ModelFeature("tenure", "category", levels=("owner", "private")),
)


def table(**changes: object) -> pd.DataFrame:
    plain: dict[str, object] = {"visits": [1.0, np.nan], "late": [0.0, 1.0], "tenure": ["owner", None]}
    return pd.DataFrame({**plain, **changes})


def test_the_order_of_columns_does_not_matter() -> None:
    right = encode(take(table(), FEATURES, strict=True), FEATURES)
    mixed = encode(take(table()[["tenure", "visits", "late"]], FEATURES, strict=True), FEATURES)
    np.testing.assert_array_equal(right, mixed)
    np.testing.assert_array_equal(right, [[1, 0, 0], [np.nan, 1, np.nan]])


def test_category_dtype_with_other_levels_is_read_by_its_text() -> None:
    swapped = pd.Categorical(["owner", "private"], categories=["private", "owner"])
    assert encode(take(table(tenure=swapped), FEATURES, strict=True), FEATURES)[:, 2].tolist() == [0, 1]


def test_an_area_never_seen_is_allowed_and_counts_as_missing() -> None:
    area = (ModelFeature("area", "area", levels=("North", "South")),)
    given = pd.DataFrame({"area": ["South", "West", "Unknown"]})
    np.testing.assert_array_equal(encode(take(given, area, strict=True), area)[:, 0], [1, np.nan, np.nan])


def test_one_error_names_everything_that_does_not_fit() -> None:
    wrong = table(tenure=["owner", "castle"], late=[0.5, np.inf], visit=[1, 2]).drop(columns="visits")
    with pytest.raises(ModelError) as caught:
        take(wrong, FEATURES, strict=True)
    said = str(caught.value)
    for part in (
        "column 'visits' is missing", "column 'visit' is not known", "'late' is infinite in 1 row(s)",
        "'late' is neither yes nor no in 2 row(s)", "'tenure' has a level that is none of owner, private in 1 row(s)",
        "The nearest right name is 'visit'",
    ):  # fmt: skip
        assert part in said
    assert "castle" not in said, "a person's value is never in a message"


def test_text_where_a_number_is_expected() -> None:
    with pytest.raises(ModelError, match="'visits' holds something other than numbers"):
        take(table(visits=["many", "few"]), FEATURES, strict=True)


def test_a_baseline_takes_what_it_needs_and_leaves_the_rest() -> None:
    assert take(table(other=[1, 2]), FEATURES[:1], strict=False).columns.tolist() == ["visits"]


def test_a_feature_survives_being_written_down() -> None:
    feature = ModelFeature("tenure", "category", "of the tenure", ("a", "b"), None, "Housing", "home", "audit", 0.25)
    assert ModelFeature.from_plain(feature.plain()) == feature
