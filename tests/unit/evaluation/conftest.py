"""A small invented world: cases in households, a model with a known truth, an attribute with small groups."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodel import Cohort, Outcome, Output, Prototype, Source, at_least, better_than, has, latest, months
from riskmodel.declare import group_gap_at_most
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.modelling.train import train

DATES = (date(2021, 9, 1), date(2022, 9, 1), date(2023, 9, 1))

people = Source(
    "people", "Invented people", partner="Register", agreement="ISP-001", key="person_id", happened="seen_on",
    columns={"n": int, "flag": bool, "points": float, "tenure": str, "sex": str, "area": str, "background": str},
)  # fmt: skip


def make_prototype(**changes) -> Prototype:
    settings = {
        "cohort": Cohort("Everybody", people, area="area"),
        "outcome": Outcome(
            people, "bad_end", "It ended badly", where="flag", within=months(12), no_record="negative"
        ),
        "features": [
            latest(people, "visits", "there were more visits", value="n", direction="+", theme="contact"),
            has(people, "late", "something came late", where="flag", direction="+"),
            latest(people, "score", "the test score was lower", value="points", direction="-"),
            latest(people, "tenure", "of the home's tenure", value="tenure", levels=["owner", "private", "social"]),
        ],
        "audit": [
            latest(people, "sex", "sex", value="sex", levels=["F", "M"], protected=True),
            latest(people, "group", "group", value="background", levels=["a", "b", "c"], protected=True),
        ],
        "success": [
            at_least("auroc", 0.65),
            better_than("area rate"),
            at_least("recall", 0.3),
            group_gap_at_most("sex", "tpr", 0.3),
        ],
        "capacity": 0.15, "output": Output.INDIVIDUAL, "use": "An offer of help", "never": "Sanctions",
        "owner": "Early Help", "expires": months(12), "train_as_of": DATES[:2], "test_as_of": DATES[2:],
        "calibrate_as_of": DATES[1:2], "score_as_of": date(2024, 9, 1), "baseline_flag": "late",
        "current_rule": "late",
    } | changes  # fmt: skip
    return Prototype("invented", "Who is at risk?", **settings)


def make_matrix(n: int = 900, seed: int = 1, *, signal: float = 1.0) -> DesignMatrix:
    """`n` cases a date; risk follows visits, late and score with the strength `signal`."""
    rng = np.random.default_rng(seed)
    total = n * len(DATES)
    visits, score = rng.poisson(1.0, total).astype(float), rng.normal(size=total)
    late = (rng.random(total) < 0.3).astype(float)
    tenure = rng.choice(3, total, p=[0.6, 0.25, 0.15])
    effect = signal * (0.8 * (visits - 1) + 0.9 * late - 0.6 * score + 0.5 * (tenure == 2))
    y = (rng.random(total) < 1 / (1 + np.exp(-(effect - 1)))).astype(float)
    group = rng.choice(4, total, p=[0.6, 0.35, 0.03, 0.02])
    return DesignMatrix(
        X=pd.DataFrame({
            "visits": visits, "late": late, "score": pd.Series(score).mask(rng.random(total) < 0.1),
            "tenure": pd.Categorical.from_codes(tenure, ["owner", "private", "social"]),
        }),
        y=pd.Series(y), keys=pd.Series([f"c{i:06d}" for i in range(total)]),
        as_of=pd.Series(pd.to_datetime(np.repeat([str(d) for d in DATES], n))),
        component=pd.Series(np.arange(total) // 2, dtype="int64"),
        audit=pd.DataFrame({
            "sex": pd.Categorical(rng.choice(["F", "M"], total), ["F", "M", "Unknown"]),
            "group": pd.Categorical.from_codes(group, ["a", "b", "c", "Unknown"]),
        }),
        area=pd.Series(rng.choice(["North", "South", "East"], total)),
        manifest={"digest": "d" * 64, "warehouse_digest": "w" * 64, "data_is_invented": True},
    )  # fmt: skip


@pytest.fixture(scope="session")
def prototype():
    return make_prototype()


@pytest.fixture(scope="session")
def matrix():
    return make_matrix()


@pytest.fixture(scope="session")
def matrix_of():
    return make_matrix


@pytest.fixture(scope="session")
def prototype_of():
    return make_prototype


@pytest.fixture(scope="session")
def training(matrix, prototype):
    return train(matrix, prototype)
