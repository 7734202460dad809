"""No household, and no stretch of time, is on both sides; nothing is dropped without being counted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import ModelError
from riskmodel.modelling import splits
from riskmodel.modelling.splits import (
    Split,
    split_at_random,
    split_by_household,
    split_by_household_and_time,
    split_for,
)
from riskmodel.periods import months, years


def rows(*cases: tuple[str, int, float]) -> DesignMatrix:
    """Make a matrix of (as-of date, household, outcome)."""
    days, households, outcomes = zip(*cases, strict=True)
    n = len(cases)
    return DesignMatrix(
        X=pd.DataFrame({"visits": np.arange(n, dtype=float)}), y=pd.Series(outcomes, dtype=float),
        keys=pd.Series([f"k{i}" for i in range(n)]), as_of=pd.Series(pd.to_datetime(days)),
        component=pd.Series(households, dtype="int64"), audit=pd.DataFrame(index=range(n)), area=pd.Series(["A"] * n),
    )  # fmt: skip


def everything(split: Split) -> int:
    return len(split.train) + len(split.calibrate) + len(split.test) + sum(split.dropped.values())


def test_a_sibling_in_the_test_takes_the_household_out_of_training() -> None:
    many = [("2020-09-01", household, household % 2) for household in range(10, 20)]
    matrix = rows(*many, ("2020-09-01", 1, 1), ("2023-09-01", 1, 0), ("2023-09-01", 2, 1))
    split = split_by_household_and_time(matrix, [date(2020, 9, 1)], [date(2023, 9, 1)], years(2))
    assert 10 not in split.train
    assert split.test.tolist() == [11, 12]
    assert split.dropped == {splits.KEPT_FOR_TEST: 1}
    assert everything(split) == len(matrix)


@pytest.mark.parametrize(
    ("trained", "embargoed"),
    [("2021-09-01", False), ("2021-09-02", True), ("2022-09-01", True), ("2020-09-01", False)],
)
def test_a_training_window_may_end_on_the_first_test_date_and_no_later(trained: str, embargoed: bool) -> None:
    matrix = rows(("2019-01-01", 1, 1), ("2019-01-01", 2, 0), (trained, 3, 1), ("2023-09-01", 4, 0))
    training_dates = [date(2019, 1, 1), date.fromisoformat(trained)]
    split = split_by_household_and_time(matrix, training_dates, [date(2023, 9, 1)], years(2))
    assert (2 not in split.train) == embargoed
    assert split.dropped == ({splits.EMBARGOED: 1} if embargoed else {})


def test_rows_without_an_outcome_or_at_other_dates_are_counted_out() -> None:
    matrix = rows(("2020-09-01", 1, 1), ("2020-09-01", 2, np.nan), ("2018-09-01", 3, 1), ("2023-09-01", 4, 0))
    split = split_by_household_and_time(matrix, [date(2020, 9, 1)], [date(2023, 9, 1)], years(2))
    assert split.dropped == {splits.UNLABELLED: 1, splits.OTHER_DATE: 1}
    assert everything(split) == len(matrix)


def test_calibration_rows_are_the_latest_training_rows_and_are_not_trained_on_twice() -> None:
    matrix = rows(("2020-09-01", 1, 1), ("2021-09-01", 2, 0), ("2023-09-01", 3, 1))
    days = [date(2020, 9, 1), date(2021, 9, 1)]
    split = split_by_household_and_time(matrix, days, [date(2023, 9, 1)], years(2), days[1:])
    assert (split.train.tolist(), split.calibrate.tolist(), split.fit.tolist()) == ([0], [1], [0, 1])


def panel(households: int = 200) -> DesignMatrix:
    return rows(*[(f"{year}-09-01", h, (h + year) % 2) for year in (2021, 2022, 2023) for h in range(households)])


def test_a_panel_deals_its_households_out_and_says_so() -> None:
    matrix = panel()
    days = [date(2021, 9, 1), date(2022, 9, 1)]
    split = split_by_household_and_time(matrix, days, [date(2023, 9, 1)], months(12))
    component = matrix.component.to_numpy()
    assert not set(component[split.fit]) & set(component[split.test])
    assert (len(split.test), len(split.train)) == (100, 200)
    assert split.dropped == {splits.KEPT_FOR_TEST: 200, splits.KEPT_FOR_TRAINING: 100}
    assert "100% of the training rows" in split.note
    again = split_by_household_and_time(matrix, days, [date(2023, 9, 1)], months(12))
    assert again.test.tolist() == split.test.tolist()


def test_an_empty_side_is_an_error_that_says_where_the_rows_went() -> None:
    matrix = rows(("2022-09-01", 1, 1), ("2023-09-01", 2, 0))
    with pytest.raises(ModelError, match=r"no training row is left at 2022-09-01 \(1 outcome window reaches past"):
        split_by_household_and_time(matrix, [date(2022, 9, 1)], [date(2023, 9, 1)], years(2))


def test_a_calibration_date_must_be_a_training_date() -> None:
    with pytest.raises(ModelError, match="2019-09-01 are no training dates"):
        split_by_household_and_time(
            rows(("2020-09-01", 1, 1)), [date(2020, 9, 1)], [date(2023, 9, 1)], years(2), [date(2019, 9, 1)]
        )


def test_the_prototypes_own_split(matrix: DesignMatrix, prototype) -> None:
    summary = split_for(matrix, prototype).summary(matrix)
    assert [summary[part]["n"] for part in ("train", "calibrate", "test")] == [2400, 1200, 1200]
    assert summary["calibrate"]["as_of"] == ["2022-09-01"]
    assert summary["test"]["households"] == 600


@pytest.mark.parametrize("deal", [split_at_random, split_by_household])
def test_the_optimistic_splits_have_the_honest_sizes_and_lose_no_row_uncounted(deal) -> None:
    matrix = panel()
    days = [date(2021, 9, 1), date(2022, 9, 1)]
    honest = split_by_household_and_time(matrix, days, [date(2023, 9, 1)], months(12), days[1:])
    other = deal(matrix, honest, seed=3)
    for part in ("train", "calibrate", "test"):
        assert abs(len(getattr(other, part)) - len(getattr(honest, part))) <= 6, "cut only between households"
    assert everything(other) == len(matrix)
    drawn = np.concatenate([other.train, other.calibrate, other.test])
    assert len(set(drawn)) == len(drawn)


def test_only_the_random_split_breaks_households() -> None:
    matrix = panel()
    days = [date(2021, 9, 1), date(2022, 9, 1)]
    honest = split_by_household_and_time(matrix, days, [date(2023, 9, 1)], months(12))
    component = matrix.component.to_numpy()

    def shared(split: Split) -> int:
        return len(set(component[split.fit]) & set(component[split.test]))

    assert shared(split_by_household(matrix, honest)) == 0
    assert shared(split_at_random(matrix, honest)) > 20
