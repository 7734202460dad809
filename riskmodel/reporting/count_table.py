"""A published table of counts as a reader understands it: which cells are counts, totals, percentages, withheld."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from riskmodel.errors import DisclosureError, nearest_name

Kind = Literal["count", "percent", "number", "hidden", "blank", "text"]

_MARKS = {"*", "c", "[c]", "x", "[x]", "s", "[s]", "u", "..", "…", "-", "–", "—", "~", "withheld", "suppressed", "†"}
_BLANK = {"", "nan", "none", "null", "na", "n/a", "<na>"}
_TOTAL = re.compile(r"^\s*((grand |sub)?totals?|all( \w+)?|overall|everybody|everyone)\s*$", re.IGNORECASE)
_WHOLE = re.compile(
    r"^\s*(n|total|all|cases|people|persons|children|pupils|households|families|population|denominator|cohort|base)"
    r"( (scored|cases|people|children))?\s*$",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|\b(percent|percentage|pct|share|proportion|rate)\b", re.IGNORECASE)
_TOP = re.compile(r"^(?P<of>.+?)[ _](?:largest|top)[ _]?(?P<place>\d+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Value:
    """What one cell says; `digits` are the decimals of a percentage, whose `value` is a share of 1."""

    kind: Kind
    value: float = float("nan")
    digits: int = 0


@dataclass(frozen=True)
class CountTable:
    """A table with its columns told apart.

    Attributes
    ----------
    cells : mapping of (row, column) to Value
    rows : int
    labels : tuple of str
        Columns that name the groups.
    counts : tuple of str
        Columns of counts other than `whole`.
    whole : str or None
        The column of which the other counts are parts.
    percents : tuple of str
    sums : mapping of str to tuple of str
        Columns of sums, each with the columns of its largest contributors, largest first; empty where there are none.
    total_of : mapping of int to tuple of int
        Rows that are totals, each with the rows it adds up.
    """

    cells: Mapping[tuple[int, str], Value]
    rows: int
    labels: tuple[str, ...]
    counts: tuple[str, ...]
    whole: str | None
    percents: tuple[str, ...]
    sums: Mapping[str, tuple[str, ...]]
    total_of: Mapping[int, tuple[int, ...]]

    def visible(self, row: int, column: str) -> float | None:
        """The count in a cell; None where it is withheld."""
        cell = self.cells[row, column]
        return cell.value if cell.kind == "count" else None

    @cached_property
    def details(self) -> tuple[int, ...]:
        """Rows that are no totals."""
        return tuple(row for row in range(self.rows) if row not in self.total_of)

    def adds_up(self, slack: float) -> bool:
        """Whether the counts of every row that is fully visible add up to the whole."""
        checked = 0
        for row in range(self.rows):
            whole = None if self.whole is None else self.visible(row, self.whole)
            parts = [self.visible(row, column) for column in self.counts]
            if whole is None or None in parts:
                continue
            checked += 1
            if abs(sum(part for part in parts if part is not None) - whole) > slack * (len(parts) + 1):
                return False
        return checked > 0 and len(self.counts) > 1


def read_file(path: Path | str) -> pd.DataFrame:
    """Read a table from CSV, Parquet or JSON (a list of records, or ``{"columns": [...], "rows": [[...]]}``).

    Raises
    ------
    DisclosureError
        If the file is missing, of another kind, or holds no table.
    """
    source = Path(path)
    try:
        if source.suffix == ".parquet":
            return pd.read_parquet(source)
        if source.suffix == ".json":
            plain = json.loads(source.read_text(encoding="utf-8"))
            if isinstance(plain, dict):
                return pd.DataFrame(plain["rows"], columns=plain["columns"])
            return pd.DataFrame.from_records(plain)
        if source.suffix == ".csv":
            return pd.read_csv(source, dtype=str, keep_default_na=False)
        why = "its name ends in none of .csv, .parquet and .json"
    except FileNotFoundError:
        why = "there is no such file"
    except (ValueError, KeyError, TypeError, OSError):
        why = "it holds no table that can be read"
    raise DisclosureError(
        f"{source} cannot be judged: {why}.",
        "A table is a CSV or Parquet file, or JSON with a list of records.",
        next_step="Save the table in one of these forms.",
    )


def understand(frame: pd.DataFrame, *, whole: str | None = None, labels: Sequence[str] = ()) -> CountTable:
    """Tell the columns and total rows of a table apart.

    Parameters
    ----------
    frame
        One row a group.
    whole
        The column of which the other counts are parts; left out, one that is called so ("Cases", "Total", "n" ...).
    labels
        Columns that name the groups; left out, those with words in them, or else the first.

    Raises
    ------
    DisclosureError
        If a column that was named is not there, or no column holds counts.
    """
    table = frame.rename(columns=str)
    _check_names([*labels, *([whole] if whole else [])], list(table.columns))
    cells = {(row, c): _value(item) for c in table.columns for row, item in enumerate(table[c].tolist())}
    named = tuple(labels) or _label_columns(table, cells)
    tops = {c: match for c in table.columns if (match := _TOP.match(c))}
    kinds = {c: _kind(c, [cells[r, c] for r in range(len(table))]) for c in table.columns if c not in {*named, *tops}}
    sums = _sums([c for c, kind in kinds.items() if kind == "number"], list(kinds), tops)
    percents = tuple(c for c, kind in kinds.items() if kind == "percent")
    for column in percents:
        _as_shares(column, len(table), cells)
    counts = [c for c, kind in kinds.items() if kind == "count" and c not in sums]
    if not counts and not percents and not sums:
        raise DisclosureError(
            "The table has no column of counts, percentages or sums.",
            "A table is judged by the numbers of people in it.",
            next_step="Name the columns that hold words or codes with --label.",
        )
    whole = whole or next((c for c in counts if _WHOLE.match(c)), None)
    parts = tuple(c for c in counts if c != whole)
    return CountTable(cells, len(table), named, parts, whole, percents, sums, _totals(table, named))


def _check_names(asked: Sequence[str], columns: list[str]) -> None:
    for name in asked:
        if name not in columns:
            raise DisclosureError(
                f"The table has no column '{name}'.",
                "A column is named as it stands in the heading.",
                nearest=nearest_name(name, columns),
                next_step="Correct the name.",
            )


def _value(item: Any) -> Value:
    text = "" if item is None else str(item).strip()
    plain = text.replace(",", "").replace("\u00a0", "")
    if plain.lower() in _BLANK:
        return Value("blank")
    if plain.lower() in _MARKS or re.fullmatch(r"[<>≤]=?\s*\d+", plain):
        return Value("hidden")
    if match := re.fullmatch(r"(-?\d+(?:\.(\d+))?)\s*%.*", plain):
        return Value("percent", float(match[1]) / 100, len(match[2] or ""))
    if match := re.fullmatch(r"-?\d+(?:\.(\d+))?(?:e[+-]?\d+)?", plain, re.IGNORECASE):
        number = float(plain)
        whole = number >= 0 and number == int(number) and not (match[1] or "").strip("0")
        return Value("count" if whole else "number", number, len(match[1] or ""))
    return Value("text")


def _label_columns(table: pd.DataFrame, cells: Mapping[tuple[int, str], Value]) -> tuple[str, ...]:
    worded = tuple(c for c in table.columns if any(cells[r, c].kind == "text" for r in range(len(table))))
    return worded or tuple(table.columns[:1])


def _kind(column: str, cells: Sequence[Value]) -> Kind:
    kinds = {cell.kind for cell in cells}
    if "percent" in kinds or (_PERCENT.search(column) and kinds & {"count", "number"}):
        return "percent"
    return "number" if "number" in kinds else "count"


def _as_shares(column: str, rows: int, cells: dict[tuple[int, str], Value]) -> None:
    """Turn the plain numbers of a column of percentages into shares: of 1 when none is above 1, else of 100."""
    plain = {row: cells[row, column] for row in range(rows) if cells[row, column].kind in ("count", "number")}
    of_one = all(cell.value <= 1 for cell in plain.values()) and any(cell.kind == "number" for cell in plain.values())
    for row, cell in plain.items():
        share = Value("percent", cell.value, max(cell.digits - 2, 0)) if of_one else None
        cells[row, column] = share or Value("percent", cell.value / 100, cell.digits)


def _sums(
    numbers: Sequence[str], columns: Sequence[str], tops: Mapping[str, re.Match[str]]
) -> dict[str, tuple[str, ...]]:
    """Columns of sums, each with its largest contributors in order."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(numbers, ())
    for column in columns:
        mine = sorted((int(match["place"]), name) for name, match in tops.items() if match["of"] == column)
        if mine:
            found[column] = tuple(name for _, name in mine)
    return found


def _totals(table: pd.DataFrame, labels: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """Rows called a total in some label, each with the rows that agree with it in every other label."""
    named = [tuple(str(table[c].iloc[row]) for c in labels) for row in range(len(table))]
    total = [tuple(bool(_TOTAL.match(word)) for word in words) for words in named]
    found: dict[int, tuple[int, ...]] = {}
    for row, flags in enumerate(total):
        if any(flags):
            parts = tuple(
                other
                for other, words in enumerate(named)
                if not any(total[other])
                and all(f or w == mine for f, w, mine in zip(flags, words, named[row], strict=True))
            )
            if parts:
                found[row] = parts
    return found
