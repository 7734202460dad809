"""Checks of the rows of one extract: blanks, dates, spells, and rows that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from riskmodel.engine.duck import ident
from riskmodel.engine.extracts import Terms
from riskmodel.engine.problems import Problem
from riskmodel.engine.staging import ROW, SHOWN_ROWS, Staged

if TYPE_CHECKING:
    import duckdb

EARLIEST = "DATE '1900-01-01'"


@dataclass(frozen=True)
class Span:
    """Rows of an extract and the days they span; None where there is no such day.

    Parameters
    ----------
    rows
        Number of rows.
    first_happened, last_happened, first_known, last_known
        First and last days.
    extracted_on, complete_to
        As stated, else the last day a record was known.
    stated
        Whether both were stated.
    """

    rows: int
    first_happened: date | None
    last_happened: date | None
    first_known: date | None
    last_known: date | None
    extracted_on: date | None
    complete_to: date | None
    stated: bool


@dataclass(frozen=True)
class Condition:
    """A condition that no row may meet, as SQL, with the rule it breaks."""

    code: str
    column: str
    sql: str


def span_of(connection: duckdb.DuckDBPyConnection, staged: Staged, terms: Terms) -> Span:
    """Count the rows and find the days they span."""
    source = staged.source
    days = []
    for column in (source.happened, source.known):
        days += [f"{extreme}({ident(column)})" if column in staged.columns else "NULL" for extreme in ("min", "max")]
    query = f"SELECT count(*), {', '.join(days)} FROM {staged.table}"
    rows, first, last, first_known, last_known = connection.execute(query).fetchall()[0]
    extracted_on = terms.extracted_on or (max(last_known, terms.complete_to or last_known) if last_known else None)
    complete_to = terms.complete_to or (min(last_known, extracted_on) if last_known and extracted_on else None)
    stated = terms.extracted_on is not None and terms.complete_to is not None
    return Span(rows, first, last, first_known, last_known, extracted_on, complete_to, stated)


def row_problems(connection: duckdb.DuckDBPyConnection, staged: Staged, span: Span) -> list[Problem]:
    """Find every row-level problem of one extract.

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
        One for each rule and column that is broken, with counts and first rows.
    """
    problems = []
    conditions = list(_conditions(staged, span))
    if conditions:
        asked = ", ".join(
            f"count(*) FILTER (WHERE {c.sql}), min({ROW}, {SHOWN_ROWS}) FILTER (WHERE {c.sql})" for c in conditions
        )
        figures = connection.execute(f"SELECT {asked} FROM {staged.table}").fetchall()[0]
        for condition, count, rows in zip(conditions, figures[::2], figures[1::2], strict=True):
            if count:
                problems.append(_problem(staged, condition.code, condition.column, count, rows))
    return problems + _duplicates(connection, staged) + _repeats(connection, staged)


def _conditions(staged: Staged, span: Span) -> Iterator[Condition]:
    """The conditions that fit the columns that are there."""
    source = staged.source
    blank_rules = {source.key: "C301", source.happened: "C302"}
    blank_rules.setdefault(source.known, "C303")
    for column in source.required:
        blank_rules.setdefault(column, "C304")
    for column, code in blank_rules.items():
        if column in staged.columns:
            # A value of the wrong type is reported as such, not as a blank.
            yield Condition(code, column, f"{ident(column)} IS NULL AND NOT {ident(f'_bad_{column}')}")
    for column in staged.columns:
        if source.all_columns[column] is date:
            yield Condition("C305", column, f"{ident(column)} < {EARLIEST}")
    if span.extracted_on is not None:
        for column in dict.fromkeys((source.happened, source.known)):
            if column in staged.columns:
                yield Condition("C306", column, f"{ident(column)} > DATE '{span.extracted_on}'")
    yield from _order_conditions(staged)


def _order_conditions(staged: Staged) -> Iterator[Condition]:
    source = staged.source
    happened, known = ident(source.happened), ident(source.known)
    if source.known != source.happened and {source.known, source.happened} <= set(staged.columns):
        yield Condition("C307", f"{source.known}, {source.happened}", f"{known} < {happened}")
    if source.ends is not None and {source.ends, source.happened} <= set(staged.columns):
        yield Condition("C308", f"{source.ends}, {source.happened}", f"{ident(source.ends)} < {happened}")


def _problem(staged: Staged, code: str, column: str, count: int, rows: list[int] | None) -> Problem:
    return Problem.of(
        code, staged.source.name, staged.file.name, column=column, count=count, rows=staged.row_numbers(rows)
    )


def row_hash(staged: Staged) -> str:
    """SQL for a 64-bit hash over all declared columns of a row."""
    return f"hash({', '.join(ident(column) for column in staged.columns)})"


def _duplicates(connection: duckdb.DuckDBPyConnection, staged: Staged) -> list[Problem]:
    """Rows that repeat an earlier row in every declared column."""
    if not staged.columns:
        return []
    counted = f"SELECT {row_hash(staged)} AS h FROM {staged.table} GROUP BY h HAVING count(*) > 1"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE repeated AS {counted}")
    query = (
        f"WITH alike AS (SELECT {row_hash(staged)} AS h, {ROW} FROM {staged.table}), groups AS "
        f"(SELECT count(*) AS n, min({ROW}, 2)[2] AS again FROM alike SEMI JOIN repeated USING (h) GROUP BY h) "
        f"SELECT coalesce(sum(n - 1), 0)::BIGINT, min(again, {SHOWN_ROWS}) FROM groups"
    )
    count, rows = connection.execute(query).fetchall()[0]
    return [_problem(staged, "C309", "", count, rows)] if count else []


def _repeats(connection: duckdb.DuckDBPyConnection, staged: Staged) -> list[Problem]:
    """Rows that differ although the columns in `unique` are the same; exact duplicates are another matter."""
    unique = staged.source.unique
    if not unique or not set(unique) <= set(staged.columns):
        return []
    names = ", ".join(map(ident, unique))
    there = " AND ".join(f"{ident(name)} IS NOT NULL" for name in unique)
    query = (
        f"WITH hashed AS (SELECT {names}, {ROW}, {row_hash(staged)} AS h FROM {staged.table} WHERE {there}), groups AS "
        f"(SELECT count(*) AS n, min({ROW}) AS first FROM hashed GROUP BY {names} HAVING min(h) <> max(h)) "
        f"SELECT coalesce(sum(n), 0)::BIGINT, min(first, {SHOWN_ROWS}) FROM groups"
    )
    count, rows = connection.execute(query).fetchall()[0]
    return [_problem(staged, "C310", ", ".join(unique), count, rows)] if count else []
