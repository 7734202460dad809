"""Commands to begin with: a new project, the demonstration, and the MLflow page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.terminal import progress, say, settings
from riskmodel.errors import ProjectError

# What travels in the wheel (see force-include in pyproject.toml) and makes a project.
_PARTS = ("riskmodel.toml", "features", "pipelines", "notebooks")
_OWN = ("data", "runs", "scores", "model_cards")


def register(app: typer.Typer) -> None:
    """Add this file's commands to the app."""
    app.command("init")(init)
    app.command("demo")(demo)
    app.command("ui")(ui)


def init(directory: Annotated[Path, typer.Argument(help="A new or empty folder.", show_default=False)]) -> None:
    """Start a project of your own from the reference project: declarations, prototypes, notebook, invented county."""
    make_project(directory)
    say(f"A riskmodel project is in {directory}. Next: cd {directory} && riskmodel demo")


def make_project(directory: Path) -> None:
    """Copy the reference project into `directory`, all or nothing.

    Raises
    ------
    ProjectError
        When the folder exists and is not empty, or this installation has lost the reference project.
    """
    from riskmodel.files import atomic_folder

    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise ProjectError(
            f"{directory} exists and is not empty.",
            rule="A project is started in a new or empty folder, so that nothing of yours is overwritten.",
            next_step="Name another folder.",
        )
    reference = _reference_project()
    with atomic_folder(directory) as folder:
        for part in _PARTS:
            source = reference / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            else:
                shutil.copy2(source, folder / part)
        (folder / ".gitignore").write_text(
            "__pycache__/\n/data/\n/runs/\n/scores/\n/mlflow.db*\n/mlartifacts/\n", "utf-8"
        )


def _reference_project() -> Path:
    """Return the reference project: inside an installed wheel, or beside the library in a clone."""
    package = Path(__file__).parents[1]
    for candidate in (package.parent, package / "reference_project"):
        if all((candidate / part).exists() for part in _PARTS):
            return candidate
    raise ProjectError(
        f"The reference project is missing from {package}.",
        rule="It is installed with the package.",
        next_step="Install riskmodel again.",
    )


def demo(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Where to make the project; the current project, or riskmodel-demo, when left out."),
    ] = None,
    children: Annotated[int, typer.Option(min=100, help="How many children to invent.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same county.")] = 20250901,
) -> None:
    """Do everything on an invented county: data, features, models, cards, scores for one ward."""
    from riskmodel import project, workflow
    from riskmodel.cli.models import show_pages, show_results, show_scores

    here = project.load(_demo_root(directory))
    with progress() as shown:
        workflow.synthesise(here, children=children, seed=seed, progress=shown)
        runs = [workflow.run(here, name, progress=shown) for name in here.prototypes]
    say("All data are invented: no figure below describes a real person or place.\n")
    show_results([made.evaluation for made in runs])
    for made in runs:
        show_scores(made.scores)
    show_pages(here, [page for made in runs for page in made.pages])
    print("  MLflow: riskmodel ui")


def _demo_root(directory: Path | None) -> Path | None:
    """Return a folder inside the project to use, making a project when there is none."""
    from riskmodel.project import find_root

    if directory is None:
        try:
            return find_root(settings.project)
        except ProjectError:
            directory = Path("riskmodel-demo")
    if not (directory / "riskmodel.toml").is_file():
        make_project(directory)
    return directory


def ui(port: Annotated[int, typer.Option(help="Where the page is served, on this computer only.")] = 5000) -> None:
    """Start the MLflow page on the project's own store: http://127.0.0.1:5000 until Ctrl-C."""
    from riskmodel import project
    from riskmodel.tracking import ui_command

    here = project.load(settings.project)
    say(f"MLflow: http://127.0.0.1:{port}   (Ctrl-C stops it)")
    subprocess.run(ui_command(here, port=port), cwd=here.root, check=False)
