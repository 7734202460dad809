"""From the rows of a query to a design matrix: order, types, categories and what is known of each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.declare.feature import Feature
from riskmodel.declare.prototype import Prototype
from riskmodel.engine.compile import audit_name
from riskmodel.engine.matrix import UNKNOWN
from riskmodel.engine.records import Y

YES, NO = "Yes", "No"


class Rows:
    """The rows of all batches, in the order of the matrix, read one column at a time.

    Parameters
    ----------
    batches
        The columns of each batch; they are let go one by one as they are taken.
    """

    def __init__(self, batches: Sequence[dict[str, Any]]) -> None:
        self._batches = batches
        keys, dates = self._joined("_key"), self._joined("_as_of")
        order = pc.sort_indices(pa.table({"as_of": dates, "key": keys}), [("as_of", "ascending"), ("key", "ascending")])
        self._order: npt.NDArray[np.int64] = order.to_numpy().astype(np.int64)

    def __len__(self) -> int:
        return len(self._order)

    def has(self, name: str) -> bool:
        """Whether the result holds a column that was not taken yet."""
        return name in self._batches[0]

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Take a column of numbers; missing is NaN."""
        joined = np.concatenate([np.asarray(batch.pop(name), dtype=np.float64) for batch in self._batches])
        return joined[self._order]

    def texts(self, name: str) -> pa.Array:
        """Take a column of text."""
        return self._joined(name, drop=True).take(pa.array(self._order)).combine_chunks()

    def dates(self, name: str) -> npt.NDArray[np.datetime64]:
        """Take a column of dates."""
        taken = self._joined(name, drop=True).take(pa.array(self._order))
        days: npt.NDArray[np.datetime64] = taken.to_numpy().astype("datetime64[s]")
        return days

    def _joined(self, name: str, *, drop: bool = False) -> pa.ChunkedArray:
        parts = [batch.pop(name) if drop else batch[name] for batch in self._batches]
        return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=parts[0].type)


def features_frame(rows: Rows, features: Sequence[Feature]) -> pd.DataFrame:
    """Take the features: numbers as `float64`, text as a category of the declared levels."""
    columns: dict[str, Any] = {}
    for feature in features:
        if feature.dtype == "category":
            columns[feature.name] = _categorical(rows.texts(feature.name), tuple(feature.levels or ()))
        else:
            columns[feature.name] = rows.numbers(feature.name)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def audit_frame(rows: Rows, prototype: Prototype) -> pd.DataFrame:
    """Take the audit attributes as categories, with what is missing as a category of its own."""
    kinds: dict[str, tuple[bool, tuple[str, ...]]] = {
        feature.name: (feature.dtype == "bool", tuple(feature.levels or ())) for feature in prototype.audit
    }
    declared = prototype.outcome.source.all_columns
    kinds |= {name: (declared[name] is bool, ()) for name in prototype.outcome.audit}
    columns = {
        name: _audited(rows.texts(audit_name(name)), yes_or_no=yes_or_no, levels=levels)
        for name, (yes_or_no, levels) in kinds.items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


def text_series(values: pa.Array) -> pd.Series[Any]:
    """Text with `"Unknown"` where it is missing."""
    return pd.Series(pc.fill_null(values, UNKNOWN).to_pandas(), dtype="str")


def outcome_series(rows: Rows) -> pd.Series[Any]:
    """Take the outcome: 1, 0, or NaN where it is not known."""
    return pd.Series(rows.numbers(Y))


def _audited(values: pa.Array, *, yes_or_no: bool, levels: tuple[str, ...]) -> pd.Categorical[Any]:
    if yes_or_no:
        shown: Mapping[str, str] = {"true": YES, "1": YES, "false": NO, "0": NO}
        values = pa.array([shown.get(v) if v is not None else None for v in values.to_pylist()], pa.string())
        levels = (NO, YES)
    if not levels:
        levels = tuple(sorted((v for v in pc.unique(values).to_pylist() if v is not None), key=_natural))
    levels = tuple(level for level in levels if level != UNKNOWN)
    return _categorical(pc.fill_null(values, UNKNOWN), (*levels, UNKNOWN), unlisted=UNKNOWN)


def _categorical(values: pa.Array, levels: tuple[str, ...], *, unlisted: str | None = None) -> pd.Categorical[Any]:
    codes = pc.index_in(values, pa.array(levels, pa.string()))
    missing = -1 if unlisted is None else levels.index(unlisted)
    numbers: npt.NDArray[np.int32] = pc.fill_null(codes, missing).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(numbers, dtype=pd.CategoricalDtype(pd.Index(levels, dtype="str")))


def _natural(text: str) -> tuple[int, float, str]:
    """Numbers by size, then texts by letters."""
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
