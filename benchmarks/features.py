"""Feature building: the engine beside hand-written DuckDB SQL and pandas, on the same clustered files.

    python -m benchmarks.features --cases 100000 --events 5000000 --rounds 3
    python -m benchmarks.features --cases 1000000 --events 30000000 --rounds 3 --skip pandas

Every implementation runs as a process of its own that starts, imports, reads, computes and holds the 60 columns as a
pandas frame. Wall time, processor time and peak memory are those of the whole process. Rounds are interleaved, and
ratios are taken inside a round. The data are invented, and removed afterwards.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REFERENCE = "hand-written SQL"


@dataclass(frozen=True)
class Run:
    """What one process used: seconds, processor seconds, peak memory in MB."""

    wall: float
    cpu: float
    peak: float


def engine(warehouse: Path) -> Any:
    from benchmarks.features_data import prototype
    from benchmarks.features_spec import AS_OF
    from riskmodel.engine.run import build_matrix
    from riskmodel.engine.warehouse import Warehouse

    matrix = build_matrix(prototype(), Warehouse.open(warehouse), AS_OF)
    return matrix.X.assign(person_id=matrix.keys)


def sql(warehouse: Path) -> Any:
    from benchmarks.features_peers import with_duckdb

    return with_duckdb(warehouse)


def pandas(warehouse: Path) -> Any:
    from benchmarks.features_peers import with_pandas

    return with_pandas(warehouse)


IMPLEMENTATIONS = {REFERENCE: sql, "riskmodel": engine, "pandas": pandas}


def make(folder: Path, cases: int, events: int) -> None:
    from benchmarks.features_data import home, people, records, residence, write_extracts
    from riskmodel.engine.build import build_warehouse

    write_extracts(folder / "extracts", cases, events)
    build_warehouse([people, residence, *records.values()], folder / "extracts", folder / "warehouse", scopes=[home])


def check(warehouse: Path, names: list[str]) -> None:
    """Every implementation must give the same 60 columns."""
    import numpy as np

    reference = IMPLEMENTATIONS[REFERENCE](warehouse).set_index("person_id").sort_index()
    for name in names:
        other = IMPLEMENTATIONS[name](warehouse).set_index("person_id").sort_index()
        columns = [c for c in reference if c != "ward_code"]
        assert len(columns) == 60
        assert other.index.equals(reference.index), f"{name}: other cases"
        for column in columns:
            left, right = (frame[column].to_numpy(dtype=float) for frame in (reference, other))
            assert np.allclose(left, right, equal_nan=True, rtol=1e-9), f"{name}: {column} differs"
    print(f"All 60 columns agree for {len(reference):,} cases: {', '.join(names)}", flush=True)


def measure(arguments: list[str]) -> Run:
    """Run this file in a process of its own and say what it used."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.features", *arguments])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments} failed")
    process.returncode = 0
    peak = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, peak)


def table(runs: dict[str, list[Run]]) -> str:
    """An aligned table: medians, and the medians of the ratios inside each round."""
    heads = ["", "wall s", "cpu s", "peak MB", "wall ratio", "cpu ratio"]
    rows = [heads]
    for name, made in runs.items():
        pairs = list(zip(made, runs[REFERENCE], strict=False))
        middle = [statistics.median(getattr(run, what) for run in made) for what in ("wall", "cpu", "peak")]
        ratios = [statistics.median(getattr(a, w) / getattr(b, w) for a, b in pairs) for w in ("wall", "cpu")]
        if name.startswith("("):
            ratios = []
        rows.append([name, f"{middle[0]:.1f}", f"{middle[1]:.1f}", f"{middle[2]:,.0f}", *(f"{r:.2f}" for r in ratios)])
    widths = [max(len(row[i]) for row in rows if i < len(row)) for i in range(len(heads))]
    aligned = [
        " | ".join(cell.ljust(widths[i]) if i == 0 else cell.rjust(widths[i]) for i, cell in enumerate(row))
        for row in rows
    ]
    return "\n".join(aligned)


def benchmark(cases: int, events: int, rounds: int, skip: list[str], folder: Path) -> None:
    size = ["--cases", str(cases), "--events", str(events), "--folder", str(folder)]
    runs: dict[str, list[Run]] = {name: [] for name in IMPLEMENTATIONS if name not in skip}
    made = measure(["--make", *size])
    measure(["--check", *size, *(f"--skip={name}" for name in skip)])
    for number in range(rounds):
        for name in runs:
            runs[name].append(measure(["--run", name, *size]))
            print(f"round {number + 1}: {name}: {runs[name][-1]}", flush=True)
    runs["(making and ingesting the data)"] = [made]
    print(f"\n{cases:,} cases, {events:,} records, 60 features, {rounds} rounds, {os.cpu_count()} processors\n")
    print(table(runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip", action="append", default=[], choices=[n for n in IMPLEMENTATIONS if n != REFERENCE])
    parser.add_argument("--folder", type=Path, help="keep the data here instead of a temporary folder")
    parser.add_argument("--make", action="store_true", help="only make the data")
    parser.add_argument("--check", action="store_true", help="only compare the results")
    parser.add_argument("--run", choices=list(IMPLEMENTATIONS), help="only run one implementation")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="benchmark-"))
    if given.run:
        frame = IMPLEMENTATIONS[given.run](folder / "warehouse")
        assert len(frame) == given.cases
    elif given.make:
        make(folder, given.cases, given.events)
    elif given.check:
        check(folder / "warehouse", [n for n in IMPLEMENTATIONS if n not in (REFERENCE, *given.skip)])
    else:
        try:
            benchmark(given.cases, given.events, given.rounds, given.skip, folder)
        finally:
            if given.folder is None:
                shutil.rmtree(folder)


if __name__ == "__main__":
    main()
