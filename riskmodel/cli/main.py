"""The `riskmodel` command: its global options and the list of its commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli import data, models, start
from riskmodel.cli.terminal import guarded, settings

app = typer.Typer(
    name="riskmodel",
    help="Predictive risk stratification for public services: from linked partner data to a model card "
    "and a scored ward.\n\nRun it inside a project (a folder with riskmodel.toml), or begin with: riskmodel demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (start, data, models):
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        import riskmodel

        print(f"riskmodel {riskmodel.__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the full traceback of an error.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and results only.")] = False,
    project: Annotated[
        Path | None, typer.Option("--project", "-p", help="A folder inside the project; else the working directory.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    settings.debug, settings.quiet, settings.project = debug, quiet, project


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0: done. 1: refused or failed, with the reason on the error stream. 2: wrong use of the command.
    3: done, and the verdict is "do not deploy". 130: stopped by Ctrl-C.
    """
    command = typer.main.get_command(app)
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = guarded(lambda: int(command.main(given, prog_name="riskmodel", standalone_mode=False) or 0))
    except typer.Abort:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    run()
