"""A small invented world: a register, home visits, checks, and what happened next; trained once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel import Cohort, Outcome, Output, Prototype, Source, at_least, count, latest, months
from riskmodel.engine.build import build_warehouse
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.modelling.train import train
from riskmodel.modelling.training import Training

people = Source(
    "people", "One row a person", partner="Register", agreement="ISP-001", key="person_id", happened="recorded_on",
    columns={"area": str, "tenure": str},
)  # fmt: skip
visits = Source(
    "visits", "One row a home visit", partner="Visitors", agreement="ISP-002", key="person_id", happened="visited_on",
    columns={"late": bool},
)  # fmt: skip
checks = Source(
    "checks", "One row a check", partner="Clinics", agreement="ISP-003", key="person_id", happened="checked_on",
    columns={"points": float},
)  # fmt: skip
crises = Source(
    "crises", "One row a crisis", partner="Crisis team", agreement="ISP-004", key="person_id", happened="began_on",
    columns={"serious": bool},
)  # fmt: skip
SOURCES = [people, visits, checks, crises]
N = 900
TRAIN, TEST, SCORE = (date(2021, 9, 1), date(2022, 9, 1)), (date(2023, 9, 1),), date(2024, 9, 1)


def make_prototype(output: Output = Output.INDIVIDUAL) -> Prototype:
    return Prototype(
        name="crisis_next_year", question="Who may have a crisis next year?",
        cohort=Cohort("Everybody on the register", people, area="area"),
        outcome=Outcome(crises, "crisis", "A crisis within 12 months", where="serious", within=months(12),
                        no_record="negative"),
        features=[
            count(visits, "visits_1y", "there were more home visits", within=months(12), direction="+"),
            count(visits, "late_visits_1y", "more visits came late", where="late", within=months(12), direction="+"),
            latest(checks, "check_points", "the last check scored lower", value="points", direction="-"),
            latest(people, "tenure", "of how the home is held", value="tenure", levels=["owner", "rented"]),
        ],
        audit=[], success=[at_least("auroc", 0.6)], capacity=0.2, output=output, use="An offer of help",
        never="Sanctions", owner="Early Help", expires=months(12), train_as_of=TRAIN, test_as_of=TEST,
        calibrate_as_of=TRAIN[1:], score_as_of=SCORE,
    )  # fmt: skip


def write_extracts(folder: Path, *, areas: tuple[str, ...] = ("North", "South", "East"), nowhere: int = 5) -> Path:
    """Write four extracts; the first `nowhere` people have no area, and five have no record but the register's."""
    rng = np.random.default_rng(11)
    ids = [f"P{i:04d}" for i in range(N)]
    need = rng.normal(size=N)
    area = rng.choice(areas, N)
    register = pd.DataFrame({"person_id": ids, "recorded_on": "2020-01-01", "area": area})
    register["tenure"] = rng.choice(["owner", "rented"], N)
    register.loc[: nowhere - 1, "area"] = ""
    seen, checked, crisis = [], [], []
    for person, name in enumerate(ids):
        for year in range(2020, 2025):
            start = date(year, 1, 5)
            for _ in range(rng.poisson(np.exp(0.4 * need[person]))):
                day = start + timedelta(days=int(rng.integers(0, 200)))
                seen.append((name, day.isoformat(), "true" if rng.random() < 0.3 else "false"))
            if rng.random() < 0.9:
                checked.append((name, date(year, 3, 1).isoformat(), round(50 - 8 * need[person] + rng.normal() * 5, 1)))
            if rng.random() < 1 / (1 + np.exp(1.2 - 1.2 * need[person])):
                crisis.append((name, date(year, 12, 1).isoformat(), "true"))
    folder.mkdir(parents=True, exist_ok=True)
    register.to_csv(folder / "people.csv", index=False)
    for source, rows in (("visits", seen), ("checks", checked), ("crises", crisis)):
        columns = {"visits": ["person_id", "visited_on", "late"], "checks": ["person_id", "checked_on", "points"]}
        names = columns.get(source, ["person_id", "began_on", "serious"])
        pd.DataFrame(rows, columns=names).to_csv(folder / f"{source}.csv", index=False)
    told = "extracted_on = 2025-01-10\ncomplete_to = 2025-01-01\n"
    (folder / "extracts.toml").write_text("".join(f"[{s.name}]\n{told}" for s in SOURCES))
    return folder


@dataclass(frozen=True)
class World:
    """A prototype, its data and its models."""

    prototype: Prototype
    extracts: Path
    warehouse: Warehouse
    training: Training


def make_world(root: Path) -> World:
    """Write the extracts, build the warehouse and train."""
    extracts = write_extracts(root / "extracts")
    warehouse = build_warehouse(SOURCES, extracts, root / "warehouse")
    prototype = make_prototype()
    return World(prototype, extracts, warehouse, train(build_matrix(prototype, warehouse), prototype))
