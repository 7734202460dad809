"""Reaching a good level of development: the latent, the seventeen goals, and the profile extract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtri

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Floats, Ints, logistic
from pipelines.synthetic.early_years import EarlyPlaces
from pipelines.synthetic.health import Reviews
from pipelines.synthetic.moves import NEVER, moves_before
from pipelines.synthetic.schools import SEN, Pupils, school_at, school_ids
from pipelines.synthetic.social_care import IN_NEED, LOOKED_AFTER, PROTECTED, CareEvents
from pipelines.synthetic.table import Table, days, flags, whole, words
from pipelines.synthetic.world import World

GOALS = (
    "lau", "spk", "sr", "ms", "br", "gm", "fm", "comp", "wr", "wri", "num", "np", "pp", "pcc", "nw", "cm", "bie",
)  # fmt: skip
_AREA_OF_GOAL = np.array([0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6])
IN_GOOD_LEVEL = 12  # the first twelve goals
EXEMPT = 3
CODES = ("1", "2", "3", "A")  # emerging, expected, exceeding (old framework only), exempt
# Shares at which `Readiness.latent` gives the latent's quantiles in England.
LATENT_SHARES = np.array([0.001, 0.005, *np.arange(0.02, 0.99, 0.04), 0.995, 0.999])


@dataclass(frozen=True)
class Help:
    """What was offered and done for each child; partners' files know nothing of it."""

    exposed: Bools  # to the story ward's programme
    offered: Bools  # outreach at three
    contacted_on: Ints  # NEVER if not


@dataclass(frozen=True)
class Profiles:
    """One entry for each child; the goals have a column each, coded 0 emerging, 1 expected, 2 exceeding, 3 exempt."""

    year: Ints  # the academic year's end
    latent: Floats
    goals: Ints
    good: Bools
    good_without_help: Bools
    sen: Ints
    abuse_exposed: Bools
    moves: Ints
    school_moved: Bools


def draw_help(world: World, rng: np.random.Generator) -> Help:
    """Draw who is exposed to the programme and who is reached by outreach."""
    r, children = world.p.readiness, world.children
    n, family = len(children), world.children.family
    starts = timeline.reception_starts(children.born)
    home = world.addresses.at(family, starts)
    story = world.places.story[world.addresses.lsoa[home]]
    year = timeline.profile_year(children.born)
    exposed = story & (year >= r.programme_from) & (rng.random(n) < r.programme_exposed)
    at_three = timeline.september(timeline.school_year_of_birth(children.born) + 4)
    deprived = world.places.decile[world.addresses.lsoa[world.addresses.at(family, at_three)]] <= 5
    in_time = (at_three >= timeline.YEAR_STARTS[r.outreach_from - timeline.FIRST_YEAR]) & (
        at_three <= timeline.COMPLETE_TO
    )
    offered = in_time & deprived & (rng.random(n) < 2 * r.outreach_offered)
    logit = np.log(r.outreach_takeup / (1 - r.outreach_takeup)) + r.outreach_takeup_z * world.families.z[family]
    takes = rng.random(n) < logistic(logit + r.outreach_takeup_abuse * world.active(family, at_three))
    on = at_three + 30 + rng.integers(0, 150, n)
    return Help(exposed & r.signal, offered, np.where(offered & takes & (on <= timeline.COMPLETE_TO), on, NEVER))


def draw_profiles(
    world: World, reviews: Reviews, care: CareEvents, places: EarlyPlaces, helped: Help, rng: np.random.Generator
) -> Profiles:
    """Draw each child's profile as it would be at the end of Reception."""
    r, children = world.p.readiness, world.children
    n, family = len(children), world.children.family
    starts = timeline.reception_starts(children.born)
    exposed = world.abuse_between(family, children.born, timeline.birthday(children.born, 5))
    since = np.maximum(children.born, world.families.start[family])
    moved = moves_before(world.addresses, family, since, np.maximum(timeline.birthday(children.born, 5), since))
    school_moved = school_at(world, family, starts + 30, starts) != school_at(world, family, starts + 300, starts)
    latent = (
        _background(world, reviews)
        + _circumstances(world, reviews, care, places, exposed, moved, school_moved, starts)
        + _surroundings(world, starts, rng)
    )
    chance = np.sqrt(r.sibling_noise) * world.families.noise[family]
    chance = chance + np.sqrt(1 - r.sibling_noise) * rng.standard_normal(n)
    latent = latent + _logistic_from_normal(chance)
    help_given = r.programme_log_odds * helped.exposed + np.log(r.outreach_odds) * (helped.contacted_on < NEVER)
    year = timeline.profile_year(children.born)
    area, own = rng.standard_normal((n, 7)), rng.standard_normal((n, 17))
    score = normal_score(r.latent, latent + help_given) if r.signal else chance
    goals = _goals(world, score, year, area, own, reviews.need)
    without = normal_score(r.latent, latent) if r.signal else chance
    good = _good(goals)
    sen_latent = r.sen_need * reviews.need + r.sen_outcome * ~good + r.sen_noise * rng.standard_normal(n)
    return Profiles(
        year=year,
        latent=latent + help_given,
        goals=goals,
        good=good,
        good_without_help=_good(_goals(world, without, year, area, own, reviews.need)),
        sen=np.searchsorted(np.array(r.sen_cuts), sen_latent),
        abuse_exposed=exposed,
        moves=moved,
        school_moved=school_moved,
    )


def normal_score(quantiles: tuple[float, ...], latent: Floats) -> Floats:
    """Return the normal score that a latent value has in England, going on straight beyond the known quantiles."""
    x, y = np.array(quantiles), ndtri(LATENT_SHARES)
    inside = np.interp(latent, x, y)
    low = y[0] + (latent - x[0]) * (y[1] - y[0]) / (x[1] - x[0])
    high = y[-1] + (latent - x[-1]) * (y[-1] - y[-2]) / (x[-1] - x[-2])
    return np.where(latent < x[0], low, np.where(latent > x[-1], high, inside))


def _background(world: World, reviews: Reviews) -> Floats:
    """Return what comes with the child and the family."""
    r, f, born = world.p.readiness, world.families, world.at_birth
    family = world.children.family
    day_of_year = world.children.born - timeline.september(timeline.school_year_of_birth(world.children.born))
    months_older = 11.5 - 12 * day_of_year / 365.25
    preterm = np.log(np.array([1.0, *r.preterm]))
    return (
        np.log(r.male) * born.male
        + np.log(r.month_older) * months_older
        + preterm[born.preterm]
        + np.log(r.mothers_age) * (born.mothers_age - 30)
        + np.log(np.array(r.education))[f.education[family]]
        + np.log(r.workless) * f.workless[family]
        + np.log(r.free_meals) * f.free_meals[family]
        + np.log(r.credit) * f.credit[family]
        + np.log(r.english_additional) * f.english_additional[family]
        + np.log(r.never_breastfed) * born.never_breastfed
        + np.log(r.smoked) * born.smoked
        + np.log(np.array(r.by_group))[f.group[family]]
        + r.need_weight * reviews.need
        + r.need_top_weight * (reviews.need > r.need_top)
    )


def _circumstances(
    world: World,
    reviews: Reviews,
    care: CareEvents,
    places: EarlyPlaces,
    exposed: Bools,
    moved: Ints,
    school_moved: Bools,
    starts: Ints,
) -> Floats:
    """Return what happens to the child before the end of Reception."""
    r, born = world.p.readiness, world.children.born
    decile = world.places.decile[world.addresses.lsoa[world.addresses.at(world.children.family, starts)]]
    in_need, protected, looked_after = (care.children_before(e, 4, born) for e in (IN_NEED, PROTECTED, LOOKED_AFTER))
    plan = np.select(
        [protected, looked_after, in_need], [np.log(r.protected), np.log(r.looked_after), np.log(r.in_need)], 0.0
    )
    return (
        np.log(r.abuse) * exposed
        + np.log(r.home_move) * np.minimum(moved, r.most_moves)
        + np.log(r.school_move) * school_moved
        + np.log(r.idaci_decile) * (decile - 5.5)
        + np.log(r.missed_review) * ~reviews.done[:, 3]
        + plan
        + np.log(r.funded_at_two) * places.two
        + r.trend_a_year * (timeline.profile_year(born) - r.trend_centre)
    )


def _surroundings(world: World, starts: Ints, rng: np.random.Generator) -> Floats:
    """Return what the ward and the school add; schools differ within their ward, so that the two do not mix."""
    p, family = world.p.place, world.children.family
    wards = p.ward_effect_sd * _centred(rng.standard_normal(len(world.places.wards)))
    if p.story_readiness is not None:
        wards[world.places.wards.index(p.story_ward)] = p.story_readiness
    draws = _centred(rng.standard_normal((len(world.places.wards), p.schools_per_ward)))
    schools = p.school_effect_sd * np.sqrt(p.schools_per_ward / (p.schools_per_ward - 1)) * draws.ravel()
    home = world.addresses.at(family, starts)
    return wards[world.places.ward[world.addresses.lsoa[home]]] + schools[school_at(world, family, starts + 30, starts)]


def _centred(draws: Floats) -> Floats:
    """Return draws less their mean along the last axis: effects that lift nobody on the whole."""
    return draws - draws.mean(axis=-1, keepdims=True)


def _logistic_from_normal(x: Floats) -> Floats:
    """Return a logistic variable with the same rank as a standard normal one."""
    return log_ndtr(x) - log_ndtr(-x)


def _goals(world: World, score: Floats, year: Ints, area: Floats, own: Floats, need: Floats) -> Ints:
    """Return the level of each goal."""
    r = world.p.readiness
    own_weight = np.sqrt(1 - r.goal_common**2 - r.goal_area**2)
    value = r.goal_common * score[:, None] + r.goal_area * area[:, _AREA_OF_GOAL] + own_weight * own
    old = (year <= 2021)[:, None]
    expected = value > ndtri(1 - np.array(r.goals)) - np.where(old, r.old_margin, r.new_margin)
    exceeding = old & (value > ndtri(1 - r.exceeding))
    level = expected.astype(np.int64) + (expected & exceeding)
    return np.where((need > r.exempt_from)[:, None], EXEMPT, level)


def _good(goals: Ints) -> Bools:
    first = goals[:, :IN_GOOD_LEVEL]
    return np.all((first == 1) | (first == 2), axis=1)


def eyfsp_table(world: World, profiles: Profiles, pupils: Pupils) -> Table:
    """Return the profiles of the years that have one."""
    has = np.isin(profiles.year, list(timeline.FRAMEWORKS)) & pupils.enrolled
    june = timeline.september(profiles.year) - 63
    rows = np.flatnonzero(has & (june > world.families.start[world.children.family] + 60))
    family, person = world.children.family[rows], world.people.child[rows]
    school = school_at(world, family, june[rows], timeline.reception_starts(world.children.born[rows]))
    frameworks = sorted(set(timeline.FRAMEWORKS.values()))
    framework = np.where(profiles.year[rows] <= 2021, 0, 1)
    return Table(
        "eyfsp",
        world.person_number[person],
        june[rows] + 31,
        {
            "person_id": world.person_ids(person),
            "assessed_on": days(june[rows]),
            "academic_year": whole(profiles.year[rows]),
            "framework": words(framework, frameworks),
            "school_id": words(school, school_ids(world)),
            **{goal: words(profiles.goals[rows, k], CODES) for k, goal in enumerate(GOALS)},
            "good_level": flags(profiles.good[rows]),
            "free_school_meals": flags(pupils.registered[rows]),
            "english_additional": flags(world.families.english_additional[family]),
            "sen": words(profiles.sen[rows], SEN),
        },
        slowest=31,
    )
