"""Finding the extract of each source, and the day on which the partner took it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.declare.source import Source
from riskmodel.engine.problems import Problem
from riskmodel.errors import ContractError, nearest_name

SUFFIXES = (".csv", ".csv.gz", ".parquet")
TERMS_FILE = "extracts.toml"


@dataclass(frozen=True)
class Terms:
    """What `extracts.toml` says about one extract; None where it is silent."""

    extracted_on: date | None = None
    complete_to: date | None = None


@dataclass(frozen=True)
class Extracts:
    """The files of an extracts folder, by source.

    Parameters
    ----------
    folder
        The folder.
    files
        The one extract of each source that has one.
    terms
        What `extracts.toml` states, by source.
    problems
        What is wrong with the folder itself.
    """

    folder: Path
    files: Mapping[str, Path]
    terms: Mapping[str, Terms] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def folders(self) -> list[Path]:
        """The folders to read: this one, and those that linked files are really in."""
        return sorted({self.folder.resolve(), *(file.resolve().parent for file in self.files.values())})


def find_extracts(sources: Iterable[Source], folder: Path | str) -> Extracts:
    """Find the extract file of every source and read `extracts.toml`.

    Parameters
    ----------
    sources
        The declared sources.
    folder
        The extracts folder: `<source>.csv`, `<source>.csv.gz` or `<source>.parquet` for each source.

    Returns
    -------
    Extracts
        The files, with all problems found on the way.

    Raises
    ------
    ContractError
        If the folder does not exist.
    """
    place = Path(folder)
    if not place.is_dir():
        raise ContractError(
            f"There is no folder of extracts at {place}.",
            "Partner extracts lie together in one folder, one file a source.",
            next_step="Put the extracts there, name the folder in riskmodel.toml, or invent some: riskmodel synth",
        )
    declared = {source.name: source for source in sources}
    present = sorted(entry.name for entry in place.iterdir())
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for name in declared:
        found = [place / f"{name}{suffix}" for suffix in SUFFIXES if f"{name}{suffix}" in present]
        problem = _file_problem(name, found, present)
        if problem:
            problems.append(problem)
        else:
            files[name] = found[0]
    terms, wrong = _read_terms(place / TERMS_FILE, declared)
    return Extracts(place, files, terms, (*problems, *wrong))


def _file_problem(name: str, found: list[Path], present: list[str]) -> Problem | None:
    """Return what is wrong with the files found for a source, if anything."""
    if not found:
        near = nearest_name(f"{name}.csv", [entry for entry in present if entry != TERMS_FILE])
        expected = " or ".join(f"{name}{suffix}" for suffix in SUFFIXES)
        return Problem.of("C101", name, detail=f"{expected}; nearest is {near}" if near else expected)
    if len(found) > 1:
        return Problem.of("C102", name, detail=", ".join(path.name for path in found))
    path = found[0]
    if not path.is_file():
        return Problem.of("C103", name, path.name, detail="it is a folder" if path.is_dir() else "")
    if not os.access(path, os.R_OK):
        return Problem.of("C103", name, path.name, detail="reading it is not allowed")
    return Problem.of("C104", name, path.name) if path.stat().st_size == 0 else None


def _read_terms(path: Path, declared: Mapping[str, Source]) -> tuple[dict[str, Terms], list[Problem]]:
    if not path.exists():
        return {}, []
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
        return {}, [Problem.of("C108", TERMS_FILE, TERMS_FILE, detail="it cannot be read as TOML")]
    terms: dict[str, Terms] = {}
    problems: list[Problem] = []
    for name, table in tables.items():
        if name not in declared:
            near = nearest_name(name, declared)
            detail = f"[{name}]; nearest is {near}" if near else f"[{name}]"
            problems.append(Problem.of("C109", TERMS_FILE, TERMS_FILE, detail=detail))
        elif wrong := _terms_problem(table):
            problems.append(Problem.of("C108", name, TERMS_FILE, detail=wrong))
        else:
            terms[name] = Terms(**table)
    return terms, problems


def _terms_problem(table: Any) -> str | None:
    """Return what is wrong with one table of `extracts.toml`, if anything."""
    known = ("extracted_on", "complete_to")
    if not isinstance(table, dict):
        return "it is not a table"
    for key, value in table.items():
        if key not in known:
            near = nearest_name(key, known)
            return f"unknown setting {key}" + (f"; nearest is {near}" if near else "")
        if type(value) is not date:
            return f"{key} is not a date such as 2025-09-01, without quotes"
    if len(table) == len(known) and table["complete_to"] > table["extracted_on"]:
        return "complete_to is later than extracted_on"
    return None
