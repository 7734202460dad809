"""The truth behind the county, for tests of honesty: never read by feature code, written to a folder of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.synthetic import timeline
from pipelines.synthetic.health import Reviews
from pipelines.synthetic.moves import NEVER
from pipelines.synthetic.outcomes import Help, Profiles
from pipelines.synthetic.parameters import ETHNIC_GROUPS
from pipelines.synthetic.schools import Pupils
from pipelines.synthetic.services import TENURES
from pipelines.synthetic.social_care import CareEvents
from pipelines.synthetic.table import NO_DAY, days, words
from pipelines.synthetic.world import World


@dataclass(frozen=True)
class Hidden:
    """What was drawn along the way and no partner knows."""

    reviews: Reviews
    care: CareEvents
    pupils: Pupils
    helped: Help
    profiles: Profiles


def truth_tables(world: World, hidden: Hidden) -> dict[str, pa.Table]:
    """Return all tables of the truth by name."""
    return {
        "children": _children(world, hidden),
        "families": _families(world),
        "family_years": _family_years(world),
        "homes": _homes(world),
        "incidents": _incidents(world),
        "outreach": _outreach(world, hidden.helped),
    }


def _children(world: World, hidden: Hidden) -> pa.Table:
    children, profiles = world.children, hidden.profiles
    family = children.family
    assessed = profiles.year <= timeline.FIRST_YEAR + timeline.YEARS - 1
    return pa.table(
        {
            "person_id": world.person_ids(world.people.child),
            "family": pa.array(family),
            "born_on": days(children.born),
            "male": pa.array(world.at_birth.male),
            "preterm": words(world.at_birth.preterm, ("term", "under_32_weeks", "32_to_36_weeks")),
            "mothers_age": pa.array(np.round(world.at_birth.mothers_age, 3)),
            "need": pa.array(hidden.reviews.need),
            "asq_latent": pa.array(hidden.reviews.asq),
            "two_year_review": pa.array(hidden.reviews.done[:, 3]),
            "academic_year": pa.array(profiles.year),
            "latent": pa.array(profiles.latent, mask=~assessed),
            "good_level": pa.array(profiles.good, mask=~assessed),
            "good_level_without_help": pa.array(profiles.good_without_help, mask=~assessed),
            "abuse_exposed": pa.array(profiles.abuse_exposed),
            "home_moves": pa.array(profiles.moves),
            "school_moved": pa.array(profiles.school_moved),
            "programme_exposed": pa.array(hidden.helped.exposed),
            "enrolled": pa.array(hidden.pupils.enrolled),
        }
    )


def _families(world: World) -> pa.Table:
    f = world.families
    return pa.table(
        {
            "family": pa.array(np.arange(len(f))),
            "mother_id": world.person_ids(world.people.mother),
            "first_household_id": world.household_ids(world.addresses.first[: len(f)]),
            "ethnic_group": words(f.group, ETHNIC_GROUPS),
            "ward_code": words(f.lsoa, world.places.ward_code),
            "z": pa.array(f.z),
            "u": pa.array(f.u),
            "area": pa.array(world.places.area[f.lsoa]),
            "start_on": days(f.start),
            "partner_left_on": days(np.minimum(world.left_on, NO_DAY)),
            "tenure": words(f.tenure, TENURES),
            "education": pa.array(f.education),
            **{
                name: pa.array(getattr(f, name))
                for name in (
                    "lone",
                    "english_additional",
                    "free_meals",
                    "credit",
                    "workless",
                    "crowded",
                    "poverty",
                    "smoked",
                    "never_breastfed",
                    "mental_health",
                    "substance",
                    "illness",
                )
            },
        }
    )


def _homes(world: World) -> pa.Table:
    """Return which family truly lived behind each household identifier; blank for adults who left one."""
    homes = world.addresses
    return pa.table(
        {
            "household_id": world.household_ids(np.arange(len(homes))),
            "family": pa.array(homes.unit, mask=homes.unit >= len(world.families)),
            "from": days(homes.start),
            "until": days(homes.end),
        }
    )


def _family_years(world: World) -> pa.Table:
    """Return the true state and the incidents, true and recorded, of each family and county year since it came."""
    abuse, families = world.abuse, world.families
    shape = (len(families), timeline.YEARS)
    incidents, youngest = np.zeros(shape, np.int64), np.full(shape, -NEVER)
    np.add.at(incidents, (abuse.family, timeline.year_index(abuse.happened)), 1)
    recorded = abuse.recorded_in_year(len(families))
    children = world.children
    np.maximum.at(youngest, (children.family, timeline.year_index(children.born)), children.born)
    youngest = np.maximum.accumulate(youngest, axis=1)
    begins = timeline.YEAR_STARTS[:-1]
    here = (families.start[:, None] <= begins) & (begins < timeline.COMPLETE_TO)
    family, year = np.nonzero(here)
    return pa.table(
        {
            "family": pa.array(family),
            "year_from": days(begins[year]),
            "active": pa.array(abuse.active[family, year]),
            "incidents": pa.array(incidents[family, year]),
            "recorded": pa.array(recorded[family, year]),
            "under_five": pa.array(begins[year] - youngest[family, year] < 5 * 365.25),
        }
    )


def _incidents(world: World) -> pa.Table:
    abuse = world.abuse
    return pa.table(
        {
            "family": pa.array(abuse.family),
            "happened_on": days(abuse.happened),
            "recorded": pa.array(abuse.recorded),
        }
    )


def _outreach(world: World, helped: Help) -> pa.Table:
    rows = np.flatnonzero(helped.offered)
    return pa.table(
        {
            "person_id": world.person_ids(world.people.child[rows]),
            "contacted_on": days(np.minimum(helped.contacted_on[rows], NO_DAY)),
        }
    )
