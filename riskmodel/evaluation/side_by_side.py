"""Independent pieces of work in two threads, with results that do not depend on how many there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from riskmodel.progress import SILENT, Progress

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(
    work: Callable[[T], R], items: Iterable[T], *, workers: int | None = None, progress: Progress = SILENT
) -> list[R]:
    """Do the same work on every item, two at a time where there are two cores, and return the results in order.

    Parameters
    ----------
    work : callable
        Must not change anything that another item's work reads. It pays where nearly all time is spent outside Python,
        as in fits of both families.
    items : iterable
    workers : int, optional
        Threads; left out, two where there are two cores.
    progress : Progress
        Advanced once an item.

    Examples
    --------
    >>> side_by_side(lambda number: number**2, range(4))
    [0, 1, 4, 9]
    """
    from threadpoolctl import threadpool_limits

    found = []
    # Held out here: fits inside set one thread too, and would otherwise give each other's limits back too early.
    with threadpool_limits(limits=1):
        pool = ThreadPoolExecutor(workers or min(2, os.cpu_count() or 1))
        try:
            for one in pool.map(work, items):
                found.append(one)
                progress.advance()
        finally:  # so that Ctrl-C does not wait for what has not begun
            pool.shutdown(cancel_futures=True)
    return found
