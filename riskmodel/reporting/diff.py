"""What changed between two versions of a card, in plain words, read from their JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from riskmodel.errors import ProjectError
from riskmodel.reporting.plain import SCHEMA

Card = Mapping[str, Any]

# Where the tables and answers of a section belong; what is not named here is a figure.
_DATA = ("data", "cohort")
_FRONT = ("purpose", "responsibility", "validity", "limits")
_OWN = {"criteria": "Success criteria", "features": "Measures"}
_DIGESTS = {
    "prototype_digest": "The declaration",
    "matrix_digest": "The data that the model was trained and tested on",
    "model_digest": "The proposed model",
}


@dataclass(frozen=True)
class CardDiff:
    """What differs between two cards.

    Attributes
    ----------
    before, after : str
        What the two are called.
    groups : tuple of (heading, lines)
        The differences, most important first; a heading without a difference is left out.
    """

    before: str
    after: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def same(self) -> bool:
        """Whether nothing that is printed differs."""
        return not self.groups

    def text(self) -> str:
        """The differences as lines of text."""
        lines = [f"From: {self.before}", f"To:   {self.after}"]
        if self.same:
            return "\n".join([*lines, "", "Nothing that the cards print has changed."]) + "\n"
        for heading, found in self.groups:
            lines += ["", heading, *(f"  - {line}" for line in found)]
        return "\n".join(lines) + "\n"


def diff_cards(
    before: Card, after: Card, *, names: tuple[str, str] = ("the first card", "the second card")
) -> CardDiff:
    """Compare two cards.

    Parameters
    ----------
    before, after
        The JSON of two cards, as `load_card` reads it.
    names
        What to call them.

    Returns
    -------
    CardDiff
        Differences by what they are about: verdict, criteria, figures, measures, data, statements, words, fingerprints.
    """
    parts: tuple[tuple[str, Callable[[Card, Card], Iterator[str]]], ...] = (
        ("Verdict", _verdict),
        ("Success criteria", lambda a, b: _tables(a, b, _about("Success criteria"))),
        ("Figures", lambda a, b: _tables(a, b, _about("Figures"))),
        ("Measures", lambda a, b: _tables(a, b, _about("Measures"))),
        ("Data and cohort", lambda a, b: chain(_tables(a, b, _about("Data")), _words(a, b, _DATA))),
        ("Statements of people", _statements),
        ("Use, owner and limits", lambda a, b: _words(a, b, _FRONT)),
        ("Fingerprints", _digests),
    )
    found = ((heading, tuple(compare(before, after))) for heading, compare in parts)
    return CardDiff(*names, tuple((heading, lines) for heading, lines in found if lines))


def load_card(path: Path) -> dict[str, Any]:
    """Read a card.json, or the one in a folder.

    Raises
    ------
    ProjectError
        If there is none, or the file is not a card of this version of the format.
    """
    file = path / "card.json" if path.is_dir() else path
    rule = "A card is compared by its card.json, or the folder that holds one."
    if not file.is_file():
        raise ProjectError(f"{file} does not exist.", rule, next_step="Name two such files or folders.")
    try:
        card = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        card = None
    if not isinstance(card, dict) or card.get("schema") != SCHEMA:
        raise ProjectError(f"{file} is no card of the format {SCHEMA}.", rule, next_step="Write the card again.")
    return card


def _verdict(before: Card, after: Card) -> Iterator[str]:
    if before["facts"].get("prototype") != after["facts"].get("prototype"):
        yield "These are cards of two prototypes, not two versions of one."
    names = {"decision": "The verdict", "lead": "The proposed model", "expires_on": "The date of expiry"}
    for key, words in names.items():
        yield from _changed(words, before["facts"].get(key), after["facts"].get(key))
    if bool(before.get("draft")) != bool(after.get("draft")):
        yield "It was released." if before.get("draft") else "It is a draft again."
    yield from _listed("Reason", *(_points(card, ("verdict",)) for card in (before, after)))


def _statements(before: Card, after: Card) -> Iterator[str]:
    old, new = (card["facts"].get("statements", {}) for card in (before, after))
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if isinstance(was or now, list):
            one = name.replace("_", " ").removesuffix("s")
            yield from _listed(one.capitalize(), *([_flat(entry) for entry in entries or []] for entries in (was, now)))
        else:
            yield from _changed(
                name.partition(".")[0].capitalize() + ", " + name.partition(".")[2].replace("_", " "), was, now
            )


def _digests(before: Card, after: Card) -> Iterator[str]:
    for key, words in _DIGESTS.items():
        if before["facts"].get(key) != after["facts"].get(key):
            yield f"{words}: the fingerprint is another. An approval of the first card does not cover it."


def _about(group: str) -> Callable[[str, str], bool]:
    """Whether a table, by its section and its key, belongs to a group."""

    def belongs(section: str, key: str) -> bool:
        own = _OWN.get(key) or ("Data" if section in _DATA else "Figures")
        return own == group

    return belongs


def _tables(before: Card, after: Card, belongs: Callable[[str, str], bool]) -> Iterator[str]:
    old, new = ({t["key"]: t for t in _all_tables(card, belongs)} for card in (before, after))
    for key in dict.fromkeys([*old, *new]):
        if key not in new or key not in old:
            table = old.get(key) or new[key]
            yield f"{table['caption']}: {'no longer there' if key in old else 'new'}"
            continue
        yield from _rows(old[key], new[key])


def _rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    was, now = _by_name(old), _by_name(new)
    alone = len(old["columns"]) < 2
    for name in dict.fromkeys([*was, *now]):
        if name not in now:
            yield f"{new['caption']}: no longer there: {name}"
        elif name not in was:
            yield f"{new['caption']}: new: {name}"
        elif not alone:
            for column in new["columns"][1:]:
                where = f"{_short(new['caption'])}, {name}, {column}"
                yield from _changed(where, was[name].get(column), now[name].get(column))


def _by_name(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Rows by their first cell; one that repeats gets a number."""
    found: dict[str, dict[str, Any]] = {}
    for row in table["rows"]:
        name = _said(row[0])
        again = sum(known == name or known.startswith(f"{name} [") for known in found)
        found[f"{name} [{again + 1}]" if again else name] = dict(zip(table["columns"][1:], row[1:], strict=True))
    return found


def _words(before: Card, after: Card, sections: Sequence[str]) -> Iterator[str]:
    old, new = (_answers(card, sections) for card in (before, after))
    for term in dict.fromkeys([*old, *new]):
        yield from _changed(term, old.get(term), new.get(term))
    yield from _listed("Point", *(_points(card, sections) for card in (before, after)))


def _changed(what: str, was: Any, now: Any) -> Iterator[str]:
    """One line when the words of a cell differ; for figures, whether chance could explain it."""
    if (was is None and now is None) or _said(was) == _said(now):
        return
    if was is None or now is None:
        yield f"{what}: {'new: ' + _said(now) if was is None else 'no longer there (was: ' + _said(was) + ')'}"
        return
    yield f"{what}: was {_said(was)}, now {_said(now)}{_chance(was, now)}"


def _chance(was: Any, now: Any) -> str:
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return ""
    low, high, low_now, high_now = (figure.get(name) for figure in (was, now) for name in ("low", "high"))
    if low is None or high is None or low_now is None or high_now is None:
        return ""
    overlap = low <= high_now and low_now <= high
    return " (the intervals overlap)" if overlap else " (the intervals do not overlap)"


def _listed(what: str, was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    yield from (f"{what} no longer there: {line}" for line in was if line not in now)
    yield from (f"{what} new: {line}" for line in now if line not in was)


def _blocks(card: Card, sections: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for section in card["sections"]:
        if section["key"] in sections:
            yield from section["blocks"]


def _points(card: Card, sections: Sequence[str]) -> list[str]:
    found: list[str] = []
    for block in _blocks(card, sections):
        found += block["items"] if block["kind"] == "points" else []
        found += [block["text"]] if block["kind"] in ("text", "callout") else []
    return found


def _answers(card: Card, sections: Sequence[str]) -> dict[str, Any]:
    facts = [block for block in _blocks(card, sections) if block["kind"] == "facts"]
    return {row["term"]: row["said"] for block in facts for row in block["rows"]}


def _all_tables(card: Card, belongs: Callable[[str, str], bool]) -> Iterator[Mapping[str, Any]]:
    for section in card["sections"]:
        if section["part"] == "forms":
            continue
        for block in section["blocks"]:
            tables = block.get("tables") or [block.get("table") or block]
            yield from (table for table in tables if "columns" in table and belongs(section["key"], table["key"]))


def _said(cell: Any) -> str:
    return str(cell["text"]) if isinstance(cell, dict) else str(cell)


def _flat(entry: Mapping[str, Any]) -> str:
    return "; ".join(str(value) for value in entry.values() if value)


def _short(caption: str) -> str:
    """A caption without its counts, which change with every test."""
    return caption.partition(" on ")[0].partition(", tried ")[0].partition(", on ")[0]
