"""Numbers as they are printed: rounded once, with the words and the value that every format repeats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from riskmodel.evaluation.results import Estimate
from riskmodel.reporting.disclosure import USUAL, Policy, count, share

Kind = Literal["count", "share", "number", "withheld", "absent"]


@dataclass(frozen=True)
class Figure:
    """One printed number: its words, and the same rounded value for machines.

    Attributes
    ----------
    text : str
        As a reader sees it, with the interval.
    value, low, high : float or None
        As printed, never more exact. None: withheld, or it does not exist.
    kind : str
        "count", "share" (of 1), "number", "withheld" (disclosure control) or "absent" (cannot be measured).
    """

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    kind: Kind = "number"

    @property
    def point(self) -> str:
        """The words without the interval."""
        return self.text.partition(" (")[0]


WITHHELD = Figure("withheld", kind="withheld")
ABSENT = Figure("not measurable", kind="absent")


def counted(n: float | None, policy: Policy = USUAL, *, whole: float | None = None) -> Figure:
    """A count of people under disclosure control; None is a count that was not taken.

    Examples
    --------
    >>> counted(12_812).text, counted(4).text
    ('12,810', 'withheld')
    """
    if n is None:
        return ABSENT
    return exact(count(n, policy, whole=whole))


def exact(n: int | None) -> Figure:
    """A count that has already passed disclosure control; None is one that was withheld."""
    return WITHHELD if n is None else Figure(f"{n:,}", float(n), kind="count")


def shared(
    part: float | None,
    whole: float | None,
    policy: Policy = USUAL,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Figure:
    """A percentage of rounded counts, with the interval it was measured with.

    Parameters
    ----------
    part, whole
        Exact counts. None: not taken.
    policy
        The rules.
    low, high
        Ends of the interval as shares of 1, or None.

    Returns
    -------
    Figure
        Withheld when the counts are too small.

    Examples
    --------
    >>> shared(333, 1_000, low=0.302, high=0.361).text
    '34% (30% to 36%)'
    >>> shared(49, 1_000).text
    '5.0%'
    """
    if part is None or whole is None:
        return ABSENT
    value = share(part, whole, policy)
    return WITHHELD if value is None else proportion(value, low, high, digits=share_digits(value, whole))


def proportion(value: float, low: float | None = None, high: float | None = None, *, digits: int = 0) -> Figure:
    """A share of 1 that has already passed disclosure control, as a percentage.

    Examples
    --------
    >>> proportion(0.204, 0.18, 0.23).text, proportion(0.0007).text
    ('20% (18% to 23%)', 'under 1%')
    """
    # Rounded first and written from that, so that words and value cannot differ on a half.
    value = round(value, digits + 2)
    text = _percent(value, digits)
    if low is None or high is None:
        return Figure(text, value, kind="share")
    low, high = (round(min(max(end, 0.0), 1.0), digits + 2) for end in (low, high))
    interval = f" ({100 * low:.{digits}f}% to {100 * high:.{digits}f}%)"
    return Figure(text + interval, value, low, high, kind="share")


def share_digits(value: float, whole: float) -> int:
    """Decimals that a percentage of `whole` people can bear: one for rare things in large groups, else none."""
    return 1 if whole >= 1_000 and not 0.1 <= value <= 0.9 else 0


def number(value: float | None, low: float | None = None, high: float | None = None, *, digits: int = 2) -> Figure:
    """A number that is not a share, with its interval.

    Examples
    --------
    >>> number(0.7241, 0.7, 0.7482, digits=3).text, number(None).text, number(-0.001, digits=2).text
    ('0.724 (0.700 to 0.748)', 'not measurable', '0.00')
    """
    if value is None:
        return ABSENT
    point = _plain(value, digits)
    if low is None or high is None:
        return Figure(point, _rounded(value, digits))
    text = f"{point} ({_plain(low, digits)} to {_plain(high, digits)})"
    return Figure(text, _rounded(value, digits), _rounded(low, digits), _rounded(high, digits))


def measured(estimate: Estimate | None, *, digits: int = 2) -> Figure:
    """An estimate with its interval; None and estimates without a value are not measurable."""
    if estimate is None:
        return ABSENT
    return number(estimate.value, estimate.low, estimate.high, digits=digits)


def in_hundred(value: float | None) -> str:
    """A share of 1 in lay words.

    Examples
    --------
    >>> in_hundred(0.07), in_hundred(0.004), in_hundred(0.0002), in_hundred(None)
    ('7 in 100', '4 in 1,000', 'fewer than 1 in 1,000', 'a number that is withheld')
    """
    if value is None:
        return "a number that is withheld"
    if value >= 0.01:
        return f"{100 * value:.0f} in 100"
    return f"{1000 * value:.0f} in 1,000" if value >= 0.001 else "fewer than 1 in 1,000"


def _percent(value: float, digits: int) -> str:
    least = 10.0**-digits
    if value <= 0:
        return f"under {least:.{digits}f}%"
    if value >= 1:
        return f"over {100 - least:.{digits}f}%"
    return f"{100 * value:.{digits}f}%"


def _rounded(value: float, digits: int) -> float:
    return round(value, digits) + 0.0  # turns -0.0 into 0.0


def _plain(value: float, digits: int) -> str:
    return f"{_rounded(value, digits):.{digits}f}"
