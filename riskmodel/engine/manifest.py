"""What the warehouse's manifest says: where each source came from, what is stored, and the digests over it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from riskmodel.declare.source import Source
from riskmodel.engine.components import Membership
from riskmodel.engine.contract import Checked
from riskmodel.engine.extracts import Extracts

# Goes up when a manifest says more than before, so that a warehouse without it is built again rather than reused.
EDITION = 2


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def digest_of(data: Any) -> str:
    """Return the SHA-256 of plain data, whatever the order of its keys.

    Examples
    --------
    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    True
    """
    return sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def file_record(path: Path) -> dict[str, Any]:
    """Return the size and digest of a stored file."""
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def inputs_digest(
    sources: Iterable[Source],
    found: Extracts,
    memberships: Sequence[Membership],
    file_digests: Mapping[str, str],
    made_by: str,
) -> str:
    """Return the digest of everything a build starts from; when it is unchanged there is nothing to do."""
    return digest_of({
        "made_by": f"{made_by} {EDITION}",
        "sources": [declaration(source) for source in sources],
        "files": {name: [found.files[name].name, digest] for name, digest in file_digests.items()},
        "terms": {name: asdict(terms) for name, terms in found.terms.items()},
        "memberships": [asdict(membership) for membership in memberships],
    })  # fmt: skip


def declaration(source: Source) -> dict[str, Any]:
    """Return a source's declaration as plain data."""
    return {
        "name": source.name, "partner": source.partner, "agreement": source.agreement, "key": source.key,
        "happened": source.happened, "known": source.known, "ends": source.ends, "keeps": source.keeps,
        "sensitivity": source.sensitivity.value, "covers": list(source.covers), "dates": source.dates,
        "required": list(source.required), "unique": list(source.unique), "settled": dict(source.settled),
        "columns": {name: kind.__name__ for name, kind in source.all_columns.items()},
    }  # fmt: skip


def source_entry(
    checked: Checked, parts: Mapping[str, Any], rows: int, file_sha256: str, content: str
) -> dict[str, Any]:
    """Return what the manifest says about one source."""
    source, span = checked.staged.source, checked.span
    return {
        "partner": source.partner,
        "agreement": source.agreement,
        "sensitivity": source.sensitivity.value,
        "file": checked.staged.file.name,
        "file_sha256": file_sha256,
        "written_as": checked.staged.written_as,
        "file_rows": span.rows,
        "dropped": {"exact_duplicates": span.rows - rows},
        "rows": rows,
        "key": source.key,
        "columns": {name: kind.__name__ for name, kind in source.all_columns.items()},
        "extracted_on": str(span.extracted_on),
        "complete_to": str(span.complete_to),
        "dates_stated": span.stated,
        "first_happened": str(span.first_happened),
        "last_happened": str(span.last_happened),
        "first_known": str(span.first_known),
        "last_known": str(span.last_known),
        "content_sha256": content,
        "parts": dict(parts),
    }


def content_of(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the warehouse's digest: over rows, columns and dates of every source, and nothing else."""
    kept = ("key", "columns", "extracted_on", "complete_to", "content_sha256")
    return digest_of({name: {item: entry[item] for item in kept} for name, entry in entries.items()})
