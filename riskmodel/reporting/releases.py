"""Every released version of a card is kept, and a new one that could be subtracted from an earlier one is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskmodel.errors import DisclosureError

FOLDER = "releases"

#: Sections and columns that count people whatever the model says of them.
_OF_THE_COHORT = frozenset({"data", "cohort"})
_COUNTS_OF_GROUPS = frozenset({"Cases", "With the outcome"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2} (January|February|March|April|May|June|July|August|September|October|"
                   r"November|December) \d{4}")  # fmt: skip
#: So many places are named in an error.
_NAMED = 12


@dataclass(frozen=True)
class Place:
    """Where a figure stands in a card."""

    section: str
    table: str
    row: str
    column: str

    @property
    def words(self) -> str:
        """The place as a reader finds it."""
        return f"{self.section} > {self.table}: {self.row}, {self.column}"

    @property
    def dated(self) -> bool:
        """Whether row or column name the date of their cohort."""
        return bool(_DATE.search(self.row) or _DATE.search(self.column))


@dataclass(frozen=True)
class Printed:
    """A figure of a card: its kind, its value (None: withheld), and the number of people its row is about."""

    kind: str
    value: float | None
    people: float | None


@dataclass(frozen=True)
class Difference:
    """A figure that two releases print differently, and why that tells too much."""

    place: Place
    release: str
    why: str


def differences(card: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> tuple[Difference, ...]:
    """Find what a reader of a card and of its earlier releases could subtract.

    Two figures are about the same people when they stand in the same place of both cards and the cards were tested
    on the same dates (or row or column names the date). Those that depend on who is picked are about the same people
    only when the model is the same too. Of figures about the same people these are too much: counts that differ, but
    by less than the threshold; percentages of the same number of people that differ by fewer people than that; and a
    count that was withheld and is now printed in a table that withholds others. Printed figures are taken as exact: a
    reader has nothing better.

    Parameters
    ----------
    card
        A card as plain data (`card.json`), about to be released.
    earlier
        Name -> card of every earlier release.

    Returns
    -------
    tuple of Difference
        Empty when the card may be released.
    """
    found: list[Difference] = []
    threshold = float(card["facts"]["disclosure"]["threshold"])
    now = dict(_figures(card))
    for name, old in earlier.items():
        before = dict(_figures(old))
        same_dates = card["facts"].get("tested_on") == old["facts"].get("tested_on")
        same_model = card["facts"].get("model_digest") == old["facts"].get("model_digest")
        closed = {place.table for place in {**now, **before} if _withheld(now, place) or _withheld(before, place)}
        for place in sorted(set(now) & set(before), key=lambda place: place.words):
            if not _same_people(place, same_dates=same_dates, same_model=same_model):
                continue
            why = _why(before[place], now[place], threshold, closed=place.table in closed)
            if why:
                found.append(Difference(place, name, why))
    return tuple(found)


def load_releases(folder: Path) -> dict[str, dict[str, Any]]:
    """Read every earlier release of a card, by name ("001" ...), from the folder that holds it.

    Raises
    ------
    DisclosureError
        If a record cannot be read: without it nobody could say whether a new release is safe.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / FOLDER).glob("*.json")):
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            plain["facts"]["disclosure"]["threshold"], plain["sections"]
        except (ValueError, KeyError, TypeError):
            raise DisclosureError(
                f"The record of an earlier release, {path}, cannot be read.",
                "A card is released only when it cannot be subtracted from any earlier release.",
                next_step="Restore the file; it is the card.json of that release.",
            ) from None
        found[path.stem] = plain
    return found


def refuse_differences(card: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise a DisclosureError that names every figure a reader could subtract; see `differences`."""
    found = differences(card, earlier)
    if not found:
        return
    lines = [f"  - {one.place.words}: {one.why} (release {one.release})" for one in found[:_NAMED]]
    if len(found) > _NAMED:
        lines.append(f"  - and {len(found) - _NAMED} more")
    raise DisclosureError(
        f"{len(found)} figure(s) of this card could be subtracted from an earlier release:\n" + "\n".join(lines),
        "\nTwo releases about the same people print the same figures, or figures that differ by the threshold or more.",
        next_step="Restore what went into that release (runs/<prototype>/released), so that its figures can be printed "
        "again; make the card from its data; or test on a later cohort and release that.",
    )


def carry_over(source: Path, target: Path, card: str | None = None) -> Path | None:
    """Copy the records of earlier releases into a new folder and add the newest, unless it is the same as the last.

    Parameters
    ----------
    source
        The card's folder as it is.
    target
        The folder that will replace it.
    card
        The card.json to record; None for a draft.

    Returns
    -------
    Path or None
        Where the newest record will be, as a path under `target`.
    """
    earlier = sorted((source / FOLDER).glob("*.json"))
    if earlier or card is not None:
        (target / FOLDER).mkdir()
    for path in earlier:
        shutil.copyfile(path, target / FOLDER / path.name)
    if card is None or (earlier and earlier[-1].read_text(encoding="utf-8") == card):
        return None
    number = int(earlier[-1].stem) + 1 if earlier else 1
    record = target / FOLDER / f"{number:03d}.json"
    record.write_text(card, encoding="utf-8", newline="\n")
    return record


def _same_people(place: Place, *, same_dates: bool, same_model: bool) -> bool:
    if not same_dates and not place.dated:
        return False
    of_groups = place.table.startswith("fairness") and place.column in _COUNTS_OF_GROUPS
    return same_model or of_groups or place.section in _OF_THE_COHORT


def _why(before: Printed, now: Printed, threshold: float, *, closed: bool) -> str:
    if now.value is None:
        return ""
    if before.value is None:
        was_hidden = before.kind == "withheld" and now.kind == "count" and closed
        return "it was withheld before, and others beside it are" if was_hidden else ""
    if before.kind != now.kind:
        return ""
    change = abs(now.value - before.value)
    if now.kind == "count" and 0 < change < threshold:
        return "it changed by fewer people than the threshold"
    same_whole = now.people is not None and now.people == before.people
    if now.kind == "share" and same_whole and change > 1e-9 and change * (now.people or 0) < threshold - 1e-9:
        return "the percentage changed by fewer people than the threshold"
    return ""


def _withheld(figures: Mapping[Place, Printed], place: Place) -> bool:
    return place in figures and figures[place].kind == "withheld"


def _figures(card: Mapping[str, Any]) -> Iterator[tuple[Place, Printed]]:
    """Every figure of a card that counts people, by its place; of places that are not unique, the first."""
    seen: set[Place] = set()
    for section in card["sections"]:
        for table, columns, rows in _tables(section["blocks"]):
            for row in rows:
                people = max((c["value"] for c in row if _is(c, "count") and c["value"] is not None), default=None)
                for column, cell in zip(columns, row, strict=False):
                    place = Place(section["key"], table, _words(row[0]), column)
                    if _is(cell, "count", "share", "withheld") and place not in seen:
                        seen.add(place)
                        yield place, Printed(cell["kind"], cell["value"], people)


def _tables(blocks: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]:
    for block in blocks:
        if block["kind"] == "facts":
            yield "facts", ("Term", "Said"), [[row["term"], row["said"]] for row in block["rows"]]
        tables = [*block.get("tables", ()), *([block["table"]] if "table" in block else [])]
        for table in tables or ([block] if block["kind"] == "table" else []):
            yield table["key"], table["columns"], table["rows"]


def _is(cell: Any, *kinds: str) -> bool:
    return isinstance(cell, Mapping) and cell.get("kind") in kinds


def _words(cell: Any) -> str:
    return str(cell["text"]) if isinstance(cell, Mapping) else str(cell)
