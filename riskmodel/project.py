"""A riskmodel project: the folder with `riskmodel.toml`, its declarations and the places its results go."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from riskmodel.errors import ProjectError, nearest_name

if TYPE_CHECKING:
    from riskmodel.declare import Prototype, Source

MARKER = "riskmodel.toml"

# section -> key -> default (of [disclosure]: the type alone counts, its usual values are those of
# riskmodel.reporting.policy). A key that is not here is a spelling mistake, and is refused.
_SETTINGS: dict[str, dict[str, Any]] = {
    "project": {"name": "", "invented": False},
    "data": {"extracts": "data/extracts", "warehouse": "data/warehouse"},
    "outputs": {"runs": "runs", "cards": "model_cards", "scores": "scores"},
    "tracking": {"uri": "sqlite:///mlflow.db"},
    "scoring": {"areas": []},
    "disclosure": {
        "threshold": 10,
        "rounding": 5,
        "minimum_denominator": 20,
        "dominance_n": 2,
        "dominance_k": 0.9,
        "dominance_p": 0.1,
        "degrees_of_freedom": 10,
        "zeros_disclose": True,
        "review_missing": False,
        "least_leaf": 10,
        "leaf_k": 10,
        "membership_limit": 0.6,
        "membership_review": 0.55,
        "policy": "",
    },
}


@dataclass(frozen=True)
class Project:
    """Where a project's declarations, data and results are.

    Attributes
    ----------
    root : Path
        The folder that holds `riskmodel.toml`.
    name : str
        What the project is called on cards and pages.
    invented : bool
        True when the data describe no real person; every output then says so.
    extracts, warehouse, runs, cards, scores : Path
        Folders for what partners send, the clustered tables, the work of each prototype,
        the published cards and the scored cohorts.
    tracking_uri : str
        MLflow store, a SQLite address relative to `root`.
    areas : tuple of str
        Codes of the areas that are scored when none is asked for; empty for all.
    disclosure : mapping
        The settings of [disclosure] that are written, for `riskmodel.reporting.policy.Policy.of`. `policy` is the
        path of a file with ACRO's rules.
    prototypes : dict[str, Prototype]
        The prototypes listed by hand in `pipelines/__init__.py`, by name.
    """

    root: Path
    name: str
    invented: bool
    extracts: Path
    warehouse: Path
    runs: Path
    cards: Path
    scores: Path
    tracking_uri: str
    areas: tuple[str, ...]
    disclosure: Mapping[str, Any]
    prototypes: dict[str, Prototype] = field(repr=False)

    @property
    def sources(self) -> list[Source]:
        """Every source that any prototype of the project needs, by name."""
        found = {source.name: source for p in self.prototypes.values() for source in p.sources}
        return [found[name] for name in sorted(found)]

    def prototype(self, name: str) -> Prototype:
        """Return the prototype called `name`.

        Raises
        ------
        ProjectError
            When there is none; the message names the nearest one.
        """
        if name not in self.prototypes:
            raise ProjectError(
                f"There is no prototype called {name!r} in {self.root / 'pipelines' / '__init__.py'}.",
                rule="A prototype is listed in PROTOTYPES there.",
                nearest=nearest_name(name, self.prototypes),
                next_step=f"Use one of: {', '.join(sorted(self.prototypes))}.",
            )
        return self.prototypes[name]

    def run_folder(self, prototype: str) -> Path:
        """Return the folder that holds the matrix, models and evaluation of one prototype."""
        return self.runs / prototype


def find_root(start: Path | None = None) -> Path:
    """Return the nearest folder, from `start` upwards, that holds `riskmodel.toml`.

    Raises
    ------
    ProjectError
        When no folder up to the top holds one.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return folder
    raise ProjectError(
        f"No {MARKER} in {here} or in any folder above it.",
        rule=f"A riskmodel project is a folder with a {MARKER}.",
        next_step="Change into your project, or make one with: riskmodel init my_project",
    )


def load(start: Path | str | None = None) -> Project:
    """Find a project, read its settings and import its prototypes.

    Puts the project's root on `sys.path`, so that `from features.sources import ...` works in its files.

    Parameters
    ----------
    start : path, optional
        A folder inside the project; the working directory when left out.

    Raises
    ------
    ProjectError
        When there is no project, a setting is unknown or of the wrong type, or `pipelines` lists no prototype.
    DeclarationError
        When a declaration of the project is wrong; the traceback names its line.

    Examples
    --------
    >>> from riskmodel import project
    >>> sorted(project.load().prototypes)
    ['domestic_abuse', 'school_readiness']
    """
    root = find_root(Path(start) if start is not None else None)
    settings = _read_settings(root / MARKER)
    prototypes = _import_prototypes(root)
    return Project(
        root=root,
        name=settings["project"]["name"] or root.name,
        invented=settings["project"]["invented"],
        extracts=root / settings["data"]["extracts"],
        warehouse=root / settings["data"]["warehouse"],
        runs=root / settings["outputs"]["runs"],
        cards=root / settings["outputs"]["cards"],
        scores=root / settings["outputs"]["scores"],
        tracking_uri=settings["tracking"]["uri"],
        areas=tuple(str(code) for code in settings["scoring"]["areas"]),
        disclosure=_disclosure(root, settings["disclosure"]),
        prototypes=prototypes,
    )


def _read_settings(path: Path) -> dict[str, dict[str, Any]]:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ProjectError(
            f"{path} cannot be read: {problem}.",
            rule="It is a TOML file in UTF-8.",
            next_step="Mend the line named above.",
        ) from None
    merged = {section: {} if section == "disclosure" else dict(keys) for section, keys in _SETTINGS.items()}
    problems = []
    for section, keys in given.items():
        if section not in _SETTINGS:
            problems.append(f"[{section}] is not a section{_hint(section, _SETTINGS)}")
            continue
        for key, value in keys.items() if isinstance(keys, dict) else ():
            if key not in _SETTINGS[section]:
                problems.append(f"{key} is not a setting of [{section}]{_hint(key, _SETTINGS[section])}")
            elif type(value) is not type(_SETTINGS[section][key]):
                problems.append(f"[{section}] {key} must be a {type(_SETTINGS[section][key]).__name__}")
            else:
                merged[section][key] = value
    if problems:
        raise ProjectError(
            f"{path} has {len(problems)} wrong setting(s): {'; '.join(problems)}.",
            rule=f"The sections are {', '.join(_SETTINGS)}.",
            next_step="Mend them and run the command again.",
        )
    return merged


def _disclosure(root: Path, written: dict[str, Any]) -> dict[str, Any]:
    return {**written, "policy": str(root / written["policy"])} if written.get("policy") else written


def _hint(name: str, options: dict[str, Any]) -> str:
    near = nearest_name(name, options)
    return f" (did you mean {near}?)" if near else ""


def _import_prototypes(root: Path) -> dict[str, Prototype]:
    """Import `pipelines` from this root, even when another project was loaded before in this process."""
    if not (root / "pipelines" / "__init__.py").is_file():
        raise ProjectError(
            f"{root / 'pipelines' / '__init__.py'} is missing.",
            rule="It lists the project's prototypes: PROTOTYPES = [...].",
            next_step="Write it, or start from a complete project with: riskmodel init my_project",
        )
    module = _import_from(root, "pipelines")
    listed = getattr(module, "PROTOTYPES", None)
    if not listed:
        raise ProjectError(
            f"{module.__file__} lists no prototype.",
            rule="It holds PROTOTYPES = [...] with at least one Prototype.",
            next_step="Import your prototypes there and list them.",
        )
    return {prototype.name: prototype for prototype in listed}


def _import_from(root: Path, package: str) -> ModuleType:
    """Import a project's package from its own root, whatever other project this process looked at before."""
    if str(root) in sys.path:
        sys.path.remove(str(root))
    sys.path.insert(0, str(root))
    mine = [n for n in sys.modules if n.split(".")[0] in {"pipelines", "features"}]
    if any(not _lies_in(root, sys.modules[name]) for name in mine):
        for name in mine:
            del sys.modules[name]
        importlib.invalidate_caches()
    return importlib.import_module(package)


def _lies_in(root: Path, module: ModuleType) -> bool:
    places = [module.__file__] if module.__file__ else list(getattr(module, "__path__", []))
    return all(Path(place).is_relative_to(root) for place in places)
