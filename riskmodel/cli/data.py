"""Commands about data: invent a county, check and build, print features and SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from riskmodel.cli.terminal import EXIT_ERROR, progress, say, settings, show_table
from riskmodel.errors import ProjectError

PrototypeName = Annotated[
    str, typer.Argument(metavar="PROTOTYPE", help="A prototype listed in pipelines/__init__.py.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add this file's commands to the app."""
    app.command("synth")(synth)
    app.command("check")(check)
    app.command("build")(build)
    app.command("features")(features)


def parse_date(text: str | None, what: str) -> date | None:
    """Read a date such as 2025-09-01, or refuse it in plain words."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProjectError(
            f"{what} {text!r} is not a date.",
            rule="Dates are written year-month-day.",
            next_step="Write e.g. 2025-09-01.",
        ) from None


def synth(
    preset: Annotated[str, typer.Option(help="Which invented world.")] = "vange_ward",
    children: Annotated[int, typer.Option(min=100, help="How many children.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 20250901,
    leaks: Annotated[
        bool, typer.Option("--leaks", help="Plant columns that know the future, to see them caught.")
    ] = False,
) -> None:
    """Invent a county: linked partner extracts about people who do not exist."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        folder = workflow.synthesise(here, preset=preset, children=children, seed=seed, leaks=leaks, progress=shown)
    say(f"Invented data for {children:,} children in {folder}. They describe no real person.")


def check() -> None:
    """Check what partners sent against the declared contract; name all problems at once."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        report = workflow.check(here, progress=shown)
    print(report.text())
    if report.refused:
        raise typer.Exit(EXIT_ERROR)


def build(
    explain: Annotated[
        str | None, typer.Option(metavar="PROTOTYPE", help="Print the SQL that makes a prototype's features, and stop.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="With --explain: the as-of date, e.g. 2025-09-01.")] = None,
    dialect: Annotated[Literal["duckdb", "spark"], typer.Option(help="With --explain: whose SQL.")] = "duckdb",
) -> None:
    """Check the extracts and store them as a warehouse, clustered by household."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    if explain is not None:
        print(workflow.explain(here, explain, as_of=parse_date(as_of, "--as-of"), dialect=dialect))
        return
    with progress() as shown:
        warehouse = workflow.build(here, progress=shown)
    rows = [
        [name, entry["partner"], entry["agreement"], f"{entry['rows']:,}", str(entry["complete_to"])]
        for name, entry in sorted(warehouse.manifest["sources"].items())
    ]
    if not settings.quiet:
        show_table(
            "The warehouse", ["Source", "Partner", "Agreement", "Rows", "Complete to"], rows, numbers=frozenset({3})
        )
    say(f"Warehouse: {here.warehouse}")


def features(
    prototype: Annotated[
        str | None, typer.Argument(metavar="[PROTOTYPE]", help="One prototype; all of them when left out.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the dictionary to this CSV file instead.")] = None,
) -> None:
    """Print the feature dictionary: what is measured, from whose data, under which agreement."""
    from riskmodel import project

    here = project.load(settings.project)
    chosen = [here.prototype(prototype)] if prototype else list(here.prototypes.values())
    if csv is not None:
        _write_dictionary(csv, [{"prototype": p.name, **row} for p in chosen for row in p.dictionary()])
        say(f"Wrote {csv}")
        return
    shown = ["name", "label", "partner", "agreement", "window", "scope"]
    for item in chosen:
        rows = [[str(row[column] or "") for column in shown] for row in item.dictionary()]
        show_table(f"{item.name}: {len(rows)} features", [c.capitalize() for c in shown], rows)
        print()


def _write_dictionary(path: Path, rows: list[dict[str, object]]) -> None:
    import csv
    import io

    from riskmodel.files import atomic_write

    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    atomic_write(path, text.getvalue())
