"""Writing the county to disk so that the same county is the same bytes."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from pipelines.synthetic import timeline
from pipelines.synthetic.parameters import Parameters
from pipelines.synthetic.table import Table
from riskmodel.errors import DeclarationError
from riskmodel.files import atomic_folder
from riskmodel.progress import Progress

# How each partner sends its file; the rest send Parquet.
_CSV = ("adult_needs", "asq3", "births", "dwellings", "eyfsp", "social_care")
_CSV_GZ = ("benefits", "early_years_places")
_WINDOWS = ("housing",)  # Windows-1252, semicolons, days as dd/mm/yyyy

_WARNING = """\
This folder holds invented data. No person, family, household, school or event in it is real, and nothing in it
was derived from records about real people. The ward and LSOA codes are real places of the district of Basildon
(Office for National Statistics; Open Government Licence v3.0. Contains National Statistics data (c) Crown
copyright and database right; contains OS data (c) Crown copyright and database right); what is said to happen
there is invented and says nothing about those places.

"""


def keep_apart(out: Path, truth: Path) -> None:
    """Refuse to write the truth where feature code reads.

    Raises
    ------
    DeclarationError
        If one folder is or lies inside the other.
    """
    a, b = out.resolve(), truth.resolve()
    if a == b or a in b.parents or b in a.parents:
        raise DeclarationError(
            f"The folder for the truth '{truth}' and the folder for the extracts '{out}' overlap.",
            "The truth about an invented county lies apart from the extracts, so that no feature can read it.",
            next_step="Name two folders side by side.",
        )


def write_extracts(
    out: Path, tables: Iterable[Table], *, preset: str, children: int, seed: int, progress: Progress
) -> None:
    """Write one file a partner's table, `extracts.toml` and a README into a folder that replaces `out`."""
    contents = []
    with atomic_folder(out) as folder:
        for table in tables:
            arrow = table.arrow(timeline.EXTRACTED_ON)
            _write(folder, table.name, arrow)
            contents.append(_content(table))
            progress.advance()
        (folder / "extracts.toml").write_bytes("\n".join(contents).encode())
        about = f"Preset {preset}, {children} children, seed {seed}.\n"
        (folder / "README.txt").write_bytes((_WARNING + about).encode())


def write_truth(
    truth: Path, tables: dict[str, pa.Table], parameters: Parameters, *, preset: str, children: int, seed: int
) -> None:
    """Write the truth into a folder that replaces `truth`."""
    with atomic_folder(truth) as folder:
        for name, table in tables.items():
            _parquet(folder / f"{name}.parquet", table)
        chosen = {"preset": preset, "children": children, "seed": seed, "parameters": asdict(parameters)}
        (folder / "parameters.json").write_bytes((json.dumps(chosen, indent=1) + "\n").encode())
        about = "The truth behind the invented county: for tests of honesty, never for features.\n"
        (folder / "README.txt").write_bytes((_WARNING + about).encode())


def _content(table: Table) -> str:
    """Return the table's part of `extracts.toml`: when it was extracted, and until when it is complete."""
    extracted = _date(timeline.EXTRACTED_ON)
    complete = min(timeline.COMPLETE_TO, timeline.EXTRACTED_ON - table.slowest)
    return f"[{table.name}]\nextracted_on = {extracted}\ncomplete_to = {_date(complete)}\n"


def _date(days: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(days))


def _write(folder: Path, name: str, table: pa.Table) -> None:
    if name in _CSV:
        (folder / f"{name}.csv").write_bytes(_csv(table))
    elif name in _CSV_GZ:
        with (folder / f"{name}.csv.gz").open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            packed.write(_csv(table))
    elif name in _WINDOWS:
        text = _csv(_uk_dates(table), delimiter=";").decode()
        (folder / f"{name}.csv").write_bytes(text.replace("\n", "\r\n").encode("cp1252"))
    else:
        _parquet(folder / f"{name}.parquet", table)


def _csv(table: pa.Table, delimiter: str = ",") -> bytes:
    buffer = io.BytesIO()
    options = pa.csv.WriteOptions(delimiter=delimiter, quoting_style="needed")
    pa.csv.write_csv(table, buffer, options)
    return buffer.getvalue()


def _uk_dates(table: pa.Table) -> pa.Table:
    for k, column in enumerate(table.schema):
        if pa.types.is_date(column.type):
            table = table.set_column(k, column.name, pc.strftime(table.column(k), format="%d/%m/%Y"))
    return table


def _parquet(path: Path, table: pa.Table) -> None:
    pa.parquet.write_table(table, path, compression="zstd", row_group_size=100_000, store_schema=False)
