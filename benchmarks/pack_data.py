"""An invented design matrix of any size for the benchmark of the evaluation pack: no project, no warehouse."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodel import Cohort, Outcome, Output, Prototype, Source, at_least, better_than, has, latest, months
from riskmodel.declare import Feature, group_gap_at_most
from riskmodel.engine.matrix import DesignMatrix

DATES = (date(2021, 9, 1), date(2022, 9, 1), date(2023, 9, 1))
#: Numbers (skewed counts, one in ten missing in every fifth) and flags; together 60 features.
NUMBERS, FLAGS = 40, 20
#: Levels of the audit attributes: 25 groups.
ATTRIBUTES = {"sex": 2, "ethnic_group": 6, "age_band": 6, "disability": 3, "deprivation": 8}
#: Cases with the outcome.
PREVALENCE = 0.06
_COLUMNS = {f"number_{i}": float for i in range(NUMBERS)} | {f"flag_{i}": bool for i in range(FLAGS)}

people = Source(
    "people", "Invented people", partner="Invented", agreement="None", key="person_id", happened="seen_on",
    columns={**_COLUMNS, **dict.fromkeys(ATTRIBUTES, str), "bad_end": bool, "ward": str, "household": str},
)  # fmt: skip


def prototype() -> Prototype:
    """60 features of one invented source, audited by 25 groups of 5 attributes."""
    return Prototype(
        "pack", "How fast?", cohort=Cohort("Everybody", people, area="ward", together="household"),
        outcome=Outcome(people, "bad_end", "It ended badly", where="bad_end", within=months(12), no_record="negative"),
        features=_features(),
        audit=[
            latest(people, f"audit_{name}", name.replace("_", " "), value=name, levels=_levels(name), protected=True)
            for name in ATTRIBUTES
        ],
        success=[at_least("auroc", 0.6), better_than("area rate"), group_gap_at_most("audit_sex", "tpr", 0.1)],
        capacity=0.05, output=Output.INDIVIDUAL, use="Benchmarks", never="Anything else", owner="Nobody",
        expires=months(12), train_as_of=DATES[:2], calibrate_as_of=DATES[1:2], test_as_of=DATES[2:],
        score_as_of=date(2024, 9, 1), baseline_flag="flag_0", current_rule="flag_0", limits=("Everybody is invented.",),
    )  # fmt: skip


def matrix(test: int, train: int, *, seed: int = 1) -> DesignMatrix:
    """`test` cases at the test date and `train` at the two earlier dates together, in households of one to three."""
    rng = np.random.default_rng([seed, test, train])
    counts = (train // 2, train - train // 2, test)
    total = sum(counts)
    by_date = {str(day): n for day, n in zip(DATES, counts, strict=True)}
    trait = rng.normal(size=total)
    columns = {f"number_{i}": _number(rng, trait, i) for i in range(NUMBERS)}
    columns |= {f"flag_{i}": (0.4 * trait + rng.normal(size=total) > 1.2).astype(float) for i in range(FLAGS)}
    size = rng.integers(1, 4, total).cumsum()
    effect = 0.9 * trait + 0.5 * columns["flag_0"] + rng.normal(0, 0.6, total)
    y = (effect > np.quantile(effect + rng.logistic(0, 0.6, total), 1 - PREVALENCE)).astype(float)
    return DesignMatrix(
        X=pd.DataFrame(columns), y=pd.Series(y), keys=pd.Series(np.char.mod("c%08d", np.arange(total)), dtype=object),
        as_of=pd.Series(pd.to_datetime(np.repeat([str(day) for day in DATES], counts))),
        component=pd.Series(np.searchsorted(size, np.arange(total), side="right"), dtype="int64"),
        audit=pd.DataFrame({
            f"audit_{name}": pd.Categorical.from_codes(
                rng.choice(levels, total, p=rng.dirichlet(np.full(levels, 4.0))), [*_levels(name), "Unknown"]
            ) for name, levels in ATTRIBUTES.items()
        }),
        area=pd.Series(np.char.mod("W%02d", rng.integers(0, 30, total)), dtype=object),
        manifest={
            "digest": f"{seed}-{test}-{train}", "warehouse_digest": "none", "data_is_invented": True,
            "attrition": [
                {"step": step, "text": "Invented cases", "n": total, "by_as_of": by_date}
                for step in ("register", "cohort")
            ],
        },
    )  # fmt: skip


def warehouse() -> dict[str, Any]:
    """What the card needs to know of a warehouse that there is not."""
    held = {"rows": 1, "extracted_on": "2025-10-31", "complete_to": "2025-09-01", "first_happened": "2010-01-01"}
    return {"sources": {"people": {**held, "last_happened": "2025-09-01"}}}


def _number(rng: np.random.Generator, trait: np.ndarray, place: int) -> np.ndarray:
    rate = np.exp(0.5 * trait * (place % 4 == 0))
    column = rng.poisson(rate).astype(float)
    if place % 5 == 0:
        column[rng.random(len(column)) < 0.1] = np.nan
    return column


def _features() -> list[Feature]:
    numbers = [
        latest(people, f"number_{i}", f"there was more of {i}", value=f"number_{i}", theme=f"Theme {i % 8}")
        for i in range(NUMBERS)
    ]
    flags = [has(people, f"flag_{i}", f"flag {i} was raised", where=f"flag_{i}", theme="Flags") for i in range(FLAGS)]
    return [*numbers, *flags]


def _levels(attribute: str) -> list[str]:
    return [f"{attribute} {place + 1}" for place in range(ATTRIBUTES[attribute])]
