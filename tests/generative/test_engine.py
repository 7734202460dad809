"""The engine against a slow, obvious oracle: every verb, scope, window and edge date gives the same answer."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from riskmodel.declare import Cohort, Outcome, Prototype, has
from riskmodel.engine.explain import explain
from riskmodel.engine.matrix import UNKNOWN, DesignMatrix
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.periods import months, years
from tests.generative import worlds
from tests.generative.oracle import World, cases, feature_value, outcome_value, register
from tests.generative.store import store
from tests.generative.worlds import Scene

pytestmark = pytest.mark.slow

thorough = settings(
    max_examples=80, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate],  # add Phase.shrink to make a failing example small; it takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
briefly = settings(thorough, max_examples=40)

persons = Cohort(
    "Everybody aged three or more", worlds.people, where="age(born) >= 3", area="ward", together=worlds.home
)
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


@contextmanager
def stored(scene: Scene, *, buckets: int = 1) -> Iterator[Warehouse]:
    with tempfile.TemporaryDirectory() as folder:
        yield store(
            Path(folder), worlds.SOURCES, scene.data, complete_to=worlds.COMPLETE_TO, clustered_by=worlds.home,
            buckets=buckets,
        )  # fmt: skip


def built(prototype: Prototype, scene: Scene, *, buckets: int = 1) -> DesignMatrix:
    with stored(scene, buckets=buckets) as warehouse:
        return build_matrix(prototype, warehouse, scene.dates)


def expected(prototype: Prototype, scene: Scene) -> dict[str, list[Any]]:
    """What the oracle answers."""
    world, cohort = World(scene.data, worlds.SNIPPETS), prototype.cohort
    rows = [(as_of, key) for as_of in scene.dates for key in cases(world, cohort, as_of)]
    answer: dict[str, list[Any]] = {"key": [key for _, key in rows], "as_of": [as_of for as_of, _ in rows]}
    areas = {as_of: register(world, cohort.source, as_of) for as_of in scene.dates}
    answer["area"] = [None if cohort.area is None else areas[as_of][key][cohort.area] for as_of, key in rows]
    answer["y"] = [
        outcome_value(world, cohort, prototype.outcome, key, as_of, worlds.COMPLETE_TO) for as_of, key in rows
    ]
    for feature in prototype.features:
        answer[feature.name] = [feature_value(world, cohort, feature, key, as_of) for as_of, key in rows]
    return answer


def shown(matrix: DesignMatrix) -> dict[str, list[Any]]:
    columns = {"key": matrix.keys.tolist(), "as_of": [stamp.date() for stamp in matrix.as_of]}
    columns["y"] = [blank(value) for value in matrix.y]
    columns["area"] = [None if value == UNKNOWN else value for value in matrix.area]
    return columns | {name: [blank(value) for value in matrix.X[name]] for name in matrix.X}


def blank(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


@thorough
@given(worlds.scenes(worlds.FOR_PERSONS))
def test_persons_at_one_date_or_several(scene: Scene) -> None:
    prototype = worlds.prototype(persons, own_outcome, scene.features)
    assert shown(built(prototype, scene)) == expected(prototype, scene)


@thorough
@given(worlds.scenes(worlds.FOR_HOUSEHOLDS), st.sampled_from([home_outcome, later_outcome]))
def test_households_with_a_needed_feature(scene: Scene, outcome: Outcome) -> None:
    prototype = worlds.prototype(visited_homes, outcome, scene.features)
    assert shown(built(prototype, scene)) == expected(prototype, scene)


@briefly
@given(worlds.scenes(worlds.FOR_PERSONS), st.sampled_from([2, 3, 7]))
def test_buckets_do_not_change_anything(scene: Scene, buckets: int) -> None:
    prototype = worlds.prototype(persons, home_outcome, scene.features)
    whole, cut = built(prototype, scene), built(prototype, scene, buckets=buckets)
    assert shown(cut) == shown(whole)
    assert partition(cut) == partition(whole)
    assert cut.manifest["attrition"] == whole.manifest["attrition"]


@briefly
@given(
    st.one_of(
        st.tuples(st.just(persons), worlds.scenes(worlds.FOR_PERSONS, most_dates=1)),
        st.tuples(st.just(visited_homes), worlds.scenes(worlds.FOR_HOUSEHOLDS, most_dates=1)),
    ),
    st.data(),
)
def test_nothing_learnt_later_changes_the_past(chosen: tuple[Cohort, Scene], more: st.DataObject) -> None:
    """Records that became known after the as-of date change no feature and no case."""
    cohort, scene = chosen
    prototype = worlds.prototype(cohort, home_outcome, scene.features)
    further = more.draw(worlds.records(worlds.edges(scene.dates, [months(1)])))
    known = {source.name: source.known for source in worlds.SOURCES}
    later = {name: [row for row in rows if row[known[name]] > scene.dates[0]] for name, rows in further.items()}
    grown = replace(scene, data={name: [*rows, *later[name]] for name, rows in scene.data.items()})
    assert shown(built(prototype, scene)) | {"y": None} == shown(built(prototype, grown)) | {"y": None}


@briefly
@given(worlds.scenes(worlds.FOR_PERSONS), st.data())
def test_asking_for_some_cases_gives_their_rows(scene: Scene, chosen: st.DataObject) -> None:
    """Each with a date of its own, as the rows of all cases on all dates have it."""
    prototype = worlds.prototype(persons, own_outcome, scene.features)
    with stored(scene) as warehouse:
        whole = build_matrix(prototype, warehouse, scene.dates)
        wanted = chosen.draw(st.lists(st.integers(0, max(len(whole) - 1, 0)), unique=True, max_size=3).map(sorted))
        wanted = wanted if len(whole) else []
        if wanted:
            asked = pd.DataFrame({"key": whole.keys[wanted], "as_of": whole.as_of[wanted]})
            assert shown(build_matrix(prototype, warehouse, cases=asked)) == shown(whole.rows(wanted))


@briefly
@given(worlds.scenes(worlds.FOR_PERSONS))
def test_the_explained_statement_gives_what_the_engine_gives(scene: Scene) -> None:
    """The printed SQL, run by hand on the stored files, gives the same features."""
    prototype = worlds.prototype(persons, own_outcome, scene.features)
    with stored(scene, buckets=2) as warehouse:
        matrix = build_matrix(prototype, warehouse, scene.dates)
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        for source in worlds.SOURCES:
            connection.read_parquet(warehouse.path(source.name)).create_view(source.name)
        rows = connection.sql(explain(prototype, scene.dates)).to_arrow_table()
    rows = rows.sort_by([("_as_of", "ascending"), ("_key", "ascending")])
    assert rows.column("_key").to_pylist() == matrix.keys.tolist()
    for feature in prototype.features:
        values = rows.column(feature.name).to_pylist()
        values = [v if feature.levels is None or v in feature.levels else None for v in values]
        assert values == [blank(value) for value in matrix.X[feature.name]]


def partition(matrix: DesignMatrix) -> set[frozenset[str]]:
    """Which cases are kept together, whatever the components are numbered."""
    return {frozenset(keys) for _, keys in matrix.keys.groupby(matrix.component)}
