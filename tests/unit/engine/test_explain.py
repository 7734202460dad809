"""The printed SQL: readable, quoted, dates as literals, one scan and one join a source and scope."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
import sqlglot
from sqlglot import exp

from riskmodel.declare import Cohort, Outcome, count, has, latest
from riskmodel.engine.explain import explain
from riskmodel.periods import months, years
from tests.generative import worlds

AS_OF = date(2024, 2, 29)
FEATURES = worlds.renamed(
    [
        count(worlds.visits, "f", "a label", within=months(12)),
        has(worlds.visits, "f", "a label", where="urgent"),
        count(worlds.visits, "f", "a label", of=worlds.home, within=months(12)),
        latest(worlds.visits, "f", "a label", "cost", of=worlds.home, within=months(1)),
        count(worlds.visits, "f", "a label", of=worlds.home_then),
        latest(worlds.people, "f", "a label", "age(born)"),
    ]
)
PROTOTYPE = worlds.prototype(
    Cohort("Everybody aged three or more", worlds.people, where="age(born) >= 3", area="ward"),
    Outcome(worlds.visits, "urgent_visit", "An urgent visit", where="urgent", within=months(6)),
    FEATURES,
)


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
@pytest.mark.parametrize("dates", [AS_OF, [AS_OF, date(2023, 8, 31)]], ids=["one", "several"])
def test_it_parses_in_its_dialect(dialect, dates) -> None:
    parsed = sqlglot.parse_one(explain(PROTOTYPE, dates, dialect=dialect), read=dialect)
    assert isinstance(parsed, exp.Select)


def test_every_identifier_is_quoted() -> None:
    parsed = sqlglot.parse_one(explain(PROTOTYPE, AS_OF), read="duckdb")
    names = [column.this for column in parsed.find_all(exp.Column) if isinstance(column.this, exp.Identifier)]
    assert names
    assert all(name.quoted for name in names)
    assert all(table.this.quoted for table in parsed.find_all(exp.Table))


@pytest.mark.parametrize("dates", [AS_OF, [AS_OF, date(2023, 8, 31)]], ids=["one", "several"])
def test_sql_does_no_arithmetic_on_calendars(dates) -> None:
    parsed = sqlglot.parse_one(explain(PROTOTYPE, dates), read="duckdb")
    assert not list(parsed.find_all(exp.Interval, exp.DateAdd, exp.DateSub, exp.DateTrunc))
    assert {difference.text("unit") for difference in parsed.find_all(exp.DateDiff)} <= {"DAY"}


def test_one_scan_a_source_and_scope() -> None:
    parsed = sqlglot.parse_one(explain(PROTOTYPE, AS_OF), read="duckdb")
    scans = [table.name for table in parsed.find_all(exp.Table) if not table.name.startswith("_")]
    # the case's own, the home's now, the home's then, and the outcome; the register twice, for cases and as records
    assert sorted(scans) == ["people", "people", "residence", "visits", "visits", "visits", "visits"]


def test_records_before_the_widest_window_are_not_read() -> None:
    prototype = dataclasses.replace(PROTOTYPE, features=FEATURES[2:4])
    text = explain(prototype, AS_OF)
    assert text.count("CAST('2023-02-28' AS DATE)") == 1  # in WHERE, and not again in the filter of the feature


def test_a_source_outside_its_coverage_is_not_read() -> None:
    prototype = dataclasses.replace(PROTOTYPE, features=[FEATURES[0], FEATURES[5]])
    before = explain(prototype, date(2020, 3, 1))
    assert "records of visits" not in before
    assert 'CAST(NULL AS DOUBLE) AS "f0_count"' in before


def test_what_a_declaration_says_stays_a_text() -> None:
    """A quote in a description or a snippet neither ends a comment nor a literal."""
    odd = count(worlds.visits, "odd", "a label", where="kind = 'it''s */ --'", of=worlds.home)
    scope = dataclasses.replace(worlds.home, description="those at home */ SELECT 1 --")
    prototype = dataclasses.replace(PROTOTYPE, features=[dataclasses.replace(odd, of=scope)])
    parsed = sqlglot.parse(explain(prototype, AS_OF), read="duckdb")
    assert len(parsed) == 1
    assert "it's */ --" in {literal.this for literal in parsed[0].find_all(exp.Literal)}


def test_the_statement_itself() -> None:
    """One small statement in full: what an auditor sees, and a warning when sqlglot begins to write otherwise."""
    prototype = worlds.prototype(
        Cohort("Everybody", worlds.people),
        Outcome(worlds.bills, "unpaid", "An unpaid bill", where="NOT paid", within=years(1), of=worlds.home),
        worlds.renamed([count(worlds.visits, "f", "a label", where="urgent", within=months(12))]),
    )
    text = explain(prototype, AS_OF)
    features = text[text.index('"_records_1"') : text.index('"_spell_versions_1"')]
    assert features == EXPECTED


EXPECTED = """"_records_1" /* records of visits: the case's own */ AS (
  SELECT
    "c"."case_no",
    CAST(COUNT(*) FILTER(WHERE
      "e"."urgent") AS DOUBLE) AS "f0_count"
  FROM "visits" AS "e"
  JOIN "_candidates_1" AS "c"
    ON "e"."person_id" = "c"."key"
  WHERE
    (
      "e"."seen_on" <= CAST('2024-02-29' AS DATE)
      AND "e"."received_on" <= CAST('2024-02-29' AS DATE)
    )
    AND "e"."seen_on" > CAST('2023-02-28' AS DATE)
  GROUP BY
    "c"."case_no"
), """
