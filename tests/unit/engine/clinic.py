"""Two invented sources, visits to a clinic and where people live, and extracts of them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.contract import check_extracts
from riskmodel.engine.problems import CheckReport, Problem

VISITS = Source(
    "visits", "One row a visit", partner="Clinic", agreement="ISA-9", key="person_id", happened="seen_on",
    known="received_on", columns={"room": int, "weight": float, "urgent": bool, "note": str, "born_on": date},
    required=("room",),
)  # fmt: skip
RESIDENCE = Source(
    "residence", "One row a spell in a home", partner="Register", agreement="ISA-1", key="person_id",
    happened="moved_in", ends="moved_out", columns={"household_id": str},
)  # fmt: skip
HOUSEHOLD = Scope("anyone living in the same home", via=RESIDENCE, group="household_id")

HEADING = "person_id,seen_on,received_on,room,weight,urgent,note,born_on"
GOOD = "a,2024-02-01,2024-02-03,1,70.5,true,fine,1980-05-01"
TERMS = "[visits]\nextracted_on = 2024-12-31\ncomplete_to = 2024-12-01\n"


def put(folder: Path, rows: Sequence[str] = (GOOD,), *, heading: str = HEADING, name: str = "visits.csv") -> Path:
    """Write a CSV of visits with its `extracts.toml`, and return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "extracts.toml").write_text(TERMS)
    path = folder / name
    data = "".join(f"{line}\n" for line in (heading, *rows)).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return path


def check(folder: Path, *sources: Source, **changes: object) -> CheckReport:
    """Check the visits, declared with some changes, or other sources."""
    return check_extracts(sources or [replace(VISITS, **changes)], folder)


def only(report: CheckReport, code: str) -> Problem:
    """Return the one problem with this code."""
    [problem] = [found for found in report.problems if found.code == code]
    return problem


def codes(report: CheckReport) -> list[str]:
    """Return the codes of all problems, in order."""
    return [problem.code for problem in report.problems]
