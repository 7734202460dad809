"""Checking what partners sent against the declared contract, all problems at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.declare.source import Source
from riskmodel.engine.duck import connected
from riskmodel.engine.encoding import Unreadable
from riskmodel.engine.extracts import TERMS_FILE, Extracts, Terms, find_extracts
from riskmodel.engine.hindsight import hindsight_problems
from riskmodel.engine.problems import CheckReport, Problem, SourceSummary, ordered
from riskmodel.engine.rows import Span, row_problems, span_of
from riskmodel.engine.staging import Staged, stage
from riskmodel.files import plain_storage_errors
from riskmodel.progress import SILENT, Progress

if TYPE_CHECKING:
    import duckdb

__all__ = ["Checked", "CheckReport", "check_extracts", "check_into"]


@dataclass(frozen=True)
class Checked:
    """One extract that could be read: its typed table, its span, and everything wrong with it."""

    staged: Staged
    span: Span
    problems: tuple[Problem, ...]


def check_extracts(
    sources: Iterable[Source], extracts: Path | str, *, progress: Progress = SILENT, scratch: Path | None = None
) -> CheckReport:
    """Check every extract against its source's contract, without changing anything.

    Parameters
    ----------
    sources
        The declared sources.
    extracts
        Folder with one `<source>.csv`, `<source>.csv.gz` or `<source>.parquet` a source, and maybe `extracts.toml` with
        ``extracted_on`` and ``complete_to`` for each.
    progress
        Told of each source.
    scratch
        Folder for intermediate files, which are removed; by default the system's.

    Returns
    -------
    CheckReport
        All problems of all extracts; `refused` says whether any is an error.

    Raises
    ------
    ContractError
        If the extracts folder does not exist.
    StorageError
        If the scratch folder is full.

    Examples
    --------
    >>> visits = Source("visits", "One row a visit", partner="Clinic", agreement="ISA-9", key="person_id",
    ...                 happened="seen_on", columns={"room": int})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "visits.csv").write_text("person_id,seen_on,room\\na,2024-02-01,first\\n")
    ...     report = check_extracts([visits], folder)
    >>> report.refused, [(problem.code, problem.column, problem.rows) for problem in report.errors]
    (True, [('C204', 'room', (2,))])
    """
    declared = list(sources)
    found = find_extracts(declared, extracts)
    with tempfile.TemporaryDirectory(prefix="riskmodel-check-", dir=scratch) as temporary:
        place = Path(temporary)
        with plain_storage_errors(place), connected(place, folders=found.folders) as connection:
            _, report = check_into(connection, declared, found, place, progress, keep=False)
    return report


def check_into(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    found: Extracts,
    scratch: Path,
    progress: Progress,
    *,
    keep: bool = True,
) -> tuple[dict[str, Checked], CheckReport]:
    """Check every extract and leave the typed tables in `scratch` for a build, unless `keep` is False."""
    progress.step("Checking extracts", total=len(sources))
    checked: dict[str, Checked] = {}
    problems = list(found.problems)
    for source in sources:
        if source.name in found.files:
            one = _check_one(connection, source, found, scratch)
            problems += [one] if isinstance(one, Problem) else one.problems
            if isinstance(one, Checked):
                checked[source.name] = one
                if not keep:
                    one.staged.path.unlink()
        progress.advance(1)
    problems += _unstated(checked)
    summaries = tuple(_summary(one) for one in checked.values())
    return checked, CheckReport(found.folder, summaries, ordered(problems))


def _check_one(
    connection: duckdb.DuckDBPyConnection, source: Source, found: Extracts, scratch: Path
) -> Checked | Problem:
    """Check one extract; a file that cannot be read at all gives a single problem."""
    file = found.files[source.name]
    try:
        staged = stage(connection, source, file, scratch)
    except Unreadable as error:
        return Problem.of(error.code, source.name, file.name, detail=error.detail, rows=error.rows)
    span = span_of(connection, staged, found.terms.get(source.name, Terms()))
    if span.rows == 0 and not staged.rejected:
        return Problem.of("C104", source.name, file.name, detail="it has a heading and no rows")
    of_rows = row_problems(connection, staged, span)
    of_columns = hindsight_problems(connection, staged, span)
    return Checked(staged, span, (*staged.problems, *of_rows, *of_columns))


def _unstated(checked: dict[str, Checked]) -> list[Problem]:
    """One warning for all sources whose day of extract had to be guessed."""
    names = [name for name, one in checked.items() if not one.span.stated]
    if not names:
        return []
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return [Problem.of("C110", TERMS_FILE, TERMS_FILE, detail=shown)]


def _summary(one: Checked) -> SourceSummary:
    span = one.span
    days = (span.first_happened, span.last_happened, span.extracted_on, span.complete_to)
    words = [day.isoformat() if day else "" for day in days]
    return SourceSummary(one.staged.source.name, one.staged.file.name, one.staged.written_as, span.rows, *words)
