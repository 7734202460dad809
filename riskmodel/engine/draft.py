"""A query in the making: named steps, each a SELECT over sources and earlier steps."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from sqlglot import exp

from riskmodel.engine.clock import Clock


@dataclass(frozen=True)
class Step:
    """One named SELECT of a query.

    Parameters
    ----------
    name
        What later steps call it; begins with an underscore, so that it cannot be a source.
    query
        The SELECT.
    about
        What it holds, in a few plain words.
    """

    name: str
    query: exp.Query
    about: str


@dataclass
class Draft:
    """The steps of a query so far; a step asked for twice under one meaning is made once.

    Parameters
    ----------
    clock
        The as-of dates and window bounds the query is made for.
    """

    clock: Clock
    steps: list[Step] = field(default_factory=list)
    _made: dict[Hashable, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def known(self, meaning: Hashable) -> str | None:
        """Name of the step already made for this meaning, or None."""
        return self._made.get(meaning)

    def add(self, kind: str, meaning: Hashable, query: exp.Query, about: str) -> str:
        """Add a step and return its name: its kind and a number."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        name = f"_{kind}_{self._numbers[kind]}"
        self.steps.append(Step(name, query, about))
        self._made[meaning] = name
        return name
