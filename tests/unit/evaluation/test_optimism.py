"""The optimism gap finds siblings, and cohorts, on both sides where they help, and nothing where they do not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel import has, latest
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.optimism import optimism_gap
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train

DATES = ("2021-09-01", "2022-09-01", "2023-09-01")
HOMES = [f"home {n}" for n in range(70)]
EACH = (
    15  # a year in each home: a term of the model rests on at least ten cases of training, however they are dealt out
)


def siblings(spread: float, seed: int = 4, years: tuple[float, ...] = (0.0, 0.0, 0.0)) -> DesignMatrix:
    """Children of one home, whose name is known; `spread` is how far apart homes are.

    `years` raises the log-odds of each cohort; a feature says which cohort it is.
    """
    rng = np.random.default_rng(seed)
    home = np.tile(np.repeat(np.arange(len(HOMES)), EACH), len(DATES))
    n = len(home)
    late = (rng.random(n) < 0.3).astype(float)
    cohort = np.repeat(np.arange(len(DATES)), n // len(DATES))
    linear = -1 + 0.7 * late + spread * rng.normal(size=len(HOMES))[home] + np.array(years)[cohort]
    return DesignMatrix(
        X=pd.DataFrame({"late": late, "home": pd.Categorical.from_codes(home, HOMES),
            "cohort": pd.Categorical.from_codes(cohort, list(DATES))}),
        y=pd.Series((rng.random(n) < 1 / (1 + np.exp(-linear))).astype(float)),
        keys=pd.Series([f"c{i:05d}" for i in range(n)]),
        as_of=pd.Series(pd.to_datetime(np.repeat(DATES, n // len(DATES)))),
        component=pd.Series(home, dtype="int64"), audit=pd.DataFrame(index=range(n)),
        area=pd.Series(["Unknown"] * n), manifest={"digest": "d" * 64, "warehouse_digest": "w" * 64},
    )  # fmt: skip


def gap_of(spread: float, prototype_of, years: tuple[float, ...] = (0.0, 0.0, 0.0)):
    people = prototype_of().outcome.source
    told = ("cohort", DATES) if any(years) else ("home", HOMES)
    prototype = prototype_of(
        features=[
            has(people, "late", "something came late", where="flag"),
            latest(people, told[0], f"of the {told[0]}", value="tenure", levels=list(told[1])),
        ]
    )
    matrix = siblings(spread, years=years)
    matrix = replace(matrix, X=matrix.X[["late", told[0]]])
    split = split_for(matrix, prototype)
    training = train(matrix, prototype, split, families=["logistic"])
    return optimism_gap(training, matrix, prototype, split, resamples=100, seed=0)


def test_a_model_that_remembers_families_is_found_out(prototype_of):
    found = gap_of(1.2, prototype_of)
    gap = found["random - household"]
    assert gap.value > 0.08
    assert gap.low > 0.03
    assert gap.value == pytest.approx(found["random"].value - found["household"].value)
    assert found["household"].value < 0.65 < found["random"].value


def test_where_families_are_alike_there_is_no_gap(prototype_of):
    # A model that remembers homes whose risks do not differ remembers chance alone, which can only cost.
    gap = gap_of(0.0, prototype_of)["random - household"]
    assert gap.low < 0
    assert gap.value < 0.02


def test_a_model_that_knows_the_level_of_each_cohort_is_found_out(prototype_of):
    # With cases of a year on both sides, the year's own level is learnt; nobody knows it of a year to come.
    found = gap_of(0.0, prototype_of, years=(-1.5, 0.0, 1.5))
    assert found["household - honest"].low > 0.05
    assert abs(found["random - household"].value) < 0.03
    assert gap_of(0.0, prototype_of)["household - honest"].low < 0
