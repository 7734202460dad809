"""Folds for tuning go forward in time where they can, and never break a household."""

from __future__ import annotations

import numpy as np

from riskmodel.modelling.folds import household_folds, tuning_folds
from riskmodel.periods import months, years


def test_household_folds_are_even_and_whole() -> None:
    component = np.random.default_rng(0).integers(0, 300, 1000)
    rows = np.arange(1000)[::2]
    folds = household_folds(rows, component)
    assert sorted(np.concatenate([fold.judge for fold in folds])) == rows.tolist()
    assert max(len(f.judge) for f in folds) - min(len(f.judge) for f in folds) <= 5
    for fold in folds:
        assert not set(component[fold.fit]) & set(component[fold.judge])
        assert sorted([*fold.fit, *fold.judge]) == rows.tolist()


def test_one_household_makes_no_fold() -> None:
    assert household_folds(np.arange(5), np.zeros(5, dtype=np.int64)) == ()


def test_forward_folds_judge_later_cohorts_with_those_known_by_then(matrix) -> None:
    rows = np.flatnonzero(matrix.as_of < "2023-01-01")
    folds, how = tuning_folds(matrix, rows, months(12))
    assert "known before it" in how
    assert len(folds) == 2
    for fold in folds:
        assert matrix.as_of.iloc[fold.fit].max() < matrix.as_of.iloc[fold.judge].min()


def test_a_longer_outcome_window_needs_an_older_cohort(matrix) -> None:
    rows = np.flatnonzero(matrix.as_of < "2023-01-01")
    folds, _ = tuning_folds(matrix, rows, years(2))
    assert len(folds) == 1
    assert set(matrix.as_of.iloc[folds[0].fit].dt.year) == {2020}
    assert set(matrix.as_of.iloc[folds[0].judge].dt.year) == {2022}


def test_a_single_date_falls_back_to_households(matrix) -> None:
    rows = np.flatnonzero(matrix.as_of == "2020-09-01")
    folds, how = tuning_folds(matrix, rows, months(12))
    assert how == "5 folds of whole households"
    assert len(folds) == 5


def test_a_panel_falls_back_to_households(matrix_of) -> None:
    from dataclasses import replace

    import pandas as pd

    plain = matrix_of(300)
    same = replace(plain, component=pd.Series(np.tile(np.arange(300), 4)))
    _, how = tuning_folds(same, np.flatnonzero(same.as_of < "2023-01-01"), months(12))
    assert how == "5 folds of whole households"


def test_too_few_events_give_no_folds(matrix_of) -> None:
    tiny = matrix_of(30)
    folds, how = tuning_folds(tiny, np.arange(30), months(12))
    assert folds == ()
    assert "default settings" in how
