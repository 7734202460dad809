"""What a check came to: a finding with its severity, the reason with its figures, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

#: How serious a finding is. An error keeps a model from being used as declared until it is dealt with; a warning has
#: to be answered by whoever approves the model; a note has to be known.
ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)

PASSED, FOUND, NOT_APPLICABLE = "passed", "found", "not applicable"
#: Counts of people below this are not written out, others are rounded to the nearest five.
THRESHOLD, ROUNDING = 10, 5


def usual_count(n: int) -> str:
    """Return a count of people as it is written where no other policy is given.

    Examples
    --------
    >>> usual_count(1234), usual_count(7)
    ('1,235', 'fewer than 10')
    """
    return f"fewer than {THRESHOLD}" if n < THRESHOLD else f"{(n + ROUNDING // 2) // ROUNDING * ROUNDING:,}"


@dataclass(frozen=True)
class Finding:
    """What one check came to.

    Attributes
    ----------
    code, title : str
        Number of the check, such as "RM101", and the fault it looks for, in a few words.
    severity : str
        "error", "warning" or "note": how serious the fault is, found or not.
    status : str
        "found", "passed" or "not applicable".
    reason : str
        Why, with the figures. Names in braces stand for counts of people; `text` fills them in.
    what_to_do : str
        The next step when the fault is found.
    counts : mapping of str to int
        Exact counts of people that the reason speaks of, kept apart so that a card can apply its own rules to them.

    Examples
    --------
    >>> found = Finding("RM301", "Duplicate cases", "error", "found", "{n} cases occur twice.", "Ask.", {"n": 12})
    >>> found.text()
    '10 cases occur twice.'
    """

    code: str
    title: str
    severity: str
    status: str
    reason: str
    what_to_do: str
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether the fault was found and is an error."""
        return self.status == FOUND and self.severity == ERROR

    @property
    def fault(self) -> str:
        """The title as it stands inside a sentence."""
        return self.title[:1].lower() + self.title[1:]

    def text(self, count: Callable[[int], str] = usual_count) -> str:
        """Return the reason with its counts of people written out by `count`."""
        words = self.reason
        for name, n in self.counts.items():
            words = words.replace(f"{{{name}}}", count(n))
        return words


def by_severity(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the faults found, errors first, each severity in the order of the codes."""
    found = [finding for finding in findings if finding.status == FOUND]
    return tuple(sorted(found, key=lambda finding: (SEVERITIES.index(finding.severity), finding.code)))
