"""Rows of a table that overlap others: an area that is made up of areas which have rows of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from riskmodel.reporting.count_table import CountTable

#: More rows than this are not searched for sums, and a sum has at most so many parts.
MOST_ROWS, MOST_PARTS = 16, 5


def with_overlaps(table: CountTable, slack: float) -> CountTable:
    """The table with overlapping rows told apart from the rows that make up its totals.

    Rows are looked at only where those of a total hold more people than the total itself: then some of them are counted
    twice. A row that is, in every column of counts, the sum of some other rows is taken for a total of these.

    Parameters
    ----------
    table
        As it stands; rows called totals are known already.
    slack
        How far a printed count may be from the exact one.
    """
    if not any(_too_much(table, row, slack) for row in table.total_of) or len(table.details) > MOST_ROWS:
        return table
    for row in table.details:
        parts = _made_up_of(table, row, slack)
        if parts:
            others = {total: tuple(p for p in of if p != row) for total, of in table.total_of.items()}
            table = replace(table, total_of={**others, row: parts})
    return table


def _columns(table: CountTable) -> tuple[str, ...]:
    return (*table.counts, *([table.whole] if table.whole else []))


def _too_much(table: CountTable, total: int, slack: float) -> bool:
    parts = table.total_of[total]
    for column in _columns(table):
        whole = table.visible(total, column)
        known = sum(table.visible(part, column) or 0.0 for part in parts)
        if whole is not None and known > whole + slack * (len(parts) + 1):
            return True
    return False


def _made_up_of(table: CountTable, row: int, slack: float) -> tuple[int, ...]:
    """Other rows that add up to this one in every column; empty when there are none."""
    columns = _columns(table)
    own = [table.visible(row, column) for column in columns]
    others = [other for other in table.details if other != row and None not in _values(table, other, columns)]
    if None in own:
        return ()
    for size in range(2, min(MOST_PARTS, len(others)) + 1):
        for parts in combinations(others, size):
            sums = [sum(table.visible(part, column) or 0.0 for part in parts) for column in columns]
            if all(abs(mine - n) <= slack * (size + 1) for mine, n in zip(own, sums, strict=True) if mine is not None):
                return parts
    return ()


def _values(table: CountTable, row: int, columns: Sequence[str]) -> list[float | None]:
    return [table.visible(row, column) for column in columns]
