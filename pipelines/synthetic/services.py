"""Records about homes and adults: benefits, dwellings, tenancies, and needs known to adult services."""

from __future__ import annotations

import numpy as np

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Bools, Floats, Ints, lag, repeat_events
from pipelines.synthetic.families import SOCIAL
from pipelines.synthetic.moves import NEVER
from pipelines.synthetic.table import Table, days, real, whole, words
from pipelines.synthetic.world import World

BENEFITS = ("universal_credit", "council_tax_support", "housing_benefit")
TENURES = ("owner", "private_rent", "social_rent")
DWELLINGS = ("house", "flat", "maisonette")
HOUSING_EVENTS = ("rent_arrears", "repair", "antisocial_complaint", "temporary_accommodation", "notice")
HOUSING_NOTES = ("Arrears – £ statement sent", "", "", "Placed by the council", "Notice served – solicitor’s letter")
ARREARS, REPAIR, COMPLAINT, TEMPORARY, NOTICE = range(5)
NEEDS = ("mental_health", "substance", "disability", "illness")
NEED_SERVICES = ("talking_therapies", "community_mental_health", "advice_and_support", "treatment", "adult_social_care")


def benefits_table(world: World) -> Table:
    """Return awards and ends by home: a family that moves claims again from the new address."""
    rng, s = world.streams("benefits"), world.p.services
    homes, families = world.addresses, world.families
    home = np.flatnonzero(homes.unit < len(families))
    family = homes.unit[home]
    credit = families.credit
    support = credit & (rng.random(len(families)) < s.council_support)
    rented = credit & (families.tenure != 0) & (rng.random(len(families)) < 0.5)
    gap = credit & (rng.random(len(families)) < s.award_gaps)
    gap_from = timeline.BIRTHS_FROM + rng.integers(0, 4600, len(families))
    gap_until = gap_from + rng.integers(120, 700, len(families))
    parts = []
    for kind, has in enumerate((credit, support, rented)):
        at = home[has[family]]
        of = homes.unit[at]
        begins = homes.start[at] + rng.integers(3, 60, len(at))
        ends = np.where(homes.end[at] < NEVER, homes.end[at], NEVER)
        split = gap[of] & (gap_from[of] > begins + 30) & (gap_from[of] < ends - 30)
        back = split & (gap_until[of] < ends - 30)
        first_end = np.where(split, gap_from[of], ends)
        ended = first_end < NEVER
        parts += [
            (at, begins, kind, 0),
            (at[ended], first_end[ended], kind, 1),
            (at[back], gap_until[of][back], kind, 0),
            (at[back & (ends < NEVER)], ends[back & (ends < NEVER)], kind, 1),
        ]
    home = np.concatenate([part[0] for part in parts])
    on = np.concatenate([part[1] for part in parts])
    kind = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    status = np.concatenate([np.full(len(part[0]), part[3]) for part in parts])
    keep = on <= timeline.EXTRACTED_ON
    home, on, kind, status = home[keep], on[keep], kind[keep], status[keep]
    z = families.z[homes.unit[home]]
    owes = rng.random(len(home)) < s.arrears * np.exp(0.25 * z)
    arrears = np.where(owes, 120 * np.exp(0.9 * rng.standard_normal(len(home)) + 0.15 * z), 0.0)
    return Table(
        "benefits",
        world.home_number[home],
        on + lag(rng, len(home), world.p.lags.benefits),
        {
            "household_id": world.household_ids(home),
            "changed_on": days(on),
            "benefit": words(kind, BENEFITS),
            "status": words(status, ("awarded", "ended")),
            "arrears_gbp": real(arrears, 2),
        },
        slowest=world.p.lags.benefits[1],
    )


def dwellings_table(world: World) -> Table:
    """Return each home's tenure, kind and whether it is too small, again after a birth there."""
    rng = world.streams("dwellings")
    homes, families = world.addresses, world.families
    n = len(homes)
    family = np.where(homes.unit < len(families), homes.unit, 0)
    short = np.where((homes.unit < len(families)) & families.crowded[family], 1 + (rng.random(n) < 0.2), 0)
    kind = np.where(rng.random(n) < np.array([0.12, 0.45, 0.40])[homes.tenure], 1, 0)
    kind = np.where((kind == 1) & (rng.random(n) < 0.15), 2, kind)
    known = rng.random(n) < world.p.services.dwellings_known
    at, on = _births_at_home(world)
    rows = np.concatenate([np.flatnonzero(known), at])
    when = np.concatenate([homes.start[known], on])
    more = np.concatenate([np.zeros(int(known.sum()), int), rng.random(len(at)) < 0.12]).astype(np.int64)
    return Table(
        "dwellings",
        world.home_number[rows],
        when + lag(rng, len(rows), world.p.lags.housing),
        {
            "household_id": world.household_ids(rows),
            "recorded_on": days(when),
            "tenure": words(homes.tenure[rows], TENURES),
            "bedrooms_short": whole(short[rows] + more),
            "kind": words(kind[rows], DWELLINGS),
        },
        slowest=world.p.lags.housing[1],
    )


def _births_at_home(world: World) -> tuple[Ints, Ints]:
    """Return the home and day of each birth after the family's first home was recorded."""
    children, homes = world.children, world.addresses
    here = children.born > world.families.start[children.family]
    family, born = children.family[here], children.born[here]
    return homes.at(family, born), born


def housing_table(world: World) -> Table:
    """Return what happens with tenancies: arrears, repairs, complaints, notices, temporary accommodation."""
    rng, s = world.streams("housing"), world.p.services
    homes, families = world.addresses, world.families
    family = np.where(homes.unit < len(families), homes.unit, 0)
    social = (homes.tenure == SOCIAL) & (homes.unit < len(families))
    until = np.minimum(homes.end, timeline.EXTRACTED_ON)
    years = ((until - homes.start) / 365.25).clip(0)
    z, active = families.z[family], world.abuse.active[family].mean(axis=1)
    yearly = -np.log(1 - s.social_arrears) / 3
    in_debt = 1.6 * rng.gamma(0.8, 1 / 0.8, len(homes))
    rates = {
        ARREARS: np.where(social, yearly * in_debt * np.exp(0.3 * z), 0.0),
        REPAIR: np.where(social, s.repairs_a_year, 0.0),
        COMPLAINT: np.where(social, s.complaints_a_year * (1 + (s.complaints_abuse - 1) * active), 0.0),
        NOTICE: np.where(social, yearly * s.notice * in_debt, 0.0),
    }
    parts = [(np.flatnonzero(homes.temporary), homes.start[homes.temporary], TEMPORARY)]
    for event, rate in rates.items():
        rows, _ = repeat_events(rng.poisson(rate * years))
        span = (until - homes.start)[rows]
        parts.append((rows, homes.start[rows] + np.floor(rng.random(len(rows)) * span).astype(np.int64), event))
    home = np.concatenate([part[0] for part in parts])
    on = np.concatenate([part[1] for part in parts])
    event = np.concatenate([np.full(len(part[0]), part[2]) for part in parts])
    amount = np.select(
        [event == ARREARS, event == REPAIR],
        [280 * np.exp(0.8 * rng.standard_normal(len(home))), 140 * np.exp(0.7 * rng.standard_normal(len(home)))],
        np.nan,
    )
    return Table(
        "housing",
        world.home_number[home],
        on + lag(rng, len(home), world.p.lags.housing),
        {
            "household_id": world.household_ids(home),
            "recorded_on": days(on),
            "event": words(event, HOUSING_EVENTS),
            "amount_gbp": real(amount, 2),
            "note": words(np.where(np.isin(event, (REPAIR, COMPLAINT)), -1, event), HOUSING_NOTES),
        },
        slowest=world.p.lags.housing[1],
    )


def adult_needs_table(world: World) -> Table:
    """Return known-to flags of carers, first recorded around or after the first birth and again later."""
    rng, s = world.streams("adult needs"), world.p.services
    families, people = world.families, world.people
    disabled = rng.random(len(families)) < 0.35
    sets: tuple[tuple[Bools, int], ...] = (
        (families.mental_health, 0),
        (families.substance, 1),
        (families.illness & disabled, 2),
        (families.illness & ~disabled, 3),
    )
    family = np.concatenate([np.flatnonzero(has) for has, _ in sets])
    need = np.concatenate([np.full(int(has.sum()), code) for has, code in sets])
    onset = families.start[family] - 365 + np.floor(365 * rng.exponential(s.need_onset_years, len(family)))
    by_partner = (people.partner[family] >= 0) & (rng.random(len(family)) < np.where(need == 1, 0.6, 0.3))
    person = np.where(by_partner, people.partner[family], people.mother[family])
    rows, number = repeat_events(1 + rng.poisson(s.further_records, len(family)))
    later: Floats = np.where(number == 0, 0.0, np.floor(rng.exponential(700.0, len(rows))) + 30)
    on = np.maximum(onset[rows], families.start[family[rows]] + 5).astype(np.int64) + later.astype(np.int64)
    keep = on <= timeline.EXTRACTED_ON
    rows, on = rows[keep], on[keep]
    treated = rng.random(len(rows)) < s.treatment
    service = np.select(
        [need[rows] == 0, need[rows] == 1],
        [(rng.random(len(rows)) < 0.3).astype(int), np.where(treated, 3, 2)],
        4,
    )
    return Table(
        "adult_needs",
        world.person_number[person[rows]],
        on + lag(rng, len(rows), world.p.lags.adult_services),
        {
            "person_id": world.person_ids(person[rows]),
            "recorded_on": days(on),
            "need": words(need[rows], NEEDS),
            "service": words(service, NEED_SERVICES),
        },
        slowest=world.p.lags.adult_services[1],
    )
