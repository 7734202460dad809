"""How many visits a team can make, and how it chooses now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING

from riskmodel.errors import DeclarationError, nearest_name

if TYPE_CHECKING:
    from riskmodel.declare.prototype import Prototype


@dataclass(frozen=True)
class Team:
    """The visits (offers, calls) that one team can make to the cases of one cohort.

    Parameters
    ----------
    visits_a_month
        Visits a month for the whole cohort, or for each area by its code. An area that is not listed gets no visits.
    months
        For how many months one cohort is worked on.
    decisions
        Name of a feature or audit attribute that is true for the cases that are chosen today, if that is recorded. The
        card then compares the list with today's choice at the same number of visits.

    Raises
    ------
    DeclarationError
        If a number is not above 0.

    Examples
    --------
    >>> Team(visits_a_month=30).visits
    360
    >>> Team(visits_a_month={"E05004033": 4, "E05004021": 2.5}).by_area
    {'E05004033': 48, 'E05004021': 30}
    """

    visits_a_month: float | Mapping[str, float] = field(hash=False)
    months: int = 12
    decisions: str | None = None

    def __post_init__(self) -> None:
        numbers = [self.months, *self._a_month().values()]
        if len(numbers) < 2 or not all(isinstance(n, (int, float)) and isfinite(n) and n > 0 for n in numbers):
            raise DeclarationError(
                "A team is declared without visits, or with a number that is not above 0.",
                "A team makes some visits a month, in all or in each area it works in, for some months.",
                next_step="Write Team(visits_a_month=30), or leave out the areas it does not visit.",
            )
        if any(round(self.months * n) < 1 for n in self._a_month().values()):
            raise DeclarationError(
                f"A team makes fewer than one visit in {self.months} months.",
                "The list is cut after a whole number of visits, at least one.",
                next_step="Declare more months, or leave the area out.",
            )

    @property
    def by_area(self) -> dict[str, int]:
        """Visits to one cohort in each area; empty when the team works in all areas together."""
        if not isinstance(self.visits_a_month, Mapping):
            return {}
        return {area: round(self.months * n) for area, n in self.visits_a_month.items()}

    @property
    def visits(self) -> int:
        """Visits to one cohort."""
        if isinstance(self.visits_a_month, Mapping):
            return sum(self.by_area.values())
        return round(self.months * self.visits_a_month)

    def _a_month(self) -> dict[str, float]:
        given = self.visits_a_month
        return dict(given) if isinstance(given, Mapping) else {"": given}


def check_team(prototype: Prototype) -> None:
    """Refuse a team whose areas or decisions the prototype does not have."""
    team = prototype.team
    if team is None:
        return
    if team.by_area and prototype.cohort.area is None:
        raise DeclarationError(
            f"The team of prototype '{prototype.name}' has visits by area, but its cohort has no area.",
            "Visits by area need to know where each case belongs.",
            next_step="Name a column in the cohort's area=, or declare the visits in all.",
        )
    names = [feature.name for feature in (*prototype.features, *prototype.audit)]
    if team.decisions is not None and team.decisions not in names:
        raise DeclarationError(
            f"The team of prototype '{prototype.name}' names the decisions '{team.decisions}', which it does not have.",
            "Today's decisions are a feature or an audit attribute that is true for those who are chosen.",
            nearest=nearest_name(team.decisions, names),
            next_step="Correct the name or add the attribute to audit=.",
        )
