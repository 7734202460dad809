"""Finding columns that know the future: dates later than the record was known, and columns filled in afterwards."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

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

# Filled in later: the share filled among the newest records against the best year before them.
BIN_DAYS = 30
TAILS = tuple(math.ceil(days / BIN_DAYS) for days in (30, 60, 90, 180, 365, 730, 1095, 1825))
YEAR_BINS = 13
MIN_RECORDS = 50
MAX_RELATIVE_FILL = 0.1
# Records come in clusters (families, batches), so they count for a fifth of their number, against half the best share.
DESIGN_EFFECT, SHARE_OF_BEST = 5.0, 0.5
LOG_CHANCE = math.log(1e-6)

Bins = npt.NDArray[np.int64]


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
    for stratum in (None, *(candidate.day for candidate in dated)):
        others = [one for one in remaining.values() if stratum is None or one.day != stratum]
        if not others:
            continue
        for records, filled in _histories(connection, staged, others, stratum):
            for i, candidate in enumerate(others):
                if candidate.name in remaining and (tail := blank_tail(records, filled[:, i])) is not None:
                    del remaining[candidate.name]
                    problems.append(_later_problem(staged, candidate.name, tail))
    return problems


def _later_problem(staged: Staged, name: str, tail: Tail) -> Problem:
    detail = f"{tail.filled_before:.0%} filled before, {tail.filled_since:.0%} in the last {tail.days} days"
    return Problem.of(
        "C402", staged.source.name, staged.file.name, column=name, count=tail.records, detail=detail,
        soften=staged.source.keeps == "latest",
    )  # fmt: skip


def _histories(
    connection: duckdb.DuckDBPyConnection, staged: Staged, candidates: Sequence[Candidate], stratum: str | None
) -> Iterator[tuple[Bins, Bins]]:
    """Records and filled values in bins of 30 days before the newest record, newest first, for each stratum.

    Strata are the completed years between a date of the record (say, of birth) and the day it was known. They tell a
    column that fills up at a certain age, whenever that is, from one that was filled in later.
    """
    known = ident(staged.source.known)
    years = f"CAST(floor(({known} - {stratum}) / 365.25) AS BIGINT)" if stratum else "0"
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
        yield history[:, 0], history[:, 1:]


@dataclass(frozen=True)
class Tail:
    """The newest records in which a column is blank: how many, over how many days, and the shares filled."""

    records: int
    days: int
    filled_before: float
    filled_since: float


def blank_tail(records: Bins, filled: Bins) -> Tail | None:
    """Tell whether a column is blank in recent records although it used to be filled.

    For tails of 30 days to five years, the share filled in the tail is compared with the best year before it. The tail
    counts as blank when there are at least 50 records on either side, the share is at most a tenth of the best, and so
    few would be filled by chance less than once in a million times (Chernoff's bound on the binomial, with records
    counted at a fifth and against half the best share, because neighbouring records are alike). A column that was as
    blank for as long within its best year is seasonal, not filled in later.

    Parameters
    ----------
    records, filled
        Records and filled values in bins of 30 days, newest first, int64 of equal length.

    Returns
    -------
    Tail or None
        The longest blank tail, None if there is none.

    Examples
    --------
    >>> records = np.full(48, 100)
    >>> blank_tail(records, np.where(np.arange(48) < 13, 0, 80))
    Tail(records=1300, days=390, filled_before=0.8, filled_since=0.0)
    >>> blank_tail(records, np.full(48, 3)) is None
    True
    """
    for bins in reversed(TAILS):
        if bins >= len(records):
            continue
        since, filled_since = int(records[:bins].sum()), int(filled[:bins].sum())
        best, year = _best_year(records[bins:], filled[bins:])
        if since < MIN_RECORDS or best == 0 or filled_since > MAX_RELATIVE_FILL * best * since:
            continue
        if _lowest(records[bins:][year], filled[bins:][year], bins) <= MAX_RELATIVE_FILL * best:
            continue
        if _log_chance(filled_since, since, best * SHARE_OF_BEST) / DESIGN_EFFECT < LOG_CHANCE:
            return Tail(since, bins * BIN_DAYS, best, filled_since / since)
    return None


def _best_year(records: Bins, filled: Bins) -> tuple[float, slice]:
    """The highest share filled in any year with enough records, and the bins of that year."""
    width = min(YEAR_BINS, len(records))
    shares = _shares(records, filled, width, otherwise=0.0)
    first = int(np.argmax(shares))
    return float(shares[first]), slice(first, first + width)


def _lowest(records: Bins, filled: Bins, width: int) -> float:
    """The lowest share filled in any stretch of so many bins; 1 if no stretch that long has enough records."""
    return float(np.min(_shares(records, filled, width, otherwise=1.0))) if width <= len(records) else 1.0


def _shares(records: Bins, filled: Bins, width: int, *, otherwise: float) -> npt.NDArray[np.float64]:
    """The share filled in every stretch of `width` bins, `otherwise` where there are too few records."""
    ones = np.ones(width, dtype=np.int64)
    enough = np.convolve(records, ones, "valid")
    shares = np.convolve(filled, ones, "valid") / np.maximum(enough, 1)
    return np.where(enough >= MIN_RECORDS, shares, otherwise)


def _log_chance(successes: int, trials: int, share: float) -> float:
    """Chernoff's bound on the log-probability of at most so many successes, where fewer than expected were seen."""
    rate = successes / trials
    divergence = (1 - rate) * math.log((1 - rate) / (1 - share))
    if rate > 0:
        divergence += rate * math.log(rate / share)
    return -trials * divergence
