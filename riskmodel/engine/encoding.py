"""In which encoding a partner wrote its text: UTF-8 with or without a mark, or Windows-1252."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

_CHUNK = 1 << 22
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF8 = "UTF-8"
WINDOWS = "Windows-1252"
_CODECS = {UTF8: "utf-8-sig", WINDOWS: "cp1252"}


class Unreadable(Exception):
    """A file cannot be read; `code` is the rule it breaks, and the text says how without quoting the file."""

    def __init__(self, code: str, detail: str, rows: tuple[int, ...] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.rows = rows


def opened(path: Path) -> BinaryIO:
    """Open a file for reading bytes, unpacking `.gz` on the way."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def encoding_of(path: Path) -> str:
    """Tell the encoding of a text file by reading all of it.

    Parameters
    ----------
    path
        A text file, or a `.gz` of one.

    Returns
    -------
    str
        "UTF-8" or "Windows-1252".

    Raises
    ------
    Unreadable
        If the file is empty, binary, damaged, in UTF-16, or neither of the two.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    blank, is_utf8 = True, True
    for number, chunk in enumerate(chunks(path)):
        if number == 0 and chunk.startswith(_UTF16_MARKS):
            raise Unreadable("C105", "it is UTF-16 ('Unicode text')")
        if b"\0" in chunk:
            raise Unreadable("C105", "it holds zero bytes, so it is not a text file")
        blank = blank and not chunk.removeprefix(codecs.BOM_UTF8).strip()
        if is_utf8:
            is_utf8 = _accepts(decoder, chunk)
    if blank:
        raise Unreadable("C104", "")
    if is_utf8 and _accepts(decoder, b"", final=True):
        return UTF8
    _check_windows(path)
    return WINDOWS


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """Give the lines of a text file in the encoding that `encoding_of` told."""
    with opened(path) as stream, io.TextIOWrapper(stream, encoding=_CODECS[encoding], newline="") as reader:
        yield from reader


def recode(path: Path, target: Path) -> None:
    """Write a Windows-1252 file (or a `.gz` of one) as plain UTF-8."""
    with target.open("wb") as out:
        for chunk in chunks(path):
            out.write(chunk.decode("cp1252").encode())


def chunks(path: Path) -> Iterator[bytes]:
    """Read a file piece by piece, unpacked; a damaged `.gz` raises `Unreadable`."""
    try:
        with opened(path) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable("C107", "the .gz file is cut short or damaged") from None


def _accepts(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _check_windows(path: Path) -> None:
    """Refuse bytes that Windows-1252 lacks, and UTF-8 that was damaged and would be read as mojibake."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    whole, broken = 0, 0
    for chunk in chunks(path):
        try:
            chunk.decode("cp1252")
        except UnicodeDecodeError:
            raise Unreadable("C105", "it is neither UTF-8 nor Windows-1252") from None
        if not chunk.isascii():
            beyond = [character for character in decoder.decode(chunk) if character > "\x7f"]
            escaped = sum("\ud800" <= character <= "\udfff" for character in beyond)
            whole, broken = whole + len(beyond) - escaped, broken + escaped
    if whole > broken:
        raise Unreadable("C105", "it is UTF-8 with damaged characters, or a mixture of encodings")
