"""Domestic abuse as it truly is, and the part of it that the police come to record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import YEAR_DAYS, Bools, Floats, Ints, logistic, repeat_events
from pipelines.synthetic.families import SOCIAL, Families
from pipelines.synthetic.parameters import Parameters
from pipelines.synthetic.places import Places

_BURN_IN = 4


@dataclass(frozen=True)
class AbuseHistory:
    """True state by family and county year, separations, and every incident."""

    active: Bools  # families x years
    left_year: Ints  # county year in which the partner leaves; `YEARS` if never
    family: Ints  # of each incident
    happened: Ints
    recorded: Bools

    def recorded_in_year(self, families: int) -> Ints:
        """Return the number of recorded incidents by family and county year."""
        counts = np.zeros((families, timeline.YEARS), np.int64)
        np.add.at(counts, (self.family[self.recorded], timeline.year_index(self.happened[self.recorded])), 1)
        return counts


def draw_abuse(p: Parameters, places: Places, families: Families, rng: np.random.Generator) -> AbuseHistory:
    """Draw the yearly state of every family, the incidents in it, and which of them are recorded."""
    active, left_year = _states(p, places, families, rng)
    a, n = p.abuse, len(families)
    severe = families.u > a.severe_from if a.hidden else np.zeros(n, bool)
    mean = np.where(severe, a.further_mean[1], a.further_mean[0])[:, None]
    further = rng.negative_binomial(a.further_size, a.further_size / (a.further_size + mean), active.shape)
    rows, _ = repeat_events((active * (1 + further)).ravel())
    family, year = np.divmod(rows, timeline.YEARS)
    happened = timeline.YEAR_STARTS[year] + _day_of_year(p, len(rows), rng)
    chance = np.asarray(a.recorded)[families.group]
    chance = (
        chance * np.where(families.tenure == SOCIAL, a.recorded_social, 1.0) * np.where(severe, a.recorded_severe, 1.0)
    )
    recorded = rng.random(len(rows)) < chance.clip(0, 1)[family]
    seen = (happened >= families.start[family]) & (happened <= timeline.EXTRACTED_ON)
    order = np.lexsort((happened, family))
    order = order[seen[order]]
    return AbuseHistory(active, left_year, family[order], happened[order], recorded[order])


def _states(p: Parameters, places: Places, families: Families, rng: np.random.Generator) -> tuple[Bools, Ints]:
    """Run the true state from year to year, with separations in between."""
    a, f, n = p.abuse, p.family, len(families)
    fixed = _fixed_risk(p, places, families)
    state = np.zeros(n, bool)
    left_year = np.full(n, timeline.YEARS)
    active = np.zeros((n, timeline.YEARS), bool)
    for year in range(-_BURN_IN, timeline.YEARS):
        middle = timeline.YEAR_STARTS[0] + round((year + 0.5) * YEAR_DAYS)
        young = middle - families.mother_born < 25 * YEAR_DAYS
        alone = families.lone | (left_year < year)
        eta = fixed + a.lone * alone + a.young_mother * young + a.again * state
        state = rng.random(n) < logistic(eta)
        leaves = rng.random(n) < f.separation_a_year + f.separation_abuse * state
        if year >= 0:
            active[:, year] = state
            begun = families.start + 300 < timeline.YEAR_STARTS[year]
            left_year = np.where(leaves & begun & ~alone & (left_year == timeline.YEARS), year, left_year)
    return active, left_year


def _fixed_risk(p: Parameters, places: Places, families: Families) -> Floats:
    """Return the part of each family's risk that does not change over the years."""
    a = p.abuse
    return (
        a.intercept
        + a.story_shift * places.story[families.lsoa]
        + a.z * families.z
        + a.social_rent * (families.tenure == SOCIAL)
        + a.illness * families.illness
        + a.substance * families.substance
        + a.mental_health * families.mental_health
        + np.asarray(a.by_group)[families.group]
        + a.hidden * families.u
    )


def _day_of_year(p: Parameters, n: int, rng: np.random.Generator) -> Ints:
    """Return days after 1 September, with the summer and late December a little more often."""
    weight = np.ones(365)
    weight[303:365] = p.abuse.summer  # July and August
    weight[110:122] = p.abuse.late_december  # 20 to 31 December
    upto = np.cumsum(weight) / weight.sum()
    return np.searchsorted(upto, rng.random(n)).clip(0, 364)
