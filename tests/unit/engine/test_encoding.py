"""Telling how a partner wrote its text."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.engine.encoding import UTF8, WINDOWS, Unreadable, encoding_of, recode, text_lines
from tests.unit.engine.clinic import GOOD, HEADING, check, only

TEXT = "name\ncafé, naïve – “quoted” €5\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(TEXT.encode(), UTF8), (TEXT.encode("utf-8-sig"), UTF8), (TEXT.encode("cp1252"), WINDOWS), (b"plain\n", UTF8)],
    ids=["utf-8", "utf-8 with mark", "windows-1252", "ascii"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_the_three_encodings_are_told_apart(tmp_path: Path, data: bytes, encoding: str, packed: bool) -> None:
    path = tmp_path / ("text.csv.gz" if packed else "text.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    assert encoding_of(path) == encoding
    assert "".join(text_lines(path, encoding)) in (TEXT, "plain\n")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (TEXT.encode("utf-16"), "it is UTF-16 ('Unicode text')"),
        (b"a\x00b\n", "it holds zero bytes, so it is not a text file"),
        (b"caf\x81\n", "it is neither UTF-8 nor Windows-1252"),
        ("naïve café é".encode() + b"\xe9\n", "it is UTF-8 with damaged characters, or a mixture of encodings"),
    ],
    ids=["utf-16", "binary", "undecodable", "mixed"],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, detail: str) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=r"UTF|text|encodings") as error:
        encoding_of(path)
    assert error.value.code == "C105"
    assert error.value.detail == detail


def test_a_character_split_between_two_reads_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.engine.encoding._CHUNK", 3)
    path = tmp_path / "text.csv"
    path.write_bytes("aaé€aaé".encode())
    assert encoding_of(path) == UTF8


def test_a_character_cut_off_at_the_end_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "text.csv"
    path.write_bytes("é€".encode() + b"\xc3")
    with pytest.raises(Unreadable):
        encoding_of(path)


def test_recoding_keeps_the_text(tmp_path: Path) -> None:
    path, target = tmp_path / "text.csv.gz", tmp_path / "out.csv"
    path.write_bytes(gzip.compress(TEXT.encode("cp1252")))
    recode(path, target)
    assert target.read_bytes().decode() == TEXT


def test_a_packed_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    data = gzip.compress("\n".join([HEADING, *[GOOD] * 500]).encode())
    (tmp_path / "visits.csv.gz").write_bytes(data[: len(data) // 2])
    problem = only(check(tmp_path), "C107")
    assert problem.detail == "the .gz file is cut short or damaged"


@settings(deadline=None)
@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_anything_written_in_windows_1252_reads_as_it_was_meant_or_is_refused(text: str) -> None:
    if not text.strip():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.csv"
        path.write_bytes(text.encode("cp1252"))
        try:
            read = "".join(text_lines(path, encoding_of(path)))
        except Unreadable:
            return
        # Bytes that happen to be whole UTF-8 are read as such; nothing else may change.
        assert read == text or path.read_bytes() == read.encode()
