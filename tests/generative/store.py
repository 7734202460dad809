"""A warehouse folder written straight from rows, in the layout that `riskmodel.engine.warehouse` describes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.declare import Scope, Source
from riskmodel.engine.warehouse import COMPONENT, COMPONENTS_FOLDER, FORMAT, Warehouse, membership_name, part_name

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), date: pa.date32()}


def store(
    folder: Path,
    sources: Iterable[Source],
    data: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    complete_to: date,
    clustered_by: Scope | None = None,
    buckets: int = 1,
) -> Warehouse:
    """Write rows as a warehouse with some buckets, clustered by the membership of a scope."""
    sources = list(sources)
    numbers = _components(sources, data, clustered_by)
    manifest: dict[str, Any] = {"format": FORMAT, "buckets": buckets, "sources": {}, "components": {}}
    manifest["clustered_by"] = []
    if clustered_by is not None:
        name = membership_name(clustered_by.via.name, clustered_by.group)
        manifest["clustered_by"] = [name]
        _write_components(folder / COMPONENTS_FOLDER / f"{name}.parquet", numbers)
        manifest["components"][name] = _recorded(folder / COMPONENTS_FOLDER / f"{name}.parquet")
    for source in sources:
        rows = sorted(data[source.name], key=lambda row: (numbers[source.key, row[source.key]], repr(row)))
        parts = {}
        for bucket in range(buckets):
            path = folder / source.name / part_name(bucket)
            inside = [row for row in rows if numbers[source.key, row[source.key]] % buckets == bucket]
            _write_rows(path, source, inside, numbers)
            parts[path.name] = _recorded(path)
        entry = {"rows": len(rows), "complete_to": complete_to.isoformat(), "extracted_on": complete_to.isoformat()}
        columns = {name: kind.__name__ for name, kind in source.all_columns.items()}
        manifest["sources"][source.name] = entry | {"parts": parts, "columns": columns}
    manifest["digest"] = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Warehouse.open(folder)


def _components(
    sources: Iterable[Source], data: Mapping[str, Sequence[Mapping[str, Any]]], scope: Scope | None
) -> dict[tuple[str, str], int]:
    """The component of every key, by merging until nothing changes."""
    keys = sorted({(s.key, row[s.key]) for s in sources for row in data[s.name]})
    if scope is not None:
        keys = sorted({*keys, *((scope.group, r[scope.group]) for r in data[scope.via.name] if r[scope.group])})
    number = {key: i for i, key in enumerate(keys)}
    for _ in keys if scope is not None else ():
        for row in data[scope.via.name] if scope is not None else ():
            if row[scope.group] is not None:
                pair = (scope.via.key, row[scope.via.key]), (scope.group, row[scope.group])
                least = min(number[key] for key in pair)
                number |= dict.fromkeys(pair, least)
    dense = {old: new for new, old in enumerate(sorted(set(number.values())))}
    return {key: dense[old] for key, old in number.items()}


def _write_rows(
    path: Path, source: Source, rows: Sequence[Mapping[str, Any]], numbers: Mapping[tuple[str, str], int]
) -> None:
    columns = {name: pa.array([r[name] for r in rows], _TYPES[kind]) for name, kind in source.all_columns.items()}
    columns[COMPONENT] = pa.array([numbers[source.key, row[source.key]] for row in rows], pa.int64())
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def _write_components(path: Path, numbers: Mapping[tuple[str, str], int]) -> None:
    kinds, keys = zip(*numbers, strict=True) if numbers else ((), ())
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {"key_kind": pa.array(kinds, pa.string()), "key": pa.array(keys, pa.string())}
    pq.write_table(pa.table(columns | {"component": pa.array(list(numbers.values()), pa.int64())}), path)


def _recorded(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
