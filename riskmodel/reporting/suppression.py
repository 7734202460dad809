"""Secondary suppression: which figures to withhold so that nobody can work a small cell out from the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DisclosureError
from riskmodel.reporting.disclosure import USUAL, Policy

#: The cells that a figure adds up, by name.
Cells = tuple[str, ...]


def withhold(
    cells: Mapping[str, float],
    figures: Mapping[str, Cells],
    *,
    guarded: Sequence[Cells] = (),
    keep: Collection[str] = (),
    protect: Collection[str] = (),
    withheld: Collection[str] = (),
    policy: Policy = USUAL,
) -> set[str]:
    """Choose the figures that must not be printed.

    A figure under the threshold is withheld. Then, as long as the figures still printed bound any small cell or small
    sum to a range narrower than the threshold, the least important figure that tells something about it goes too. The
    reader is taken to know every printed figure exactly and that no cell is negative, so protection does not lean on
    rounding.

    Parameters
    ----------
    cells
        Exact counts of the smallest cells of the table, by name.
    figures
        What would be printed: name -> the cells it adds up. The order is that of importance, most important first.
    guarded
        Further sums that must not be worked out when they are small, such as complements.
    keep
        Names of figures that are printed elsewhere anyway and cannot be withheld here.
    protect
        Names of figures that are withheld, and protected, though they may be large: they were small before.
    withheld
        Names of figures that are withheld in any case, without being protected.
    policy
        The rules.

    Returns
    -------
    set of str
        Names of the figures to withhold.

    Raises
    ------
    DisclosureError
        If the figures in `keep` give a small cell away by themselves.

    Notes
    -----
    The range of a cell is found by linear programming over all tables that agree with what is printed, as in the
    audit step of cell suppression (Hundepool and others, Statistical Disclosure Control, 2012, chapter 4).

    Examples
    --------
    One small group cannot be hidden alone, because it is the total less the others:

    >>> groups = {"a": 400.0, "b": 300.0, "c": 60.0, "d": 4.0}
    >>> printed = {"all": ("a", "b", "c", "d"), **{name: (name,) for name in groups}}
    >>> sorted(withhold(groups, printed, keep={"all"}))
    ['c', 'd']
    """
    sums = [*((name,) for name in cells), *figures.values(), *guarded]
    small = list(dict.fromkeys(s for s in sums if _value(s, cells) < policy.threshold))
    small += [parts for name, parts in figures.items() if name in protect and parts not in small]
    hidden = {name for name, parts in figures.items() if _value(parts, cells) < policy.threshold} - set(keep)
    hidden |= set(figures).intersection([*protect, *withheld]) - set(keep)
    for target in small:  # hiding a figure only widens ranges: a sum that is protected once stays so
        while telling := _telling(target, cells, {n: p for n, p in figures.items() if n not in hidden}, policy):
            hidden.add(_least_important(telling, figures, keep))
    return hidden


def feasible_range(target: Cells, cells: Mapping[str, float], shown: Mapping[str, Cells]) -> tuple[float, float]:
    """The least and the greatest value that a sum of cells can have, given the figures shown.

    Parameters
    ----------
    target
        The cells whose sum is attacked.
    cells
        Exact counts, used only to know what the shown figures say.
    shown
        The figures a reader sees: name -> the cells each adds up.

    Returns
    -------
    tuple of float
        Least and greatest; the greatest is infinite when nothing bounds it.

    Examples
    --------
    >>> feasible_range(("d",), {"c": 60.0, "d": 4.0}, {"all": ("c", "d")})
    (0.0, 64.0)
    """
    low, _ = _extreme(target, cells, shown, sign=1)
    high, _ = _extreme(target, cells, shown, sign=-1)
    return low, high


def _telling(target: Cells, cells: Mapping[str, float], shown: Mapping[str, Cells], policy: Policy) -> set[str]:
    """Names of the shown figures that pin a small sum down; empty when it is protected."""
    low, below = _extreme(target, cells, shown, sign=1)
    high, above = _extreme(target, cells, shown, sign=-1)
    return below | above if high - low < policy.threshold - 1e-6 else set()


def _least_important(telling: set[str], figures: Mapping[str, Cells], keep: Collection[str]) -> str:
    for name in reversed(list(figures)):
        if name in telling and name not in keep:
            return name
    raise DisclosureError(
        "A small group of people can be worked out from totals that are already printed.",
        "No count under the threshold may be derivable from a card or page.",
        next_step="Report on a larger population, or withhold the totals too.",
    )


def _value(parts: Cells, cells: Mapping[str, float]) -> float:
    return sum(cells[part] for part in parts)


def _extreme(
    target: Cells, cells: Mapping[str, float], shown: Mapping[str, Cells], *, sign: int
) -> tuple[float, set[str]]:
    """The least (sign 1) or greatest (sign -1) feasible value, and the figures that hold it there."""
    from scipy.optimize import linprog

    places = {name: place for place, name in enumerate(cells)}
    aim = sign * _indicator(target, places)
    if not shown:
        return (0.0, set()) if sign > 0 else (float("inf"), set())
    rows = np.array([_indicator(parts, places) for parts in shown.values()])
    known = np.array([_value(parts, cells) for parts in shown.values()])
    found = linprog(aim, A_eq=rows, b_eq=known, bounds=(0, None), method="highs")
    if found.status == 3:  # unbounded: nothing shown limits it
        return -sign * float("inf"), set()
    if found.status != 0:
        raise DisclosureError(
            f"The disclosure check of a table could not be solved ({found.message.strip()}).",
            "A table is printed only when the check has shown it to be safe.",
            next_step="Check that the counts of the table are not negative and add up.",
        )
    binding = {name for name, price in zip(shown, found.eqlin.marginals, strict=True) if abs(price) > 1e-9}
    return sign * float(found.fun), binding


def _indicator(parts: Cells, places: Mapping[str, int]) -> npt.NDArray[np.float64]:
    row = np.zeros(len(places))
    row[[places[part] for part in parts]] = 1.0
    return row
