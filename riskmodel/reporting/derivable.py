"""Which withheld counts of a table a reader can bound too closely, from totals, wholes and percentages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.reporting.count_table import CountTable

#: A cell of the table, or what is left of its row's whole.
Cell = tuple[int, str]


@dataclass(frozen=True)
class Known:
    """What a reader knows: the sum of some cells lies between `low` and `high`; `printed` may have been rounded."""

    cells: tuple[Cell, ...]
    low: float
    high: float
    printed: bool = False


@dataclass(frozen=True)
class Bounded:
    """A withheld count and the range a reader can find for it."""

    row: int
    column: str
    low: float
    high: float
    is_rest: bool = False


def bounded(
    table: CountTable, *, threshold: int, slack: float, partition: bool, shares: Sequence[Known] = ()
) -> list[Bounded]:
    """Find every withheld count (and what is left of a whole) whose range is narrower than the threshold.

    Parameters
    ----------
    table
        The table.
    threshold
        A range this wide, or one that begins at this or above, gives nothing away.
    slack
        How far a printed count may be from the exact one: half the rounding, or 0. Printed counts are taken as exact
        where they can all be, and else as far off as the table needs to add up, so that protection does not lean on
        rounding.
    partition
        Whether the counts of a row add up to its whole. Otherwise each is a part of its own, and the rest is guarded
        too.
    shares
        What percentages tell.

    Notes
    -----
    Linear programming over all tables that agree with what is printed, as `riskmodel.reporting.suppression` does for
    our own; here the exact counts are not known.
    """
    found: list[Bounded] = []
    for columns, rest in _pieces(table, partition):
        found += _bounded_in(table, columns, rest, threshold, slack, shares)
    return found


def _pieces(table: CountTable, partition: bool) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Columns that are judged together, and whether they leave a rest of their row's whole."""
    if table.whole is not None:
        yield (table.whole,), False
    if partition:
        yield table.counts, False
    else:
        yield from (((column,), table.whole is not None) for column in table.counts)


def _bounded_in(
    table: CountTable, columns: tuple[str, ...], rest: bool, threshold: int, slack: float, shares: Sequence[Known]
) -> list[Bounded]:
    cells: list[Cell] = [(row, column) for row in table.details for column in columns]
    cells += [(row, "") for row in table.details] if rest else []
    known = list(_printed(table, columns, rest))
    known += [one for one in shares if set(one.cells) <= set(cells)]
    hidden = [cell for cell in cells if cell[1] == "" or table.visible(*cell) is None]
    ranges = _ranges(hidden, cells, known, slack)
    return [
        Bounded(row, column or columns[0], low, high, is_rest=column == "")
        for (row, column), (low, high) in zip(hidden, ranges, strict=True)
        if high - low < threshold - 1e-6 and low < threshold - 1e-6 and not _plain(table, row, column, columns)
    ]


def _plain(table: CountTable, row: int, column: str, columns: tuple[str, ...]) -> bool:
    """Whether this is the rest beside a printed part and whole, which is judged by plain subtraction."""
    whole = table.whole
    return (
        column == "" and whole is not None and None not in (table.visible(row, columns[0]), table.visible(row, whole))
    )


def _printed(table: CountTable, columns: tuple[str, ...], rest: bool) -> Iterator[Known]:
    for row in range(table.rows):
        over = table.total_of.get(row, (row,))
        for column in columns:
            value = table.visible(row, column)
            if value is not None:
                yield Known(tuple((part, column) for part in over), value, value, printed=True)
        whole = None if table.whole is None else table.visible(row, table.whole)
        if whole is not None and (rest or len(columns) > 1):
            every = (*columns, "") if rest else columns
            yield Known(tuple((part, column) for part in over for column in every), whole, whole, printed=True)


def _ranges(
    targets: Sequence[Cell], cells: Sequence[Cell], known: Sequence[Known], slack: float
) -> list[tuple[float, float]]:
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, vstack

    unknown = [(0.0, float("inf"))] * len(targets)
    if not known or not targets:
        return unknown
    place = {cell: number for number, cell in enumerate(cells)}
    at = [(row, place[cell]) for row, one in enumerate(known) for cell in one.cells]
    rows, columns = np.array(at).T
    sums = csr_array((np.ones(len(at)), (rows, columns)), shape=(len(known), len(cells)))
    above = vstack([sums, -sums]).tocsr()
    give = np.array([float(one.printed) for one in known] * 2)
    limits = np.array([one.high for one in known] + [-one.low for one in known])
    aim = np.append(np.zeros(len(cells)), 1.0)
    loose = linprog(aim, A_ub=hstack([above, csr_array(-give[:, None])]), b_ub=limits, bounds=(0, None), method="highs")
    if loose.status != 0 or loose.fun > slack + 1e-6:
        return unknown  # the table does not add up: nothing can be worked out from it
    below = limits + give * (loose.fun + 1e-7)

    def extreme(aim: npt.NDArray[np.float64], sign: int) -> float:
        found = linprog(sign * aim, A_ub=above, b_ub=below, bounds=(0, None), method="highs")
        return sign * float(found.fun) if found.status == 0 else (0.0 if sign > 0 else float("inf"))

    ranges = []
    for cell in targets:
        aim = np.zeros(len(cells))
        aim[place[cell]] = 1.0
        ranges.append((extreme(aim, 1), extreme(aim, -1)))
    return ranges
