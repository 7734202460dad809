"""Families and their children: who they are, where they first live, and when the children are born."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import YEAR_DAYS, Bools, Floats, Ints, choose, logistic, mix, trait
from pipelines.synthetic.parameters import Parameters, Place
from pipelines.synthetic.places import Places

OWNER, PRIVATE, SOCIAL = 0, 1, 2
_FIRST_BIRTHS_FROM = timeline.BIRTHS_FROM - round(10 * YEAR_DAYS)
# No birth registers go back before September 2012, so older brothers and sisters count in the birth order only.
_MOST_BIRTHS = 6


@dataclass(frozen=True)
class Families:
    """One entry for each family; `z` is disadvantage, `u` hidden violence, both about standard normal."""

    group: Ints
    lsoa: Ints
    z: Floats
    u: Floats
    start: Ints  # first day in the county's register
    arrived: Bools  # came after the first birth that counts
    mother_born: Ints
    partner_born: Ints
    partner_group: Ints
    lone: Bools  # no partner when the register begins
    english_additional: Bools
    education: Ints
    free_meals: Bools  # truly eligible
    credit: Bools
    workless: Bools
    tenure: Ints
    crowded: Bools
    poverty: Bools  # in the story ward settled at the end, see story.py
    hardship: Floats  # the latent behind it
    temporary: Bools
    smoked: Bools
    never_breastfed: Bools
    mental_health: Bools
    substance: Bools
    illness: Bools
    other_adult: Bools
    need: Floats  # what brothers and sisters share of their developmental need
    noise: Floats  # and of chance
    school_choice: Ints

    def __len__(self) -> int:
        return len(self.z)


@dataclass(frozen=True)
class Children:
    """One entry for each child born in the county's years, in order of family and birth."""

    family: Ints
    born: Ints
    order: Ints  # 1 is the mother's first child

    def __len__(self) -> int:
        return len(self.born)


def draw_families(p: Parameters, places: Places, children: int, rng: np.random.Generator) -> tuple[Families, Children]:
    """Draw families until they have exactly `children` children born from September 2012 to August 2025."""
    n = int(children / 0.95) + 80
    group = choose(rng, n, p.family.groups)
    lsoa, z = _disadvantage(p.place, p.family.groups, places, group, rng)
    births = _births(p, z, rng)
    counts = (births >= timeline.BIRTHS_FROM) & (births < timeline.BIRTHS_UNTIL)
    rows, position = np.nonzero(counts)
    rows, position = rows[:children], position[:children]
    kept, family = np.unique(rows, return_inverse=True)
    kids = Children(family=family, born=births[rows, position], order=position + 1)
    first_in_window = np.full(len(kept), np.iinfo(np.int64).max)
    np.minimum.at(first_in_window, family, kids.born)
    families = _describe(p, places, group[kept], lsoa[kept], z[kept], births[kept, 0], first_in_window, rng)
    return families, kids


def _disadvantage(
    p: Place, groups: tuple[float, ...], places: Places, group: Ints, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Return where each family lives and its disadvantage, which the neighbourhood is a part of."""
    n = len(group)
    shift = np.asarray(p.group_shift)[group]
    wish = p.group_shift_area * shift + rng.standard_normal(n)
    rank = np.empty(n)
    rank[np.argsort(wish, kind="stable")] = (np.arange(n) + 0.5) / n
    lsoa = places.at(ndtri(rank))
    own = np.sqrt(1 - p.area_loading**2) * rng.standard_normal(n)
    raw = p.area_loading * places.area[lsoa] + own + p.group_shift_own * shift
    z = (raw - _mean_shift(p)) / np.sqrt(1 + 0.6 * _shift_variance(p))
    if p.story_z_mean is not None:
        here = places.story[lsoa]
        z[here] += p.story_z_mean - z[here].mean()
    return lsoa, z


def _mean_shift(p: Place) -> float:
    """Return the mean of the group shift in England, so that z has mean zero there."""
    england = np.asarray(Parameters().family.groups)
    return float(p.group_shift_own * (england @ np.asarray(p.group_shift)))


def _shift_variance(p: Place) -> float:
    england = np.asarray(Parameters().family.groups)
    shift = np.asarray(p.group_shift)
    return float(england @ shift**2 - (england @ shift) ** 2)


def _births(p: Parameters, z: Floats, rng: np.random.Generator) -> Ints:
    """Return the days on which each family's children are born; a very late day where there is no further child."""
    f = p.family
    n = len(z)
    first = rng.integers(_FIRST_BIRTHS_FROM, timeline.BIRTHS_UNTIL, n)
    gaps = f.birth_gap_least_days + rng.gamma(f.birth_gap_shape, f.birth_gap_scale_days, (n, _MOST_BIRTHS - 1))
    births = first[:, None] + np.concatenate([np.zeros((n, 1)), np.cumsum(gaps, axis=1)], axis=1).astype(np.int64)
    chance = np.asarray(f.another_child)
    goes_on = rng.random((n, _MOST_BIRTHS - 1)) < logistic(
        np.log(chance / (1 - chance)) + f.another_child_z * z[:, None]
    )
    has = np.concatenate([np.ones((n, 1), bool), np.logical_and.accumulate(goes_on, axis=1)], axis=1)
    return np.where(has, births, timeline.BIRTHS_UNTIL + 100_000)


def _describe(
    p: Parameters,
    places: Places,
    group: Ints,
    lsoa: Ints,
    z: Floats,
    first_birth: Ints,
    first_in_window: Ints,
    rng: np.random.Generator,
) -> Families:
    """Draw everything else about the families that are kept."""
    f, n = p.family, len(z)
    income, adversity = rng.standard_normal(n), rng.standard_normal(n)
    schooling = rng.standard_normal(n)
    cuts = ndtri(np.cumsum(f.education)[:-1])
    latent = f.education_z * z + np.sqrt(1 - f.education_z**2) * schooling
    mother_born, partner_born = _parents_born(p, z, first_birth, rng)
    start = _arrival(p, mother_born, first_in_window, rng)
    hardship = f.poverty_z * z + np.sqrt(1 - f.poverty_z**2) * rng.standard_normal(n)
    return Families(
        group=group,
        lsoa=lsoa,
        z=z,
        u=rng.standard_normal(n),
        start=start,
        arrived=start > first_in_window,
        mother_born=mother_born,
        partner_born=partner_born,
        partner_group=np.where(rng.random(n) < f.partner_same_group, group, choose(rng, n, f.groups)),
        lone=trait(z, f.lone, f.lone_z, mix(rng, income, f.lone_income)),
        english_additional=rng.random(n) < np.asarray(f.english_additional)[group],
        education=np.searchsorted(cuts, latent),
        free_meals=trait(z, f.free_meals, f.free_meals_z, mix(rng, income, f.income_loading)),
        credit=trait(z, f.credit, f.credit_z, mix(rng, income, f.income_loading)),
        workless=trait(z, f.workless, f.workless_z, rng.standard_normal(n)),
        tenure=_tenure(p, places, lsoa, z, income, rng),
        crowded=trait(z, f.crowded, f.crowded_z, rng.standard_normal(n)),
        poverty=hardship > ndtri(1 - f.poverty),
        hardship=hardship,
        temporary=trait(z, p.moves.temporary, p.moves.temporary_z, rng.standard_normal(n)),
        smoked=trait(z, f.smoked, f.smoked_z, mix(rng, schooling, f.smoked_education)),
        never_breastfed=trait(z, f.never_breastfed, f.never_breastfed_z, rng.standard_normal(n)),
        mental_health=trait(z, f.mental_health, f.mental_health_z, mix(rng, adversity, f.adversity_loading)),
        substance=trait(z, f.substance, f.substance_z, mix(rng, adversity, f.adversity_loading)),
        illness=trait(z, f.illness, f.illness_z, rng.standard_normal(n)),
        other_adult=rng.random(n) < f.other_adult,
        need=rng.standard_normal(n),
        noise=rng.standard_normal(n),
        school_choice=rng.integers(0, 2**31, n),
    )


def _tenure(p: Parameters, places: Places, lsoa: Ints, z: Floats, income: Floats, rng: np.random.Generator) -> Ints:
    """Return owner, private or social rent; the story ward can have its own share of social rent."""
    f, n = p.family, len(z)
    own = mix(rng, income, f.social_rent_income)
    latent = f.social_rent_z * z + np.sqrt(1 - f.social_rent_z**2) * own
    cut = np.full(n, ndtri(1 - f.social_rent))
    here = places.story[lsoa]
    if p.place.story_social_rent is not None and here.any():
        cut[here] = np.quantile(latent[here], 1 - p.place.story_social_rent)
    private = trait(z, f.private_rent, f.private_rent_z, rng.standard_normal(n))
    return np.where(latent > cut, SOCIAL, np.where(private, PRIVATE, OWNER))


def _parents_born(p: Parameters, z: Floats, first_birth: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return when mother and partner were born; both are at least 15 when they become parents."""
    f, n = p.family, len(z)
    age = f.mothers_age_first + f.mothers_age_z * z + f.mothers_age_sd * rng.standard_normal(n)
    mother = first_birth - np.round(age.clip(*f.mothers_age_range) * YEAR_DAYS).astype(np.int64)
    older = f.partner_older_mean + f.partner_older_sd * rng.standard_normal(n)
    partner = mother - np.round(older * YEAR_DAYS).astype(np.int64)
    return mother, np.minimum(partner, first_birth - 16 * 366)


def _arrival(p: Parameters, mother_born: Ints, first_in_window: Ints, rng: np.random.Generator) -> Ints:
    """Return when each family enters the register: before the first birth that counts, or as newcomers after it."""
    n = len(mother_born)
    newcomers = rng.random(n) < p.family.arrived_later
    before = first_in_window - rng.integers(120, 5 * 365, n)
    after = first_in_window + rng.integers(60, 6 * 365, n)
    start = np.where(newcomers, after, before).clip(timeline.REGISTER_FROM, timeline.BIRTHS_UNTIL - 60)
    start = np.maximum(start, mother_born + 16 * 366)
    return np.where(newcomers, start, np.minimum(start, first_in_window - 30))
