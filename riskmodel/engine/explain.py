"""The query of a prototype as readable SQL, for whoever must judge what the engine does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from riskmodel.declare.prototype import Prototype
from riskmodel.engine.compile import compile_plan


def explain(prototype: Prototype, as_of: date | Sequence[date], dialect: Literal["duckdb", "spark"] = "duckdb") -> str:
    """Return the query that `build_matrix` runs for a prototype, as one formatted statement.

    The engine runs the same parts one after the other, bucket by bucket, and does the last join in memory; this prints
    them as common table expressions, and the statement gives the same values. Outcome windows are taken as complete.

    Parameters
    ----------
    prototype
        What to compute.
    as_of
        One as-of date or several.
    dialect
        The database that shall read it.

    Returns
    -------
    str
        SQL, with a comment over every part.

    Examples
    --------
    >>> from riskmodel.engine.examples import absence
    >>> text = explain(absence, date(2023, 9, 1))
    >>> "records of sessions: the case's own" in text, "CAST('2022-09-01' AS DATE)" in text
    (True, True)
    """
    dates = (as_of,) if isinstance(as_of, date) else tuple(as_of)
    return compile_plan(prototype, dates).query().sql(dialect=dialect, pretty=True) + "\n"
