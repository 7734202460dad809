"""Schools, the children in them, and the termly school census."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Ints, day, lag
from pipelines.synthetic.table import Table, days, flags, real, words
from pipelines.synthetic.world import World

SEN = ("none", "support", "ehcp")
CENSUS_DAYS = np.array([d for y in range(2016, 2026) for d in (day(y, 1, 18), day(y, 5, 17), day(y, 10, 4))])
_SECONDARY_SCHOOLS = 6


@dataclass(frozen=True)
class Pupils:
    """One entry for each child."""

    enrolled: Bools  # in a school of the county
    registered: Bools  # for free meals while an infant


def draw_pupils(world: World) -> Pupils:
    """Draw who goes to a school of the county, and which parents register for free meals."""
    rng, p = world.streams("pupils"), world.p
    n = len(world.children)
    eligible = world.families.free_meals[world.children.family]
    return Pupils(
        enrolled=rng.random(n) < p.readiness.profiled,
        registered=eligible & (rng.random(n) < p.family.free_meals_registered),
    )


def school_ids(world: World) -> list[str]:
    """Return the identifiers of all schools: those of each ward, then secondary schools."""
    count = len(world.places.wards) * world.p.place.schools_per_ward + _SECONDARY_SCHOOLS
    numbers = world.streams("school names").permutation(900)[:count] + 100
    return [f"S{number}" for number in numbers]


def school_at(world: World, family: Ints, on: Ints, reception: Ints) -> Ints:
    """Return each child's primary school on a day; not every child who moves ward changes school."""
    p = world.p.place
    choice = world.families.school_choice[family]
    changes = choice // 100 % 100 < 100 * world.p.moves.change_school
    home = world.addresses.at(family, np.where(changes, on, reception))
    ward = world.places.ward[world.addresses.lsoa[home]]
    local = choice % 100 < 100 * p.school_in_ward
    everywhere = len(world.places.wards) * p.schools_per_ward
    return np.where(local, ward * p.schools_per_ward + choice // 10_000 % p.schools_per_ward, choice // 7 % everywhere)


def school_census_table(world: World, pupils: Pupils, sen: Ints) -> Table:
    """Return a row for each pupil and census day."""
    rng = world.streams("school census")
    children, families = world.children, world.families
    reception = timeline.reception_starts(children.born)
    inside = (reception[:, None] < CENSUS_DAYS) & pupils.enrolled[:, None]
    inside &= families.start[children.family][:, None] + 30 < CENSUS_DAYS
    child, term = np.nonzero(inside)
    on, family = CENSUS_DAYS[term], children.family[child]
    years_in = (on - reception[child]) // 365
    eligible = np.where(years_in < 3, pupils.registered[child], families.free_meals[family])
    noticed = reception + np.floor(300 * rng.beta(1.1, 1.6, len(children))).astype(np.int64)
    later = rng.exponential(60.0, len(children)) * 365
    grows = np.where(sen == 0, reception + 300 + later, np.inf)
    level = np.where(on >= noticed[child], sen[child], 0)
    level = np.maximum(level, (on >= grows[child]).astype(np.int64))
    secondary = (
        len(world.places.wards) * world.p.place.schools_per_ward + families.school_choice[family] % _SECONDARY_SCHOOLS
    )
    school = np.where(years_in >= 7, secondary, school_at(world, family, on, reception[child]))
    habit = rng.gamma(2.0, 0.5, len(children))[child]
    absence = 0.045 * habit * np.exp(0.22 * families.z[family] + 0.25 * world.active(family, on))
    absence = absence * rng.gamma(4.0, 0.25, len(child))
    person = world.people.child[child]
    return Table(
        "school_census",
        world.person_number[person],
        on + lag(rng, len(child), world.p.lags.schools),
        {
            "person_id": world.person_ids(person),
            "census_on": days(on),
            "school_id": words(school, school_ids(world)),
            "free_school_meals": flags(eligible),
            "english_additional": flags(families.english_additional[family]),
            "sen": words(level, SEN),
            "absence_rate": real(absence.clip(0, 0.9), 4),
        },
        slowest=world.p.lags.schools[1],
    )
