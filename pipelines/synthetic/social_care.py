"""Children's social care: contacts, what follows from them, and plans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Ints, choose, lag, logistic
from pipelines.synthetic.police import Records, children_of
from pipelines.synthetic.table import Table, days, flags, words
from pipelines.synthetic.world import World

EVENTS = ("contact", "referral", "assessment", "section_47", "early_help", "cin", "cpp", "cla")
CONTACT, REFERRAL, ASSESSMENT, SECTION_47, EARLY_HELP, IN_NEED, PROTECTED, LOOKED_AFTER = range(8)
REFERRED_BY = ("police", "health", "school", "family", "other")


@dataclass(frozen=True)
class CareEvents:
    """One entry for each step of a child's case."""

    child: Ints
    event: Ints
    on: Ints
    by: Ints
    abuse_factor: Bools

    def children_before(self, event: int, age: float, born: Ints) -> Bools:
        """Return which children had the event before an age in years."""
        found = np.zeros(len(born), bool)
        young = (self.event == event) & (self.on < timeline.birthday(born, age)[self.child])
        found[self.child[young]] = True
        return found


def draw_social_care(world: World, records: Records) -> CareEvents:
    """Draw contacts by family and year, those the police bring, and the steps that each child goes through."""
    rng, s = world.streams("social care"), world.p.social_care
    family, on, by = _contacts(world, records, rng)
    child, at = children_of(world, family, on)
    kept = rng.random(len(child)) < s.each_child
    child, at = child[kept], at[kept]
    on, by, family = on[at], by[at], family[at]
    # One decision for all children of a contact: brothers and sisters are assessed together.
    draws = rng.random((int(at.max(initial=-1)) + 1, 8))[at]
    active = world.active(family, on)
    abuse = ((by == 0) | (active & (rng.random(len(draws)) < s.factor))) if len(draws) else np.zeros(0, bool)
    referral = draws[:, REFERRAL] < s.referral
    assessed = referral & (draws[:, ASSESSMENT] < s.assessment)
    section = assessed & (draws[:, SECTION_47] < s.investigation + s.investigation_abuse * abuse)
    cpp = section & (draws[:, PROTECTED] < s.protection)
    steps = {
        CONTACT: (np.ones(len(on), bool), 0, 1),
        REFERRAL: (referral, 1, 4),
        ASSESSMENT: (assessed, 5, 25),
        SECTION_47: (section, 8, 30),
        EARLY_HELP: (~referral & (draws[:, EARLY_HELP] < s.early_help), 10, 60),
        IN_NEED: (assessed & ~cpp & (draws[:, IN_NEED] < s.in_need), 40, 70),
        PROTECTED: (cpp, 35, 70),
        LOOKED_AFTER: (section & (draws[:, LOOKED_AFTER] < s.looked_after), 40, 200),
    }
    parts = []
    for event, (happens, least, most) in steps.items():
        rows = np.flatnonzero(happens)
        later = on[rows] + rng.integers(least, most, len(rows))
        factor = abuse[rows] & (event >= ASSESSMENT) & (event != EARLY_HELP)
        parts.append((child[rows], np.full(len(rows), event), later, by[rows], factor))
    parts.append(_early_help(world, rng))
    columns = [np.concatenate([part[k] for part in parts]) for k in range(5)]
    keep = columns[2] <= timeline.EXTRACTED_ON
    return CareEvents(*(column[keep] for column in columns))


def _early_help(world: World, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Ints, Bools]:
    """Return help that families ask for themselves, with every child of the family in it."""
    s, families = world.p.social_care, world.families
    rate = s.early_help_a_year * np.exp(s.early_help_z * families.z)
    family, year = np.nonzero(rng.random((len(families), timeline.YEARS)) < rate[:, None])
    on = timeline.YEAR_STARTS[year] + rng.integers(0, 365, len(family))
    here = on > families.start[family]
    child, at = children_of(world, family[here], on[here])
    by = np.array([1, 2, 3])[rng.integers(0, 3, int(here.sum()))]
    return child, np.full(len(child), EARLY_HELP), on[here][at], by[at], np.zeros(len(child), bool)


def _contacts(world: World, records: Records, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return the family, day and referrer of each contact."""
    s, families = world.p.social_care, world.families
    recorded = world.abuse.recorded_in_year(len(families)) > 0
    fixed = s.contact + s.contact_z * families.z + s.contact_mental_health * families.mental_health
    logit = fixed[:, None] + s.contact_abuse * world.abuse.active + s.contact_recorded * recorded
    family, year = np.nonzero(rng.random(logit.shape) < logistic(logit))
    on = timeline.YEAR_STARTS[year] + rng.integers(0, 365, len(family))
    by = choose(rng, len(family), s.sources)
    told = np.flatnonzero(records.child_present & (rng.random(len(records.family)) < s.police_notifies))
    family = np.concatenate([family, records.family[told]])
    on = np.concatenate([on, records.happened[told] + rng.integers(1, 6, len(told))])
    by = np.concatenate([by, np.zeros(len(told), int)])
    here = (on > families.start[family]) & (on <= timeline.EXTRACTED_ON)
    return family[here], on[here], by[here]


def social_care_table(world: World, care: CareEvents) -> Table:
    """Return a row for each step; whether abuse was a factor is known once there is an assessment."""
    rng = world.streams("social care table")
    person = world.people.child[care.child]
    before = (care.event == CONTACT) | (care.event == REFERRAL) | (care.event == EARLY_HELP)
    return Table(
        "social_care",
        world.person_number[person],
        care.on + lag(rng, len(person), world.p.lags.social_care),
        {
            "person_id": world.person_ids(person),
            "started_on": days(care.on),
            "event": words(care.event, EVENTS),
            "referred_by": words(care.by, REFERRED_BY),
            "domestic_abuse_factor": flags(care.abuse_factor, before),
        },
        slowest=world.p.lags.social_care[1],
    )
