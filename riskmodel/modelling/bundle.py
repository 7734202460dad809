"""A saved model as a folder of plain text, whose manifest names the SHA-256 of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskmodel.errors import BundleError
from riskmodel.files import atomic_folder, settle

MANIFEST = "manifest.json"
FORMAT = 1


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the names and contents of a bundle's files.

    Examples
    --------
    >>> digest_of({"a.json": b"{}"}) == digest_of({"a.json": b"{} "})
    False
    """
    return _digest(_table(files))


def write(folder: Path | str, files: Mapping[str, bytes]) -> Path:
    """Write the files and their manifest, all or nothing.

    Parameters
    ----------
    folder
        Where the bundle goes; an older one there is replaced as a whole.
    files
        Name -> content. Names are plain, without folders.
    """
    target = Path(folder)
    with atomic_folder(target) as temporary:
        for name, content in sorted(files.items()):
            (temporary / name).write_bytes(content)
        (temporary / MANIFEST).write_bytes(_manifest(_table(files)))
    return target


def read(folder: Path | str, *, digest: str | None = None) -> dict[str, bytes]:
    """Read a bundle's files after checking every byte against the manifest.

    The manifest shows that nothing was damaged or swapped by accident. It is no signature: whoever must know that a
    bundle is the approved one compares its digest with the one that was approved, by passing `digest`.

    Parameters
    ----------
    folder
        The bundle.
    digest
        The digest the bundle must have; None accepts any.

    Raises
    ------
    BundleError
        If there is no bundle, or a file was changed, is missing or is one too many; all are named.
    """
    source = Path(folder)
    settle(source)
    table = _read_table(source)
    there = {path.name for path in source.iterdir()} - {MANIFEST}
    problems = [f"{name} is missing" for name in sorted(set(table) - there)]
    problems += [f"{name} does not belong to it" for name in sorted(there - set(table))]
    files: dict[str, bytes] = {}
    for name in sorted(set(table) & there):
        path = source / name
        if path.is_symlink() or not path.is_file():
            problems.append(f"{name} is not a plain file")
            continue
        files[name] = path.read_bytes()
        if _entry(files[name]) != table[name]:
            problems.append(f"{name} was changed")
    if problems:
        raise _refused(source, "; ".join(problems))
    if digest is not None and digest != _digest(table):
        raise _refused(source, "it is a complete bundle, but not the one that is expected here")
    return files


def _read_table(source: Path) -> dict[str, Any]:
    path = source / MANIFEST
    if not path.is_file():
        raise _refused(source, f"{MANIFEST} is missing")
    content = path.read_bytes()
    try:
        table = json.loads(content)["files"]
        intact = isinstance(table, dict) and content == _manifest(table)
    except (ValueError, KeyError, TypeError):
        intact = False
    if not intact:
        raise _refused(source, f"{MANIFEST} was changed")
    return dict(table)


def _manifest(table: Mapping[str, Any]) -> bytes:
    """Return the one way a manifest is written, so that any other byte shows."""
    plain = {"format": FORMAT, "digest": _digest(table), "files": table}
    return (json.dumps(plain, indent=1, sort_keys=True) + "\n").encode()


def _table(files: Mapping[str, bytes]) -> dict[str, Any]:
    return {name: _entry(files[name]) for name in sorted(files)}


def _entry(content: bytes) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _digest(table: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def _refused(folder: Path, why: str) -> BundleError:
    return BundleError(
        f"The model in {folder} cannot be used: {why}.",
        "A saved model is loaded only if every file is exactly as it was written.",
        next_step="Restore the folder from where it was saved, or train the model again.",
    )
