"""Building a design matrix from a prototype and a warehouse, as it could have been built on the as-of date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from riskmodel.declare.feature import Feature
from riskmodel.declare.plain import plain
from riskmodel.declare.prototype import Prototype
from riskmodel.declare.scope import Scope
from riskmodel.engine.assemble import Rows, audit_frame, features_frame, outcome_series, text_series
from riskmodel.engine.cases import AREA, TOGETHER
from riskmodel.engine.clock import AS_OF
from riskmodel.engine.compile import Plan, compile_plan
from riskmodel.engine.coverage import check_history
from riskmodel.engine.execute import Answer, batched, execute, sources_of
from riskmodel.engine.kept_together import components_of
from riskmodel.engine.matrix import UNKNOWN, DesignMatrix
from riskmodel.engine.report import attrition, manifest
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import MatrixError, WarehouseError
from riskmodel.progress import Progress

ENGINE_FORMAT = 1
"""Raised when the same declarations and data would give another matrix than before."""


def build_matrix(
    prototype: Prototype,
    warehouse: Warehouse,
    as_of: date | Sequence[date] | None = None,
    *,
    features: Sequence[Feature] | None = None,
    cases: Sequence[str] | pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> DesignMatrix:
    """Build the design matrix of a prototype: what could have been known about each case on its as-of date.

    Parameters
    ----------
    prototype
        Who the cases are, what is predicted and what is measured.
    warehouse
        The partners' data.
    as_of
        One as-of date or several; None for all training, test and validation dates of the prototype.
    features
        Which features to build instead of the prototype's.
    cases
        Only these cases: their keys, or a frame with columns ``key`` and ``as_of`` that gives each its own date
        (`as_of` is then left out).
    progress
        Told of every finished part.

    Returns
    -------
    DesignMatrix
        One row a case and as-of date, ordered by date, then key.

    Raises
    ------
    MatrixError
        If the dates or cases asked for make no sense.
    LeakageError
        If a source that keeps only its latest state would be used to look back (rule 5).
    WarehouseError
        If the warehouse lacks a source or a file of it was changed.
    DeclarationError
        If a feature's records cannot be reached from the cohort.

    Examples
    --------
    The session of 30 August was received after the as-of date, so it does not count.

    >>> from riskmodel.engine.examples import absence, small_warehouse
    >>> with small_warehouse() as warehouse:
    ...     matrix = build_matrix(absence, warehouse, date(2023, 9, 1))
    >>> dict(zip(matrix.keys, matrix.X["missed"]))
    {'a': 1.0, 'b': 0.0}
    >>> [(step["step"], step["n"]) for step in matrix.manifest["attrition"]]
    [('register', 3), ('where', 2), ('outcome', 0)]
    """
    asked = _asked(cases, as_of)
    dates = _dates(prototype, as_of, asked)
    wanted = tuple(prototype.features if features is None else features)
    check_history(prototype, wanted, dates)
    complete_to = _complete_to(prototype, warehouse, dates)
    plan = compile_plan(prototype, dates, features=wanted, asked=asked is not None, complete_to=complete_to)
    _check_stored(prototype, wanted, warehouse, plan)
    batches = batched(plan, warehouse, together=not _fits_buckets(prototype, wanted, warehouse))
    answers = execute(plan, warehouse, batches, asked=_asked_table(asked, dates), progress=progress)
    return _assembled(prototype, wanted, warehouse, plan, answers, asked)


def _assembled(
    prototype: Prototype,
    features: Sequence[Feature],
    warehouse: Warehouse,
    plan: Plan,
    answers: list[Answer],
    asked: pd.DataFrame | None,
) -> DesignMatrix:
    counts = [answer.counts for answer in answers]
    rows = Rows([answer.columns for answer in answers])
    answers.clear()  # the rows are let go column by column
    keys, days = rows.texts("_key"), rows.dates(f"_{AS_OF}")
    together = rows.texts(f"_{TOGETHER}") if rows.has(f"_{TOGETHER}") else None
    component = pd.Series(components_of(prototype.cohort, keys, together, warehouse))
    y = outcome_series(rows)
    as_of = pd.Series(days)
    made = manifest(prototype, features, warehouse, plan, _content(prototype, features, warehouse, plan, asked))
    made["attrition"] = attrition(prototype, counts, as_of, y)
    return DesignMatrix(
        X=features_frame(rows, features),
        y=y,
        keys=text_series(keys),
        as_of=as_of,
        component=component,
        audit=audit_frame(rows, prototype),
        area=text_series(rows.texts(f"_{AREA}")) if rows.has(f"_{AREA}") else _no_area(len(rows)),
        manifest=made,
    )


def _no_area(rows: int) -> pd.Series[Any]:
    return pd.Series([UNKNOWN] * rows, dtype="str")


def _complete_to(prototype: Prototype, warehouse: Warehouse, dates: Sequence[date]) -> date:
    """Last day on which the outcome's source is complete; scoring can do without that source."""
    source = prototype.outcome.source.name
    if source not in warehouse.sources and min(dates) >= prototype.score_as_of:
        return date.min
    return warehouse.complete_to(source)


def _check_stored(prototype: Prototype, features: Sequence[Feature], warehouse: Warehouse, plan: Plan) -> None:
    """Refuse a warehouse that was built from other declarations of the sources a query reads."""
    declared = {source.name: source for source in (*prototype.sources, *(feature.source for feature in features))}
    declared |= {feature.of.via.name: feature.of.via for feature in features if feature.of is not None}
    for name in sources_of(plan):
        stored = warehouse.entry(name)["columns"]
        wanted = {column: kind.__name__ for column, kind in declared[name].all_columns.items()}
        other = sorted(column for column, kind in wanted.items() if stored.get(column) != kind)
        if other:
            raise WarehouseError(
                f"The warehouse {warehouse.folder} was built when source '{name}' was declared otherwise: "
                f"{', '.join(other)} {'is' if len(other) == 1 else 'are'} not there, or of another type.",
                "Features are made from a warehouse that was built from the same declarations.",
                next_step="Run: riskmodel build",
            )


def _fits_buckets(prototype: Prototype, features: Iterable[Feature], warehouse: Warehouse) -> bool:
    """Whether everybody that a scope connects lies in one bucket, for every scope of the query."""
    measured = (*features, *prototype.audit, *prototype.cohort.having)
    scopes = {prototype.outcome.of, *(feature.of for feature in measured)}
    return all(warehouse.is_clustered_by(scope.via.name, scope.group) for scope in scopes if isinstance(scope, Scope))


def _dates(prototype: Prototype, as_of: date | Sequence[date] | None, asked: pd.DataFrame | None) -> tuple[date, ...]:
    if asked is not None and AS_OF in asked:
        return tuple(sorted({pd.Timestamp(value).date() for value in asked[AS_OF]}))
    if as_of is None:
        return tuple(sorted({*prototype.train_as_of, *prototype.test_as_of, *prototype.validate_as_of}))
    dates = (as_of,) if isinstance(as_of, date) else tuple(sorted(set(as_of)))
    if not dates:
        raise MatrixError(
            "No as-of date was given.",
            "A design matrix shows what was known on at least one date.",
            next_step="Give as_of=date(2024, 9, 1), several dates, or leave it out for the prototype's own.",
        )
    return dates


def _asked(cases: Sequence[str] | pd.DataFrame | None, as_of: date | Sequence[date] | None) -> pd.DataFrame | None:
    if cases is None:
        return None
    asked = cases if isinstance(cases, pd.DataFrame) else pd.DataFrame({"key": list(cases)})
    has_dates = AS_OF in asked
    if "key" not in asked or asked.empty or (has_dates and as_of is not None):
        raise MatrixError(
            "The cases asked for are not a list of keys, or a frame with columns 'key' and 'as_of', or there is none.",
            "Dates are given either for all cases with as_of=, or for each case in the frame.",
            next_step="Give cases=['...'] with as_of=, or a frame with a column 'key' and a column 'as_of'.",
        )
    return asked.drop_duplicates(ignore_index=True)


def _asked_table(asked: pd.DataFrame | None, dates: Sequence[date]) -> pa.Table | None:
    if asked is None:
        return None
    if AS_OF not in asked:
        asked = asked[["key"]].merge(pd.DataFrame({AS_OF: list(dates)}), how="cross")
    days = pd.to_datetime(asked[AS_OF]).to_numpy().astype("datetime64[D]")
    return pa.table({"key": pa.array(asked["key"].astype(object), pa.string()), AS_OF: pa.array(days, pa.date32())})


def _content(
    prototype: Prototype,
    features: Sequence[Feature],
    warehouse: Warehouse,
    plan: Plan,
    asked: pd.DataFrame | None,
) -> str:
    """SHA-256 over declarations, data, as-of dates and, if only some cases were asked for, which."""
    of_cases = None
    if asked is not None:
        text = asked.sort_values(list(asked.columns)).to_csv(index=False)
        of_cases = hashlib.sha256(text.encode()).hexdigest()
    parts = {
        "format": ENGINE_FORMAT,
        "prototype": prototype.digest(),
        "features": None if features == prototype.features else [plain(feature) for feature in features],
        "warehouse": warehouse.digest(),
        "as_of": [day.isoformat() for day in plan.clock.dates],
        "cases": of_cases,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
