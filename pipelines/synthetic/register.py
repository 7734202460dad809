"""The county register: people, residence spells and households."""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.draw import Ints
from pipelines.synthetic.moves import NEVER
from pipelines.synthetic.parameters import ETHNIC_GROUPS
from pipelines.synthetic.people import ROLES
from pipelines.synthetic.table import NO_DAY, Table, days, whole, words
from pipelines.synthetic.world import World

SEXES = ("F", "M")


def people_table(world: World) -> Table:
    """Return a row for each person and address."""
    spells, people = world.spells, world.people
    lsoa = world.addresses.lsoa[spells.home]
    return Table(
        "people",
        world.person_number[spells.person],
        spells.known,
        {
            "person_id": world.person_ids(spells.person),
            "recorded_on": days(spells.start),
            "date_of_birth": days(people.born[spells.person]),
            "sex": words(people.male[spells.person], SEXES),
            "ethnic_group": words(people.group[spells.person], ETHNIC_GROUPS),
            "ward_code": words(lsoa, world.places.ward_code),
            "lsoa_code": words(lsoa, world.places.lsoa_code),
        },
        slowest=world.p.lags.register[1],
    )


def residence_table(world: World) -> Table:
    """Return a row when a spell opens and, once the register hears of it, another when it closes."""
    spells = world.spells
    closed = np.flatnonzero(spells.end < NEVER)
    rows = np.concatenate([np.arange(len(spells.person)), closed])
    opening = np.arange(len(rows)) < len(spells.person)
    end = np.where(opening, NO_DAY, spells.end[rows])
    return Table(
        "residence",
        world.person_number[spells.person[rows]],
        np.where(opening, spells.known[rows], spells.end_known[rows]),
        {
            "person_id": world.person_ids(spells.person[rows]),
            "moved_in": days(spells.start[rows]),
            "household_id": world.household_ids(spells.home[rows]),
            "role": words(spells.role[rows], ROLES),
            "moved_out": days(end),
        },
        slowest=world.p.lags.register[1],
    )


def households_table(world: World) -> Table:
    """Return a row for each home."""
    homes = world.addresses
    rows: Ints = np.arange(len(homes))
    return Table(
        "households",
        world.home_number,
        homes.known,
        {
            "household_id": world.household_ids(rows),
            "recorded_on": days(homes.start),
            "ward_code": words(homes.lsoa, world.places.ward_code),
            "lsoa_code": words(homes.lsoa, world.places.lsoa_code),
            "idaci_decile": whole(world.places.decile[homes.lsoa]),
        },
        slowest=world.p.lags.register[1],
    )
