"""Addresses through time: families that move as a whole, and adults who leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.abuse import AbuseHistory
from pipelines.synthetic.draw import Bools, Ints, lag, repeat_events
from pipelines.synthetic.families import OWNER, PRIVATE, Children, Families
from pipelines.synthetic.parameters import Parameters
from pipelines.synthetic.places import Places

NEVER = np.int64(10**6)


@dataclass(frozen=True)
class Addresses:
    """Each home of each unit, in order of unit and start; units are the families, then adults who left one."""

    unit: Ints
    start: Ints
    end: Ints  # first day elsewhere, or NEVER
    known: Ints  # day on which the register hears of the move
    lsoa: Ints
    tenure: Ints
    temporary: Bools
    first: Ints  # by unit, position of its first home
    count: Ints  # by unit

    def __len__(self) -> int:
        return len(self.unit)

    def at(self, unit: Ints, on: Ints) -> Ints:
        """Return the position of each unit's home on a day (its first home for days before that)."""
        key = self.unit * NEVER + self.start
        found = np.searchsorted(key, unit * NEVER + on, side="right") - 1
        return np.maximum(found, self.first[unit])


@dataclass(frozen=True)
class Leavers:
    """Adults who left a family: on which day, and the unit they went to (-1 for out of the county)."""

    family: Ints
    on: Ints
    to: Ints
    joined: Bools  # the unit is another family


def draw_leavers(p: Parameters, families: Families, abuse: AbuseHistory, rng: np.random.Generator) -> Leavers:
    """Draw when and where the partners go who leave."""
    family = np.flatnonzero((abuse.left_year < timeline.YEARS) & ~families.lone)
    on = timeline.YEAR_STARTS[abuse.left_year[family]] + rng.integers(0, 365, len(family))
    fate = rng.random(len(family))
    joins = fate < p.family.leaver_joins
    to, joined = np.full(len(family), -1), np.zeros(len(family), bool)
    hosts = rng.permutation(np.flatnonzero(families.lone))
    wants = np.flatnonzero(joins)[: len(hosts)]
    hosts = hosts[: len(wants)]
    fits = families.start[hosts] + 120 < on[wants]
    to[wants[fits]], joined[wants[fits]] = hosts[fits], True
    alone = ~joined & (fate < p.family.leaver_joins + p.family.leaver_alone)
    to[alone] = len(families) + np.arange(alone.sum())
    return Leavers(family, on, to, joined)


def draw_addresses(
    p: Parameters,
    places: Places,
    families: Families,
    children: Children,
    abuse: AbuseHistory,
    leavers: Leavers,
    rng: np.random.Generator,
) -> Addresses:
    """Draw every home of every unit."""
    moved_family, moved_on = _family_moves(p, families, children, abuse, rng)
    own = leavers.to >= len(families)
    unit = np.concatenate([np.arange(len(families)), moved_family, leavers.to[own]])
    start = np.concatenate([families.start, moved_on, leavers.on[own]])
    origin = np.concatenate([np.arange(len(families)), moved_family, leavers.family[own]])
    order = np.lexsort((start, unit))
    unit, start, origin = unit[order], start[order], origin[order]
    first_home = np.append(True, unit[1:] != unit[:-1])
    end = np.append(start[1:], NEVER)
    end[np.append(first_home[1:], True)] = NEVER
    first = np.flatnonzero(first_home)
    count = np.diff(np.append(first, len(unit)))
    number = np.arange(len(unit)) - np.repeat(first, count)
    lsoa = _where(p, places, families, unit, number, origin, rng)
    tenure = _tenures(p, families, origin, number, unit >= len(families), rng)
    likely = families.temporary[origin] & (number == 1)
    known = start + lag(rng, len(start), p.lags.register)
    return Addresses(unit, start, end, known, lsoa, tenure, likely, first, count)


def _family_moves(
    p: Parameters, families: Families, children: Children, abuse: AbuseHistory, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Return the family and the day of each move."""
    youngest = np.full((len(families), timeline.YEARS), -NEVER)
    year = timeline.year_index(children.born)
    np.maximum.at(youngest, (children.family, year), children.born)
    youngest = np.maximum.accumulate(youngest, axis=1)
    small = timeline.YEAR_STARTS[:-1] - youngest < 5 * 365
    m = p.moves
    rate = m.scale * np.exp(m.log_rate + m.z * families.z[:, None] + m.abuse * abuse.active) / 5
    rate = rate * np.asarray(m.by_tenure)[families.tenure][:, None] * np.where(small, 1.0, m.older_child)
    rows, _ = repeat_events(rng.poisson(rate).ravel())
    family, year = np.divmod(rows, timeline.YEARS)
    on = timeline.YEAR_STARTS[year] + rng.integers(0, 365, len(rows))
    order = np.lexsort((on, family))
    family, on = family[order], on[order]
    keep = (on > families.start[family] + m.least_days_between) & (on <= timeline.EXTRACTED_ON)
    family, on = family[keep], on[keep]
    apart = np.append(True, (family[1:] != family[:-1]) | (np.diff(on) >= m.least_days_between))
    return family[apart], on[apart]


def _where(
    p: Parameters, places: Places, families: Families, unit: Ints, number: Ints, origin: Ints, rng: np.random.Generator
) -> Ints:
    """Return the LSOA of each home: the first is the family's own, each later one follows from the one before."""
    lsoa = families.lsoa[origin]
    alone = unit >= len(families)
    z = families.z[origin]
    lsoa[alone] = places.near(rng, lsoa[alone], z[alone], p.place)
    for step in range(1, int(number.max(initial=0)) + 1):
        here = np.flatnonzero(number == step)
        lsoa[here] = places.near(rng, lsoa[here - 1], z[here], p.place)
    return lsoa


def _tenures(
    p: Parameters, families: Families, origin: Ints, number: Ints, alone: Bools, rng: np.random.Generator
) -> Ints:
    """Return the tenure of each home: mostly the family's, sometimes private rent or bought after a move."""
    own = families.tenure[origin]
    other = np.where(own == PRIVATE, OWNER, PRIVATE)
    changes = (rng.random(len(own)) > p.moves.keeps_tenure) & (number > 0)
    return np.where(alone, PRIVATE, np.where(changes, other, own))


def moves_before(addresses: Addresses, family: Ints, since: Ints, until: Ints) -> Ints:
    """Return how often each family moved after `since` and up to `until`."""
    return addresses.at(family, until) - addresses.at(family, since)
