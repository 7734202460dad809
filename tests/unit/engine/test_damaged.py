"""Files damaged in any way give a report in plain words, never a crash and never a value."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from tests.unit.engine.clinic import GOOD, check, only, put

SECRET = "Quillfeather"
ROWS = [GOOD, GOOD.replace("fine", f'"a ""{SECRET}"", x"'), GOOD.replace("fine", f"caf\u00e9 {SECRET}")] * 5
INSERTED = [b'"', b"\n", b",", b"\r", b'""', b"\x00", b"\xe9", b"'", b";"]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Change, insert, delete or cut off bytes."""
    result = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        if not result:
            return b""
        place, kind = rng.randrange(len(result)), rng.randrange(4)
        if kind == 0:
            result[place] = rng.choice([0, 34, 44, 10, 13, 255, 233, rng.randrange(256)])
        elif kind == 1:
            result[place:place] = rng.choice(INSERTED)
        elif kind == 2:
            del result[place : place + rng.choice([1, 3, 30])]
        else:
            del result[max(place, 200) :]
    return bytes(result)


@pytest.mark.parametrize("name", ["visits.csv", "visits.csv.gz", "visits.parquet"])
def test_any_damage_is_reported_without_a_value(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, ROWS, name=name if name != "visits.parquet" else "visits.csv")
    if name == "visits.parquet":
        types = pc.ConvertOptions(column_types={"note": pa.string()})
        pq.write_table(pc.read_csv(path, convert_options=types), tmp_path / name)
        path.unlink()
        path = tmp_path / name
    data = path.read_bytes()
    for seed in range(25):
        path.write_bytes(damaged(data, random.Random(seed)))
        report = check(tmp_path)
        assert report.problems, seed
        assert SECRET not in report.text() + json.dumps(report.to_dict()), seed


def test_a_line_end_out_of_place_names_the_row(tmp_path: Path) -> None:
    put(tmp_path, [GOOD, GOOD, GOOD.replace("fine", "fi\rne"), GOOD])
    problem = only(check(tmp_path), "C106")
    assert (problem.detail, problem.rows) == ("a quote or a line end is out of place", (4,))
