"""Everything that is drawn about the county, held together for the themes that write records about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pipelines.synthetic import timeline
from pipelines.synthetic.abuse import AbuseHistory
from pipelines.synthetic.draw import Bools, Ints, Streams
from pipelines.synthetic.families import Children, Families
from pipelines.synthetic.moves import Addresses, Leavers
from pipelines.synthetic.parameters import Parameters
from pipelines.synthetic.people import People, Spells
from pipelines.synthetic.places import Places
from pipelines.synthetic.table import days

if TYPE_CHECKING:
    from pipelines.synthetic.births import AtBirth


@dataclass(frozen=True)
class World:
    """The people, homes and hidden states; partners' records follow from them."""

    p: Parameters
    streams: Streams
    places: Places
    families: Families
    children: Children
    at_birth: AtBirth
    abuse: AbuseHistory
    leavers: Leavers
    addresses: Addresses
    people: People
    spells: Spells
    left_on: Ints  # by family, day on which the partner left
    person_number: Ints  # drawn without order; what the identifiers show
    home_number: Ints

    def person_ids(self, person: Ints) -> pa.Array:
        """Return the identifiers of people by position."""
        return _ids("P", self.person_number, person)

    def household_ids(self, home: Ints) -> pa.Array:
        """Return the identifiers of homes by position."""
        return _ids("H", self.home_number, home)

    def days(self, values: Ints) -> pa.Array:
        """Return dates."""
        return days(values)

    def alone(self, family: Ints, on: Ints) -> Bools:
        """Return whether there is one parent at home on a day."""
        return self.families.lone[family] | (self.left_on[family] <= on)

    def active(self, family: Ints, on: Ints) -> Bools:
        """Return whether there is abuse in the county year of a day."""
        return self.abuse.active[family, timeline.year_index(on).clip(0, timeline.YEARS - 1)]

    def abuse_between(self, family: Ints, since: Ints, until: Ints) -> Bools:
        """Return whether there is abuse in any county year that the days touch."""
        upto = np.concatenate([np.zeros((len(self.families), 1), int), np.cumsum(self.abuse.active, axis=1)], axis=1)
        first = timeline.year_index(since).clip(0, timeline.YEARS - 1)
        last = timeline.year_index(until).clip(0, timeline.YEARS - 1)
        return upto[family, last + 1] > upto[family, first]


def _ids(letter: str, numbers: Ints, rows: Ints) -> pa.Array:
    names = pa.array(np.char.add(letter, np.char.zfill(numbers.astype("U7"), 7)))
    return names.take(pa.array(rows))
