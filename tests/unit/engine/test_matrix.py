"""A saved design matrix is read back as it was, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import MatrixError


@pytest.fixture
def matrix() -> DesignMatrix:
    return DesignMatrix(
        X=pd.DataFrame(
            {
                "visits": [2.0, np.nan, 0.0],
                "mark": pd.Categorical(["L", None, "O"], categories=["/", "L", "O"]),
            }
        ),
        y=pd.Series([1.0, 0.0, np.nan]),
        keys=pd.Series(["a", "b", "c"], dtype="str"),
        as_of=pd.Series(pd.to_datetime(["2024-09-01"] * 3).astype("datetime64[s]")),
        component=pd.Series([0, 0, 1], dtype="int64"),
        audit=pd.DataFrame({"sex": pd.Categorical(["F", "Unknown", "F"], categories=["F", "M", "Unknown"])}),
        area=pd.Series(["E05004033", "Unknown", "E05004033"], dtype="str"),
        manifest={"digest": "d1", "attrition": [{"step": "register", "n": 3}]},
    )


def assert_same(left: DesignMatrix, right: DesignMatrix) -> None:
    pd.testing.assert_frame_equal(left.X, right.X)
    pd.testing.assert_frame_equal(left.audit, right.audit)
    for name in ("y", "keys", "as_of", "component", "area"):
        pd.testing.assert_series_equal(getattr(left, name), getattr(right, name), check_names=False)
    assert left.manifest == right.manifest


def test_what_is_saved_is_loaded(matrix: DesignMatrix, tmp_path: Path) -> None:
    matrix.save(tmp_path / "m")
    loaded = DesignMatrix.load(tmp_path / "m")
    assert_same(loaded, matrix)
    assert loaded.digest == "d1"


def test_levels_that_do_not_occur_are_kept(matrix: DesignMatrix, tmp_path: Path) -> None:
    matrix.save(tmp_path / "m")
    loaded = DesignMatrix.load(tmp_path / "m")
    assert list(loaded.X["mark"].cat.categories) == ["/", "L", "O"]
    assert list(loaded.audit["sex"].cat.categories) == ["F", "M", "Unknown"]


def test_the_same_matrix_gives_the_same_bytes(matrix: DesignMatrix, tmp_path: Path) -> None:
    for name in ("one", "two"):
        matrix.save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["X.parquet", "audit.parquet", "cases.parquet", "matrix.json"]
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_an_empty_matrix_can_be_saved(matrix: DesignMatrix, tmp_path: Path) -> None:
    empty = matrix.rows(np.zeros(3, dtype=bool))
    empty.save(tmp_path / "m")
    assert len(DesignMatrix.load(tmp_path / "m")) == 0


def test_saving_replaces_an_older_matrix(matrix: DesignMatrix, tmp_path: Path) -> None:
    matrix.save(tmp_path / "m")
    matrix.rows([2, 0]).save(tmp_path / "m")
    assert DesignMatrix.load(tmp_path / "m").keys.tolist() == ["c", "a"]


@pytest.mark.parametrize("file", ["X.parquet", "cases.parquet", "audit.parquet"])
def test_a_changed_byte_is_refused(matrix: DesignMatrix, tmp_path: Path, file: str) -> None:
    path = matrix.save(tmp_path / "m") / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(MatrixError, match=f"{file} was changed"):
        DesignMatrix.load(tmp_path / "m")


@pytest.mark.parametrize("file", ["X.parquet", "matrix.json"])
def test_a_missing_file_is_named(matrix: DesignMatrix, tmp_path: Path, file: str) -> None:
    (matrix.save(tmp_path / "m") / file).unlink()
    with pytest.raises(MatrixError, match=file):
        DesignMatrix.load(tmp_path / "m")


def test_a_broken_index_is_named(matrix: DesignMatrix, tmp_path: Path) -> None:
    (matrix.save(tmp_path / "m") / "matrix.json").write_text("{", encoding="utf-8")
    with pytest.raises(MatrixError, match="cannot be read as JSON"):
        DesignMatrix.load(tmp_path / "m")


def test_the_index_is_json_that_a_person_can_read(matrix: DesignMatrix, tmp_path: Path) -> None:
    index = json.loads((matrix.save(tmp_path / "m") / "matrix.json").read_text(encoding="utf-8"))
    assert index["rows"] == 3
    assert set(index["files"]) == {"X", "cases", "audit"}


def test_parts_of_different_length_are_refused(matrix: DesignMatrix) -> None:
    with pytest.raises(MatrixError, match="different numbers of rows"):
        DesignMatrix(matrix.X, matrix.y[:2], matrix.keys, matrix.as_of, matrix.component, matrix.audit, matrix.area)


def test_rows_are_chosen_by_mask_or_by_number(matrix: DesignMatrix) -> None:
    by_mask, by_number = matrix.rows(matrix.y.notna()), matrix.rows([2, 0])
    assert by_mask.keys.tolist() == ["a", "b"]
    assert by_number.keys.tolist() == ["c", "a"]
    assert by_number.X.index.tolist() == [0, 1]
    assert by_number.X["mark"].tolist() == ["O", "L"]
