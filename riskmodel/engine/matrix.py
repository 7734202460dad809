"""The design matrix: one row a case, its features, its outcome, and what is needed to split and audit it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import MatrixError
from riskmodel.files import atomic_folder, settle

UNKNOWN = "Unknown"
_TABLES = ("X", "cases", "audit")
_INDEX_FILE = "matrix.json"


@dataclass(frozen=True)
class DesignMatrix:
    """What the engine hands to modelling: features, outcome and bookkeeping for every case.

    All parts have one row a case, in the same order (by as-of date, then key), and share one ``RangeIndex``.

    Parameters
    ----------
    X
        One column a feature, named as the feature, in the order of the prototype. Numbers and yes/no features are
        ``float64`` (``NaN`` is missing, yes is 1); features with declared levels are ``category`` with exactly those
        levels (missing where there was no record).
    y
        ``float64``: 1 where the outcome happened, 0 where it is known that it did not, ``NaN`` where it is not known.
    keys
        The case's key (text).
    as_of
        The date on which the case is looked at (``datetime64``, midnight).
    component
        ``int64`` household component: cases with the same number must not be split between training and test.
    audit
        Attributes kept for audit alone, never for prediction: ``category`` columns, missing is ``"Unknown"``.
    area
        The area of the case (text), ``"Unknown"`` where the cohort declares none or the record is blank.
    manifest
        Digests, attrition, coverage and the features' dictionary, ready to be written as JSON.

    Examples
    --------
    >>> matrix = DesignMatrix(
    ...     X=pd.DataFrame({"visits": [2.0, 0.0]}), y=pd.Series([1.0, float("nan")]), keys=pd.Series(["a", "b"]),
    ...     as_of=pd.Series(pd.to_datetime(["2024-09-01", "2024-09-01"])), component=pd.Series([0, 1]),
    ...     audit=pd.DataFrame(index=range(2)), area=pd.Series(["E05004033", "Unknown"]))
    >>> len(matrix)
    2
    >>> matrix.rows(matrix.y.notna()).keys.tolist()
    ['a']
    """

    X: pd.DataFrame
    y: pd.Series[Any]
    keys: pd.Series[Any]
    as_of: pd.Series[Any]
    component: pd.Series[Any]
    audit: pd.DataFrame
    area: pd.Series[Any]
    manifest: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = {name: len(getattr(self, name)) for name in ("X", "y", "keys", "as_of", "component", "audit", "area")}
        if len(set(rows.values())) > 1:
            raise MatrixError(
                f"The parts of this design matrix have different numbers of rows: {rows}.",
                "Every part holds one row a case, in the same order.",
                next_step="Build the matrix with build_matrix, or make all parts of the same length.",
            )

    def __len__(self) -> int:
        return len(self.y)

    @property
    def digest(self) -> str:
        """SHA-256 over the declarations, the data and the as-of dates (empty for a matrix made by hand)."""
        return str(self.manifest.get("digest", ""))

    def rows(self, which: npt.ArrayLike) -> DesignMatrix:
        """Return the cases chosen by a boolean mask or by row numbers, renumbered from nought.

        Parameters
        ----------
        which
            A boolean mask of length ``len(self)``, or an array of row numbers.

        Returns
        -------
        DesignMatrix
            The chosen rows with the same manifest.
        """
        chosen = np.asarray(which)
        numbers = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.int64)

        def pick(part: Any) -> Any:
            return part.iloc[numbers].reset_index(drop=True)

        return replace(
            self, X=pick(self.X), y=pick(self.y), keys=pick(self.keys), as_of=pick(self.as_of),
            component=pick(self.component), audit=pick(self.audit), area=pick(self.area),
        )  # fmt: skip

    def save(self, folder: str | Path) -> Path:
        """Write the matrix as three Parquet files and a JSON file, all or nothing.

        Parameters
        ----------
        folder
            Where to write; an older matrix there is replaced only when the new one is complete.

        Returns
        -------
        Path
            The folder.
        """
        target = Path(folder)
        with atomic_folder(target) as temporary:
            parts = {"X": self.X, "cases": self._cases(), "audit": self.audit}
            digests = {name: _write(temporary / f"{name}.parquet", part) for name, part in parts.items()}
            levels = {name: _levels(part) for name, part in parts.items()}
            index = {"rows": len(self), "files": digests, "levels": levels, "manifest": self.manifest}
            (temporary / _INDEX_FILE).write_text(json.dumps(index, indent=1, default=str) + "\n", encoding="utf-8")
        return target

    @classmethod
    def load(cls, folder: str | Path) -> DesignMatrix:
        """Read a matrix that `save` wrote.

        Parameters
        ----------
        folder
            The folder given to `save`.

        Returns
        -------
        DesignMatrix
            Equal to the one that was saved.

        Raises
        ------
        MatrixError
            When the folder holds no matrix, or a file of it is missing or was changed.
        """
        source = Path(folder)
        index = _read_index(source)
        parts = {}
        for name in _TABLES:
            path = source / f"{name}.parquet"
            _check_file(path, index["files"].get(name))
            parts[name] = _read(path, index["levels"][name], index["rows"])
        cases = parts["cases"]
        return cls(
            X=parts["X"], y=cases["y"], keys=cases["key"].rename(None), as_of=cases["as_of"],
            component=cases["component"], audit=parts["audit"], area=cases["area"], manifest=index["manifest"],
        )  # fmt: skip

    def _cases(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"key": self.keys, "as_of": self.as_of, "y": self.y, "component": self.component, "area": self.area},
            copy=False,
        )


def _levels(part: pd.DataFrame) -> dict[str, list[str]]:
    # Parquet keeps only the levels in use, so the declared ones are written beside it.
    return {
        str(name): [str(level) for level in part[name].cat.categories]
        for name in part
        if isinstance(part[name].dtype, pd.CategoricalDtype)
    }


def _write(path: Path, part: pd.DataFrame) -> str:
    columns = {str(name): _arrow(part[name]) for name in part}
    pq.write_table(pa.table(columns), path, compression="zstd")
    return _digest(path)


def _arrow(column: pd.Series[Any]) -> Any:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return pa.array(column.astype(object), pa.string(), from_pandas=True)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return pa.array(column.to_numpy().astype("datetime64[D]"), pa.date32())
    if pd.api.types.is_numeric_dtype(column.dtype):
        return pa.array(column.to_numpy(), from_pandas=True)
    return pa.array(column.astype(object), pa.string(), from_pandas=True)


def _read(path: Path, levels: dict[str, list[str]], rows: int) -> pd.DataFrame:
    table = pq.read_table(path)
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name)
        if name in levels:
            columns[name] = pd.Categorical(column.to_pandas(), categories=levels[name])
        elif pa.types.is_date(column.type):
            columns[name] = pd.to_datetime(column.cast(pa.timestamp("s")).to_pandas()).astype("datetime64[s]")
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns, index=pd.RangeIndex(rows), copy=False)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_index(folder: Path) -> dict[str, Any]:
    settle(folder)
    path = folder / _INDEX_FILE
    try:
        index: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _broken(f"There is no design matrix in {folder}: {_INDEX_FILE} is missing.") from None
    except ValueError:
        raise _broken(f"{path} cannot be read as JSON.") from None
    return index


def _check_file(path: Path, expected: str | None) -> None:
    if not path.is_file():
        raise _broken(f"The design matrix in {path.parent} lacks {path.name}.")
    if _digest(path) != expected:
        raise _broken(f"{path} was changed after the design matrix was written: its SHA-256 is another.")


def _broken(what: str) -> MatrixError:
    return MatrixError(
        what,
        f"A saved design matrix is {_INDEX_FILE} and the Parquet files whose digests stand in it.",
        next_step="Build the design matrix again.",
    )
