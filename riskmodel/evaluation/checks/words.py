"""How findings write shares, lists of names and dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LISTED = 5


def percent(share: float) -> str:
    """Return a share as a percentage a reader can take in.

    Examples
    --------
    >>> percent(0.314), percent(0.024), percent(0.0003)
    ('31%', '2.4%', 'under 0.1%')
    """
    if 0 < share < 0.001:
        return "under 0.1%"
    return f"{100 * share:.1f}%" if 0 < share < 0.1 else f"{100 * share:.0f}%"


def number_of(n: int, one: str, verb: str = "", verbs: str = "") -> str:
    """Return a number of things, with the verb that goes with it.

    Examples
    --------
    >>> number_of(1, "measure", "looks", "look"), number_of(3, "measure", "looks", "look"), number_of(2, "source")
    ('1 measure looks', '3 measures look', '2 sources')
    """
    return f"{n} {one if n == 1 else one + 's'} {verb if n == 1 else verbs}".rstrip()


def named(names: Iterable[str], most: int = LISTED) -> str:
    """Return names as a list, shortened where it is long.

    Examples
    --------
    >>> named(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    every = list(dict.fromkeys(names))
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")


def strongest(found: dict[str, float], digits: int = 2) -> str:
    """Return names with their figures, the largest first.

    Examples
    --------
    >>> strongest({"late": 0.61, "early": 0.7})
    'early (0.70), late (0.61)'
    """
    order: Sequence[str] = sorted(found, key=lambda name: (-found[name], name))
    return named([f"{name} ({found[name]:.{digits}f})" for name in order])
