"""SQL that turns what a partner stored, text or typed, into the declared type, and marks the values that do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STORED_AS = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "VARCHAR", date: "DATE"}
TYPE_WORDS = {bool: "yes or no", int: "whole number", float: "number", str: "text", date: "date"}

_SIGNED = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
_INTEGERS = _SIGNED | {f"U{name}" for name in _SIGNED}
_FRACTIONS = {"FLOAT", "DOUBLE", "DECIMAL"}
_TIMES = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_US"}
_BLANKS = " \t\r\n\u00a0"
_YES = "'true', '1', 'yes', 'y', '1.0'"
_NO = "'false', '0', 'no', 'n', '0.0'"
# A time of day may follow the date and is dropped; the second style is that of the other declaration, for the hint.
_DATE_FORMATS = {
    "iso": ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S.%f"),
    "uk": ("%d/%m/%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"),
    "us": ("%m/%d/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M"),
}


@dataclass(frozen=True)
class Parsed:
    """SQL for one column: its value in the declared type, and whether a value is there that would not turn into it."""

    value: str
    bad: str | None


def trimmed(column: str) -> str:
    """SQL for a text without surrounding blanks, NULL if nothing is left."""
    # Most texts begin and end with a visible ASCII character, which is four times cheaper to see than to trim.
    visible = f"ascii({column}) BETWEEN 33 AND 126 AND ascii(right({column}, 1)) BETWEEN 33 AND 126"
    return f"CASE WHEN {visible} THEN {column} ELSE nullif(trim({column}, '{_BLANKS}'), '') END"


def parsed(column: str, stored: str, kind: type, dates: str) -> Parsed:
    """Return the SQL that reads a column as the declared type.

    Parameters
    ----------
    column
        SQL of the stored column.
    stored
        DuckDB's name of its stored type.
    kind
        The declared type.
    dates
        How the source writes dates in text: "iso" or "uk".

    Examples
    --------
    >>> parsed("c", "DATE", date, "iso").value
    'CAST(c AS DATE)'
    """
    family = stored.split("(")[0]
    if family == "VARCHAR":
        return _from_text(trimmed(column), kind, dates)
    target = STORED_AS[kind]
    if kind is str and family in _INTEGERS:
        return Parsed(f"CAST({column} AS VARCHAR)", None)
    if kind is date and family in _TIMES:
        return Parsed(f"CAST({column} AS DATE)", None)
    if (kind is bool and family == "BOOLEAN") or (kind is float and family in _INTEGERS):
        return Parsed(f"CAST({column} AS {target})", None)
    if kind in (bool, int, float) and family in _INTEGERS | _FRACTIONS:
        return _from_number(column, kind, is_float=family in ("FLOAT", "DOUBLE"))
    return Parsed(f"CAST(NULL AS {target})", f"{column} IS NOT NULL")


def looks_like_numbers(stored: str) -> bool:
    """Whether a column declared as text was stored as whole numbers."""
    return stored.split("(")[0] in _INTEGERS


def as_date(column: str, stored: str, dates: str) -> str:
    """SQL for a column of unknown meaning as a date: NULL where it is not one."""
    family = stored.split("(")[0]
    if family in _TIMES:
        return f"CAST({column} AS DATE)"
    return _date_from_text(trimmed(column), dates) if family == "VARCHAR" else "CAST(NULL AS DATE)"


def _from_text(text: str, kind: type, dates: str) -> Parsed:
    if kind is str:
        return Parsed(text, None)
    if kind is bool:
        value = f"CASE WHEN lower({text}) IN ({_YES}) THEN true WHEN lower({text}) IN ({_NO}) THEN false END"
    elif kind is int:
        # DuckDB rounds '12.5' to 13, so a whole number is one that equals itself as a fraction.
        whole, exact = f"TRY_CAST({text} AS BIGINT)", f"TRY_CAST({text} AS DOUBLE)"
        value = f"CASE WHEN {whole} = {exact} THEN {whole} END"
    elif kind is float:
        number = f"TRY_CAST({text} AS DOUBLE)"
        missing = f"lower({text}) = 'nan'"
        value = f"CASE WHEN isfinite({number}) THEN {number} END"
        return Parsed(value, f"{text} IS NOT NULL AND NOT {missing} AND ({value}) IS NULL")
    else:
        value = _date_from_text(text, dates)
    return Parsed(value, f"{text} IS NOT NULL AND ({value}) IS NULL")


def _from_number(column: str, kind: type, *, is_float: bool) -> Parsed:
    there = f"{column} IS NOT NULL" + (f" AND NOT isnan({column})" if is_float else "")
    if kind is float:
        number = f"CAST({column} AS DOUBLE)"
        value = f"CASE WHEN isfinite({number}) THEN {number} END"
    elif kind is int:
        whole = f"TRY_CAST({column} AS BIGINT)"
        value = f"CASE WHEN {whole} = {column} THEN {whole} END"
    else:
        value = f"CASE WHEN {column} = 1 THEN true WHEN {column} = 0 THEN false END"
    return Parsed(value, f"{there} AND ({value}) IS NULL")


def _date_from_text(text: str, dates: str) -> str:
    formats = ", ".join(f"'{one}'" for one in _DATE_FORMATS[dates])
    # Words such as 'infinity' are dates to DuckDB.
    return f"CASE WHEN left({text}, 1) BETWEEN '0' AND '9' THEN CAST(try_strptime({text}, [{formats}]) AS DATE) END"


def other_styles(dates: str) -> dict[str, str]:
    """The other ways of writing dates that a wrong value is tried against, each with what to say about it."""
    said = {
        "iso": "they look like yyyy-mm-dd: declare dates='iso'",
        "uk": "they look like dd/mm/yyyy: declare dates='uk'",
        "us": "they look like mm/dd/yyyy, month first: ask for dd/mm/yyyy",
    }
    return {style: words for style, words in said.items() if style != dates}


def in_style(column: str, style: str) -> str:
    """SQL for whether a text is a date in another style."""
    return f"{_date_from_text(trimmed(column), style)} IS NOT NULL"
