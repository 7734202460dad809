"""Police records: reported domestic abuse with the people linked to it, and other incidents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Floats, Ints, choose, lag, repeat_events
from pipelines.synthetic.table import Table, days, flags, real, words
from pipelines.synthetic.world import World

KINDS = ("domestic", "antisocial", "missing", "burglary", "other")
ROLE_NAMES = ("victim", "suspect", "other")
GRADES = ("standard", "medium", "high")
VICTIM, SUSPECT, OTHER = 0, 1, 2


@dataclass(frozen=True)
class Records:
    """One entry for each police record of domestic abuse."""

    family: Ints
    happened: Ints
    received: Ints
    crime: Bools
    child_present: Bools
    child_unknown: Bools
    grade: Ints
    harm: Floats
    truth_row: Ints  # the incident in `AbuseHistory`


def draw_records(world: World) -> Records:
    """Describe each recorded incident of abuse."""
    rng, c = world.streams("police records"), world.p.police
    rows = np.flatnonzero(world.abuse.recorded)
    n, family = len(rows), world.abuse.family[rows]
    cuts = ndtri(np.cumsum(c.grades)[:-1])
    latent = c.grade_hidden * (world.families.u[family] - c.grade_centre) + np.sqrt(
        1 - c.grade_hidden**2
    ) * rng.standard_normal(n)
    grade = np.searchsorted(cuts, latent)
    lasting = rng.standard_normal(len(world.families))[family]
    severity = np.sqrt(0.5) * lasting + np.sqrt(0.5) * rng.standard_normal(n)
    return Records(
        family=family,
        happened=world.abuse.happened[rows],
        received=world.abuse.happened[rows] + lag(rng, n, world.p.lags.police),
        crime=rng.random(n) < c.crime,
        child_present=rng.random(n) < c.child_present,
        child_unknown=rng.random(n) < c.child_present_missing,
        grade=grade,
        harm=c.harm_median * np.exp(c.harm_sigma * severity),
        truth_row=rows,
    )


def police_table(world: World, records: Records) -> Table:
    """Return a row for each person linked to an incident, domestic or other."""
    rng = world.streams("police table")
    person, incident, role = _people_of(world, records, rng)
    other = _other_incidents(world, rng)
    domestic = len(records.family)
    numbers = rng.permutation(domestic + len(other["person"])) + 1
    incident = np.concatenate([incident, domestic + np.arange(len(other["person"]))])
    person = np.concatenate([person, other["person"]])
    role = np.concatenate([role, other["role"]])

    def both(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.concatenate([first, second])[incident]

    no, nothing = np.zeros(len(other["person"]), bool), np.full(len(other["person"]), -1)
    domestic_row = incident < domestic
    names = pa.array(np.char.add("I", np.char.zfill(numbers.astype("U7"), 7)))
    return Table(
        "police_incidents",
        world.person_number[person],
        both(records.received, other["received"]),
        {
            "person_id": world.person_ids(person),
            "occurred_on": days(both(records.happened, other["happened"])),
            "incident_id": names.take(pa.array(incident)),
            "domestic_abuse": flags(domestic_row),
            "kind": words(both(np.zeros(domestic, int), other["kind"]), KINDS),
            "role": words(role, ROLE_NAMES),
            "crime": flags(both(records.crime, other["crime"])),
            "child_present": flags(both(records.child_present, no), both(records.child_unknown, ~no)),
            "grade": words(both(records.grade, nothing), GRADES),
            "harm_score": real(both(records.harm, other["harm"]), 2),
        },
        slowest=world.p.lags.police[1],
    )


def _people_of(world: World, records: Records, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return the person, incident and role of each link: victim, suspect where known, children who were there."""
    c, people, n = world.p.police, world.people, len(records.family)
    family = records.family
    partner = people.partner[family]
    partner = np.where((partner < 0) & (people.joined_on[family] < records.happened), people.joined[family], partner)
    mother_is_victim = (rng.random(n) < c.victim_mother) | (partner < 0)
    victim = np.where(mother_is_victim, people.mother[family], partner)
    suspect = np.where(mother_is_victim, partner, people.mother[family])
    known = (suspect >= 0) & (rng.random(n) < c.suspect_known) | ~mother_is_victim
    seen = np.flatnonzero(records.child_present & ~records.child_unknown)
    child, at = children_of(world, family[seen], records.happened[seen])
    rows = np.arange(n)
    return (
        np.concatenate([victim, suspect[known], people.child[child]]),
        np.concatenate([rows, rows[known], seen[at]]),
        np.concatenate([np.full(n, VICTIM), np.full(known.sum(), SUSPECT), np.full(len(child), OTHER)]),
    )


def children_of(world: World, family: Ints, on: Ints) -> tuple[Ints, Ints]:
    """Return the children of each family born by a day, with the row of `family` that each belongs to."""
    count = np.bincount(world.children.family, minlength=len(world.families))
    first = np.cumsum(count) - count
    row, number = repeat_events(count[family])
    child = first[family[row]] + number
    born = world.children.born[child] <= on[row]
    return child[born], row[born]


def _other_incidents(world: World, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw incidents that are not domestic abuse; each links one adult."""
    c, families, people = world.p.police, world.families, world.people
    log_rate = c.other_z * families.z + c.other_hidden * families.u
    rate = c.other_rate * np.exp(log_rate - (c.other_z**2 + c.other_hidden**2) / 2)
    rows, _ = repeat_events(rng.poisson(np.repeat(rate, timeline.YEARS)))
    family, year = np.divmod(rows, timeline.YEARS)
    happened = timeline.YEAR_STARTS[year] + rng.integers(0, 365, len(rows))
    keep = (happened > families.start[family]) & (happened <= timeline.EXTRACTED_ON)
    family, happened = family[keep], happened[keep]
    n = len(family)
    partner = people.partner[family]
    kind = 1 + choose(rng, n, c.other_kinds)
    role = choose(rng, n, (0.5, 0.3, 0.2))
    as_partner = (partner >= 0) & (rng.random(n) < np.where(role == SUSPECT, 0.8, 0.45))
    crime = rng.random(n) < np.select([kind == 1, kind == 2, kind == 3], [0.25, 0.02, 1.0], 0.6)
    return {
        "person": np.where(as_partner, partner, people.mother[family]),
        "happened": happened,
        "received": happened + lag(rng, n, world.p.lags.police),
        "kind": kind,
        "role": role,
        "crime": crime,
        "harm": np.where(crime, 2.0 * np.exp(1.2 * rng.standard_normal(n)), 0.0),
    }
