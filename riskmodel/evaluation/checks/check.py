"""What a check is: a number, a fault in words, how serious it is, and the function that looks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from riskmodel.evaluation.checks.finding import FOUND, NOT_APPLICABLE, PASSED, Finding

if TYPE_CHECKING:
    from riskmodel.evaluation.checks.examined import Examined

#: A count of people, or a part and its whole.
People: TypeAlias = int | tuple[int, int]


@dataclass(frozen=True)
class Answer:
    """What the function of a check says; `severity` replaces the check's own where the fault is milder or graver."""

    status: str
    reason: str
    counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    severity: str = ""


def passed(reason: str, **counts: People) -> Answer:
    """Answer that the fault is not there; `counts` are what names in braces stand for in the reason."""
    return Answer(PASSED, reason, _exact(counts))


def found(reason: str, severity: str = "", **counts: People) -> Answer:
    """Answer that the fault is there; `counts` are what names in braces stand for in the reason."""
    return Answer(FOUND, reason, _exact(counts), severity)


def _exact(counts: Mapping[str, People]) -> dict[str, tuple[int, ...]]:
    return {name: (n,) if isinstance(n, int) else n for name, n in counts.items()}


def not_applicable(because: str) -> Answer:
    """Answer that the fault cannot be looked for, "because ..."."""
    return Answer(NOT_APPLICABLE, f"Not applicable because {because}.")


@dataclass(frozen=True)
class Check:
    """One numbered check.

    Attributes
    ----------
    code, title : str
        "RM101", and the fault in a few words.
    severity : str
        How serious it is, unless the answer says otherwise.
    what_to_do : str
        The next step when it is found.
    judge : callable
        Looks for the fault.
    """

    code: str
    title: str
    severity: str
    what_to_do: str
    judge: Callable[[Examined], Answer]

    def run(self, examined: Examined) -> Finding:
        """Look for the fault and say what was found."""
        answer = self.judge(examined)
        return Finding(
            self.code, self.title, answer.severity or self.severity, answer.status, answer.reason, self.what_to_do,
            dict(answer.counts),
        )  # fmt: skip
