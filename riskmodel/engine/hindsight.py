"""Finding columns that know the future: dates later than the record was known, and columns filled in afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from riskmodel.engine.backfill import BIN_DAYS, Bins, Tail, blank_tail
from riskmodel.engine.duck import ident
from riskmodel.engine.problems import Problem
from riskmodel.engine.rows import Span
from riskmodel.engine.staging import ROW, SHOWN_ROWS, Staged

if TYPE_CHECKING:
    import duckdb

# Dates later than the record was known: an error from this many, or from this share of the filled values.
LATE_COUNT, LATE_SHARE = 10, 0.01
# ... unless they are plans: among late values of the newest records, this many and this share lie after the extract.
PLAN_DAYS, PLAN_COUNT, PLAN_SHARE = 90, 10, 0.2
# An undeclared text column counts as dates when this share of its values reads as one.
DATE_SHARE = 0.99


@dataclass(frozen=True)
class Candidate:
    """A column to look at: its name, SQL for whether it is filled, and SQL for its date if it may be one."""

    name: str
    filled: str
    day: str | None


def hindsight_problems(connection: duckdb.DuckDBPyConnection, staged: Staged, span: Span) -> list[Problem]:
    """Find columns of an extract that hold what was not known when the record was received.

    Undeclared columns are looked at as well: they are not loaded, but a file rewritten afterwards cannot be trusted.
    A source that keeps only the latest state is rewritten by nature and cannot train, so there these are warnings.

    Parameters
    ----------
    connection
        Allowed to read the typed table.
    staged
        The extract.
    span
        Its rows and days.

    Returns
    -------
    list of Problem
        C401, C403 and C404 for dates, C402 for columns filled in later.
    """
    source = staged.source
    if not {source.happened, source.known} <= set(staged.columns) or span.extracted_on is None:
        return []
    candidates = list(_candidates(staged))
    if not candidates:
        return []
    dated, problems = _late_dates(connection, staged, candidates, span.extracted_on)
    late = {problem.column for problem in problems}
    undated = [candidate for candidate in candidates if candidate.name not in late]
    return problems + _filled_in_later(connection, staged, undated, dated)


def _candidates(staged: Staged) -> Iterator[Candidate]:
    """Columns whose values should have been known with the record: not keys, ends, or columns declared as settled."""
    source = staged.source
    exempt = {source.key, source.happened, source.known, source.ends, *source.settled, *source.settled.values()}
    for name in staged.columns:
        if name not in exempt:
            day = ident(name) if source.all_columns[name] is date else None
            yield Candidate(name, f"{ident(name)} IS NOT NULL", day)
    for number, name in staged.extras.items():
        yield Candidate(name, f"_extra{number}", f"_extra{number}_date")


def _late_dates(
    connection: duckdb.DuckDBPyConnection, staged: Staged, candidates: Sequence[Candidate], extracted_on: date
) -> tuple[list[Candidate], list[Problem]]:
    """The candidates that hold dates, and what is wrong with those dates."""
    possible = [(candidate, candidate.day) for candidate in candidates if candidate.day is not None]
    if not possible:
        return [], []
    known, extracted = ident(staged.source.known), f"DATE '{extracted_on}'"
    asked = []
    for candidate, day in possible:
        late = f"{day} > {known}"
        newest = f"{late} AND {known} > {extracted} - {PLAN_DAYS}"
        planned = f"{day} > {extracted}"
        counted = (candidate.filled, f"{day} IS NOT NULL", late, newest, f"{newest} AND {planned}", planned)
        asked += [f"count(*) FILTER (WHERE {condition})" for condition in counted]
        asked += [f"min({ROW}, {SHOWN_ROWS}) FILTER (WHERE {late})"]
    figures = connection.execute(f"SELECT {', '.join(asked)} FROM {staged.table}").fetchall()[0]
    dated, problems = [], []
    for i, (candidate, _) in enumerate(possible):
        filled, days, *late_figures = figures[7 * i : 7 * i + 7]
        if days and days >= DATE_SHARE * filled:
            dated.append(candidate)
            problems += _judge_dates(staged, candidate.name, days, late_figures)
    return dated, problems


def _judge_dates(staged: Staged, name: str, days: int, figures: Sequence[Any]) -> list[Problem]:
    late, newest_late, newest_planned, after_extract, rows = figures
    if not late:
        return []

    def found(code: str, count: int, *, soften: bool = False) -> list[Problem]:
        return [Problem.of(
            code, staged.source.name, staged.file.name, column=name, count=count, soften=soften,
            rows=staged.row_numbers(rows),
        )]  # fmt: skip

    if newest_planned >= PLAN_COUNT and newest_planned >= PLAN_SHARE * newest_late:
        return found("C403", after_extract)
    if late >= LATE_COUNT or late >= LATE_SHARE * days:
        return found("C401", late, soften=staged.source.keeps == "latest")
    return found("C404", late)


def _filled_in_later(
    connection: duckdb.DuckDBPyConnection, staged: Staged, candidates: Sequence[Candidate], dated: Sequence[Candidate]
) -> list[Problem]:
    """Columns that are filled in old records and blank in recent ones, overall or within a stratum."""
    remaining = {candidate.name: candidate for candidate in candidates}
    problems = []
    for stratum in (None, *dated):
        others = [one for one in remaining.values() if one is not stratum]
        if not others:
            continue
        for years, records, filled in _histories(connection, staged, others, stratum):
            for i, candidate in enumerate(others):
                if candidate.name in remaining and (tail := blank_tail(records, filled[:, i])) is not None:
                    del remaining[candidate.name]
                    among = f", among records known {years} years after {stratum.name}" if stratum else ""
                    problems.append(_later_problem(staged, candidate.name, tail, among))
    return problems


def _later_problem(staged: Staged, name: str, tail: Tail, among: str) -> Problem:
    detail = f"{tail.filled_before:.0%} filled before, {tail.filled_since:.0%} in the last {tail.days} days{among}"
    return Problem.of(
        "C402", staged.source.name, staged.file.name, column=name, count=tail.records, detail=detail,
        soften=staged.source.keeps == "latest",
    )  # fmt: skip


def _histories(
    connection: duckdb.DuckDBPyConnection, staged: Staged, candidates: Sequence[Candidate], stratum: Candidate | None
) -> Iterator[tuple[int, Bins, Bins]]:
    """Records and filled values in bins of 30 days before the newest record, newest first, for each stratum.

    Strata are the completed years between a date of the record (say, of birth) and the day it was known. They tell a
    column that fills up at a certain age, whenever that is, from one that was filled in later.
    """
    known = ident(staged.source.known)
    years = f"CAST(floor(({known} - {stratum.day}) / 365.25) AS BIGINT)" if stratum else "0"
    newest = f"(SELECT max({known}) FROM {staged.table})"
    counts = ", ".join(f"count(*) FILTER (WHERE {candidate.filled})" for candidate in candidates)
    query = (
        f"SELECT {years} AS stratum, CAST(({newest} - {known}) // {BIN_DAYS} AS BIGINT) AS bin, count(*), {counts} "
        f"FROM {staged.table} WHERE {known} IS NOT NULL AND {years} IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    table = np.array(connection.execute(query).fetchall(), dtype=np.int64)
    for value in np.unique(table[:, 0]) if len(table) else ():
        part = table[table[:, 0] == value]
        history = np.zeros((int(part[-1, 1]) + 1, part.shape[1] - 2), dtype=np.int64)
        history[part[:, 1]] = part[:, 2:]
        yield int(value), history[:, 0], history[:, 1:]
