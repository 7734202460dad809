"""Building the warehouse: check every extract, find who is connected, store each source, all or nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel import __version__
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.cluster import CLUSTERS, content_digest, write_parts
from riskmodel.engine.components import (
    Membership,
    bucket_count,
    cluster,
    connect,
    edges_of,
    keep_labels,
    memberships_of,
    number_keys,
    write_components,
)
from riskmodel.engine.contract import Checked, check_into
from riskmodel.engine.duck import MEMORY_LIMIT, connected, file_literal
from riskmodel.engine.extracts import Extracts, find_extracts
from riskmodel.engine.manifest import content_of, file_record, inputs_digest, sha256_of, source_entry
from riskmodel.engine.volumes import volumes_of
from riskmodel.engine.warehouse import COMPONENT, COMPONENTS_FOLDER, FORMAT, MANIFEST, Warehouse, part_name
from riskmodel.errors import ContractError, WarehouseError
from riskmodel.files import atomic_folder
from riskmodel.progress import SILENT, Progress

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class _Job:
    """What one build works with."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    scratch: Path
    progress: Progress


def build_warehouse(
    sources: Iterable[Source],
    extracts: Path | str,
    warehouse: Path | str,
    *,
    scopes: Iterable[Scope] = (),
    buckets: int | None = None,
    memory: str = MEMORY_LIMIT,
    progress: Progress = SILENT,
) -> Warehouse:
    """Check every extract and store them all, clustered along the memberships that scopes go through.

    The new warehouse replaces the old one only when it is complete. If nothing it is made from has changed, the old one
    is left as it is and returned with `reused` set.

    Parameters
    ----------
    sources
        The declared sources.
    extracts
        Folder of extracts, as for `check_extracts`.
    warehouse
        Folder to write; an older warehouse there is replaced.
    scopes
        Scopes of the prototypes. Those who are ever connected through one lie together, most important scope first.
    buckets
        Number of buckets; by default one for each 2.5 million rows, in powers of two.
    memory
        Memory limit of DuckDB, such as "700MB"; what does not fit is spilled beside the warehouse.
    progress
        Told of each source, twice.

    Returns
    -------
    Warehouse
        The stored data; warnings are in ``manifest["problems"]``.

    Raises
    ------
    ContractError
        If any extract breaks the contract; the message lists all problems.
    WarehouseError
        If the folder is not a warehouse, or memory does not suffice.
    StorageError
        If the disk is full; the old warehouse is then untouched.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> visits = Source("visits", "One row a visit", partner="Clinic", agreement="ISA-9", key="person_id",
    ...                 happened="seen_on", columns={"room": int})
    >>> with TemporaryDirectory() as folder:
    ...     extracts = Path(folder) / "extracts"
    ...     extracts.mkdir()
    ...     _ = (extracts / "visits.csv").write_text("person_id,seen_on,room\\na,2024-02-01,7\\n")
    ...     warehouse = build_warehouse([visits], extracts, Path(folder) / "warehouse")
    >>> warehouse.entry("visits")["rows"], warehouse.complete_to("visits")
    (1, datetime.date(2024, 2, 1))
    """
    declared = list(sources)
    target = Path(warehouse)
    _check_target(target, Path(extracts))
    found = find_extracts(declared, extracts)
    memberships = memberships_of(scopes, [source.name for source in declared])
    file_digests = _file_digests(found, progress)
    inputs = inputs_digest(declared, found, memberships, file_digests, f"{__version__} {FORMAT} {buckets}")
    if (old := _up_to_date(target, inputs)) is not None:
        progress.step("Warehouse is up to date")
        return old
    with _plain_memory_errors(memory), atomic_folder(target) as folder:
        scratch = folder / "_scratch"
        scratch.mkdir()
        with connected(scratch, folders=[*found.folders, folder], memory=memory) as connection:
            job = _Job(connection, folder, scratch, progress)
            manifest = _fill(job, declared, found, memberships, file_digests, buckets)
        shutil.rmtree(scratch)
        text = json.dumps({"format": FORMAT, "inputs": inputs, **manifest}, indent=1)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return Warehouse.open(target)


def _fill(
    job: _Job,
    sources: Sequence[Source],
    found: Extracts,
    memberships: Sequence[Membership],
    file_digests: Mapping[str, str],
    buckets: int | None,
) -> dict[str, Any]:
    """Check, connect and write; return the manifest."""
    checked, report = check_into(job.connection, sources, found, job.scratch, job.progress)
    if report.refused:
        raise ContractError(
            report.text(),
            "Extracts with errors are not built, because they would corrupt what is computed from them.",
            next_step="Have the errors corrected, then run: riskmodel build",
        )
    count = buckets or bucket_count(sum(one.span.rows for one in checked.values()))
    clustered_by, components = _connect(job, checked, memberships, count)
    job.progress.step("Storing sources", total=len(checked))
    entries = {}
    for name in sorted(checked):
        entries[name] = _store(job, checked[name], file_digests[name], count)
        job.progress.advance(1)
    return {
        "digest": content_of(entries),
        "buckets": count,
        "clustered_by": [membership.name for membership in clustered_by],
        "problems": report.to_dict()["problems"],
        "components": components,
        "sources": entries,
    }


def _connect(
    job: _Job, checked: Mapping[str, Checked], memberships: Sequence[Membership], buckets: int
) -> tuple[list[Membership], dict[str, Any]]:
    """Write the components of each membership, and keep those that decide the buckets."""
    job.progress.step("Finding who is connected", total=len(memberships))
    staged = {name: one.staged for name, one in checked.items()}
    nodes = number_keys(job.connection, staged, memberships)
    (job.folder / COMPONENTS_FOLDER).mkdir()
    edges, records = {}, {}
    for membership in memberships:
        edges[membership] = edges_of(job.connection, membership, staged[membership.via])
        path = job.folder / COMPONENTS_FOLDER / f"{membership.name}.parquet"
        write_components(job.connection, membership, connect(nodes, [edges[membership]]), path)
        records[membership.name] = file_record(path)
        job.progress.advance(1)
    clustered_by, labels = cluster(nodes, edges, buckets)
    keep_labels(job.connection, CLUSTERS, labels)
    return clustered_by, records


def _store(job: _Job, checked: Checked, file_sha256: str, buckets: int) -> dict[str, Any]:
    """Write one source and return its manifest entry."""
    staged = checked.staged
    place = job.folder / staged.source.name
    place.mkdir()
    parts = [place / part_name(bucket) for bucket in range(buckets)]
    columns = list(staged.source.all_columns)
    duplicates = any(problem.code == "C309" for problem in checked.problems)
    write_parts(job.connection, staged, parts, job.scratch, columns=columns, duplicates=duplicates, component=COMPONENT)
    staged.path.unlink()
    records = {}
    for part in parts:
        query = f"SELECT count(*) FROM read_parquet({file_literal(part)})"
        records[part.name] = {"rows": job.connection.execute(query).fetchall()[0][0], **file_record(part)}
    content = content_digest(job.connection, parts, columns)
    rows = sum(record["rows"] for record in records.values())
    return source_entry(checked, records, rows, file_sha256, content) | volumes_of(job.connection, staged.source, parts)


def _check_target(target: Path, extracts: Path) -> None:
    """Refuse to put a warehouse where it would replace something else."""
    inside = target.resolve() in (extracts.resolve(), *extracts.resolve().parents)
    foreign = target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file()
    if inside or foreign or (target.exists() and not target.is_dir()):
        what = "holds the extracts" if inside else "is not a warehouse"
        raise WarehouseError(
            f"{target} {what}, so it is not replaced by one.",
            "The warehouse has a folder of its own, which is replaced as a whole.",
            next_step="Name an empty or new folder under [data] warehouse in riskmodel.toml.",
        )


def _file_digests(found: Extracts, progress: Progress) -> dict[str, str]:
    progress.step("Reading files", total=len(found.files))
    digests = {}
    for name, file in found.files.items():
        digests[name] = sha256_of(file)
        progress.advance(1)
    return digests


def _up_to_date(target: Path, inputs: str) -> Warehouse | None:
    """The warehouse that is there, if it was made from the same inputs and is whole."""
    try:
        old = Warehouse.open(target)
    except WarehouseError:
        return None
    return replace(old, reused=True) if old.manifest.get("inputs") == inputs else None


@contextmanager
def _plain_memory_errors(memory: str) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise WarehouseError(
            f"The build did not fit into {memory} of memory and the disk space beside the warehouse.",
            "What does not fit into memory is kept on disk while the warehouse is built.",
            next_step="Free some disk space, or give it more memory.",
        ) from None
