"""Reading one extract into a typed table on disk, whatever its format, with a mark on each value of the wrong type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.declare.source import Source
from riskmodel.engine.duck import file_literal, ident, literal
from riskmodel.engine.encoding import WINDOWS, Unreadable, encoding_of, recode, text_lines
from riskmodel.engine.heading import (
    DELIMITER_WORDS,
    Heading,
    column_problems,
    first_faulty_row,
    heading_of,
    shown_names,
)
from riskmodel.engine.parsing import TYPE_WORDS, as_date, in_style, looks_like_numbers, other_styles, parsed
from riskmodel.engine.problems import Problem

if TYPE_CHECKING:
    import duckdb

ROW = "_row"
SHOWN_ROWS = 5
_MAX_REJECTED = 10_000
_REJECTIONS = {
    "TOO MANY COLUMNS": "more fields than the heading",
    "MISSING COLUMNS": "fewer fields than the heading",
    "UNQUOTED VALUE": "a quote that is not closed, or text after a closing quote",
    "LINE SIZE OVER MAXIMUM": "a line of over 2 MB, probably after a quote that is not closed",
    "INVALID ENCODING": "characters that cannot be decoded",
}


@dataclass(frozen=True)
class Column:
    """One column of an extract: its name there, SQL to read it, and DuckDB's name of the type it is stored in."""

    name: str
    sql: str
    stored: str


@dataclass(frozen=True)
class Staged:
    """One extract as a Parquet file of typed columns.

    Parameters
    ----------
    source
        Its declaration.
    file
        The extract.
    path
        The typed table: `_row` (as the partner would count), the declared columns that are there, and for each other
        column `i` of the extract `_extra<i>` (whether it is filled) and `_extra<i>_date`.
    written_as
        Format, encoding and separator, in words.
    columns
        Declared columns that are there and were sent once.
    extras
        Names of the other columns, by number.
    rejected
        Numbers of CSV rows that could not be read.
    problems
        What is wrong with the file and its columns.
    """

    source: Source
    file: Path
    path: Path
    written_as: str
    columns: tuple[str, ...] = ()
    extras: Mapping[int, str] = field(default_factory=dict)
    rejected: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def table(self) -> str:
        """SQL to read the typed table."""
        return f"read_parquet({file_literal(self.path)})"

    def row_numbers(self, rows: list[int] | None) -> tuple[int, ...]:
        """Turn positions among the rows that were read into numbers as the partner would count them."""
        numbers = []
        for row in sorted(rows or []):
            for rejected in self.rejected:
                row += rejected <= row
            numbers.append(row)
        return tuple(numbers[:SHOWN_ROWS])


def stage(connection: duckdb.DuckDBPyConnection, source: Source, file: Path, scratch: Path) -> Staged:
    """Read one extract into a typed Parquet file in `scratch`.

    Parameters
    ----------
    connection
        Allowed to read the extract and to write in `scratch`.
    source
        The declaration the extract must keep.
    file
        The extract.
    scratch
        Folder for the typed table.

    Returns
    -------
    Staged
        The typed table, with the problems of the file, its columns and its types.

    Raises
    ------
    Unreadable
        If the file as a whole cannot be read.
    """
    with _plain_reading_errors(source, file):
        return _stage(connection, source, file, scratch)


def _stage(connection: duckdb.DuckDBPyConnection, source: Source, file: Path, scratch: Path) -> Staged:
    read = _open_parquet if file.suffix == ".parquet" else _open_csv
    columns, table, written_as = read(connection, source, file, scratch)
    names = [column.name for column in columns]
    problems = column_problems(source, file.name, names)
    if any(problem.code == "C206" for problem in problems):
        raise Unreadable("C206", "none of the declared columns is there")
    path = scratch / f"{source.name}.staged.parquet"
    present = {c.name: c for c in columns if c.name in source.all_columns and names.count(c.name) == 1}
    extras = {i: column for i, column in enumerate(columns) if column.name not in source.all_columns}
    _write(connection, source, path, table, present, extras)
    rejected, malformed = _rejections(connection, source, file)
    may_show = shown_names(source, names)
    shown = {i: may_show[column.name] for i, column in extras.items()}
    staged = Staged(source, file, path, written_as, tuple(present), shown, rejected)
    wrong = _type_problems(connection, staged, table, present)
    return Staged(source, file, path, written_as, tuple(present), shown, rejected, (*problems, *malformed, *wrong))


def _open_parquet(
    connection: duckdb.DuckDBPyConnection, source: Source, file: Path, scratch: Path
) -> tuple[list[Column], str, str]:
    reader = f"read_parquet({file_literal(file)}, file_row_number = true)"
    table = f"(SELECT * REPLACE (file_row_number + 1 AS file_row_number) FROM {reader})"
    described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {table}").fetchall()
    return [Column(name.strip(), ident(name), stored) for name, stored, *_ in described], table, "Parquet"


def _open_csv(
    connection: duckdb.DuckDBPyConnection, source: Source, file: Path, scratch: Path
) -> tuple[list[Column], str, str]:
    encoding = encoding_of(file)
    heading = heading_of(text_lines(file, encoding), source)
    readable = file
    if encoding == WINDOWS:
        readable = scratch / f"{source.name}.utf8.csv"
        recode(file, readable)
    columns = [Column(name, f"c{i}", "VARCHAR") for i, name in enumerate(heading.names)]
    words = f"CSV, {encoding}, {DELIMITER_WORDS[heading.delimiter]}"
    table = f"(SELECT *, row_number() OVER () + 1 AS file_row_number FROM {_csv_reader(source, readable, heading)})"
    return columns, table, words


def _csv_reader(source: Source, file: Path, heading: Heading) -> str:
    """SQL to read a CSV as text columns c0, c1 ...; rows that cannot be read go to tables of rejections."""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(heading.names)))
    return (
        f"read_csv({file_literal(file)}, auto_detect = false, header = true, delim = {literal(heading.delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{types}}}, strict_mode = true, null_padding = false, "
        f"store_rejects = true, rejects_limit = {_MAX_REJECTED}, rejects_table = 'errors_{source.name}', "
        f"rejects_scan = 'scans_{source.name}')"
    )


def _write(
    connection: duckdb.DuckDBPyConnection, source: Source, path: Path, table: str, present: Mapping[str, Column],
    extras: Mapping[int, Column],
) -> None:  # fmt: skip
    """Write the typed table: values, marks of wrong values, and of undeclared columns only whether and when."""
    chosen = [f"file_row_number AS {ROW}"]
    for name, kind in source.all_columns.items():
        if name in present:
            read = parsed(present[name].sql, present[name].stored, kind, source.dates)
            mark = f"coalesce({read.bad or 'false'}, false)"
            chosen += [f"{read.value} AS {ident(name)}", f"{mark} AS {ident(f'_bad_{name}')}"]
    for i, column in extras.items():
        filled = f"CAST({column.sql} AS VARCHAR) IS NOT NULL AND trim(CAST({column.sql} AS VARCHAR)) <> ''"
        chosen += [f"{filled} AS _extra{i}", f"{as_date(column.sql, column.stored, source.dates)} AS _extra{i}_date"]
    connection.execute(f"COPY (SELECT {', '.join(chosen)} FROM {table}) TO {file_literal(path)} (FORMAT parquet)")


@contextmanager
def _plain_reading_errors(source: Source, file: Path) -> Iterator[None]:
    """Turn whatever DuckDB says of a file it gives up into plain words; its own quote the data."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        ours = (
            duckdb.OutOfMemoryException,
            duckdb.InterruptException,
            duckdb.PermissionException,
            duckdb.BinderException,
        )
        if isinstance(error, ours) or "no space left" in str(error).casefold():
            raise
        raise _broken(source, file) from None


def _broken(source: Source, file: Path) -> Unreadable:
    """Say what is wrong with a file that was given up, with the first faulty row if it can be found."""
    if file.suffix == ".parquet":
        return Unreadable("C107", "the Parquet file is cut short or damaged")
    encoding = encoding_of(file)
    row = first_faulty_row(text_lines(file, encoding), heading_of(text_lines(file, encoding), source))
    return Unreadable("C106", "a quote or a line end is out of place", (row,) if row else ())


def _rejections(
    connection: duckdb.DuckDBPyConnection, source: Source, file: Path
) -> tuple[tuple[int, ...], list[Problem]]:
    """Rows of a CSV that could not be read: their numbers, and one problem for each kind of fault."""
    if file.suffix == ".parquet":
        return (), []
    # The table also holds the text of the rows; only the kind of fault and the row number are taken from it.
    query = f"SELECT CAST(error_type AS VARCHAR), line FROM errors_{source.name} ORDER BY line"
    found = connection.execute(query).fetchall()
    problems = []
    for kind in sorted({kind for kind, _ in found}):
        rows = sorted({line for fault, line in found if fault == kind})
        said = _REJECTIONS.get(kind, "the row does not fit the heading")
        said += "; counting stopped" if len(found) >= _MAX_REJECTED else ""
        shown = rows[:SHOWN_ROWS]
        problems.append(Problem.of("C106", source.name, file.name, count=len(rows), rows=shown, detail=said))
    return tuple(sorted({line for _, line in found})), problems


def _type_problems(
    connection: duckdb.DuckDBPyConnection, staged: Staged, table: str, present: Mapping[str, Column]
) -> list[Problem]:
    """Values of the wrong type, by column, with the first rows and a hint on dates written in another style."""
    if not present:
        return []
    marks = []
    for name in present:
        bad = f"FILTER (WHERE {ident(f'_bad_{name}')})"
        marks += [f"count(*) {bad}", f"min({ROW}, {SHOWN_ROWS}) {bad}", f"count({ident(name)})"]
    figures = connection.execute(f"SELECT {', '.join(marks)} FROM {staged.table}").fetchall()[0]
    problems = []
    for (name, column), count, rows, filled in zip(
        present.items(), figures[::3], figures[1::3], figures[2::3], strict=True
    ):
        kind = staged.source.all_columns[name]
        if count:
            detail = f"declared {TYPE_WORDS[kind]}"
            if column.stored != "VARCHAR":
                detail += f", stored as {re.sub('[^A-Z0-9_ ]', ' ', column.stored)}"
            elif TYPE_WORDS[kind] == "date":
                detail += _date_hint(connection, staged.source, table, column)
            problems.append(Problem.of(
                "C204", staged.source.name, staged.file.name, column=name, count=count,
                rows=staged.row_numbers(rows), detail=detail,
            ))  # fmt: skip
        elif kind is str and filled and looks_like_numbers(column.stored):
            problems.append(Problem.of("C205", staged.source.name, staged.file.name, column=name))
    return problems


def _date_hint(connection: duckdb.DuckDBPyConnection, source: Source, table: str, column: Column) -> str:
    """Say so when most wrong dates are dates in another style."""
    good = parsed(column.sql, column.stored, source.all_columns[column.name], source.dates).bad
    for style, words in other_styles(source.dates).items():
        query = f"SELECT count(*), count(*) FILTER (WHERE {in_style(column.sql, style)}) FROM {table} WHERE {good}"
        wrong, explained = connection.execute(query).fetchall()[0]
        if explained * 2 > wrong:
            return f"; {words}"
    return ""
