"""A partner's table on its way to a file: Arrow columns, and the day on which each row was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.synthetic.draw import Bools, Floats, Ints

NO_DAY = np.int64(10**6)  # days this late mean "not yet", and are written blank


@dataclass(frozen=True)
class Table:
    """Columns in the partner's order, without `received_on`, which `received` holds."""

    name: str
    key: Ints  # number behind the identifier, to put rows in an order that says nothing
    received: Ints
    columns: Mapping[str, pa.Array]
    slowest: int = 0  # days after which everything that happened has been received

    def arrow(self, until: int) -> pa.Table:
        """Return the rows received up to a day, as they arrived; every table is written from here."""
        order = np.lexsort((self.key, self.received))
        order = order[self.received[order] <= until]
        columns = {**self.columns, "received_on": days(self.received)}
        return pa.table(columns).take(pa.array(order))


def days(values: Ints) -> pa.Array:
    """Return dates; `NO_DAY` or later is blank."""
    return pa.array(values.astype(np.int32), mask=values >= NO_DAY).cast(pa.int32()).view(pa.date32())


def words(codes: Ints, levels: Sequence[str]) -> pa.Array:
    """Return the level of each code; -1 is blank."""
    return pa.array(list(levels)).take(pa.array(codes.astype(np.int32), mask=codes < 0))


def flags(values: Bools, missing: Bools | None = None) -> pa.Array:
    """Return booleans, blank where `missing`."""
    return pa.array(values, mask=missing)


def whole(values: Ints, missing: Bools | None = None) -> pa.Array:
    """Return whole numbers, blank where `missing`."""
    return pa.array(values.astype(np.int32), mask=missing)


def real(values: Floats, decimals: int, missing: Bools | None = None) -> pa.Array:
    """Return rounded numbers, blank where `missing` or not a number."""
    blank = np.isnan(values) if missing is None else missing | np.isnan(values)
    return pa.array(np.round(values, decimals), mask=blank)
