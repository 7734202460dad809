"""Tuning inside a fold: nothing but the fold's own training rows decides, and households stay whole inside it too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.modelling import nested
from riskmodel.modelling.estimators import BOOSTING, LOGISTIC
from riskmodel.modelling.nested import fit_nested, sample_of
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.tuning import tune


def panel(matrix):
    """The same households every year."""
    n = len(matrix) // matrix.as_of.nunique()
    return replace(matrix, component=pd.Series(np.tile(np.arange(n) // 2, matrix.as_of.nunique()), dtype="int64"))


@pytest.mark.parametrize("family", [LOGISTIC, BOOSTING])
@pytest.mark.parametrize("same_homes", [False, True])
def test_rows_outside_the_training_rows_change_nothing(matrix_of, prototype, family, same_homes):
    matrix = panel(matrix_of(400)) if same_homes else matrix_of(400)
    split = split_for(matrix, prototype)
    outside = np.setdiff1d(np.arange(len(matrix)), split.fit)
    y, x = matrix.y.copy(), matrix.X.copy()
    y.iloc[outside] = 1 - y.iloc[outside]
    x.loc[outside, ["visits", "score"]] = 50.0
    other = replace(matrix, y=y, X=x)
    sample = sample_of(matrix, prototype)
    found = [
        fit_nested(family, sample_of(one, prototype), one, prototype, split).predict(sample.values[split.test])
        for one in (matrix, other)
    ]
    assert found[0] == pytest.approx(found[1], abs=0)


@pytest.mark.parametrize("same_homes", [False, True])
def test_inner_folds_are_of_training_rows_and_never_cut_a_household_or_look_ahead(
    matrix_of, prototype, monkeypatch, same_homes
):
    matrix = panel(matrix_of(400)) if same_homes else matrix_of(400)
    split = split_for(matrix, prototype)
    seen = []

    def watched(family, sample, folds, *args, **kwargs):
        seen.extend(folds)
        return tune(family, sample, folds, *args, **kwargs)

    monkeypatch.setattr(nested, "tune", watched)
    fit_nested(LOGISTIC, sample_of(matrix, prototype), matrix, prototype, split)
    assert seen
    component, days = matrix.component.to_numpy(), matrix.as_of
    for fold in seen:
        assert set(fold.fit) | set(fold.judge) <= set(split.train)
        assert not set(component[fold.fit]) & set(component[fold.judge])
        if not same_homes:  # whole cohorts: each judged by what was known when it began
            known_by = days.iloc[fold.fit].max() + pd.DateOffset(months=12)
            assert known_by <= days.iloc[fold.judge].min()
