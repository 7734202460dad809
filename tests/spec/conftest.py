"""Fixtures that let a rule be told as a small table of records, a question, and the answer for each case."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from riskmodel.declare import Cohort, Feature, Outcome, Output, Prototype, Source, at_least, count
from riskmodel.engine.build import build_warehouse
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.engine.run import build_matrix
from riskmodel.periods import months
from tests.spec.county import everybody, people

Tables = str | Mapping[Source, str]
Answers = Mapping[str, Any]


@pytest.fixture
def matrix_of(tmp_path: Path) -> Callable[..., DesignMatrix]:
    """Build a matrix from tables written as text, and compare one feature (or the outcome) with what it `gives`.

    `matrix_of(tables, asked, as_of=..., gives={case: value})`: `tables` is the text of the table of the feature's
    source, or texts by source; `None` in `gives` means missing. People who are only mentioned are put on the register.
    With several as-of dates `gives` has pairs of case and date as keys. `apart` builds a feature that the prototype
    does not declare.
    """

    def build(
        tables: Tables,
        asked: Feature | Outcome | None = None,
        *,
        as_of: str | Sequence[str],
        gives: Mapping[Any, Any] | None = None,
        cohort: Cohort = everybody,
        audit: Sequence[Feature] = (),
        complete_to: str = "2030-01-01",
        score_as_of: str = "2025-09-01",
        cases: Sequence[str] | None = None,
        apart: bool = False,
    ) -> DesignMatrix:
        source = None if asked is None else asked.source
        texts = {source: tables} if isinstance(tables, str) and source is not None else dict(tables)
        dates = [date.fromisoformat(as_of)] if isinstance(as_of, str) else [date.fromisoformat(d) for d in as_of]
        prototype = _prototype(None if apart else asked, cohort, audit, date.fromisoformat(score_as_of))
        sources = sorted({*prototype.sources, *texts}, key=lambda source: source.name)
        _write_extracts(tmp_path / "extracts", texts, sources, complete_to)
        warehouse = build_warehouse(sources, tmp_path / "extracts", tmp_path / "warehouse", scopes=prototype.scopes)
        features = [asked] if apart and isinstance(asked, Feature) else None
        matrix = build_matrix(prototype, warehouse, dates, features=features, cases=cases)
        if gives is not None and asked is not None:
            found = matrix.y if isinstance(asked, Outcome) else matrix.X[asked.name]
            assert _answers(matrix, found, several=len(dates) > 1) == dict(gives)
        return matrix

    return build


def _prototype(asked: Feature | Outcome | None, cohort: Cohort, audit: Sequence[Feature], score: date) -> Prototype:
    any_record = count(cohort.source, "rows_on_the_register", "rows on the register")
    outcome = Outcome(cohort.source, "nothing", "Nothing in particular", where="FALSE", within=months(1))
    return Prototype(
        "spec", "Does the rule hold?", cohort=cohort, outcome=asked if isinstance(asked, Outcome) else outcome,
        features=[asked if isinstance(asked, Feature) else any_record], audit=audit,
        success=[at_least("auroc", 0.5)], capacity=0.1, output=Output.INDIVIDUAL, use="Tests", never="Anything else",
        owner="Nobody", expires=months(12), train_as_of=(date(2015, 1, 1),), test_as_of=(date(2024, 6, 1),),
        score_as_of=score,
    )  # fmt: skip


def _write_extracts(folder: Path, texts: Mapping[Source, str], sources: Iterable[Source], complete_to: str) -> None:
    folder.mkdir(exist_ok=True)
    tables = {source.name: _rows(text) for source, text in texts.items()}
    if people.name not in tables:
        tables[people.name] = _mentioned(tables)
    for source in sources:
        rows = tables.get(source.name) or [_somebody_elses(source)]
        lines = [",".join(source.all_columns), *(",".join(row.get(c, "") for c in source.all_columns) for row in rows)]
        (folder / f"{source.name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    terms = [f"[{s.name}]\nextracted_on = 2031-01-01\ncomplete_to = {complete_to}\n" for s in sources]
    (folder / "extracts.toml").write_text("".join(terms), encoding="utf-8")


def _somebody_elses(source: Source) -> dict[str, str]:
    """A record that is nobody's on the register, for an extract must not be empty."""
    texts = {name: "2000-01-01" if kind is date else "nobody" for name, kind in source.all_columns.items()}
    return {name: texts[name] for name in (source.key, source.happened, source.known)}


def _mentioned(tables: Mapping[str, Iterable[Mapping[str, str]]]) -> list[dict[str, str]]:
    names = sorted({row["person"] for rows in tables.values() for row in rows if "person" in row})
    return [{"person": name, "registered_on": "2000-01-01", "received_on": "2000-01-01"} for name in names]


def _rows(text: str) -> list[dict[str, str]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def _answers(matrix: DesignMatrix, found: Any, *, several: bool) -> dict[Any, Any]:
    names = [
        (key, day.date().isoformat()) if several else key for key, day in zip(matrix.keys, matrix.as_of, strict=True)
    ]
    return {name: _plain(value) for name, value in zip(names, found, strict=True)}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
