"""What is predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Literal

from riskmodel.declare.expression import Expression
from riskmodel.declare.naming import check_name, check_text
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError, nearest_name
from riskmodel.periods import Period


@dataclass(frozen=True)
class Outcome:
    """Something that happens, or not, after the as-of date.

    It is positive when any record with `where` happens on a day with `as_of < happened <= within.after(as_of)`.

    Parameters
    ----------
    source, name, label
        Where it is recorded, its snake_case name, and what it is in plain English.
    where
        SQL snippet over the source that says which records are the outcome.
    within
        How far ahead it looks.
    of
        Whose records count; None for the case's own.
    no_record
        What it means when no record at all lies in the window: "unknown" or "negative".
    audit
        Columns of the outcome's record that are kept to check fairness with and never used to predict.

    Raises
    ------
    DeclarationError
        If a snippet or a column is wrong.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> from riskmodel.periods import months
    >>> outcome = Outcome(sessions, "misses_sessions", "Misses sessions", where="mark = 'O'", within=months(12))
    >>> outcome.no_record
    'unknown'
    """

    source: Source
    name: str
    label: str
    _: KW_ONLY
    where: str
    within: Period
    of: Scope | None = None
    no_record: Literal["unknown", "negative"] = "unknown"
    audit: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "audit", tuple(self.audit))
        check_name(self.name, "An outcome")
        check_text(self.label, f"The label of outcome '{self.name}'")
        _ = self.condition
        if self.no_record not in ("unknown", "negative"):
            raise DeclarationError(
                f"Outcome '{self.name}' says no_record={self.no_record!r}.",
                "no_record= is 'unknown' or 'negative'.",
                nearest=nearest_name(str(self.no_record), ["unknown", "negative"]),
                next_step="Say what it means when nothing is recorded in the window.",
            )
        for column in self.audit:
            if column not in self.source.all_columns:
                raise DeclarationError(
                    f"Outcome '{self.name}' keeps '{column}' for the audit, which source '{self.source.name}' lacks.",
                    "audit= names columns of the outcome's source.",
                    nearest=nearest_name(column, self.source.all_columns),
                    next_step="Correct the name or declare the column.",
                )

    @property
    def scope(self) -> Scope | None:
        """Whose records count; None for the case's own."""
        return self.of

    @cached_property
    def condition(self) -> Expression:
        """The parsed `where`."""
        return Expression.parse(self.where, self.source, bool)
