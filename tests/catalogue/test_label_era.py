"""The profile of 2021: cohorts of the old framework and of the new one are not learnt from and judged on together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.sources.schools import eyfsp
from pipelines.school_readiness import school_readiness
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.checks.eras import OUTCOME_CHANGED
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.context import Context
from riskmodel.modelling.splits import Split

#: What a county holds: nobody was assessed in 2020 and 2021.
MONTHLY = {f"{year}-06": 1500 for year in (2018, 2019, 2022, 2023, 2024, 2025)}


def judged(train: tuple[int, ...], test: tuple[int, ...], monthly: dict[str, int]) -> tuple[str, str]:
    years = np.repeat([*train, *test], 5)
    n = len(years)
    matrix = DesignMatrix(
        X=pd.DataFrame(index=range(n)), y=pd.Series(np.zeros(n)), keys=pd.Series(map(str, range(n))),
        as_of=pd.Series(pd.to_datetime([f"{year}-09-01" for year in years])), component=pd.Series(range(n)),
        audit=pd.DataFrame(index=range(n)), area=pd.Series(["ward"] * n),
    )  # fmt: skip
    learnt = np.arange(5 * len(train))
    split = Split(learnt, learnt[:0], np.arange(5 * len(train), n))
    declared = replace(
        school_readiness, test_as_of=tuple(date(y, 9, 1) for y in test), calibrate_as_of=(), validate_as_of=(),
        train_as_of=tuple(date(y, 9, 1) for y in train), score_as_of=date(2025, 9, 1),
    )  # fmt: skip
    warehouse = {"sources": {"eyfsp": {"monthly": monthly}}}
    context = Context(None, matrix, declared, split, None, warehouse)
    found = OUTCOME_CHANGED.run(Examined(context))
    return found.status, found.severity


def test_the_reform_is_declared_where_the_profile_is() -> None:
    assert eyfsp.breaks == (date(2021, 9, 1),)


@pytest.mark.parametrize(
    ("train", "test", "expected"),
    [
        ((2020, 2021), (2023,), ("passed", "error")),
        ((2016, 2017), (2023,), ("found", "error")),
        ((2016,), (2020,), ("found", "error")),
        ((2016, 2020), (2022,), ("found", "error")),
    ],
)
def test_frameworks_are_not_mixed(train: tuple[int, ...], test: tuple[int, ...], expected: tuple[str, str]) -> None:
    assert judged(train, test, MONTHLY) == expected


def test_an_assessment_in_2021_would_have_been_of_the_old_framework() -> None:
    assert judged((2020, 2021), (2023,), MONTHLY | {"2021-06": 1400})[0] == "found"
