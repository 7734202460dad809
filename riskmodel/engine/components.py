"""Who is connected with whom through membership spells, and how the warehouse is cut into buckets along those lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.declare.scope import Scope
from riskmodel.engine.duck import file_literal, ident, literal
from riskmodel.engine.staging import Staged
from riskmodel.errors import WarehouseError, nearest_name

if TYPE_CHECKING:
    import duckdb

ROWS_PER_BUCKET = 2_500_000
MAX_BUCKETS = 64
# So few keys lie together without harm, however many buckets there are.
SMALL_COMPONENT = 10_000

Labels = npt.NDArray[np.int64]
Edges = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True, order=True)
class Membership:
    """Spells of `via` that make members of a group; `member` and `group` are the names of the two key columns."""

    via: str
    member: str
    group: str

    @property
    def name(self) -> str:
        """The name under which the warehouse knows it."""
        return f"{self.via}.{self.group}"


def memberships_of(scopes: Iterable[Scope], sources: Iterable[str]) -> list[Membership]:
    """Return the different memberships that scopes go through, in the order they are first met.

    Raises
    ------
    WarehouseError
        If a scope goes through a source that is not built.
    """
    names = set(sources)
    found: dict[Membership, None] = {}
    for scope in scopes:
        if scope.via.name not in names:
            raise WarehouseError(
                f"The scope '{scope.description}' goes through source '{scope.via.name}', which is not built.",
                "The spells of every scope belong to the warehouse.",
                nearest=nearest_name(scope.via.name, names),
                next_step="Add the source to the sources that are built.",
            )
        found[Membership(scope.via.name, scope.via.key, scope.group)] = None
    return list(found)


def bucket_count(rows: int) -> int:
    """Return into how many buckets so many rows are cut: a power of two, at most 64.

    Examples
    --------
    >>> bucket_count(400_000), bucket_count(30_000_000)
    (1, 16)
    """
    needed = -(-rows // ROWS_PER_BUCKET)
    return min(1 << max(needed - 1, 0).bit_length(), MAX_BUCKETS)


def number_keys(
    connection: duckdb.DuckDBPyConnection, staged: Mapping[str, Staged], memberships: Sequence[Membership]
) -> int:
    """Make the table `nodes` (id, key_kind, key) of every key and group in any extract; return how many there are."""
    parts = [_keys(one.source.key, one.source.key, one) for one in staged.values()]
    parts += [_keys(m.group, m.group, staged[m.via]) for m in memberships]
    # DISTINCT and not UNION alone: with a single part there would be no union to remove what repeats.
    distinct = f"SELECT DISTINCT key_kind, key FROM ({' UNION ALL '.join(parts)})"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE nodes AS SELECT row_number() OVER (ORDER BY key_kind, key) - 1 AS id, key_kind, "
        f"key FROM ({distinct})"
    )
    return int(connection.execute("SELECT count(*) FROM nodes").fetchall()[0][0])


def _keys(kind: str, column: str, one: Staged) -> str:
    return (
        f"SELECT {literal(kind)} AS key_kind, {ident(column)} AS key FROM {one.table} WHERE {ident(column)} IS NOT NULL"
    )


def edges_of(connection: duckdb.DuckDBPyConnection, membership: Membership, via: Staged) -> Edges:
    """Return the pairs of node numbers that are ever connected by a spell."""
    member, group = ident(membership.member), ident(membership.group)
    pairs = connection.sql(
        f"SELECT DISTINCT m.id AS member, g.id AS group_id FROM {via.table} AS s "
        f"JOIN nodes AS m ON m.key_kind = {literal(membership.member)} AND m.key = s.{member} "
        f"JOIN nodes AS g ON g.key_kind = {literal(membership.group)} AND g.key = s.{group} ORDER BY ALL"
    ).to_arrow_table()
    return pairs["member"].to_numpy(), pairs["group_id"].to_numpy()


def connect(n: int, edges: Sequence[Edges]) -> Labels:
    """Number the connected components of `n` nodes, in the order of their first node.

    Parameters
    ----------
    n
        Number of nodes.
    edges
        Pairs of connected nodes.

    Returns
    -------
    array of int64, shape (n,)
        The component of each node.

    Examples
    --------
    >>> connect(5, [(np.array([0, 3]), np.array([3, 4]))]).tolist()
    [0, 1, 2, 0, 0]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not edges or n == 0:
        return np.arange(n, dtype=np.int64)
    rows = np.concatenate([pair[0] for pair in edges])
    columns = np.concatenate([pair[1] for pair in edges])
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def cluster(n: int, edges: Mapping[Membership, Edges], buckets: int) -> tuple[list[Membership], Labels]:
    """Choose the memberships whose components stay small enough to be kept in one bucket.

    Memberships are joined in turn, as long as the largest component stays below one bucket's share of all nodes, or
    below 10,000 nodes.

    Returns
    -------
    list of Membership, array of int64
        Those that were joined, and the component of each node under them.
    """
    chosen: list[Membership] = []
    labels = connect(n, [])
    for membership in edges:
        tried = connect(n, [edges[one] for one in (*chosen, membership)])
        if buckets == 1 or np.bincount(tried).max(initial=0) <= max(n // buckets, SMALL_COMPONENT):
            chosen.append(membership)
            labels = tried
    return chosen, labels


def keep_labels(connection: duckdb.DuckDBPyConnection, table: str, labels: Labels) -> None:
    """Make a table (key_kind, key, component) of every node."""
    numbers = pa.table({"id": np.arange(len(labels)), "component": labels})
    connection.register("numbers", numbers)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {ident(table)} AS "
        "SELECT key_kind, key, component FROM nodes JOIN numbers USING (id)"
    )
    connection.unregister("numbers")


def write_components(connection: duckdb.DuckDBPyConnection, membership: Membership, labels: Labels, path: Path) -> None:
    """Write the components of one membership: key_kind, key, component for every member and group key."""
    keep_labels(connection, "labelled", labels)
    kinds = f"{literal(membership.member)}, {literal(membership.group)}"
    connection.execute(
        f"COPY (SELECT * FROM labelled WHERE key_kind IN ({kinds}) ORDER BY key_kind, key) TO {file_literal(path)} "
        "(FORMAT parquet, COMPRESSION zstd)"
    )
