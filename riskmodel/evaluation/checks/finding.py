"""What a check came to: a finding with its severity, the reason with its figures, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

#: How serious a finding is. An error keeps a model from being used as declared until it is dealt with; a warning has
#: to be answered by whoever approves the model; a note has to be known.
ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)

PASSED, FOUND, NOT_APPLICABLE = "passed", "found", "not applicable"


def people(n: int, whole: int | None = None, *, threshold: int = 10, rounding: int = 5) -> str:
    """Return a count of people, or their share of a whole, as it may be printed.

    Parameters
    ----------
    n
        How many.
    whole
        Of how many; None writes the count itself.
    threshold, rounding
        Counts below the first, and shares that would leave fewer, are not told apart; others are rounded to a multiple
        of the second, and shares taken from rounded counts.

    Examples
    --------
    >>> people(1234), people(7), people(450, 1465), people(3, 1465), people(1465, 1465)
    ('1,235', 'fewer than 10', '31%', 'under 0.7%', 'over 99.3%')
    """
    if whole is None:
        return f"fewer than {threshold}" if n < threshold else f"{_rounded(n, rounding):,}"
    if whole < 2 * threshold:
        return "an unknown share (too few)"
    if n < threshold:
        return f"under {_percent(threshold / whole)}"
    if whole - n < threshold:
        return f"over {_percent(1 - threshold / whole)}"
    return _percent(_rounded(n, rounding) / _rounded(whole, rounding), fine=whole >= 1000)


def _rounded(n: int, rounding: int) -> int:
    return (n + rounding // 2) // rounding * rounding


def _percent(share: float, *, fine: bool = True) -> str:
    return f"{100 * share:.1f}%" if fine and not 0.1 <= share <= 0.9 else f"{100 * share:.0f}%"


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
        Why, with the figures. Names in braces stand for counts of people and shares of them; `text` fills them in.
    what_to_do : str
        The next step when the fault is found.
    counts : mapping of str to tuple of int
        What the reason speaks of: one exact count of people, or a part and its whole. They are kept apart from the
        words, so that a card can apply its own rules to them.

    Examples
    --------
    >>> found = Finding("RM301", "Duplicate cases", "error", "found", "{n} cases occur twice.", "Ask.", {"n": (12,)})
    >>> found.text()
    '10 cases occur twice.'
    """

    code: str
    title: str
    severity: str
    status: str
    reason: str
    what_to_do: str
    counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether the fault was found and is an error."""
        return self.status == FOUND and self.severity == ERROR

    @property
    def fault(self) -> str:
        """The title as it stands inside a sentence."""
        return self.title[:1].lower() + self.title[1:]

    def text(self, write: Callable[..., str] = people) -> str:
        """Return the reason with its counts and shares of people written out by `write` (see `people`)."""
        words = self.reason
        for name, numbers in self.counts.items():
            words = words.replace(f"{{{name}}}", write(*numbers))
        # A reason may begin with the name of a measure, which is written as it is.
        return words[:1].upper() + words[1:] if self.reason.startswith("{") else words


def by_severity(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the faults found, errors first, each severity in the order of the codes."""
    found = [finding for finding in findings if finding.status == FOUND]
    return tuple(sorted(found, key=lambda finding: (SEVERITIES.index(finding.severity), finding.code)))
