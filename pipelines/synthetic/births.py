"""Children at birth, and the NHS birth notifications."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.draw import YEAR_DAYS, Bools, Floats, Ints, lag
from pipelines.synthetic.families import Children, Families
from pipelines.synthetic.parameters import Parameters
from pipelines.synthetic.table import Table, flags, whole, words
from pipelines.synthetic.world import World

EDUCATION = ("none", "gcse", "a_level", "degree", "higher_degree")
TERM, VERY_PRETERM, PRETERM = 0, 1, 2


@dataclass(frozen=True)
class AtBirth:
    """One entry for each child."""

    male: Bools
    preterm: Ints
    weeks: Ints
    weight: Floats  # grams
    mothers_age: Floats  # years
    smoked: Bools
    never_breastfed: Bools


def draw_births(p: Parameters, families: Families, children: Children, rng: np.random.Generator) -> AtBirth:
    """Draw what a midwife would note."""
    b, n, family = p.birth, len(children), children.family
    male = rng.random(n) < b.male
    smoked = families.smoked[family]
    odds = np.where(smoked, b.preterm_smoked, 1.0) / (1 + (b.preterm_smoked - 1) * p.family.smoked)
    fate = rng.random(n)
    very, total = b.preterm[0] * odds, (b.preterm[0] + b.preterm[1]) * odds
    preterm = np.where(fate < very, VERY_PRETERM, np.where(fate < total, PRETERM, TERM))
    late = 37 + np.floor(6 * rng.beta(3.2, 2.6, n))
    weeks = np.select(
        [preterm == VERY_PRETERM, preterm == PRETERM],
        [24 + np.floor(8 * rng.beta(3.0, 1.4, n)), 32 + np.floor(5 * rng.beta(2.6, 1.0, n))],
        late,
    ).astype(np.int64)
    weight = (
        b.weight_at_term
        + b.weight_male * male
        + b.weight_smoked * smoked
        + b.weight_a_week * (weeks - 39.5)
        + b.weight_sd * rng.standard_normal(n)
    )
    return AtBirth(
        male=male,
        preterm=preterm,
        weeks=weeks,
        weight=weight.clip(450, 5600),
        mothers_age=(children.born - families.mother_born[family]) / YEAR_DAYS,
        smoked=smoked,
        never_breastfed=families.never_breastfed[family],
    )


def births_table(world: World) -> Table:
    """Return the notifications: births to families who then lived in the county."""
    rng = world.streams("births table")
    children, families, born = world.children, world.families, world.at_birth
    n, family = len(children), children.family
    here = (children.born >= families.start[family]) & (rng.random(n) < world.p.birth.notified)
    received = children.born + lag(rng, n, world.p.lags.births)
    rows = np.flatnonzero(here)
    person = world.people.child[rows]
    family = family[rows]
    return Table(
        "births",
        world.person_number[person],
        received[rows],
        {
            "person_id": world.person_ids(person),
            "born_on": world.days(children.born[rows]),
            "birthweight_g": whole(np.round(born.weight[rows] / 10).astype(np.int64) * 10),
            "gestation_weeks": whole(born.weeks[rows]),
            "mothers_age": whole(np.floor(born.mothers_age[rows]).astype(np.int64)),
            "birth_order": whole(children.order[rows]),
            "smoked": flags(born.smoked[rows]),
            "breastfed": flags(~born.never_breastfed[rows]),
            "mothers_education": words(families.education[family], EDUCATION),
            "lone_parent": flags(world.alone(family, children.born[rows])),
        },
        slowest=world.p.lags.births[1],
    )
