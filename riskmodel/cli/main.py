"""The `riskmodel` command: its global options and the list of its commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from riskmodel.cli import card, data, evidence, models, start
from riskmodel.cli.terminal import EXIT_STOPPED, guarded, settings

app = typer.Typer(
    name="riskmodel",
    help="Predictive risk stratification for public services: from linked partner data to a model card "
    "and a scored ward.\n\nRun it inside a project (a folder with riskmodel.toml), or begin with: riskmodel demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# What typer raises for an unknown option or a missing argument. Newer versions carry a click of their own, so the class
# is found as the parent of one that typer has always made public.
_WrongUse: Any = typer.BadParameter.__mro__[2]

for module in (start, data, models, card, evidence):
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
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(guarded(lambda: _dispatch(given)))


def _dispatch(given: list[str]) -> int:
    # Standalone mode would turn errors into tracebacks or exit codes of its own; `guarded` speaks for all of them.
    command = typer.main.get_command(app)
    try:
        code = int(command.main(given, prog_name="riskmodel", standalone_mode=False) or 0)
    except _WrongUse as problem:
        problem.show()
        return int(problem.exit_code)
    except typer.Abort:
        raise KeyboardInterrupt from None
    if code == EXIT_STOPPED:  # newer versions of typer answer Ctrl-C themselves, and without a word
        raise KeyboardInterrupt
    return code


if __name__ == "__main__":
    run()
