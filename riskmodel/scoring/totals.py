"""Totals by area and band under disclosure control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from riskmodel.reporting.disclosure import USUAL, Policy
from riskmodel.reporting.figures import WITHHELD, Figure, exact
from riskmodel.reporting.suppression import Cells, withhold
from riskmodel.scoring.bands import BANDS
from riskmodel.scoring.pages import Page, steady, withheld_before

ALL = "all"


@dataclass(frozen=True)
class Totals:
    """Totals as they may be shown.

    Attributes
    ----------
    everybody
        Scored cases.
    by_band
        Band -> cases.
    by_area
        Area -> everybody there (under ``"all"``) and each band.
    decided
        Every figure over all areas by name, whether asked for or not, for the record that later pages are held to.
    """

    everybody: Figure
    by_band: Mapping[str, Figure]
    by_area: Mapping[str, Mapping[str, Figure]]
    decided: Page

    def frame(self) -> pd.DataFrame:
        """Return one row an area and band, with the printed count; blank where it is withheld."""
        rows = [
            {"area": area, "band": band, "cases": None if figure.value is None else int(figure.value)}
            for area, row in self.by_area.items()
            for band, figure in row.items()
        ]
        return pd.DataFrame(rows, columns=["area", "band", "cases"]).astype({"cases": "Int64"})


def printable(
    cases: pd.DataFrame, policy: Policy = USUAL, *, asked: Sequence[str] | None = None, earlier: Sequence[Page] = ()
) -> Totals:
    """Count cases by area and band, and withhold what would give a small number away.

    Small counts are withheld, and so is whatever would let a reader work one out from the rest of the table
    (`riskmodel.reporting.suppression.withhold`). Area by band counts go first, then the totals of areas; totals of
    bands are kept longest.

    Parameters
    ----------
    cases
        Everybody in the cohort, with columns ``area`` and ``band``.
    policy
        The rules.
    earlier
        What earlier pages printed, oldest first. A count within the threshold of one that was printed is printed as
        that again. A count that was withheld for being small stays withheld until it reaches twice the threshold, and
        as long as any count is so protected, everything that the last page withheld stays withheld.
    asked
        Areas to give totals of; None for all. What is withheld is decided over all areas even so: the pages of single
        areas and the page of all can then be laid side by side, and nothing can be subtracted. The total of several
        areas is the sum of their printed counts.

    Examples
    --------
    >>> cases = pd.DataFrame({"area": ["A"] * 60, "band": ["offer first"] * 12 + ["next"] * 14 + ["not now"] * 34})
    >>> {band: figure.text for band, figure in printable(cases).by_band.items()}
    {'offer first': '10', 'next': '15', 'not now': '35'}
    """
    areas = sorted(set(cases["area"]))
    n = cases.groupby(["area", "band"]).size()
    cells = {_cell(area, band): float(n.get((area, band), 0)) for area in areas for band in BANDS}
    figures: dict[str, tuple[str, ...]] = {ALL: tuple(cells)}
    figures |= {f"band {band}": tuple(_cell(area, band) for area in areas) for band in BANDS}
    if len(areas) > 1:
        figures |= {f"area {area}": tuple(_cell(area, band) for band in BANDS) for area in areas}
        figures |= {cell: (cell,) for cell in cells}
    hidden = _hidden(cells, figures, policy, earlier)
    shown = {
        name: WITHHELD if name in hidden else steady(name, sum(cells[part] for part in parts), policy, earlier)
        for name, parts in figures.items()
    }
    decided = {name: None if figure.value is None else int(figure.value) for name, figure in shown.items()}
    by_band = {band: shown[f"band {band}"] for band in BANDS}
    if len(areas) == 1:
        return Totals(shown[ALL], by_band, {areas[0]: {ALL: shown[ALL], **by_band}}, decided)
    by_area = {
        area: {ALL: shown[f"area {area}"], **{band: shown[_cell(area, band)] for band in BANDS}}
        for area in areas
        if asked is None or area in asked
    }
    if asked is None:
        return Totals(shown[ALL], by_band, by_area, decided)
    summed = {column: _sum([row[column] for row in by_area.values()]) for column in (ALL, *BANDS)}
    return Totals(summed[ALL], {band: summed[band] for band in BANDS}, by_area, decided)


def _hidden(
    cells: Mapping[str, float], figures: Mapping[str, Cells], policy: Policy, earlier: Sequence[Page]
) -> set[str]:
    """Names of the figures to withhold, in the light of what the last page withheld."""
    before = withheld_before(earlier) & set(figures)
    sums = {name: sum(cells[part] for part in parts) for name, parts in figures.items()}
    protect = {name for name in before if sums[name] < 2 * policy.threshold}
    anything_small = bool(protect) or min(sums.values()) < policy.threshold
    return withhold(cells, figures, protect=protect, withheld=before if anything_small else (), policy=policy)


def _sum(printed: Sequence[Figure]) -> Figure:
    """The sum of printed counts; withheld when any of them is."""
    values = [figure.value for figure in printed if figure.value is not None]
    return exact(int(sum(values))) if len(values) == len(printed) else WITHHELD


def _cell(area: str, band: str) -> str:
    return f"{area}: {band}"
