"""The county's neighbourhoods: the LSOAs and wards of Basildon, and how families are spread over them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri

from pipelines.synthetic.draw import Bools, Floats, Ints
from pipelines.synthetic.parameters import Place

_FILE = Path(__file__).parent / "geography" / "basildon_lsoa.csv"


@dataclass(frozen=True)
class Places:
    """LSOAs in order from the least to the most deprived; every array has one entry for each."""

    lsoa_code: tuple[str, ...]
    ward_code: tuple[str, ...]
    ward: Ints  # position in `wards`
    wards: tuple[str, ...]
    weight: Floats  # share of families
    upto: Floats  # cumulative share
    area: Floats  # disadvantage of the neighbourhood, standard normal over England
    decile: Ints  # IDACI, 1 is the most deprived
    story: Bools  # lies in the story ward

    def at(self, score: Floats) -> Ints:
        """Return the LSOA at each normal score of deprivation within the county."""
        return np.searchsorted(self.upto, ndtr(score)).clip(0, len(self.weight) - 1)

    def score(self, lsoa: Ints) -> Floats:
        """Return the normal score of deprivation within the county of each LSOA."""
        return ndtri(self.upto - self.weight / 2)[lsoa]

    def near(self, rng: np.random.Generator, lsoa: Ints, p: Place) -> Ints:
        """Return where families move to: the same ward, or a neighbourhood that is somewhat alike."""
        n = len(lsoa)
        rho = p.move_place_correlation
        elsewhere = self.at(rho * self.score(lsoa) + np.sqrt(1 - rho**2) * rng.standard_normal(n))
        return np.where(rng.random(n) < p.move_same_ward, self.within_ward(rng, self.ward[lsoa]), elsewhere)

    def within_ward(self, rng: np.random.Generator, ward: Ints) -> Ints:
        """Return a random LSOA of each ward, in proportion to its families."""
        order = np.argsort(self.ward, kind="stable")
        upto = np.cumsum(self.weight[order])
        ends = np.array([upto[self.ward[order] == w].max() for w in range(len(self.wards))])
        starts = np.concatenate([[0.0], ends[:-1]])
        target = starts[ward] + rng.random(len(ward)) * (ends - starts)[ward] * (1 - 1e-9)
        return order[np.searchsorted(upto, target, side="right").clip(0, len(order) - 1)]


def load_places(p: Place, story_share: float | None) -> Places:
    """Read the neighbourhoods; `story_share` fixes the story ward's share of all young children."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: (-float(row["idaci_position"]), row["lsoa_code"]))
    wards = tuple(sorted({row["ward_code"] for row in rows}))
    weight = np.array([float(row["under_fives"]) for row in rows])
    story = np.array([row["ward_code"] == p.story_ward for row in rows])
    weight /= weight.sum()
    if story_share is not None:
        weight = np.where(story, weight * story_share / weight[story].sum(), weight)
        weight[~story] *= (1 - story_share) / weight[~story].sum()
    upto = np.cumsum(weight)
    if p.deciles == "real":
        area = ndtri(1 - np.array([float(row["idaci_position"]) for row in rows]).clip(0.001, 0.999))
        decile = np.array([int(row["idaci_decile"]) for row in rows])
    else:
        area = ndtri(upto - weight / 2)
        decile = np.ceil(10 * (1 - (upto - weight / 2))).astype(np.int64)
    return Places(
        lsoa_code=tuple(row["lsoa_code"] for row in rows),
        ward_code=tuple(row["ward_code"] for row in rows),
        ward=np.array([wards.index(row["ward_code"]) for row in rows]),
        wards=wards,
        weight=weight,
        upto=upto,
        area=area,
        decile=decile,
        story=story,
    )
