"""Invented partner extracts for the feature benchmark: people, households, and five sources of records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.features_spec import AS_OF, FIRST, KINDS, SHARES
from riskmodel import (
    Cohort,
    Outcome,
    Output,
    Prototype,
    Scope,
    Source,
    at_least,
    count,
    days_since,
    distinct,
    highest,
    months,
    total,
)
from riskmodel.declare import Feature
from riskmodel.periods import days

HOUSEHOLD_SIZES = {1: 0.30, 2: 0.34, 3: 0.16, 4: 0.13, 5: 0.045, 6: 0.018, 7: 0.007}
_FRAME = {"partner": "Invented", "agreement": "None"}

people = Source(
    "people", "One row a person", **_FRAME, key="person_id", happened="recorded_on", columns={"ward_code": str}
)
residence = Source(
    "residence", "One row a stay in a household; closed by a later row", **_FRAME, key="person_id", happened="moved_in",
    known="received_on", ends="moved_out", columns={"household_id": str},
)  # fmt: skip
home = Scope("anyone living with the case", via=residence, group="household_id")
records = {
    name: Source(
        name, "One row a record", **_FRAME, key="person_id", happened="happened_on", known="received_on",
        columns={"kind": str, "amount": float},
    )
    for name in SHARES
}  # fmt: skip


def prototype() -> Prototype:
    """60 features: twelve of each source, nine of the case's own records and three of the household's."""
    first = records["incidents"]
    return Prototype(
        "benchmark", "How fast?", cohort=Cohort("Everybody", people, area="ward_code", together=home),
        outcome=Outcome(first, "incident", "An incident", where="kind = 'kind_a'", within=months(12)),
        features=[feature for i, name in enumerate(SHARES) for feature in _features(i, records[name])], audit=[],
        success=[at_least("auroc", 0.5)], capacity=0.1, output=Output.INDIVIDUAL, use="Benchmarks", never="Anything",
        owner="Nobody", expires=months(12), train_as_of=(date(2021, 1, 1),), test_as_of=(date(2023, 1, 1),),
        score_as_of=AS_OF,
    )  # fmt: skip


def _features(i: int, source: Source) -> list[Feature]:
    name, label = source.name, f"records of {source.name}"
    of_two_kinds = [f"kind = '{KINDS[2 * i]}'", f"kind = '{KINDS[2 * i + 1]}'"]
    return [
        *(count(source, f"{name}_{n}", label, within=days(n)) for n in (90, 365, 730)),
        total(source, f"{name}_total_365", label, "amount", within=days(365)),
        highest(source, f"{name}_highest_730", label, "amount", within=days(730)),
        days_since(source, f"{name}_days_since", label),
        distinct(source, f"{name}_kinds_730", label, "kind", within=days(730)),
        count(source, f"{name}_first_kind_365", label, where=of_two_kinds[0], within=days(365)),
        count(source, f"{name}_second_kind_ever", label, where=of_two_kinds[1]),
        count(source, f"{name}_home_365", label, of=home, within=days(365)),
        total(source, f"{name}_home_total_730", label, "amount", of=home, within=days(730)),
        days_since(source, f"{name}_home_days_since", label, of=home),
    ]


def write_extracts(folder: Path, cases: int, events: int, seed: int = 20250101) -> None:
    """Write the extracts as Parquet, in the order in which partners would have received the records."""
    rng = np.random.default_rng([seed, cases])
    folder.mkdir(parents=True, exist_ok=True)
    ids = pa.array([f"P{n:08d}" for n in rng.permutation(cases)])
    sizes = rng.choice(list(HOUSEHOLD_SIZES), p=list(HOUSEHOLD_SIZES.values()), size=cases)
    household = rng.permutation(np.repeat(np.arange(cases), sizes)[:cases])
    wards = pa.array([f"W{n:03d}" for n in range(80)]).take(pa.array(rng.integers(0, 80, cases)))
    _write(folder, people, {"person_id": ids, "recorded_on": _dates(np.full(cases, _day(FIRST))), "ward_code": wards})
    _write_stays(folder, ids, household, rng)
    # The outcome is not part of the benchmark, so its window is not over.
    text = "".join(f"[{name}]\ncomplete_to = {AS_OF}\n" for name in ("people", "residence", *SHARES))
    (folder / "extracts.toml").write_text(text, encoding="utf-8")
    busy = rng.gamma(0.7, 1 / 0.7, household.max() + 1)[household] * rng.gamma(0.7, 1 / 0.7, cases) + 0.02
    share = np.cumsum(busy) / busy.sum()
    for i, (name, part) in enumerate(SHARES.items()):
        _write_records(folder, records[name], ids, share, int(events * part), np.random.default_rng([seed, cases, i]))


def _write_stays(folder: Path, ids: pa.Array, household: npt.NDArray[np.int64], rng: np.random.Generator) -> None:
    """One open stay each; one person in twelve moved in from another household, as an open row and a closing one."""
    cases = len(household)
    movers = np.flatnonzero(rng.random(cases) < 1 / 12)
    moved = np.full(cases, _day(FIRST))
    moved[movers] = rng.integers(_day(FIRST) + 400, _day(AS_OF) - 30, len(movers))
    before = np.full(len(movers), _day(FIRST))
    elsewhere = rng.integers(0, household.max() + 1, len(movers))
    person = np.concatenate([np.arange(cases), movers, movers])
    begins = np.concatenate([moved, before, before])
    ends = np.concatenate([np.full(cases + len(movers), -1), moved[movers]])
    known = np.concatenate([moved + 10, before + 10, moved[movers] + 20])
    where = np.concatenate([household, elsewhere, elsewhere])
    columns = {"person_id": ids.take(pa.array(person)), "moved_in": _dates(begins), "received_on": _dates(known)}
    columns["moved_out"] = pa.array(ends.astype(np.int32), mask=ends < 0).cast(pa.date32())
    columns["household_id"] = pa.array([f"H{n:08d}" for n in range(household.max() + 1)]).take(pa.array(where))
    _write(folder, residence, columns)


def _write_records(
    folder: Path, source: Source, ids: pa.Array, share: npt.NDArray[np.float64], rows: int, rng: np.random.Generator
) -> None:
    person = np.minimum(np.searchsorted(share, rng.random(rows)), len(share) - 1)
    happened = rng.integers(_day(FIRST), _day(AS_OF) + 200, rows)
    known = happened + np.minimum(rng.geometric(0.05, rows), 400)
    order = np.argsort(known, kind="stable")
    amounts = np.round(rng.lognormal(1.0, 1.0, rows), 2)
    kinds = rng.choice(len(KINDS), size=rows, p=rng.dirichlet(np.full(len(KINDS), 3.0)))
    columns = {"person_id": ids.take(pa.array(person[order])), "happened_on": _dates(happened[order])}
    columns |= {"received_on": _dates(known[order]), "kind": pa.array(KINDS).take(pa.array(kinds))}
    _write(folder, source, columns | {"amount": pa.array(amounts)})


def _write(folder: Path, source: Source, columns: dict[str, pa.Array]) -> None:
    pq.write_table(pa.table(columns), folder / f"{source.name}.parquet")


def _day(value: date) -> int:
    return int(np.datetime64(value, "D").astype(int))


def _dates(numbers: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(numbers.astype(np.int32)).cast(pa.date32())
