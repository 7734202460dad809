"""The engine against a slow, obvious oracle: every verb, scope, window and edge date gives the same answer."""

from __future__ import annotations

import math
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.declare import Cohort, Feature, Outcome, Prototype, has
from riskmodel.engine.explain import explain
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.engine.run import build_matrix
from riskmodel.periods import months, years
from tests.generative import worlds
from tests.generative.oracle import World, cases, feature_value, outcome_value
from tests.generative.store import store

thorough = settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip

persons = Cohort(
    "Everybody aged three or more", worlds.people, where="age(born) >= 3", area="ward", together=worlds.home
)
everybody = Cohort("Everybody", worlds.people)
visited_homes = Cohort(
    "Households somebody of which was seen", worlds.households, together=worlds.home,
    having=[has(worlds.visits, "seen", "Somebody was seen", of=worlds.home, within=years(4))],
)  # fmt: skip
own_outcome = Outcome(worlds.visits, "urgent_visit", "An urgent visit", where="urgent", within=months(6))
home_outcome = Outcome(
    worlds.visits, "urgent_visit", "An urgent visit at home", where="urgent", within=years(1), of=worlds.home,
    no_record="negative",
)  # fmt: skip
later_outcome = Outcome(
    worlds.visits, "urgent_visit", "An urgent visit of a carer then", where="urgent", within=months(1),
    of=worlds.carers_then,
)  # fmt: skip

some_dates = st.lists(st.sampled_from(worlds.AS_OF_DATES), min_size=1, max_size=3, unique=True).map(sorted)


def some_of(features: list[Feature]) -> st.SearchStrategy[list[Feature]]:
    return st.lists(st.sampled_from(features), min_size=1, max_size=12).map(worlds.renamed)


def built(prototype: Prototype, data: dict[str, Any], dates: list[date], *, buckets: int = 1) -> DesignMatrix:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = store(
            Path(folder), worlds.SOURCES, data, complete_to=worlds.COMPLETE_TO,
            clustered_by=worlds.home, buckets=buckets,
        )  # fmt: skip
        return build_matrix(prototype, warehouse, dates)


def expected(prototype: Prototype, data: dict[str, Any], dates: list[date]) -> dict[str, list[Any]]:
    world, cohort = World(data, worlds.SNIPPETS), prototype.cohort
    rows = [(as_of, key) for as_of in dates for key in cases(world, cohort, as_of)]
    answer: dict[str, list[Any]] = {"key": [key for _, key in rows], "as_of": [as_of for as_of, _ in rows]}
    answer["y"] = [
        outcome_value(world, cohort, prototype.outcome, key, as_of, worlds.COMPLETE_TO) for as_of, key in rows
    ]
    for feature in prototype.features:
        answer[feature.name] = [feature_value(world, cohort, feature, key, as_of) for as_of, key in rows]
    return answer


def shown(matrix: DesignMatrix) -> dict[str, list[Any]]:
    columns = {"key": matrix.keys.tolist(), "as_of": [stamp.date() for stamp in matrix.as_of]}
    columns["y"] = [blank(value) for value in matrix.y]
    return columns | {name: [blank(value) for value in matrix.X[name]] for name in matrix.X}


def blank(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


@thorough
@given(worlds.records(), some_of(worlds.FOR_PERSONS), some_dates)
def test_persons_at_one_date_or_several(data: dict[str, Any], features: list[Feature], dates: list[date]) -> None:
    prototype = worlds.prototype(persons, own_outcome, features)
    assert shown(built(prototype, data, dates)) == expected(prototype, data, dates)


@thorough
@given(worlds.records(), some_of(worlds.FOR_HOUSEHOLDS), some_dates, st.sampled_from([home_outcome, later_outcome]))
def test_households_with_a_needed_feature(
    data: dict[str, Any], features: list[Feature], dates: list[date], outcome: Outcome
) -> None:
    prototype = worlds.prototype(visited_homes, outcome, features)
    assert shown(built(prototype, data, dates)) == expected(prototype, data, dates)


@thorough
@given(worlds.records(), some_of(worlds.FOR_PERSONS), some_dates, st.sampled_from([2, 3, 7]))
def test_buckets_do_not_change_anything(
    data: dict[str, Any], features: list[Feature], dates: list[date], buckets: int
) -> None:
    prototype = worlds.prototype(persons, home_outcome, features)
    whole, cut = built(prototype, data, dates), built(prototype, data, dates, buckets=buckets)
    assert shown(cut) == shown(whole)
    assert partition(cut) == partition(whole)
    assert cut.manifest["attrition"] == whole.manifest["attrition"]


@thorough
@given(worlds.records(), worlds.records(), some_of(worlds.FOR_PERSONS), st.sampled_from(worlds.AS_OF_DATES))
def test_nothing_learnt_later_changes_the_past(
    data: dict[str, Any], further: dict[str, Any], features: list[Feature], as_of: date
) -> None:
    """Records that became known after the as-of date change no feature and no case."""
    prototype = worlds.prototype(persons, own_outcome, features)
    known = {source.name: source.known for source in worlds.SOURCES}
    later = {name: [row for row in rows if row[known[name]] > as_of] for name, rows in further.items()}
    before = built(prototype, data, [as_of])
    after = built(prototype, {name: [*rows, *later[name]] for name, rows in data.items()}, [as_of])
    assert shown(before) | {"y": None} == shown(after) | {"y": None}


@thorough
@given(worlds.records(), worlds.records(), some_of(worlds.FOR_HOUSEHOLDS), st.sampled_from(worlds.AS_OF_DATES))
def test_nothing_learnt_later_changes_the_past_of_households(
    data: dict[str, Any], further: dict[str, Any], features: list[Feature], as_of: date
) -> None:
    prototype = worlds.prototype(visited_homes, home_outcome, features)
    known = {source.name: source.known for source in worlds.SOURCES}
    later = {name: [row for row in rows if row[known[name]] > as_of] for name, rows in further.items()}
    before = built(prototype, data, [as_of])
    after = built(prototype, {name: [*rows, *later[name]] for name, rows in data.items()}, [as_of])
    assert shown(before) | {"y": None} == shown(after) | {"y": None}


@thorough
@given(worlds.records(), some_of(worlds.FOR_PERSONS), some_dates)
def test_the_explained_statement_is_what_is_run(
    data: dict[str, Any], features: list[Feature], dates: list[date]
) -> None:
    """The printed SQL, run by hand on the stored files, gives the same features."""
    import duckdb

    prototype = worlds.prototype(persons, own_outcome, features)
    with tempfile.TemporaryDirectory() as folder:
        warehouse = store(
            Path(folder), worlds.SOURCES, data, complete_to=worlds.COMPLETE_TO, clustered_by=worlds.home, buckets=2
        )
        matrix = build_matrix(prototype, warehouse, dates)
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        for source in worlds.SOURCES:
            connection.read_parquet(warehouse.path(source.name)).create_view(source.name)
        rows = (
            connection.sql(explain(prototype, dates))
            .to_arrow_table()
            .sort_by([("_as_of", "ascending"), ("_key", "ascending")])
        )
    assert rows.column("_key").to_pylist() == matrix.keys.tolist()
    for feature in prototype.features:
        found = [
            v if feature.levels is None or v in feature.levels else None for v in rows.column(feature.name).to_pylist()
        ]
        assert found == [blank(value) for value in matrix.X[feature.name]]


def partition(matrix: DesignMatrix) -> set[frozenset[str]]:
    """Which cases are kept together, whatever the components are numbered."""
    return {frozenset(keys) for _, keys in matrix.keys.groupby(matrix.component)}
