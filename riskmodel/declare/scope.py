"""Whose records count: everybody who shares a group with the case, through membership spells."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Literal

from riskmodel.declare.expression import Expression
from riskmodel.declare.naming import check_text
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError, nearest_name


@dataclass(frozen=True)
class Scope:
    """The people, or the group, whose records count for a case.

    With persons as cases it reaches from the person to the group of which the person is a member at the as-of date,
    and from there to the records of all members (the case included), or to the records kept about the group itself.
    With groups as cases it reaches to the members' records and to the group's own, so that one feature serves both
    kinds of case. Without a scope a case has only its own records.

    Parameters
    ----------
    description
        Who this is, in plain English, such as "anyone living with the child".
    via
        The source of membership spells; its key is the member, and it must have `ends`.
    group
        Column of `via` that says which group (for example `household_id`).
    when
        "as_of": those who share the group at the as-of date. "then": those who shared one with the case when the
        record happened, wherever the case was a member then.
    where
        SQL snippet over `via` that narrows the members, such as "role = 'other_adult'".

    Raises
    ------
    DeclarationError
        If `via` is not a source of spells or has no such group column.

    Examples
    --------
    >>> from riskmodel.declare.examples import residence
    >>> Scope("anyone living with the child", via=residence, group="household_id").when
    'as_of'
    >>> Scope("anyone living with the child", via=residence, group="household")
    Traceback (most recent call last):
    riskmodel.errors.DeclarationError: The scope 'anyone living with the child' groups by 'household', which is not a \
text column of source 'residence' beside its key. The group is the column that members of one group share. \
The nearest right name is 'household_id'. Name the group column.
    """

    description: str
    _: KW_ONLY
    via: Source
    group: str
    when: Literal["as_of", "then"] = "as_of"
    where: str | None = None

    def __post_init__(self) -> None:
        check_text(self.description, "The description of a scope")
        if self.via.ends is None:
            raise DeclarationError(
                f"The scope '{self.description}' goes through source '{self.via.name}', which has no ends=.",
                "A scope reaches people through membership spells, which begin and may end.",
                next_step=f"Declare ends= for '{self.via.name}', or go through another source.",
            )
        if self.via.all_columns.get(self.group) is not str or self.group == self.via.key:
            names = [c for c, kind in self.via.all_columns.items() if kind is str and c != self.via.key]
            raise DeclarationError(
                f"The scope '{self.description}' groups by '{self.group}', which is not a text column of source "
                f"'{self.via.name}' beside its key.",
                "The group is the column that members of one group share.",
                nearest=nearest_name(self.group, names),
                next_step="Name the group column.",
            )
        if self.when not in ("as_of", "then"):
            raise DeclarationError(
                f"The scope '{self.description}' says when={self.when!r}.",
                "when= is 'as_of' (who shares the group now) or 'then' (who did when the record happened).",
                next_step="Choose one of the two.",
            )
        _ = self.condition

    @cached_property
    def condition(self) -> Expression | None:
        """The parsed `where`, or None."""
        return None if self.where is None else Expression.parse(self.where, self.via, bool)
