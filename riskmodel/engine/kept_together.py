"""Cases that may not be split between training and test: the connected component of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.declare.cohort import Cohort
from riskmodel.declare.scope import Scope
from riskmodel.engine.warehouse import Warehouse

Numbers = npt.NDArray[np.int64]


def components_of(cohort: Cohort, keys: pa.Array, together: pa.Array | None, warehouse: Warehouse) -> Numbers:
    """Return the component of every case.

    With a scope as `Cohort.together` these are the connected components of everybody its spells ever joined, known
    then or not, for here caution is what counts. With a column, cases with the same value are connected, and so are
    the dates of one key. With neither, only the dates of one key are.

    Parameters
    ----------
    cohort
        Whose cases.
    keys
        The key of each case.
    together
        The value of the cohort's `together` column for each case, if it names one.
    warehouse
        Where the components of memberships lie.
    """
    if isinstance(cohort.together, Scope):
        return _of_membership(cohort, cohort.together, keys, warehouse)
    if together is not None:
        return _linked([_codes(keys), _codes(together)])
    return _codes(keys)


def _of_membership(cohort: Cohort, scope: Scope, keys: pa.Array, warehouse: Warehouse) -> Numbers:
    import pyarrow.parquet as pq

    path = warehouse.components(scope.via.name, scope.group)
    known = pq.read_table(path, filters=[("key_kind", "==", cohort.source.key)])
    place = pc.index_in(keys, known.column("key").combine_chunks())
    # Every key of the warehouse has a component, so no place is missing.
    found: Numbers = known.column("component").take(place).to_numpy().astype(np.int64)
    return found


def _linked(columns: Sequence[Numbers]) -> Numbers:
    """Connect rows that share a value in any column; a blank (-1) connects nothing."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = len(columns[0])
    starts, ends, size = [], [], rows
    for codes in columns:
        there = np.flatnonzero(codes >= 0)
        starts.append(there)
        ends.append(codes[there] + size)
        size += int(codes.max(initial=-1)) + 1
    edges = (np.ones(sum(map(len, starts)), np.int8), (np.concatenate(starts), np.concatenate(ends)))
    _, labels = connected_components(coo_array(edges, shape=(size, size)), directed=False)
    numbered: Numbers = pd.factorize(labels[:rows])[0].astype(np.int64)
    return numbered


def _codes(values: pa.Array) -> Numbers:
    """Number the values from nought in the order of their text, whatever order the rows are in; a blank is -1."""
    texts: Any = values.to_pandas()
    codes: Numbers = pd.factorize(texts, sort=True, use_na_sentinel=True)[0].astype(np.int64)
    return codes
