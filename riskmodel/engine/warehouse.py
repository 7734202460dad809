"""The warehouse on disk: every source as Parquet, clustered so that what one household can reach lies together.

Layout of a warehouse folder::

    manifest.json                       what is here, where it came from, and the digests
    <source>/part-0000.parquet          the rows of bucket 0 of that source
    <source>/part-0001.parquet          ... one file a bucket; every source has a (maybe empty) file for every bucket
    _components/<via>.<group>.parquet   key_kind, key, component: who is connected through spells of `via` by `group`

Rows. A part holds the source's declared columns, in the order of ``Source.all_columns``, as ``VARCHAR BIGINT DOUBLE
BOOLEAN DATE``, and a last column ``_component`` (``BIGINT``), the clustering component of the row's key. Rows are
sorted by ``_component``, key, happened, known, then all other columns; exact duplicates are gone. A blank is NULL.

Buckets. A bucket is ``component % buckets``. All records of all keys of one component, of every source keyed by the
member column or by the group column, are in the same bucket, for each membership listed in ``clustered_by``. A query
about such memberships may therefore run bucket by bucket: cases, spells and records of bucket 3 meet in the parts 3.
Memberships that connect nearly everybody (a school, say) are not in ``clustered_by``; read them over all buckets.
Keys of other kinds are bucketed by their own number. Small warehouses have one bucket.

Components. ``key_kind`` is the name of the key column (``person_id``, ``household_id``); every key of that kind in any
source has a row, alone in its component if no spell mentions it.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.engine.manifest import sha256_of
from riskmodel.errors import WarehouseError, nearest_name
from riskmodel.files import settle

FORMAT = 1
MANIFEST = "manifest.json"
COMPONENT = "_component"
COMPONENTS_FOLDER = "_components"


@dataclass(frozen=True)
class Warehouse:
    """Partner data that passed the contract, stored for the engine.

    Get one from `build_warehouse` or `Warehouse.open`.

    Parameters
    ----------
    folder
        Where it is.
    manifest
        What `manifest.json` holds: ``digest``, ``buckets``, ``clustered_by``, ``components`` and, by source name,
        ``sources`` with ``partner agreement sensitivity file file_sha256 rows dropped columns extracted_on complete_to
        first_happened last_happened last_known content_sha256 parts``. Dates are ISO text.
    reused
        Whether `build_warehouse` found it up to date and left it as it was.
    """

    folder: Path
    manifest: dict[str, Any]
    reused: bool = False

    @classmethod
    def open(cls, folder: Path | str, *, verify: bool = False) -> Warehouse:
        """Open a warehouse that `build_warehouse` wrote.

        Parameters
        ----------
        folder
            The warehouse folder.
        verify
            Also compare the SHA-256 of every file with the manifest; without it, only that the files are there with
            the right size.

        Returns
        -------
        Warehouse
            Ready to be read.

        Raises
        ------
        WarehouseError
            If there is none, if it was written by another version, or if a file is missing or was changed.
        """
        place = Path(folder)
        settle(place)
        warehouse = cls(place, _read_manifest(place))
        for name, expected in warehouse.files():
            _check_file(place / name, expected, verify=verify)
        return warehouse

    def files(self) -> Iterable[tuple[str, dict[str, Any]]]:
        """Every file by its path inside the folder, with its recorded ``bytes`` and ``sha256``."""
        for source, entry in self.manifest["sources"].items():
            for part, recorded in entry["parts"].items():
                yield f"{source}/{part}", recorded
        for name, recorded in self.manifest["components"].items():
            yield f"{COMPONENTS_FOLDER}/{name}.parquet", recorded

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources it holds, sorted."""
        return tuple(sorted(self.manifest["sources"]))

    @property
    def buckets(self) -> int:
        """Number of buckets; part files are numbered from 0."""
        return int(self.manifest["buckets"])

    def digest(self) -> str:
        """SHA-256 over the stored rows, columns and dates: equal for equal data, whatever files it came in."""
        return str(self.manifest["digest"])

    def entry(self, source: str) -> dict[str, Any]:
        """What the manifest says about one source."""
        try:
            found: dict[str, Any] = self.manifest["sources"][source]
        except KeyError:
            raise WarehouseError(
                f"The warehouse {self.folder} holds no source '{source}'.",
                "A prototype can use only sources that were built into the warehouse.",
                nearest=nearest_name(source, self.sources),
                next_step="Put its extract beside the others and run: riskmodel build",
            ) from None
        return found

    def path(self, source: str, bucket: int | None = None) -> str:
        """Return what to give DuckDB's ``read_parquet``: a glob over all parts, or the file of one bucket."""
        self.entry(source)
        if bucket is not None:
            return (self.folder / source / part_name(bucket)).as_posix()
        return f"{glob.escape((self.folder / source).as_posix())}/part-*.parquet"

    def complete_to(self, source: str) -> date:
        """Last day on which everything that happened has reached the extract."""
        return date.fromisoformat(self.entry(source)["complete_to"])

    def extracted_on(self, source: str) -> date:
        """Day on which the partner took the extract."""
        return date.fromisoformat(self.entry(source)["extracted_on"])

    def components(self, via: str, group: str) -> str:
        """Return the Parquet file of connected components of one membership: ``key_kind``, ``key``, ``component``."""
        name = membership_name(via, group)
        if name not in self.manifest["components"]:
            raise WarehouseError(
                f"The warehouse {self.folder} has no components for the membership '{name}'.",
                "Components are made at build time for every scope of the project's prototypes.",
                nearest=nearest_name(name, self.manifest["components"]),
                next_step="Run: riskmodel build",
            )
        return (self.folder / COMPONENTS_FOLDER / f"{name}.parquet").as_posix()

    def is_clustered_by(self, via: str, group: str) -> bool:
        """Whether everybody connected through this membership is in one bucket."""
        return membership_name(via, group) in self.manifest["clustered_by"]


def part_name(bucket: int) -> str:
    """Return the file name of a bucket's rows.

    Examples
    --------
    >>> part_name(3)
    'part-0003.parquet'
    """
    return f"part-{bucket:04d}.parquet"


def membership_name(via: str, group: str) -> str:
    """Return the name of a membership: its source of spells and its group column.

    Examples
    --------
    >>> membership_name("residence", "household_id")
    'residence.household_id'
    """
    return f"{via}.{group}"


def _read_manifest(folder: Path) -> dict[str, Any]:
    rule = "Features are made from a warehouse, which is made from the partners' extracts."
    if not folder.is_dir():
        raise WarehouseError(f"There is no warehouse at {folder}.", rule, next_step="Run: riskmodel build")
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WarehouseError(
            f"{folder} is not a warehouse: {MANIFEST} is missing.", rule, next_step="Run: riskmodel build"
        ) from None
    except (ValueError, OSError):
        raise WarehouseError(f"{path} cannot be read as JSON.", rule, next_step="Run: riskmodel build") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise WarehouseError(
            f"The warehouse {folder} was written by another version of riskmodel.",
            f"This version reads warehouses of format {FORMAT}.",
            next_step="Run: riskmodel build",
        )
    return manifest


def _check_file(path: Path, expected: dict[str, Any], *, verify: bool) -> None:
    rule = "A warehouse is used only as it was built."
    if not path.is_file():
        raise WarehouseError(f"The warehouse lacks {path}.", rule, next_step="Run: riskmodel build")
    if path.stat().st_size != expected["bytes"] or (verify and sha256_of(path) != expected["sha256"]):
        raise WarehouseError(f"{path} was changed after it was built.", rule, next_step="Run: riskmodel build")
