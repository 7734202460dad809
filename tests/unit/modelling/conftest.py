"""Small matrices with a known truth, and a prototype to train on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodel import Cohort, Outcome, Output, Prototype, Source, at_least, has, latest, months
from riskmodel.engine.matrix import DesignMatrix

DATES = (date(2020, 9, 1), date(2021, 9, 1), date(2022, 9, 1), date(2023, 9, 1))
TRUTH = {"visits": 0.8, "late": 0.9, "score": -0.6}

people = Source(
    "people", "Invented people", partner="Register", agreement="ISP-001", key="person_id", happened="seen_on",
    columns={"n": int, "flag": bool, "points": float, "tenure": str, "sex": str, "area": str},
)  # fmt: skip


def _prototype() -> Prototype:
    return Prototype(
        name="invented", question="Who is at risk?",
        cohort=Cohort("Everybody", people, area="area"),
        outcome=Outcome(people, "bad_end", "It ended badly", where="flag", within=months(12), no_record="negative"),
        features=[
            latest(people, "visits", "there were more visits", value="n", direction="+", theme="contact"),
            has(people, "late", "something came late", where="flag", direction="+"),
            latest(people, "score", "the score was lower", value="points", direction="-"),
            latest(people, "age_in_months", "the child is older", value="n"),
            latest(people, "tenure", "of the home's tenure", value="tenure", levels=["owner", "private", "social"]),
        ],
        audit=[latest(people, "sex", "sex", value="sex", levels=["F", "M"], protected=True)],
        success=[at_least("auroc", 0.65)], capacity=0.2, output=Output.INDIVIDUAL, use="An offer of help",
        never="Sanctions", owner="Early Help", expires=months(12), train_as_of=DATES[:3], test_as_of=DATES[3:],
        calibrate_as_of=DATES[2:3], score_as_of=date(2024, 9, 1), baseline_flag="late", current_rule="late",
    )  # fmt: skip


@pytest.fixture(scope="session")
def prototype() -> Prototype:
    return _prototype()


def make_matrix(
    n: int = 1200, seed: int = 1, *, signal: float = 1.0, intercept: float = -1.0, per_household: int = 2
) -> DesignMatrix:
    """Return `n` cases a date whose log-odds are `intercept` plus `signal` times the effects in TRUTH."""
    rng = np.random.default_rng(seed)
    total = n * len(DATES)
    visits, score = rng.poisson(1.0, total).astype(float), rng.normal(size=total)
    late = (rng.random(total) < 0.3).astype(float)
    tenure = pd.Categorical.from_codes(rng.choice(3, total, p=[0.6, 0.25, 0.15]), ["owner", "private", "social"])
    effect = TRUTH["visits"] * (visits - 1) + TRUTH["late"] * late + TRUTH["score"] * score
    effect = effect + 0.5 * (np.asarray(tenure.codes) == 2)
    y = (rng.random(total) < 1 / (1 + np.exp(-(intercept + signal * effect)))).astype(float)
    seen = pd.Series(score).mask(rng.random(total) < 0.1)
    as_of = pd.Series(pd.to_datetime(np.repeat([str(d) for d in DATES], n)))
    age = rng.integers(36, 48, total) * 1.0
    area = pd.Series(rng.choice(["North", "South", "East"], total))
    return DesignMatrix(
        X=pd.DataFrame({"visits": visits, "late": late, "score": seen, "age_in_months": age, "tenure": tenure}),
        y=pd.Series(y), keys=pd.Series([f"c{i:06d}" for i in range(total)]), as_of=as_of,
        component=pd.Series(np.arange(total) // per_household, dtype="int64"),
        audit=pd.DataFrame({"sex": pd.Categorical(rng.choice(["F", "M"], total), ["F", "M", "Unknown"])}),
        area=area, manifest={"digest": "d" * 64, "warehouse_digest": "w" * 64},
    )  # fmt: skip


@pytest.fixture(scope="session")
def matrix() -> DesignMatrix:
    return make_matrix()


@pytest.fixture(scope="session")
def matrix_of() -> Callable[..., DesignMatrix]:
    return make_matrix


@pytest.fixture(scope="session")
def training(matrix: DesignMatrix, prototype: Prototype):
    from riskmodel.modelling.train import train

    return train(matrix, prototype)
