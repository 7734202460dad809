"""What is measured about a case: a verb applied to the records its scope can see on the as-of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from riskmodel.declare.expression import Expression
from riskmodel.declare.naming import check_name, check_text
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Sensitivity, Source
from riskmodel.errors import DeclarationError
from riskmodel.periods import Period

Verb = Literal["count", "has", "total", "highest", "lowest", "distinct", "latest", "days_since", "trend"]
Direction = Literal["+", "-"]
DType = Literal["int", "float", "bool", "category"]

_VALUE_TYPES: dict[str, tuple[type, ...]] = {
    "total": (int, float),
    "highest": (int, float),
    "lowest": (int, float),
    "distinct": (str, int, float, bool, date),
    "latest": (int, float, bool, str),
}
_WITHOUT_RECORD: dict[str, int | bool] = {"count": 0, "total": 0, "distinct": 0, "has": False}


@dataclass(frozen=True)
class Feature:
    """One measure; made by a verb such as `count` or `latest`, not directly.

    Parameters
    ----------
    source, name, label
        Where it comes from, its snake_case name, and plain English that completes "this score is higher because ...".
    verb
        How the records become one number.
    of
        Whose records count; None for the case's own. Also readable as `scope`.
    where, value
        SQL snippets over the source: which records count, and what is added up, compared or kept.
    within
        Only records in this window that ends at the as-of date; None for all records.
    direction
        "+" if more can only raise the risk, "-" if it can only lower it, None if that is not sure.
    justification
        Why a protected characteristic may be used to predict; printed on the card.
    theme
        Heading under which the dictionary and the card list it.
    protected
        Whether it is a protected characteristic.
    levels
        The categories of a text value, in order; other values count as missing.

    Raises
    ------
    DeclarationError
        If a name, a snippet, a column or a type is wrong.

    Examples
    --------
    >>> from riskmodel.declare import latest
    >>> from riskmodel.declare.examples import sessions
    >>> mark = latest(sessions, "last_mark", "the last session was missed", "mark", levels=["present", "absent"])
    >>> mark.dtype, mark.partner, mark.missing_without_record
    ('category', 'Schools', True)
    """

    source: Source
    name: str
    label: str
    verb: Verb
    _: KW_ONLY
    of: Scope | None = None
    where: str | None = None
    value: str | None = None
    within: Period | None = None
    direction: Direction | None = None
    justification: str | None = None
    theme: str | None = None
    protected: bool = False
    levels: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if self.levels is not None:
            object.__setattr__(self, "levels", tuple(self.levels))
        check_name(self.name, "A feature")
        check_text(self.label, f"The label of feature '{self.name}'")
        if self.justification is not None:
            check_text(self.justification, f"The justification of feature '{self.name}'")
        _check_direction(self)
        _check_parts(self)
        _ = self.condition, self.measured
        _check_levels(self)

    @property
    def scope(self) -> Scope | None:
        """Whose records count; None for the case's own."""
        return self.of

    @cached_property
    def condition(self) -> Expression | None:
        """The parsed `where`, or None when every record counts."""
        return None if self.where is None else Expression.parse(self.where, self.source, bool)

    @cached_property
    def measured(self) -> Expression | None:
        """The parsed `value`, or None for the verbs that have none."""
        return None if self.value is None else Expression.parse(self.value, self.source, _VALUE_TYPES[self.verb])

    @property
    def partner(self) -> str:
        """The partner whose records it is made of."""
        return self.source.partner

    @property
    def agreement(self) -> str:
        """The information-sharing agreement it comes under."""
        return self.source.agreement

    @property
    def sensitivity(self) -> Sensitivity:
        """The greater sensitivity of the records and of the memberships that lead to them."""
        sources = [self.source] if self.of is None else [self.source, self.of.via]
        return max((source.sensitivity for source in sources), key=lambda s: s.rank)

    @property
    def dtype(self) -> DType:
        """What kind of number it is: "int", "float", "bool" or "category"."""
        if self.verb == "has":
            return "bool"
        if self.verb in ("count", "distinct", "days_since", "trend") or self.measured is None:
            return "int"
        kinds: dict[type, DType] = {bool: "bool", int: "int", float: "float", str: "category"}
        return kinds[self.measured.kind]

    @property
    def missing_without_record(self) -> bool:
        """Whether it is missing (rather than 0 or False) for a case without any record."""
        return self.verb not in _WITHOUT_RECORD

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """Source and column of everything its snippets read, its scope's too."""
        own = {(self.source.name, column) for column in self.columns}
        if self.of is not None and self.of.condition is not None:
            own |= {(self.of.via.name, column) for column in self.of.condition.columns}
        return frozenset(own)

    @property
    def columns(self) -> frozenset[str]:
        """The source's columns that it reads in its snippets."""
        parts = [part.columns for part in (self.condition, self.measured) if part is not None]
        return frozenset().union(*parts)


def _check_direction(feature: Feature) -> None:
    if feature.direction not in (None, "+", "-"):
        raise DeclarationError(
            f"Feature '{feature.name}' says direction={feature.direction!r}.",
            "direction= is '+' (more can only raise the risk) or '-' (more can only lower it).",
            next_step="Write one of the two, or leave it out where you are not sure.",
        )


def _check_levels(feature: Feature) -> None:
    if feature.dtype == "category" and not feature.levels:
        raise DeclarationError(
            f"Feature '{feature.name}' takes a text value but names no levels.",
            "A text value becomes categories, and the categories are declared so that scoring knows them all.",
            next_step="Add levels=[...] with every category that may occur.",
        )
    if feature.levels and feature.dtype != "category":
        raise DeclarationError(
            f"Feature '{feature.name}' names levels but its value is not text.",
            "Only a text value has levels.",
            next_step="Leave levels= out, or name a text column.",
        )
    if feature.levels and len(set(feature.levels)) != len(feature.levels):
        raise DeclarationError(
            f"Feature '{feature.name}' names a level twice.",
            "Each category is listed once.",
            next_step="Remove the repetition.",
        )
    if feature.dtype == "category" and feature.direction:
        raise DeclarationError(
            f"Feature '{feature.name}' is a category with a direction.",
            "Only numbers can be more or less.",
            next_step="Leave direction= out.",
        )


def _check_parts(feature: Feature) -> None:
    """Each verb has a value or not; a trend has a window."""
    if feature.verb not in (*_VALUE_TYPES, *_WITHOUT_RECORD, "days_since", "trend"):
        raise DeclarationError(
            f"Feature '{feature.name}' has the verb '{feature.verb}'.",
            "The verbs are count has total highest lowest distinct latest days_since trend.",
            next_step="Make features with these functions.",
        )
    if (feature.value is None) == (feature.verb in _VALUE_TYPES):
        wants = "needs a value" if feature.verb in _VALUE_TYPES else "takes no value"
        raise DeclarationError(
            f"Feature '{feature.name}': {feature.verb} {wants}.",
            "total, highest, lowest, distinct and latest say of which value; the other verbs look at records only.",
            next_step="Make features with the verb's own function.",
        )
    if feature.verb == "trend":
        if feature.within is None:
            raise DeclarationError(
                f"Feature '{feature.name}' is a trend without a window.",
                "A trend compares the later half of its window with the earlier half.",
                next_step="Add within=, such as within=months(12).",
            )
        feature.within.half()
