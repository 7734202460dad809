"""Running a compiled query on DuckDB, a few buckets at a time, so that memory does not grow with the data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from riskmodel.engine.aggregates import CASE, filtered
from riskmodel.engine.cases import ASKED, MEETS, REGISTER
from riskmodel.engine.compile import Plan
from riskmodel.engine.duck import connected
from riskmodel.engine.gather import Values, gathered, read_statements
from riskmodel.engine.sql import column, table
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import MatrixError, WarehouseError
from riskmodel.files import plain_storage_errors
from riskmodel.progress import SILENT, Progress

ROWS_AT_ONCE = 3_000_000
"""Records that one batch of buckets may hold, over all sources of a query."""
MEMORY = 900
"""Megabytes that all connections together may use before they spill to disk."""
MAX_WORKERS = 4


@dataclass(frozen=True)
class Answer:
    """What one batch gives.

    Parameters
    ----------
    columns
        The result by column: numbers as arrays, text and dates as Arrow, one row a case.
    counts
        How many cases each step of the cohort kept, by as-of date: in the register, meeting `where`, then having
        one feature after the other.
    """

    columns: Values
    counts: dict[date, list[int]]


def execute(
    plan: Plan,
    warehouse: Warehouse,
    batches: Sequence[Sequence[int]],
    *,
    asked: pa.Table | None = None,
    progress: Progress | None = None,
) -> list[Answer]:
    """Run a plan over batches of buckets.

    Each batch is computed by one thread, so that sums of fractions are added in the same order every time and the
    same data give the same bytes on any machine.

    Parameters
    ----------
    plan
        The compiled query.
    warehouse
        What it reads.
    batches
        Buckets that are read together; cases, spells and records of a case lie in one batch.
    asked
        Keys and as-of dates of the wanted cases, for a plan compiled with `asked`.
    progress
        Told of every finished batch.
    """
    progress = SILENT if progress is None else progress
    workers = max(1, min(len(batches), os.cpu_count() or 1, MAX_WORKERS))
    progress.step("Building features", total=len(batches))
    texts = _Texts.of(plan)
    with tempfile.TemporaryDirectory(prefix="riskmodel-") as scratch, ThreadPoolExecutor(workers) as pool:
        jobs = [
            pool.submit(_run, texts, warehouse, buckets, asked, Path(scratch) / str(i), MEMORY // workers)
            for i, buckets in enumerate(batches)
        ]
        try:
            answers = []
            for job in jobs:
                answers.append(job.result())
                progress.advance()
        finally:
            for job in jobs:
                job.cancel()
    return answers


def batched(plan: Plan, warehouse: Warehouse, *, together: bool) -> list[list[int]]:
    """Group the warehouse's buckets into batches of bounded size.

    Parameters
    ----------
    plan, warehouse
        The query, and what it reads.
    together
        Whether every bucket must be in one batch, because a scope connects people across buckets.
    """
    everything = list(range(warehouse.buckets))
    if together:
        return [everything]
    rows = sum(int(warehouse.entry(source)["rows"]) for source in sources_of(plan))
    size = max(1, ROWS_AT_ONCE * warehouse.buckets // max(rows, 1))
    return [everything[i : i + size] for i in range(0, len(everything), size)]


def sources_of(plan: Plan) -> list[str]:
    """Names of the sources a plan reads, sorted."""
    names = {found.name for step in plan.steps for found in step.query.find_all(exp.Table)}
    return sorted(name for name in names if not name.startswith("_"))


@dataclass(frozen=True)
class _Texts:
    """A plan and its SQL texts, written once for all batches: steps with what they are about, counts, reading."""

    sources: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    counts: tuple[str, ...]
    reading: dict[str, str]
    plan: Plan

    @classmethod
    def of(cls, plan: Plan) -> _Texts:
        steps = tuple((step.about, _as_table(step.name, step.query).sql("duckdb")) for step in plan.steps)
        counts = tuple(query.sql("duckdb") for query in _counts(plan))
        return cls(tuple(sources_of(plan)), steps, counts, read_statements(plan), plan)


def _run(
    texts: _Texts, warehouse: Warehouse, buckets: Sequence[int], asked: pa.Table | None, scratch: Path, memory: int
) -> Answer:
    scratch.mkdir()
    with connected(scratch, folders=[warehouse.folder], memory=f"{memory}MB") as connection:
        connection.execute("SET threads = 1")
        for source in texts.sources:
            files = [warehouse.path(source, bucket) for bucket in buckets]
            with _plain_errors(warehouse, f"records of {source}"):
                connection.execute(_as_view(source, files).sql("duckdb"))
        if asked is not None:
            connection.register(ASKED, asked)
        for about, text in texts.steps:
            with _plain_errors(warehouse, about):
                connection.execute(text)
        with _plain_errors(warehouse, "the result"):
            counts: dict[date, list[int]] = {}
            for text in texts.counts:
                for as_of, *n in connection.execute(text).fetchall():
                    counts.setdefault(as_of, []).extend(n)
            columns = gathered(texts.plan, texts.reading, lambda text: connection.sql(text).to_arrow_table())
    return Answer(columns, counts)


def _counts(plan: Plan) -> Iterator[exp.Select]:
    """Queries that count the cases after each step of the cohort, by as-of date."""
    every = exp.Count(this=exp.Star())
    stages = [(REGISTER, [every, filtered(every.copy(), column(MEETS, CASE))])]
    if plan.screened is not None:
        so_far = [exp.and_(*(column(f, CASE) for f in plan.flags[: i + 1])) for i in range(len(plan.flags))]
        stages.append((plan.screened, [filtered(every.copy(), condition) for condition in so_far]))
    for step, numbers in stages:
        as_of = plan.clock.as_of(CASE)
        query = exp.select(as_of, *numbers).from_(table(step, CASE))
        yield query if plan.clock.is_single else query.group_by(as_of.copy())


@contextmanager
def _plain_errors(warehouse: Warehouse, about: str) -> Iterator[None]:
    """Turn an error of the database, whose text may quote a value, into one that does not."""
    import duckdb

    try:
        with plain_storage_errors(Path(tempfile.gettempdir())):
            yield
    except duckdb.OutOfMemoryException:
        raise MatrixError(
            f"Memory ran out while computing {about}.",
            f"The engine keeps within {MEMORY} MB and spills to the temporary folder beyond that.",
            next_step="Free some space in the temporary folder, or set TMPDIR to a larger one.",
        ) from None
    except (duckdb.IOException, duckdb.InvalidInputException):
        raise WarehouseError(
            f"A file of the warehouse {warehouse.folder} could not be read while computing {about}.",
            "A warehouse is used only as it was built.",
            next_step="Run: riskmodel build",
        ) from None
    except (duckdb.ConversionException, duckdb.OutOfRangeException):
        raise MatrixError(
            f"A snippet cannot be computed for every record while computing {about}.",
            "A snippet must give a value, or a blank, for whatever its columns may hold.",
            next_step="Look for a cast or a sum that can fail, and guard it with CASE WHEN.",
        ) from None


def _as_view(source: str, files: Sequence[str]) -> exp.Create:
    paths = exp.Array(expressions=[exp.Literal.string(file) for file in files])
    rows = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[paths]))
    name = exp.Table(this=exp.to_identifier(source, quoted=True))
    return exp.Create(this=name, kind="VIEW", expression=exp.select(exp.Star()).from_(rows))


def _as_table(name: str, query: exp.Query) -> exp.Create:
    return exp.Create(
        this=exp.Table(this=exp.to_identifier(name, quoted=True)),
        kind="TABLE",
        expression=query,
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )
