"""Snippets: every allowed piece parses, has the type DuckDB gives it, and survives a change of dialect."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from sqlglot import exp

from riskmodel.declare.expression import Expression
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError

visits = Source(
    "visits",
    "One row a visit",
    partner="Clinic",
    agreement="A-1",
    key="person_id",
    happened="visited_on",
    columns={"born_on": date, "cost": float, "n": int, "urgent": bool, "reason": str},
)
ANY = (bool, int, float, str, date)

ALLOWED = [
    ("urgent", bool),
    ("NOT urgent AND (n > 3 OR cost <= 2.5)", bool),
    ("reason IN ('fall', 'burn')", bool),
    ("reason NOT IN ('fall')", bool),
    ("n BETWEEN 1 AND 3", bool),
    ("visited_on BETWEEN as_of - 30 AND as_of", bool),
    ("reason LIKE 'f%'", bool),
    ("reason ILIKE '%ALL%'", bool),
    ("reason IS NOT NULL", bool),
    ("urgent IS TRUE", bool),
    ("reason IS DISTINCT FROM 'fall'", bool),
    ("urgent = (n > 3)", bool),
    ("n + 2", int),
    ("n * 2 - 1", int),
    ("-cost", float),
    ("n / 2", float),
    ("cost / nullif(n, 0)", float),
    ("n // 2", int),
    ("n % 2", int),
    ("visited_on + 7", date),
    ("visited_on - (n + 1)", date),
    ("as_of", date),
    ("date_diff('day', visited_on, as_of)", int),
    ("year(visited_on) * 12 + month(visited_on)", int),
    ("day(visited_on)", int),
    ("age(born_on)", int),
    ("CASE WHEN urgent THEN 'A' WHEN n > 2 THEN 'B' ELSE NULL END", str),
    ("CASE reason WHEN 'fall' THEN 1 ELSE 0.5 END", float),
    ("if(urgent, n, 0)", int),
    ("coalesce(cost, 0)", float),
    ("greatest(n, 2)", int),
    ("least(cost, 2)", float),
    ("abs(n)", int),
    ("round(cost)", float),
    ("floor(cost)", float),
    ("ceil(cost)", float),
    ("lower(reason)", str),
    ("upper(trim(reason)) || '!'", str),
    ("length(reason)", int),
    ("starts_with(reason, 'f')", bool),
    ("contains(reason, 'all')", bool),
    ("CAST(urgent AS INT)", int),
    ("CAST(n AS DOUBLE)", float),
    ("visited_on >= DATE '2024-01-31'", bool),
    ("person_id <> '1' /* a note */", bool),
]


@pytest.mark.parametrize(("text", "kind"), ALLOWED, ids=[text for text, _ in ALLOWED])
def test_an_allowed_snippet_has_its_type(text: str, kind: type) -> None:
    assert Expression.parse(text, visits, ANY).kind is kind


@pytest.mark.parametrize(("text", "kind"), ALLOWED, ids=[text for text, _ in ALLOWED])
def test_duckdb_gives_a_value_of_that_type(text: str, kind: type) -> None:
    row = (
        "SELECT '1' AS person_id, DATE '2024-02-29' AS visited_on, DATE '2000-02-29' AS born_on, 2.5::DOUBLE AS cost, "
        "4::BIGINT AS n, true AS urgent, 'fall' AS reason, DATE '2024-03-01' AS as_of"
    )
    tree = Expression.parse(text, visits, ANY).tree().transform(_age_as_years)
    value = duckdb.sql(f"SELECT {tree.sql('duckdb')} FROM ({row})").fetchall()[0][0]
    assert isinstance(float(value) if kind is float else value, kind)


def _age_as_years(node: exp.Expr) -> exp.Expr:
    return exp.Literal.number(24) if isinstance(node, exp.Anonymous) else node


REFUSED = [
    ("cost > 'x'", "Text goes in single quotes"),
    ("urgent > false", "puts true and false in order"),
    ("n = urgent", "Write urgent or NOT urgent."),
    ("visits.n", "names a table"),
    ("n IN ()", ""),
    ("reason IN reasons", "does not list its values"),
    ("reason LIKE reason", "not a plain pattern"),
    (r"reason LIKE 'a\%'", "without a backslash"),
    ("visited_on + 1.5", "in days"),
    ("visited_on + urgent", "in days"),
    ("reason + 1", "What is calculated with must be a number."),
    ("n / 0", "divide by zero"),
    ("n % n", "nullif(n, 0)"),
    ("cost // 2", "a whole number"),
    ("round(cost, 2)", "cannot be used"),
    ("lower(n)", "What LOWER takes must be text."),
    ("starts_with(reason)", ""),
    ("age(born_on, visited_on)", "2 arguments"),
    ("date_diff('year', born_on, as_of)", "age(column)"),
    ("CAST(reason AS INT)", "declare the column with the type it has"),
    ("CAST(cost AS INT)", "round, floor or ceil"),
    ("TRY_CAST(reason AS DOUBLE)", "cannot be used"),
    ("DATE '2024-02-30'", "not a date"),
    ("DATE '1/2/2024'", "not a date"),
    ("CASE WHEN n THEN 1 END", "What stands after WHEN must be true or false."),
    ("CASE WHEN urgent THEN 1 ELSE 'x' END", "one type"),
    ("if(n, 1, 2)", "What IF asks must be true or false."),
    ("greatest(urgent, urgent)", "GREATEST"),
    ("[1, 2]", "cannot be used"),
    ("n AS m", "cannot be used"),
    ("*", "cannot be used"),
    ("$1", "cannot be used"),
    ("sum(n)", "Use a verb"),
    ("random()", "cannot be used"),
    ("now()", "Use as_of"),
    ("EXISTS (SELECT 1)", "one source"),
    ("SELECT 1", "one source"),
    ("n ** 2", "cannot be used"),
    ("isodow(visited_on)", "cannot be used"),
    ("NULL", "the value is NULL"),
    ("", "there is nothing"),
    ("n)", "missing quote, bracket or operand"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[text or "nothing" for text, _ in REFUSED])
def test_everything_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        Expression.parse(text, visits, ANY)
    assert said in str(caught.value)
    assert "source 'visits'" in str(caught.value)


def test_the_columns_it_reads_are_known() -> None:
    found = Expression.parse("CASE WHEN urgent THEN n END > 1 AND visited_on > as_of - 30", visits, bool).columns
    assert found == {"urgent", "n", "visited_on"}


def test_the_tree_is_a_copy() -> None:
    snippet = Expression.parse("n > 1", visits, bool)
    snippet.tree().set("expression", exp.Literal.number(2))
    assert snippet.tree().sql() == "n > 1"


def test_names_are_case_sensitive_like_the_declaration() -> None:
    with pytest.raises(DeclarationError, match="The nearest right name is 'reason'"):
        Expression.parse("Reason = 'fall'", visits, bool)


def test_a_number_is_welcome_where_a_fraction_is_expected() -> None:
    assert Expression.parse("n", visits, float).kind is int
    with pytest.raises(DeclarationError, match="Here it must be a whole number"):
        Expression.parse("cost", visits, int)
