"""How the forms are laid out: numbered answers, checklists with a computed status, and what is still to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.reporting.document import Facts, Table, table
from riskmodel.reporting.forms.pack import MISSING, PARTIAL, REPORTED, Pack
from riskmodel.reporting.wording import full_stop, sentence


@dataclass(frozen=True)
class Field:
    """A field of a form: its number and name, and the facts or statements that answer it."""

    name: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """An item of a checklist: its code, what it asks for, and what has to be there for it to count as reported."""

    code: str
    asks: str
    needs: tuple[str, ...]


def fields(*rows: tuple[str, str]) -> tuple[Field, ...]:
    """Fields written as name and needs, the needs parted by spaces."""
    return tuple(Field(name, tuple(needs.split())) for name, needs in rows)


def items(*rows: tuple[str, str, str]) -> tuple[Item, ...]:
    """Items written as code, question and needs, the needs parted by spaces."""
    return tuple(Item(code, asks, tuple(needs.split())) for code, asks, needs in rows)


def answered(pack: Pack, asked: Sequence[Field]) -> Facts:
    """Every field with its words; a blank one says who has to write what."""
    return Facts(tuple((field.name, _joined([pack.words(need) for need in field.needs])) for field in asked))


def checklist(pack: Pack, key: str, caption: str, asked: Sequence[Item], *, note: str = "") -> Table:
    """Items with a status that follows from what is there, and the sections that tell it."""
    rows = [
        (f"{item.code} {item.asks}", pack.status(item.needs), pack.where(item.needs) or "–", _lack(pack, item))
        for item in asked
    ]
    return table(key, caption, ("Item", "Status", "Told under", "Still lacking"), rows, note=note)


def tally(pack: Pack, asked: Sequence[Item]) -> str:
    """How many items are reported, partly reported and missing, as a sentence."""
    found = [pack.status(item.needs) for item in asked]
    return (
        f"Of {len(asked)} items {found.count(REPORTED)} are reported, {found.count(PARTIAL)} partly and "
        f"{found.count(MISSING)} are missing."
    )


def _joined(words: list[str]) -> str:
    """One answer as it stands, several as sentences."""
    return words[0] if len(words) == 1 else " ".join(full_stop(sentence(one)) for one in words)


def _lack(pack: Pack, item: Item) -> str:
    lacking = pack.lacking(item.needs)
    return "–" if not lacking else "; ".join(_named(need) for need in lacking)


def _named(need: str) -> str:
    """What is lacking, by the name under which it can be filled in."""
    first = need.partition("|")[0]
    part, _, key = first.partition(".")
    if key:
        return f"[{part}] {key} in card.toml"
    return f"{first.removeprefix('section:').replace('_', ' ')} (not measured)"
