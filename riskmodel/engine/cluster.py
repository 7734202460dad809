"""Writing the rows of one source into the warehouse, bucket by bucket, sorted and without exact duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel.engine.duck import file_literal, ident, literal
from riskmodel.engine.staging import Staged

if TYPE_CHECKING:
    import duckdb

CLUSTERS = "clusters"
ROW_GROUP = 65_536


def write_parts(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    parts: Sequence[Path],
    scratch: Path,
    *,
    columns: Sequence[str],
    duplicates: bool,
    component: str,
) -> None:
    """Write one source's rows into one Parquet file a bucket.

    Parameters
    ----------
    connection
        It holds the table `clusters` (key_kind, key, component).
    staged
        The typed extract, every column there and no key blank.
    parts
        The files to write; the bucket of a row is its component modulo their number.
    scratch
        Folder for intermediate files.
    columns
        The declared columns, in order.
    duplicates
        Whether there are exact duplicates to drop.
    component
        Name of the column to add for the component.
    """
    source = staged.source
    clusters = f"(SELECT key AS _key, component FROM {CLUSTERS} WHERE key_kind = {literal(source.key)})"
    rows = (
        f"SELECT {', '.join(map(ident, columns))}, component AS {ident(component)} FROM {staged.table} "
        f"JOIN {clusters} ON _key = {ident(source.key)}"
    )
    first = [component, source.key, source.happened, source.known]
    order = ", ".join(ident(name) for name in dict.fromkeys([*first, *columns]))
    for path, table in _by_bucket(connection, rows, parts, scratch / f"{source.name}.buckets", component):
        chosen = "SELECT DISTINCT *" if duplicates else "SELECT *"
        connection.execute(
            f"COPY ({chosen} FROM ({table}) ORDER BY {order}) TO {file_literal(path)} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )


def _by_bucket(
    connection: duckdb.DuckDBPyConnection, rows: str, parts: Sequence[Path], scratch: Path, component: str
) -> list[tuple[Path, str]]:
    """The query for the rows of each part; with several buckets they are first cut apart on disk."""
    if len(parts) == 1:
        return [(parts[0], rows)]
    connection.execute(
        f"COPY (SELECT *, {ident(component)} % {len(parts)} AS _bucket FROM ({rows})) TO {file_literal(scratch)} "
        "(FORMAT parquet, PARTITION_BY (_bucket))"
    )
    queries = []
    for bucket, part in enumerate(parts):
        files = ", ".join(file_literal(file) for file in sorted(scratch.glob(f"_bucket={bucket}/*.parquet")))
        read = f"SELECT * FROM read_parquet([{files}], hive_partitioning = false)"
        queries.append((part, read if files else f"SELECT * FROM ({rows}) WHERE false"))
    return queries


def content_digest(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], columns: Sequence[str]) -> str:
    """SHA-256 that depends on the rows alone: not on their order, their files, or the version that wrote them.

    It is taken over the number of rows and the exclusive or of their MD5, columns in the given order; rows do not
    repeat, so none cancels another.
    """
    # A blank and an empty text differ, and so do ('ab', 'c') and ('a', 'bc').
    fields = ", ".join(f"coalesce({ident(column)}::VARCHAR, chr(30))" for column in columns)
    files = ", ".join(map(file_literal, parts))
    query = f"SELECT count(*), bit_xor(md5_number(concat_ws(chr(31), {fields}))) FROM read_parquet([{files}])"
    figures: tuple[Any, ...] = connection.execute(query).fetchall()[0]
    return sha256(repr(figures).encode()).hexdigest()
