"""Commands about evidence: check figures, judge tables, diagnose a prototype, take a bundle out."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.cli.data import PrototypeName
from riskmodel.cli.terminal import EXIT_ERROR, progress, say, settings, show_table

if TYPE_CHECKING:
    from riskmodel.evaluation.checks import Finding


def register(app: typer.Typer) -> None:
    """Add this file's commands to the app."""
    app.command("figures")(figures)
    app.command("diagnose")(diagnose)
    app.command("disclosure")(disclosure)
    app.command("export")(export)


def figures(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CSV, JSON or Markdown table: a row a rule, a column a figure.", show_default=False
        ),
    ],
) -> None:
    """Test published accuracy, precision, recall, MCC ... for consistency, and say what is impossible."""
    from riskmodel.evaluation.published import as_rows, judge_file

    judged = judge_file(file)
    show_table(str(file), ["Name", "Verdict", "Why"], as_rows(judged))
    if not all(row.possible for row in judged):
        raise typer.Exit(EXIT_ERROR)


def diagnose(
    prototype: PrototypeName,
    every: Annotated[bool, typer.Option("--all", help="Also list what passed and what does not apply.")] = False,
) -> None:
    """Run the coded checks on an evaluated prototype; errors first, each with a reason and what to do."""
    from riskmodel import project, workflow
    from riskmodel.evaluation.checks import by_severity

    here = project.load(settings.project)
    with progress() as shown:
        findings = workflow.diagnose(here, prototype, progress=shown)
    found = by_severity(findings)
    listed = [*found, *(finding for finding in findings if every and finding not in found)]
    for finding in listed:
        print(_finding_text(finding) + "\n")
    came_to = []
    for severity in ("error", "warning", "note"):
        n = sum(finding.severity == severity for finding in found)
        came_to.append(f"{n} {severity}{'' if n == 1 else 's'}")
    came_to += [f"{sum(f.status == status for f in findings)} {status}" for status in ("passed", "not applicable")]
    say(f"{len(findings)} checks: {', '.join(came_to)}. Each has a page in docs/checks.")
    if any(finding.is_error for finding in found):
        raise typer.Exit(EXIT_ERROR)


def _finding_text(finding: Finding) -> str:
    """One finding as a paragraph: number, severity and fault; the reason; and, when it was found, what to do."""
    from riskmodel.evaluation.checks.finding import FOUND

    there = finding.status == FOUND
    lines = [f"{finding.code}  {(finding.severity if there else finding.status).upper()}  {finding.title}"]
    said = [finding.text(), *([f"What to do: {finding.what_to_do}"] if there else [])]
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    for words in said:
        lines.append(textwrap.fill(words, width, initial_indent=" " * 7, subsequent_indent=" " * 7))
    return "\n".join(lines)


def disclosure(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV, Parquet or JSON table of counts.", show_default=False)
    ],
    whole: Annotated[
        str | None, typer.Option(help="The column of which the other counts are parts; else one called Cases, n ...")
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="A column that names the groups; may be repeated. Else those with words.")
    ] = None,
) -> None:
    """Judge a table before it is published: pass, review or fail, with every reason."""
    from riskmodel import project, sharing

    here = project.load(settings.project) if settings.project or _inside_a_project() else None
    judged = sharing.judge(here, file, whole=whole, labels=label or ())
    print(f"{file}: {judged.text()}")
    if judged.verdict == "fail":
        raise typer.Exit(EXIT_ERROR)


def _inside_a_project() -> bool:
    from riskmodel import project
    from riskmodel.errors import ProjectError

    try:
        project.find_root()
    except ProjectError:
        return False
    return True


def export(
    prototype: PrototypeName,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the copy goes.", show_default=False)],
    public: Annotated[
        bool, typer.Option("--public", help="Without training ranges, means and counts; predicts identically.")
    ] = False,
) -> None:
    """Write the public copy of the lead model: it predicts identically and cannot explain."""
    from riskmodel import project, sharing

    if not public:
        raise typer.BadParameter("only public copies are exported; say --public. The model itself stays in the runs.")
    here = project.load(settings.project)
    written, doubts = sharing.export_public(here, prototype, folder)
    say(f"Public copy: {written}")
    for doubt in doubts:
        print(f"To be weighed by a person before it is given away: {doubt}")
