"""The optimism gap finds siblings on both sides where they help, and nothing where they do not."""

import numpy as np
import pandas as pd
import pytest

from riskmodel import has, latest
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.optimism import optimism_gap
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train

DATES = ("2021-09-01", "2022-09-01", "2023-09-01")
HOMES = [f"home {n}" for n in range(250)]


def siblings(spread: float, seed: int = 4) -> DesignMatrix:
    """Nine brothers and sisters a home, whose name is known; `spread` is how far apart homes are."""
    rng = np.random.default_rng(seed)
    home = np.tile(np.repeat(np.arange(len(HOMES)), 3), len(DATES))
    n = len(home)
    late = (rng.random(n) < 0.3).astype(float)
    linear = -1 + 0.7 * late + spread * rng.normal(size=len(HOMES))[home]
    return DesignMatrix(
        X=pd.DataFrame({"late": late, "home": pd.Categorical.from_codes(home, HOMES)}),
        y=pd.Series((rng.random(n) < 1 / (1 + np.exp(-linear))).astype(float)),
        keys=pd.Series([f"c{i:05d}" for i in range(n)]),
        as_of=pd.Series(pd.to_datetime(np.repeat(DATES, n // len(DATES)))),
        component=pd.Series(home, dtype="int64"), audit=pd.DataFrame(index=range(n)),
        area=pd.Series(["Unknown"] * n), manifest={"digest": "d" * 64, "warehouse_digest": "w" * 64},
    )  # fmt: skip


def gap_of(spread: float, prototype_of):
    people = prototype_of().outcome.source
    prototype = prototype_of(
        features=[
            has(people, "late", "something came late", where="flag"),
            latest(people, "home", "of the home", value="tenure", levels=HOMES),
        ]
    )
    matrix = siblings(spread)
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
