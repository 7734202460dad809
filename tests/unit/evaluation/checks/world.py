"""A small invented world without a fault, and the ways in which a test puts one in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodel import Cohort, Outcome, Output, Prototype, Source, at_least, count, has, latest, months
from riskmodel.declare import days_since
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.checks import CHECKS, Finding
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train

DATES = (date(2021, 9, 1), date(2022, 9, 1), date(2023, 9, 1))
SOURCES = ("people", "visits", "endings")


def source(name: str, **changes: Any) -> Source:
    columns = {"n": int, "flag": bool, "points": float, "pounds": float, "tenure": str, "sex": str, "area": str}
    settings = {"key": "person_id", "happened": "seen_on", "known": "received_on", "columns": columns} | changes
    return Source(name, f"Invented {name}", partner=name.title(), agreement="ISP-001", **settings)


def prototype(
    people: Source | None = None, visits: Source | None = None, endings: Source | None = None, **changes: Any
) -> Prototype:
    people = people or source("people")
    visits = visits or source("visits", breaks=(date(2015, 1, 1),))
    endings = endings or source("endings", breaks=(date(2020, 1, 1),))
    lately = months(24)
    settings = {
        "cohort": Cohort("Everybody", people, area="area"),
        "outcome": Outcome(endings, "bad_end", "It ended badly", where="flag", within=months(12)),
        "features": [
            count(visits, "visits", "there were more visits", within=lately, direction="+"),
            has(visits, "late", "something came late", where="flag", within=lately, direction="+"),
            latest(visits, "score", "the test score was lower", "points", within=lately, direction="-"),
            latest(visits, "amount", "more was owed", "pounds", within=lately, direction="+"),
            days_since(visits, "gap", "the last visit was long ago", within=lately),
            latest(people, "tenure", "of the home", "tenure", levels=["owner", "private", "social"]),
        ],
        "audit": [latest(people, "sex", "sex", "sex", levels=["F", "M"], protected=True)],
        "success": [at_least("auroc", 0.65)],
        "capacity": 0.15, "output": Output.INDIVIDUAL, "use": "An offer of help", "never": "Sanctions",
        "owner": "Early Help", "expires": months(12), "train_as_of": DATES[:2], "test_as_of": DATES[2:],
        "score_as_of": date(2024, 9, 1), "baseline_flag": "late", "current_rule": "late",
    } | changes  # fmt: skip
    return Prototype("invented", "Who is at risk?", **settings)


def matrix(n: int = 2400, seed: int = 4) -> DesignMatrix:
    rng = np.random.default_rng(seed)
    total = n * len(DATES)
    visits, score, amount = rng.poisson(1.0, total).astype(float), rng.normal(size=total), rng.gamma(2.0, 50.0, total)
    late, tenure = (rng.random(total) < 0.3).astype(float), rng.choice(3, total, p=[0.6, 0.25, 0.15])
    risk = 0.5 * (visits - 1) + 0.6 * late - 0.5 * score + 0.004 * (amount - 100) + 0.4 * (tenure == 2) - 0.9
    gap = pd.Series(rng.integers(0, 700, total).astype(float)).mask(rng.random(total) < 0.4)
    return DesignMatrix(
        X=pd.DataFrame({
            "visits": visits, "late": late, "score": pd.Series(score).mask(rng.random(total) < 0.1), "amount": amount,
            "gap": gap, "tenure": pd.Categorical.from_codes(tenure, ["owner", "private", "social"]),
        }),
        y=pd.Series((rng.random(total) < 1 / (1 + np.exp(-risk))).astype(float)),
        keys=pd.Series([f"c{i:06d}" for i in range(total)]),
        as_of=pd.Series(pd.to_datetime(np.repeat([str(d) for d in DATES], n))),
        component=pd.Series(np.arange(total) // 2, dtype="int64"),
        audit=pd.DataFrame({"sex": pd.Categorical(rng.choice(["F", "M"], total), ["F", "M", "Unknown"])}),
        area=pd.Series(rng.choice(["North", "South", "East", "West"], total)),
        manifest={"digest": "d" * 64},
    )  # fmt: skip


def monthly(first: int = 2016, n: int = 100, last: str = "2024-09") -> dict[str, int]:
    """The same number of records in every month from January of `first` to `last`."""
    every = [f"{year}-{month:02d}" for year in range(first, 2025) for month in range(1, 13)]
    return {month: n for month in every if month <= last}


def manifest(**changes: dict[str, Any]) -> dict[str, Any]:
    """The warehouse's manifest; `changes` by source replaces parts of its entry."""
    usual = {
        "complete_to": "2024-09-30", "extracted_on": "2024-10-31", "dates_stated": True, "monthly": monthly(),
        "delay_days": {"median": 5, "nearly_all": 14},
    }  # fmt: skip
    return {"problems": [], "sources": {name: usual | changes.get(name, {}) for name in SOURCES}}


def faultless() -> Context:
    """A trained and evaluated prototype in which no check finds anything."""
    declared, data = prototype(), matrix()
    split = split_for(data, declared)
    training = train(data, declared, split, families=("logistic",))
    result = evaluate(training, data, declared, split, resamples=100)
    return Context(training, data, declared, split, result, manifest(), resamples=100, refits=0)


def finding(context: Context, code: str) -> Finding:
    """What one check comes to."""
    return next(check for check in CHECKS if check.code == code).run(Examined(context))


def on_test(context: Context) -> np.ndarray[Any, Any]:
    """Which rows of the matrix are at the test date."""
    return (context.matrix.as_of == pd.Timestamp(DATES[2])).to_numpy()


def but(context: Context, **parts: Any) -> Context:
    """The context with parts of its matrix replaced (X by column), split as before."""
    columns = {name: value for name, value in parts.items() if name in context.matrix.X}
    rest = {name: value for name, value in parts.items() if name not in columns}
    return replace(context, matrix=replace(context.matrix, X=context.matrix.X.assign(**columns), **rest))


def estimated(context: Context, **estimates: tuple[float, float, float]) -> Context:
    """The context with figures of the lead model replaced: value, low, high."""
    evaluation = context.evaluation
    lead = evaluation.models[evaluation.lead]
    changed = {
        name: replace(lead.estimates[name], value=value, low=low, high=high)
        for name, (value, low, high) in estimates.items()
    }
    models = {**evaluation.models, evaluation.lead: replace(lead, estimates={**lead.estimates, **changed})}
    return replace(context, evaluation=replace(evaluation, models=models))


def remodelled(context: Context, **changes: Any) -> Context:
    """The context with parts of its logistic model replaced."""
    model = replace(context.training.model, **changes)
    return replace(context, training=replace(context.training, models={"logistic": model}))
