"""A report as plain data: sections of text, facts, tables and charts, from which every format is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from riskmodel.reporting.figures import Figure

#: What a table cell or a fact holds: words, or a printed number.
Cell = str | Figure


#: More columns than this need more width than a page of running text.
MANY_COLUMNS = 7
#: As many columns fit side by side on a phone.
FIT_A_PHONE = 3
#: Characters of a cell that still fit in a narrow column.
A_FEW_WORDS = 40


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Points:
    """A bulleted list, under an optional sentence."""

    items: tuple[str, ...]
    lead: str = ""


@dataclass(frozen=True)
class Facts:
    """Terms and what is to be said about each, in order."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Callout:
    """A statement that must not be overlooked: `tone` is "good", "caution", "stop" or "note"."""

    tone: Literal["good", "caution", "stop", "note"]
    title: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first cell of a row is its header.

    `columns` are the headings, `numeric` says which of them hold numbers (and are set flush right). `key` is unique in
    a document. `drawn` says that the chart it belongs to shows all of it, so that paper leaves it out.
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...] = ()
    note: str = ""
    drawn: bool = False

    def __post_init__(self) -> None:
        widths = {len(row) for row in self.rows} | {len(self.columns)}
        if len(widths) > 1:
            raise ValueError(f"Table '{self.key}' has rows of {sorted(widths)} cells; all must have the same number.")

    @property
    def is_broad(self) -> bool:
        """Whether it needs more width than running text: many columns, or several of words."""
        return len(self.columns) > MANY_COLUMNS or len(self._wordy()) > 1

    @property
    def is_stacked(self) -> bool:
        """Whether a narrow screen shows row under row, each cell with its heading, instead of columns."""
        return len(self.columns) > FIT_A_PHONE or bool(self._wordy())

    def _wordy(self) -> list[int]:
        """Places, after the first, of the columns in which some cell holds more than a few words."""
        return [place for place in range(1, len(self.columns)) if any(_wordy(row[place]) for row in self.rows)]

    def is_numeric(self, place: int) -> bool:
        """Whether a column holds numbers: as declared, or when every filled cell below the heading is a figure."""
        if self.numeric:
            return self.numeric[place]
        return place > 0 and all(isinstance(row[place], Figure) for row in self.rows)


@dataclass(frozen=True)
class Chart:
    """A drawing (one `<svg>` element) with a caption, what it shows in one sentence, and the tables behind it."""

    key: str
    caption: str
    reading: str
    svg: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Folded:
    """A long table that is folded away until somebody opens it (and printed in full on paper)."""

    title: str
    table: Table


Block = Text | Heading | Points | Facts | Callout | Table | Chart | Folded


@dataclass(frozen=True)
class Section:
    """A titled run of blocks. `part` is "front" (for everybody), "annex" (for methods) or "forms" (for the record)."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    part: Literal["front", "annex", "forms"] = "annex"


@dataclass(frozen=True)
class Document:
    """A whole report: what is printed, in order, and nothing else.

    Attributes
    ----------
    title, subtitle : str
    banner : str
        A warning printed above everything, such as that the data are invented. Empty: none.
    draft : str
        What keeps this from being a released document. Empty: it is released, or has no such state.
    sections : tuple of Section
    facts : mapping-like tuple of (name, value)
        What a machine wants to look up without reading: name, decision, digests.
    footer : str
    """

    title: str
    subtitle: str
    banner: str
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, Any], ...] = ()
    footer: str = ""
    draft: str = ""

    def tables(self) -> Iterator[Table]:
        """Every table in order, those behind charts too."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block
                elif isinstance(block, Chart):
                    yield from block.tables
                elif isinstance(block, Folded):
                    yield block.table

    def charts(self) -> Iterator[Chart]:
        """Every chart in order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Chart))

    def section(self, key: str) -> Section:
        """The section of that key.

        Raises
        ------
        KeyError
            If there is none.
        """
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)


def _wordy(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > A_FEW_WORDS


def table(
    key: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    note: str = "",
    drawn: bool = False,
) -> Table:
    """A table from any sequences."""
    return Table(key, caption, tuple(columns), tuple(tuple(row) for row in rows), note=note, drawn=drawn)
