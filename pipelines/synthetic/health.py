"""Health visiting with the ASQ-3, and visits to emergency departments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from pipelines.synthetic import timeline
from pipelines.synthetic.births import AtBirth
from pipelines.synthetic.draw import Bools, Floats, Ints, day, lag, logistic, repeat_events
from pipelines.synthetic.families import Children, Families
from pipelines.synthetic.parameters import Health, Parameters
from pipelines.synthetic.places import Places
from pipelines.synthetic.table import Table, days, flags, real, whole, words
from pipelines.synthetic.world import World

REVIEWS = ("new_birth", "six_week", "one_year", "two_year")
DOMAINS = ("communication", "gross_motor", "fine_motor", "problem_solving", "personal_social")
_DUE_DAYS = (14, 52, 365, 760)
_LATEST = 60  # days after the review fell due; later ones count as not held
_COVID_BORN = (day(2019, 9, 1), day(2021, 9, 1))


@dataclass(frozen=True)
class Reviews:
    """Children x the four reviews, and the ASQ-3 latent by child (higher is worse)."""

    due: Ints
    done: Bools
    late: Ints
    need: Floats
    asq: Floats


def draw_need(p: Parameters, families: Families, children: Children, born: AtBirth, rng: np.random.Generator) -> Floats:
    """Draw developmental need, which nobody observes; brothers and sisters share a part."""
    r = p.readiness
    own = np.sqrt(r.sibling_need) * families.need[children.family]
    own = own + np.sqrt(1 - r.sibling_need) * rng.standard_normal(len(children))
    return r.need_z * families.z[children.family] + r.need_male * born.male + own


def draw_reviews(
    p: Parameters,
    places: Places,
    families: Families,
    children: Children,
    born: AtBirth,
    need: Floats,
    rng: np.random.Generator,
) -> Reviews:
    """Draw which reviews were held and how late, and how the child would do on the ASQ-3."""
    h, n, family = p.health, len(children), children.family
    z = families.z[family]
    team = h.partner_year_sd * rng.standard_normal((len(places.wards), timeline.YEARS + 4))
    due = children.born[:, None] + np.array(_DUE_DAYS)
    year = timeline.year_index(due).clip(0)
    shock = team[places.ward[families.lsoa[family]][:, None], year]
    covid = (children.born >= _COVID_BORN[0]) & (children.born < _COVID_BORN[1])
    level = np.array([_logit(h.new_birth[1]), _logit(h.six_week), _logit(h.one_year), h.two_year_logit])
    slope = np.array([0.0, 0.0, h.one_year_z, h.two_year_z])
    logit = level + slope * z[:, None] + shock
    logit[:, 3] += np.where(covid, h.covid_coverage / 0.15, 0.0)
    done = rng.random((n, 4)) < logistic(logit)
    late = np.floor(rng.gamma(0.8, [6.0, 10.0, 30.0, 45.0], (n, 4))).astype(np.int64)
    on_time = rng.random(n) < h.new_birth[0] / h.new_birth[1]
    late[:, 0] = np.where(on_time, 0, 1 + late[:, 0].clip(0, 15))
    late[:, 1:] = late[:, 1:].clip(0, [28, _LATEST, _LATEST])
    asq = h.asq_need * need + h.asq_z * z + h.asq_male * born.male + h.asq_noise * rng.standard_normal(n)
    return Reviews(due, done, late, need, asq)


def health_visits_table(world: World, reviews: Reviews) -> Table:
    """Return a row for each review that fell due while the family lived in the county."""
    rng, h = world.streams("health visits"), world.p.health
    family = world.children.family[:, None] + np.zeros((1, 4), int)
    here = reviews.due >= world.families.start[family] + 30
    child, review = np.nonzero(here)
    due, done, late = (a[child, review] for a in (reviews.due, reviews.done, reviews.late))
    family = world.children.family[child]
    likely = np.where(world.families.mental_health[family], h.mood_concern[1], h.mood_concern[0])
    concern = rng.random(len(child)) < likely * np.where(review < 2, 1.0, 0.6)
    received = due + np.where(done, late, _LATEST) + lag(rng, len(child), world.p.lags.health_visiting)
    person = world.people.child[child]
    return Table(
        "health_visits",
        world.person_number[person],
        received,
        {
            "person_id": world.person_ids(person),
            "due_on": days(due),
            "review": words(review, REVIEWS),
            "completed": flags(done),
            "days_late": whole(late, ~done),
            "mood_concern": flags(concern, ~done),
        },
        slowest=_LATEST + world.p.lags.health_visiting[1],
    )


def asq3_table(world: World, reviews: Reviews) -> Table:
    """Return a row for each two-year review that was held."""
    rng, h = world.streams("asq3"), world.p.health
    assessed = reviews.due[:, 3] + reviews.late[:, 3]
    here = reviews.done[:, 3] & (reviews.due[:, 3] >= world.families.start[world.children.family] + 30)
    rows = np.flatnonzero(here)
    scores = asq_scores(h, reviews.asq[rows], world.children.born[rows], world.p, rng)
    below = (scores < np.array(h.asq_cut)).sum(axis=1)
    unsent = rng.random(len(rows)) < h.asq_scores_missing
    person = world.people.child[rows]
    return Table(
        "asq3",
        world.person_number[person],
        assessed[rows] + lag(rng, len(rows), world.p.lags.health_visiting),
        {
            "person_id": world.person_ids(person),
            "assessed_on": days(assessed[rows]),
            **{name: real(scores[:, k], 0, unsent) for k, name in enumerate(DOMAINS)},
            "areas_below": whole(below),
        },
        slowest=world.p.lags.health_visiting[1],
    )


def asq_scores(h: Health, latent: Floats, born: Ints, p: Parameters, rng: np.random.Generator) -> Floats:
    """Return the five domain scores, 0 to 60 in steps of five, below the cut for the declared share of children."""
    r = p.readiness
    mean = h.asq_need * r.need_male * p.birth.male + h.asq_male * p.birth.male
    own_z = h.asq_need * r.need_z + h.asq_z
    own_male = (h.asq_need * r.need_male + h.asq_male) ** 2 * p.birth.male * (1 - p.birth.male)
    sd = np.sqrt(own_z**2 + h.asq_need**2 + own_male + h.asq_noise**2)
    common = h.asq_common * (latent - mean) / sd
    domains = common[:, None] + np.sqrt(1 - h.asq_common**2) * rng.standard_normal((len(latent), 5))
    ok = np.tile(np.array(h.asq_ok), (len(latent), 1))
    covid = (born >= _COVID_BORN[0]) & (born < _COVID_BORN[1])
    ok[covid, 0] += h.covid_communication
    cut, margin = np.array(h.asq_cut), ndtri(ok)
    slope = (np.array(h.asq_mean) - cut) / ndtri(np.array(h.asq_ok))
    exact = cut + slope * (margin - domains)
    up, down = 5 * np.ceil(exact / 5), 5 * np.floor(exact / 5)
    return np.where(domains < margin, np.maximum(up, 5 * np.ceil(cut / 5)), down).clip(0, 60)


def emergency_table(world: World) -> Table:
    """Return visits of children and of their carers."""
    rng, h = world.streams("emergency"), world.p.health
    children, people = world.children, world.people
    adults = np.concatenate([people.mother, people.partner[people.partner >= 0]])
    of_adult = np.concatenate([np.arange(len(people.mother)), np.flatnonzero(people.partner >= 0)])
    person = np.concatenate([people.child, adults])
    family = np.concatenate([children.family, of_adult])
    is_child = np.arange(len(person)) < len(children)
    since = np.maximum(np.where(is_child, people.born[person], timeline.BIRTHS_FROM), world.families.start[family])
    age = (timeline.YEAR_STARTS[:-1] + 182 - people.born[person][:, None]) / 365.25
    base = np.where(is_child[:, None], np.where(age < 5, h.emergency_child, h.emergency_older), h.emergency_adult)
    rate = base * h.emergency_z ** world.families.z[family][:, None]
    active = world.abuse.active[family]
    rows, _ = repeat_events(rng.poisson(rate * np.where(active, h.emergency_abuse, 1.0)).ravel())
    who, year = np.divmod(rows, timeline.YEARS)
    on = timeline.YEAR_STARTS[year] + rng.integers(0, 365, len(rows))
    keep = (on > since[who]) & (on <= timeline.EXTRACTED_ON)
    keep[keep] = _first_of_its_kind(who[keep] * 100_000 + on[keep])  # one visit a day
    who, year, on = who[keep], year[keep], on[keep]
    injury = rng.random(len(who)) < h.injury + 0.10 * active[who, year]
    ambulance = rng.random(len(who)) < h.ambulance + 0.05 * active[who, year]
    return Table(
        "emergency_visits",
        world.person_number[person[who]],
        on + lag(rng, len(who), world.p.lags.hospitals),
        {
            "person_id": world.person_ids(person[who]),
            "attended_on": days(on),
            "injury": flags(injury),
            "arrival": words(ambulance.astype(np.int64), ("walk_in", "ambulance")),
        },
        slowest=world.p.lags.hospitals[1],
    )


def _first_of_its_kind(values: Ints) -> Bools:
    found = np.zeros(len(values), bool)
    found[np.unique(values, return_index=True)[1]] = True
    return found


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
