"""Funded places before school, from each term's headcount."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Floats, Ints, choose, day, lag
from pipelines.synthetic.table import Table, days, real, whole, words
from pipelines.synthetic.world import World

ENTITLEMENTS = ("two_year_old", "universal", "working_parent")
TWO_YEAR_OLD, UNIVERSAL, WORKING = 0, 1, 2
_WORKING_THREE_FROM = day(2017, 9, 1)
_WORKING_TWO_FROM = day(2024, 4, 1)


def _terms() -> tuple[Ints, Ints]:
    """Return the first day and the headcount day of each term."""
    starts, counts = [], []
    for year in range(2014, 2026):
        starts += [day(year, 1, 1), day(year, 4, 1), day(year, 9, 1)]
        counts += [day(year, 1, 16), day(year, 5, 15), day(year, 10, 3)]
    return np.array(starts), np.array(counts)


TERM_STARTS, HEADCOUNTS = _terms()


@dataclass(frozen=True)
class EarlyPlaces:
    """Which kind of place each child takes."""

    two: Bools  # a place at two for families on low income
    working_two: Bools
    three: Bools
    working: Bools


def draw_early_places(world: World) -> EarlyPlaces:
    """Draw who takes which place; nobody's file says who could have."""
    rng, e = world.streams("early places"), world.p.early_years
    n, family = len(world.children), world.children.family
    poor = world.families.credit[family]
    works = ~world.families.workless[family] & ~poor
    return EarlyPlaces(
        two=poor & (rng.random(n) < e.two_year_takeup),
        working_two=works & (rng.random(n) < e.working_two),
        three=rng.random(n) < e.three_year_takeup,
        working=works & (rng.random(n) < e.working),
    )


def early_years_table(world: World, places: EarlyPlaces, need: Floats) -> Table:
    """Return a row for each child, place and headcount, from settings that return one."""
    rng, e = world.streams("early years table"), world.p.early_years
    born, family = world.children.born, world.children.family
    n = len(born)
    outside_two = rng.random(n) < e.two_year_outside_schools
    outside = rng.random(n) < e.outside_schools
    rating = choose(rng, n, e.ratings) + 1
    unrated = rng.random(n) < e.not_yet_rated
    two, three = timeline.birthday(born, 2)[:, None], timeline.birthday(born, 3)[:, None]
    school = timeline.reception_starts(born)[:, None]
    is_three = (three < TERM_STARTS) & (school > TERM_STARTS)
    is_two = (two < TERM_STARTS) & ~(three < TERM_STARTS)
    working_two = places.working_two[:, None] & (TERM_STARTS >= _WORKING_TWO_FROM)
    at_two = is_two & outside_two[:, None] & (places.two[:, None] | working_two)
    at_three = is_three & outside[:, None] & places.three[:, None]
    here = world.families.start[family][:, None] + 30 < HEADCOUNTS
    child, term = np.nonzero((at_two | at_three) & here)
    working = np.where(is_three[child, term], places.working[child] & (TERM_STARTS[term] >= _WORKING_THREE_FROM),
                       ~places.two[child])  # fmt: skip
    kind = np.where(working, WORKING, np.where(is_three[child, term], UNIVERSAL, TWO_YEAR_OLD))
    hours = np.where((kind == WORKING) & is_three[child, term], 30.0, 15.0)
    hours = np.where(rng.random(len(child)) < 0.15, hours - 3.0 * rng.integers(1, 4, len(child)), hours)
    rate = e.missed_sessions * np.exp(e.missed_z * world.families.z[family[child]] + e.missed_need * need[child])
    missed = rng.poisson(rate * rng.gamma(1.5, 1 / 1.5, len(child)))
    person = world.people.child[child]
    return Table(
        "early_years_places",
        world.person_number[person],
        HEADCOUNTS[term] + lag(rng, len(child), world.p.lags.early_years),
        {
            "person_id": world.person_ids(person),
            "headcount_on": days(HEADCOUNTS[term]),
            "entitlement": words(kind, ENTITLEMENTS),
            "funded_hours": real(hours, 1),
            "sessions_missed": whole(missed),
            "setting_rating": whole(rating[child], unrated[child]),
        },
        slowest=world.p.lags.early_years[1],
    )
