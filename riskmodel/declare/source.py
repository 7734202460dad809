"""What a partner sends: one table, its columns, its dates, and the agreement it comes under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from enum import Enum
from typing import Literal

from riskmodel.declare.naming import check_name, check_text
from riskmodel.declare.plain import worded
from riskmodel.errors import DeclarationError, nearest_name

COLUMN_TYPES: tuple[type, ...] = (bool, int, float, str, date)


class Sensitivity(Enum):
    """How carefully records must be treated, least first; `SPECIAL` covers health, ethnicity and the like.

    Examples
    --------
    >>> max(Sensitivity.PERSONAL, Sensitivity.CRIMINAL, key=lambda s: s.rank).value
    'criminal'
    """

    PUBLIC = "public"
    PERSONAL = "personal"
    SPECIAL = "special"
    CRIMINAL = "criminal"

    @property
    def rank(self) -> int:
        """Place in the order, 0 for the least sensitive."""
        return list(Sensitivity).index(self)


@dataclass(frozen=True)
class Source:
    """One table that a partner sends.

    Parameters
    ----------
    name
        Name of the table and of its extract file, in snake_case.
    description
        What one row is, in plain English.
    title
        What people call the table, where its name does not say so; left out, the name with spaces.
    partner, agreement
        Who sends it, and under which information-sharing agreement.
    key
        Column that says whose record it is (a person, a household ...); always `str`.
    happened
        Date column: when the recorded thing happened.
    columns
        The other columns and their types, each one of `bool int float str date`. Any of them may be blank in a
        record unless it is in `required`.
    known
        Date column: when the record was received and could have been used. Left out, it is `happened`.
    ends
        Date column that closes a spell, for a source of spells; blank while the spell lasts.
    keeps
        "history" if earlier states stay in the extract; "latest" if they are overwritten. A source that keeps only
        the latest state may score people but cannot train a model.
    sensitivity
        How carefully the records must be treated.
    covers
        First and last day the source covers, None for an open end. Outside it every measure is missing.
    dates
        How dates are written in CSV: "iso" (2024-06-01) or "uk" (01/06/2024).
    required
        Columns that are never blank, besides the key and the date it happened.
    unique
        Columns that together must not repeat.
    settled
        Columns that are filled in later, each with the date column that says when: the value counts only from that
        date.
    breaks
        Days from which what is recorded means something else, such as a new definition or framework. Records before
        and after cannot be compared; `riskmodel diagnose` says where a prototype does so.
    quotable
        Whether a reason for a score may speak of these records. False: never. None: yes, unless they are criminal
        records, which a prototype must name in ``reasons_from``.

    Raises
    ------
    DeclarationError
        If a name, a type or a column is wrong.

    Examples
    --------
    >>> attendance = Source(
    ...     "attendance", "One row a missed session", partner="Schools", agreement="ISA-1",
    ...     key="person_id", happened="session_on", known="received_on", columns={"mark": str},
    ... )
    >>> list(attendance.all_columns)
    ['person_id', 'session_on', 'received_on', 'mark']
    """

    name: str
    description: str
    _: KW_ONLY
    partner: str
    agreement: str
    key: str
    happened: str
    columns: Mapping[str, type]
    known: str = ""
    ends: str | None = None
    keeps: Literal["history", "latest"] = "history"
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    covers: tuple[date | None, date | None] = (None, None)
    dates: Literal["iso", "uk"] = "iso"
    required: Sequence[str] = ()
    unique: Sequence[str] = ()
    settled: Mapping[str, str] = field(default_factory=dict)
    breaks: Sequence[date] = ()
    quotable: bool | None = None
    title: str = worded("")

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", self.known or self.happened)
        object.__setattr__(self, "columns", dict(self.columns))
        object.__setattr__(self, "settled", dict(self.settled))
        object.__setattr__(self, "required", tuple(self.required))
        object.__setattr__(self, "unique", tuple(self.unique))
        object.__setattr__(self, "breaks", tuple(self.breaks))
        _check_words(self)
        _check_types(self)
        _check_references(self)

    def __hash__(self) -> int:
        return hash((self.name, self.key, self.happened))

    @property
    def all_columns(self) -> dict[str, type]:
        """Every column in order, with its type: key, happened, known, ends, then the others."""
        fixed: dict[str, type] = {self.key: str, self.happened: date, self.known: date}
        if self.ends:
            fixed[self.ends] = date
        return fixed | {name: kind for name, kind in self.columns.items() if name not in fixed}

    @property
    def may_be_quoted(self) -> bool:
        """Whether a reason may speak of its records where a prototype says nothing about it."""
        return self.sensitivity is not Sensitivity.CRIMINAL if self.quotable is None else self.quotable

    @property
    def is_spells(self) -> bool:
        """Whether each record is a spell that begins and may end."""
        return self.ends is not None


def _check_words(source: Source) -> None:
    check_name(source.name, "A source")
    check_text(source.description, f"The description of source '{source.name}'")
    if source.title != "":
        check_text(source.title, f"The title of source '{source.name}'")
    check_text(source.partner, f"The partner of source '{source.name}'")
    check_text(source.agreement, f"The agreement of source '{source.name}'")
    for column in (source.key, source.happened, source.known, source.ends, *source.columns):
        if column is not None:
            check_name(column, f"A column of source '{source.name}'")
    for setting, allowed in (("keeps", ("history", "latest")), ("dates", ("iso", "uk"))):
        _check_choice(source, setting, allowed)
    first, last = source.covers
    if first is not None and last is not None and first > last:
        raise DeclarationError(
            f"Source '{source.name}' covers {first} to {last}, which ends before it begins.",
            "covers= gives the first and the last day.",
            next_step="Swap the two dates.",
        )
    _check_breaks(source)


def _check_breaks(source: Source) -> None:
    days = [day for day in source.breaks if type(day) is date]
    first, last = source.covers
    outside = [day for day in days if (first and day <= first) or (last and day > last)]
    if len(days) < len(source.breaks) or len(set(days)) < len(days) or days != sorted(days) or outside:
        raise DeclarationError(
            f"Source '{source.name}' says breaks={tuple(map(str, source.breaks))}.",
            "breaks= lists the days from which the records mean something else, each once, in order, inside covers=.",
            next_step="Write breaks=(date(2021, 9, 1),).",
        )


def _check_choice(source: Source, setting: str, allowed: tuple[str, ...]) -> None:
    value = getattr(source, setting)
    if value not in allowed:
        raise DeclarationError(
            f"Source '{source.name}' says {setting}={value!r}.",
            f"{setting}= is one of {', '.join(map(repr, allowed))}.",
            nearest=nearest_name(str(value), allowed),
            next_step="Correct the word.",
        )


def _check_types(source: Source) -> None:
    for column, kind in source.columns.items():
        if kind not in COLUMN_TYPES:
            raise DeclarationError(
                f"Column '{column}' of source '{source.name}' has type {getattr(kind, '__name__', kind)!r}.",
                "A column's type is one of bool, int, float, str, date.",
                nearest=nearest_name(str(getattr(kind, "__name__", kind)), [t.__name__ for t in COLUMN_TYPES]),
                next_step="Use one of these types; a time of day is not used, so a timestamp is a date.",
            )
        fixed = source.all_columns[column]
        if kind is not fixed:
            raise DeclarationError(
                f"Column '{column}' of source '{source.name}' is declared as {kind.__name__} but must be "
                f"{fixed.__name__}.",
                "The key is text, and happened, known and ends are dates.",
                next_step=f"Leave '{column}' out of columns=; it is there already.",
            )
    if source.key in (source.happened, source.known, source.ends):
        raise DeclarationError(
            f"Source '{source.name}' uses '{source.key}' both as its key and as a date.",
            "The key says whose record it is; happened, known and ends say when.",
            next_step="Name different columns.",
        )


def _check_references(source: Source) -> None:
    for setting, column in _mentions(source):
        if column not in source.all_columns:
            raise DeclarationError(
                f"Source '{source.name}' has no column '{column}', which {setting}= names.",
                f"{setting}= may name only declared columns.",
                nearest=nearest_name(column, source.all_columns),
                next_step="Correct the name or declare the column.",
            )
    for column, settled_on in source.settled.items():
        if source.all_columns.get(settled_on) is not date:
            raise DeclarationError(
                f"Source '{source.name}' settles '{column}' on '{settled_on}', which is not a date column.",
                "settled= maps a column that is filled in later to the date column that says when.",
                nearest=nearest_name(settled_on, [c for c, kind in source.all_columns.items() if kind is date]),
                next_step="Name a date column.",
            )


def _mentions(source: Source) -> Iterator[tuple[str, str]]:
    """Every column that a setting of the source refers to, with the setting's name."""
    yield from (("required", column) for column in source.required)
    yield from (("unique", column) for column in source.unique)
    yield from (("settled", column) for column in source.settled)
