"""The story ward's exact numbers: its under-fives, and how many of them are poor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Ints
from pipelines.synthetic.families import Children, Families
from pipelines.synthetic.moves import Addresses
from pipelines.synthetic.people import People, Spells
from pipelines.synthetic.places import Places


def homes_known(spells: Spells, person: Ints, on: int) -> Ints:
    """Return the home at which the register places each person on a day, by what it knows then; -1 if nowhere."""
    home = np.full(int(spells.person.max()) + 1, -1)
    told = spells.known <= on
    home[spells.person[told]] = spells.home[told]
    return home[person]


def settle_story_ward(
    places: Places,
    addresses: Addresses,
    children: Children,
    people: People,
    spells: Spells,
    target: int,
    rng: np.random.Generator,
) -> Addresses:
    """Move homes with one under-five in or out of the story ward until it has `target` of them."""
    count = _under_fives(addresses, children, people, spells)
    here = places.story[addresses.lsoa]
    surplus = int(count[here].sum()) - target
    only_one: Bools = (count == 1) & (here if surplus > 0 else ~here)
    chosen = _most_alike(places, addresses.lsoa, only_one, abs(surplus), rng)
    lsoa = addresses.lsoa.copy()
    lsoa[chosen] = _swap(places, len(chosen), into=surplus < 0, rng=rng)
    return replace(addresses, lsoa=lsoa)


def settle_poverty(
    places: Places,
    addresses: Addresses,
    families: Families,
    children: Children,
    people: People,
    spells: Spells,
    rate: float,
) -> Families:
    """Let the hardest-up families of the story ward be poor until `rate` of its under-fives are."""
    home = np.flatnonzero(places.story[addresses.lsoa])
    home = home[addresses.unit[home] < len(families)]
    family, count = addresses.unit[home], _under_fives(addresses, children, people, spells)[home]
    family, count = family[count > 0], count[count > 0]
    left = round(rate * int(count.sum()))
    poor = np.zeros(len(family), bool)
    for k in np.argsort(-families.hardship[family], kind="stable"):
        if count[k] <= left:
            poor[k], left = True, left - count[k]
    poverty = families.poverty.copy()
    poverty[family] = poor
    return replace(families, poverty=poverty)


def _under_fives(addresses: Addresses, children: Children, people: People, spells: Spells) -> Ints:
    """Return the number of under-fives that the register places in each home on the last complete day."""
    home = homes_known(spells, people.child, timeline.COMPLETE_TO)
    young = timeline.under_five_on(children.born, timeline.COMPLETE_TO) & (home >= 0)
    return np.bincount(home[young], minlength=len(addresses))


def _most_alike(places: Places, lsoa: Ints, allowed: Bools, n: int, rng: np.random.Generator) -> Ints:
    """Return homes in neighbourhoods as deprived as the story ward or nearly, in random order among equals."""
    centre = np.average(places.area[places.story], weights=places.weight[places.story])
    candidates = rng.permutation(np.flatnonzero(allowed))
    distance = np.round(np.abs(places.area[lsoa[candidates]] - centre), 1)
    return candidates[np.argsort(distance, kind="stable")[:n]]


def _swap(places: Places, n: int, *, into: bool, rng: np.random.Generator) -> Ints:
    """Return where they go: the story ward, or the deprived half of the other wards."""
    median = np.median(places.area)
    allowed = places.story if into else ~places.story & (places.area > median)
    options = np.flatnonzero(allowed)
    return rng.choice(options, n, p=places.weight[options] / places.weight[options].sum())
