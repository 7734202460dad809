"""Every source of the reference project, beside the tables that partners have agreed to send."""

from __future__ import annotations

import re

import pytest

from pipelines import PROTOTYPES
from riskmodel import Sensitivity, Source

# table | partner | key | happened | columns; "known" is always received_on
AGREED = """
people             | County register       | person_id    | recorded_on | date_of_birth date, sex str, ethnic_group str, ward_code str, lsoa_code str
residence          | County register       | person_id    | moved_in    | moved_out date, household_id str, role str
households         | County register       | household_id | recorded_on | ward_code str, lsoa_code str, idaci_decile int
births             | NHS births            | person_id    | born_on     | birthweight_g int, gestation_weeks int, mothers_age int, birth_order int, smoked bool, breastfed bool, mothers_education str, lone_parent bool
health_visits      | Health visiting       | person_id    | due_on      | review str, completed bool, days_late int, mood_concern bool
asq3               | Health visiting       | person_id    | assessed_on | communication float, gross_motor float, fine_motor float, problem_solving float, personal_social float, areas_below int
early_years_places | Early years           | person_id    | headcount_on| entitlement str, funded_hours float, sessions_missed int, setting_rating int
school_census      | Schools               | person_id    | census_on   | school_id str, free_school_meals bool, english_additional bool, sen str, absence_rate float
eyfsp              | Schools               | person_id    | assessed_on | academic_year int, framework str, school_id str, lau str, spk str, sr str, ms str, br str, gm str, fm str, comp str, wr str, wri str, num str, np str, pp str, pcc str, nw str, cm str, bie str, good_level bool, free_school_meals bool, english_additional bool, sen str
benefits           | Revenues and benefits | household_id | changed_on  | benefit str, status str, arrears_gbp float
dwellings          | Housing               | household_id | recorded_on | tenure str, bedrooms_short int, kind str
housing            | Housing               | household_id | recorded_on | event str, amount_gbp float, note str
social_care        | Social care           | person_id    | started_on  | event str, referred_by str, domestic_abuse_factor bool
police_incidents   | Police                | person_id    | occurred_on | incident_id str, domestic_abuse bool, kind str, role str, crime bool, child_present bool, grade str, harm_score float
adult_needs        | Adult services        | person_id    | recorded_on | need str, service str
emergency_visits   | Hospitals             | person_id    | attended_on | injury bool, arrival str
"""  # noqa: E501

SOURCES: dict[str, Source] = {source.name: source for prototype in PROTOTYPES for source in prototype.sources}


def agreed() -> dict[str, tuple[str, str, str, dict[str, str]]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in AGREED.strip().splitlines()]
    return {
        name: (partner, key, happened, dict(pair.split() for pair in columns.split(", ")))
        for name, partner, key, happened, columns in rows
    }


def test_the_sources_are_the_tables_agreed():
    assert set(SOURCES) == set(agreed())


@pytest.mark.parametrize("name", sorted(agreed()))
def test_a_source_declares_the_table_agreed(name):
    partner, key, happened, columns = agreed()[name]
    source = SOURCES[name]
    assert (source.partner, source.key, source.happened, source.known) == (partner, key, happened, "received_on")
    dates = {source.key, source.happened, source.known}
    assert {c: kind.__name__ for c, kind in source.all_columns.items() if c not in dates} == columns


def test_one_agreement_covers_one_partner():
    partners: dict[str, set[str]] = {}
    for source in SOURCES.values():
        assert re.fullmatch(r"ISP-\d{3}", source.agreement)
        partners.setdefault(source.agreement, set()).add(source.partner)
    assert [names for names in partners.values() if len(names) > 1] == []


def test_records_about_offences_and_health_are_treated_as_such():
    kinds = {name: source.sensitivity for name, source in SOURCES.items()}
    assert [name for name, kind in kinds.items() if kind is Sensitivity.CRIMINAL] == ["police_incidents"]
    special = {"births", "health_visits", "asq3", "adult_needs", "emergency_visits", "social_care", "people"}
    assert {kinds[name] for name in special} == {Sensitivity.SPECIAL}
    assert Sensitivity.PUBLIC not in kinds.values()


def test_every_source_may_train():
    assert {source.keeps for source in SOURCES.values()} == {"history"}


def test_only_residence_is_a_source_of_spells():
    assert [name for name, source in SOURCES.items() if source.is_spells] == ["residence"]
