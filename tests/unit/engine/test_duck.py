"""The connection: what it can reach, and how it stops."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from riskmodel.engine.duck import connected, file_literal, ident, literal


def test_it_sees_no_other_folder(tmp_path: Path) -> None:
    inside, outside, scratch = tmp_path / "inside", tmp_path / "outside", tmp_path / "scratch"
    for folder in (inside, outside, scratch):
        folder.mkdir()
        (folder / "a.csv").write_text("n\n1\n")
    with connected(scratch, folders=[inside]) as connection:
        for folder in (inside, scratch):
            query = f"SELECT n FROM read_csv({file_literal(folder / 'a.csv')})"
            assert connection.execute(query).fetchall() == [(1,)]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"SELECT n FROM read_csv({file_literal(outside / 'a.csv')})")


def test_it_keeps_to_its_memory(tmp_path: Path) -> None:
    with connected(tmp_path, memory="50MB") as connection:
        [(limit,)] = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    assert limit == "47.6 MiB"


@pytest.mark.parametrize("raised", [RuntimeError("Query interrupted"), duckdb.InterruptException("Interrupted!")])
def test_a_query_that_the_user_stops_is_a_keyboard_interrupt(tmp_path: Path, raised: Exception) -> None:
    with pytest.raises(KeyboardInterrupt), connected(tmp_path):
        raise raised


def test_other_errors_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="something else"), connected(tmp_path):
        raise RuntimeError("something else")


def test_names_and_texts_are_quoted() -> None:
    odd = """a'b"c"""
    query = f"SELECT {literal(odd)} AS {ident(odd)}"
    result = duckdb.connect().execute(query)
    assert (result.description[0][0], result.fetchall()) == (odd, [(odd,)])
