"""The people of the county, and which of them live in which home from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import YEAR_DAYS, Ints, choose, lag
from pipelines.synthetic.families import Children, Families
from pipelines.synthetic.moves import NEVER, Addresses, Leavers
from pipelines.synthetic.parameters import Parameters

CHILD, CARER, OTHER_ADULT = 0, 1, 2
ROLES = ("child", "carer", "other_adult")


@dataclass(frozen=True)
class People:
    """One entry for each person; the maps give positions here, -1 for nobody."""

    born: Ints
    male: Ints
    group: Ints
    child: Ints  # by child
    mother: Ints  # by family
    partner: Ints  # by family
    other: Ints  # by family
    joined: Ints  # by family, the adult who came from another family
    joined_on: Ints  # by family

    def __len__(self) -> int:
        return len(self.born)


@dataclass(frozen=True)
class Spells:
    """One entry for each person and home, in order of person and date; `home` is a position in `Addresses`."""

    person: Ints
    home: Ints
    role: Ints
    start: Ints
    end: Ints  # first day elsewhere, or NEVER
    known: Ints  # day on which the register hears of the start
    end_known: Ints  # and of the end


def list_people(
    p: Parameters, families: Families, children: Children, male: Ints, leavers: Leavers, rng: np.random.Generator
) -> People:
    """Number everybody: mothers, partners, other adults and children."""
    n = len(families)
    has_partner = ~families.lone
    has_other = families.other_adult
    partner = np.where(has_partner, n - 1 + np.cumsum(has_partner), -1)
    other = np.where(has_other, n - 1 + has_partner.sum() + np.cumsum(has_other), -1)
    adults = n + int(has_partner.sum()) + int(has_other.sum())
    age_of_other = np.where(rng.random(n) < 0.6, rng.normal(60, 8, n), rng.normal(24, 4, n)).clip(18, 85)
    other_born = timeline.BIRTHS_FROM - np.round((age_of_other - 5) * YEAR_DAYS).astype(np.int64)
    joined, joined_on = np.full(n, -1), np.full(n, NEVER)
    joined[leavers.to[leavers.joined]] = partner[leavers.family[leavers.joined]]
    joined_on[leavers.to[leavers.joined]] = leavers.on[leavers.joined]
    other_group = np.where(rng.random(n) < p.family.partner_same_group, families.group, choose(rng, n, p.family.groups))
    return People(
        born=np.concatenate(
            [families.mother_born, families.partner_born[has_partner], other_born[has_other], children.born]
        ),
        male=np.concatenate(
            [np.zeros(n, int), np.ones(has_partner.sum(), int), rng.integers(0, 2, has_other.sum()), male]
        ),
        group=np.concatenate(
            [
                families.group,
                families.partner_group[has_partner],
                other_group[has_other],
                families.group[children.family],
            ]
        ),
        child=adults + np.arange(len(children)),
        mother=np.arange(n),
        partner=partner,
        other=other,
        joined=joined,
        joined_on=joined_on,
    )


def draw_spells(
    p: Parameters,
    families: Families,
    children: Children,
    people: People,
    leavers: Leavers,
    addresses: Addresses,
    rng: np.random.Generator,
) -> Spells:
    """Lay everybody's stay in a unit over that unit's homes."""
    left_on = np.full(len(families), NEVER)
    left_on[leavers.family] = leavers.on
    couples, others = np.flatnonzero(people.partner >= 0), np.flatnonzero(people.other >= 0)
    moved = leavers.to >= 0
    stays = (
        (people.mother, np.arange(len(families)), CARER, families.start, np.full(len(families), NEVER)),
        (people.partner[couples], couples, CARER, families.start[couples], left_on[couples]),
        (people.other[others], others, OTHER_ADULT, families.start[others], np.full(len(others), NEVER)),
        (
            people.child,
            children.family,
            CHILD,
            np.maximum(children.born, families.start[children.family]),
            np.full(len(children), NEVER),
        ),
        (
            people.partner[leavers.family[moved]],
            leavers.to[moved],
            OTHER_ADULT,
            leavers.on[moved],
            np.full(moved.sum(), NEVER),
        ),
    )
    person = np.concatenate([stay[0] for stay in stays])
    unit = np.concatenate([stay[1] for stay in stays])
    role = np.concatenate([np.full(len(stay[0]), stay[2]) for stay in stays])
    since = np.concatenate([stay[3] for stay in stays])
    until = np.concatenate([stay[4] for stay in stays])
    told = since + lag(rng, len(since), p.lags.register)
    newborn = (role == CHILD) & (since == people.born[person])
    told = np.where(newborn, since + lag(rng, len(since), p.lags.births), told)
    arrives_with_unit = since == addresses.start[addresses.first[unit]]
    told = np.where(arrives_with_unit, addresses.known[addresses.first[unit]], told)
    end_told = np.where(until < NEVER, until + lag(rng, len(until), p.lags.register), NEVER)
    return _over_homes(addresses, person, unit, role, since, until, told, end_told)


def _over_homes(
    addresses: Addresses,
    person: Ints,
    unit: Ints,
    role: Ints,
    since: Ints,
    until: Ints,
    told: Ints,
    end_told: Ints,
) -> Spells:
    """Cut each stay at the unit's moves; the register hears of a move for the whole home at once."""
    count = addresses.count[unit]
    stay = np.repeat(np.arange(len(unit)), count)
    home = np.arange(len(stay)) - np.repeat(np.cumsum(count) - count, count) + addresses.first[unit][stay]
    start = np.maximum(since[stay], addresses.start[home])
    end = np.minimum(until[stay], addresses.end[home])
    keep = (start < end) & (start <= timeline.EXTRACTED_ON)
    stay, home, start, end = stay[keep], home[keep], start[keep], end[keep]
    begins, ends = start == since[stay], end == until[stay]
    known = np.where(begins, told[stay], addresses.known[home])
    following = np.minimum(home + 1, len(addresses) - 1)
    end_known = np.where(end == NEVER, NEVER, np.where(ends, end_told[stay], addresses.known[following]))
    order = np.lexsort((start, person[stay]))
    stay, home, start, end, known, end_known = (a[order] for a in (stay, home, start, end, known, end_known))
    who = person[stay]
    known, end_known = _in_order(who, start, end, known, end_known)
    return Spells(who, home, role[stay], start, end, known, end_known)


def _in_order(person: Ints, start: Ints, end: Ints, known: Ints, end_known: Ints) -> tuple[Ints, Ints]:
    """Let each person's news arrive in the order in which it happened, and a home end as the next begins."""
    same = np.append(person[1:] == person[:-1], False)
    for _ in range(12):
        end_known = np.where(end < NEVER, np.maximum(end_known, known + 1), NEVER)
        next_known = np.append(known[1:], 0)
        joint = np.where(same, np.maximum(end_known, next_known), end_known)
        settled = np.array_equal(joint, end_known) and not np.any(same & (next_known != joint) & (end < NEVER))
        end_known = np.where(end < NEVER, joint, NEVER)
        known[1:] = np.where(same[:-1], np.maximum(known[1:], end_known[:-1]), known[1:])
        if settled:
            break
    return known, end_known
