"""A DuckDB connection that sees only the folders it needs, keeps within its memory, and quotes names safely."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "700MB"
MAX_THREADS = 4


@contextmanager
def connected(
    scratch: Path, *, folders: Iterable[Path] = (), memory: str = MEMORY_LIMIT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory connection that spills into `scratch` and can touch no file outside the given folders.

    Parameters
    ----------
    scratch
        Existing folder for what does not fit into memory, and for intermediate files.
    folders
        Other folders to read or write.
    memory
        DuckDB's memory limit.
    """
    import duckdb

    spill = scratch / "spill"
    spill.mkdir(exist_ok=True)
    allowed = ", ".join(literal(f"{folder.resolve().as_posix()}/") for folder in (scratch, *folders))
    connection = duckdb.connect(":memory:")
    try:
        for setting in (
            f"SET temp_directory = {literal(spill.resolve().as_posix())}",
            f"SET memory_limit = {literal(memory)}",
            f"SET threads = {min(os.cpu_count() or 1, MAX_THREADS)}",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            f"SET allowed_directories = [{allowed}]",
            "SET enable_external_access = false",
        ):
            connection.execute(setting)
        _without_own_bar(connection)
        yield connection
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as error:
        # DuckDB's answer to Ctrl-C while a query runs.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise
    finally:
        connection.close()


def _without_own_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Switch DuckDB's own progress bar off; in a notebook without widgets it is off, and may not even be set."""
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0]:
        connection.execute("SET enable_progress_bar = false")


def ident(name: str) -> str:
    """Quote a column or table name.

    Examples
    --------
    >>> ident("order")
    '"order"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text.

    Examples
    --------
    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """Quote the path of one file; DuckDB takes the path of an existing file as it is, never as a pattern."""
    return literal(path.resolve().as_posix())
