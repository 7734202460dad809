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

    def near(self, rng: np.random.Generator, lsoa: Ints, z: Floats, p: Place) -> Ints:
        """Return where families move to: somewhere as deprived as their old home and their means suggest."""
        n, rho, link = len(lsoa), p.move_place_correlation, p.area_loading
        # The weight on z keeps the correlation of neighbourhood and disadvantage as it was before the move.
        kappa = link * (1 - rho)
        left = 1 - rho**2 - kappa**2 - 2 * rho * kappa * link
        score = rho * self.score(lsoa) + kappa * z + np.sqrt(left) * rng.standard_normal(n)
        stays = rng.random(n) < p.move_same_ward
        return np.where(stays, self.in_ward(self.ward[lsoa], score), self.at(score))

    def in_ward(self, ward: Ints, score: Floats) -> Ints:
        """Return the LSOA of each ward that is nearest to a score of deprivation."""
        found = np.zeros(len(ward), np.int64)
        for k in range(len(self.wards)):
            options, rows = np.flatnonzero(self.ward == k), np.flatnonzero(ward == k)
            distance = np.abs(score[rows, None] - self.score(options)[None, :])
            found[rows] = options[distance.argmin(axis=1)]
        return found


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
