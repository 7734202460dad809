"""Commands about evidence: check figures, judge tables, diagnose a prototype, take a bundle out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.terminal import EXIT_ERROR, show_table


def register(app: typer.Typer) -> None:
    """Add this file's commands to the app."""
    app.command("figures")(figures)


def figures(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CSV or JSON table: a row a rule, a column a figure.", show_default=False
        ),
    ],
) -> None:
    """Test published accuracy, precision, recall, MCC ... for consistency, and say what is impossible."""
    from riskmodel.evaluation.published import as_rows, judge_file

    judged = judge_file(file)
    show_table(str(file), ["Name", "Verdict", "Why"], as_rows(judged))
    if not all(row.possible for row in judged):
        raise typer.Exit(EXIT_ERROR)
