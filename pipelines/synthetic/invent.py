"""Draw the county theme by theme, each from its own random stream, and lay out the partners' tables."""

from __future__ import annotations

import numpy as np

from pipelines.synthetic.abuse import draw_abuse
from pipelines.synthetic.births import births_table, draw_births
from pipelines.synthetic.draw import Streams
from pipelines.synthetic.early_years import draw_early_places, early_years_table
from pipelines.synthetic.families import draw_families
from pipelines.synthetic.health import asq3_table, draw_need, draw_reviews, emergency_table, health_visits_table
from pipelines.synthetic.moves import NEVER, draw_addresses, draw_leavers
from pipelines.synthetic.outcomes import draw_help, draw_profiles, eyfsp_table
from pipelines.synthetic.parameters import Parameters
from pipelines.synthetic.people import draw_spells, list_people
from pipelines.synthetic.places import load_places
from pipelines.synthetic.police import draw_records, police_table
from pipelines.synthetic.register import households_table, people_table, residence_table
from pipelines.synthetic.schools import draw_pupils, school_census_table
from pipelines.synthetic.services import adult_needs_table, benefits_table, dwellings_table, housing_table
from pipelines.synthetic.social_care import draw_social_care, social_care_table
from pipelines.synthetic.story import settle_poverty, settle_story_ward
from pipelines.synthetic.table import Table
from pipelines.synthetic.truth import Hidden
from pipelines.synthetic.world import World
from riskmodel.progress import Progress

_UNDER_FIVE_SHARE = 5 / 13  # of children born over thirteen years


def invent(p: Parameters, children: int, streams: Streams, progress: Progress) -> tuple[World, Hidden, list[Table]]:
    """Return the world, what no partner knows of it, and what each partner would send."""
    progress.step("Inventing people and homes", 2)
    world = draw_world(p, children, streams)
    progress.advance()
    records = draw_records(world)
    care = draw_social_care(world, records)
    need = draw_need(p, world.families, world.children, world.at_birth, streams("need"))
    reviews = draw_reviews(
        p, world.places, world.families, world.children, world.at_birth, need, streams("health reviews")
    )
    pupils, places = draw_pupils(world), draw_early_places(world)
    helped = draw_help(world, streams("help"))
    profiles = draw_profiles(world, reviews, care, places, helped, streams("profiles"))
    progress.advance()
    tables = [
        people_table(world),
        residence_table(world),
        households_table(world),
        births_table(world),
        health_visits_table(world, reviews),
        asq3_table(world, reviews),
        early_years_table(world, places, need),
        school_census_table(world, pupils, profiles.sen),
        eyfsp_table(world, profiles, pupils),
        benefits_table(world),
        dwellings_table(world),
        housing_table(world),
        social_care_table(world, care),
        police_table(world, records),
        adult_needs_table(world),
        emergency_table(world),
    ]
    return world, Hidden(reviews, care, pupils, helped, profiles), tables


def draw_world(p: Parameters, children: int, streams: Streams) -> World:
    """Draw people, homes and hidden states."""
    target = _story_target(p, children)
    places = load_places(p.place, target / (children * _UNDER_FIVE_SHARE) if target else None)
    families, kids = draw_families(p, places, children, streams("families"))
    born = draw_births(p, families, kids, streams("births"))
    abuse = draw_abuse(p, places, families, streams("abuse"))
    leavers = draw_leavers(p, families, abuse, streams("leavers"))
    addresses = draw_addresses(p, places, families, kids, abuse, leavers, streams("moves"))
    people = list_people(p, families, kids, born.male.astype(np.int64), leavers, streams("people"))
    spells = draw_spells(p, families, kids, people, leavers, addresses, streams("spells"))
    if target:
        addresses = settle_story_ward(places, addresses, kids, people, spells, target, streams("story"))
    if p.place.story_poverty is not None:
        families = settle_poverty(places, addresses, families, kids, people, spells, p.place.story_poverty)
    left_on = np.full(len(families), NEVER)
    left_on[leavers.family] = leavers.on
    numbers = streams("identifiers")
    return World(
        p=p,
        streams=streams,
        places=places,
        families=families,
        children=kids,
        at_birth=born,
        abuse=abuse,
        leavers=leavers,
        addresses=addresses,
        people=people,
        spells=spells,
        left_on=left_on,
        person_number=numbers.permutation(len(people)) + 1,
        home_number=numbers.permutation(len(addresses)) + 1,
    )


def _story_target(p: Parameters, children: int) -> int | None:
    """Return how many under-fives the story ward must have; a county that is too small for it has its share."""
    target = p.place.story_under_fives
    return target if target and children * _UNDER_FIVE_SHARE > 3 * target else None
