"""How many records a source holds for each month, and how long they take to arrive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel.declare.source import Source
from riskmodel.engine.duck import file_literal, ident

if TYPE_CHECKING:
    import duckdb

# Nearly all records have arrived after this share of the delays; the slowest few are mistakes more often than records.
NEARLY_ALL = 0.95


def volumes_of(connection: duckdb.DuckDBPyConnection, source: Source, parts: Sequence[Path]) -> dict[str, Any]:
    """Count the stored records of one source by month, and measure how long they took to be known.

    Parameters
    ----------
    connection
        Allowed to read the parts.
    source
        The source.
    parts
        Its stored files.

    Returns
    -------
    dict
        ``monthly``: month such as "2024-06" -> records that happened in it (months without any are left out);
        ``delay_days``: days from happened to known, the ``median`` and what ``nearly_all`` (95 %) keep to, both None
        without records.
    """
    stored = f"read_parquet([{', '.join(map(file_literal, parts))}])"
    happened, known = ident(source.happened), ident(source.known)
    months = connection.execute(
        f"SELECT strftime({happened}, '%Y-%m') AS month, count(*) FROM {stored} GROUP BY month ORDER BY month"
    ).fetchall()
    median, most = connection.execute(
        f"SELECT quantile_disc({known} - {happened}, 0.5), quantile_disc({known} - {happened}, {NEARLY_ALL}) "
        f"FROM {stored}"
    ).fetchall()[0]
    return {"monthly": dict(months), "delay_days": {"median": median, "nearly_all": most}}
