"""The card commands: write it, compare two of them, and the blank form of what people have to write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from riskmodel.cli.data import PrototypeName
from riskmodel.cli.terminal import progress, say, settings

_WRITE = "write"


class _CardGroup(TyperGroup):
    """A group in which `card PROTOTYPE` is short for `card write PROTOTYPE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `write` in front unless a command of the group, or its help, is asked for."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_WRITE, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add this file's commands to the app."""
    cards = typer.Typer(
        cls=_CardGroup,
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Write the model card (HTML, Markdown, JSON): riskmodel card PROTOTYPE. Or compare two: "
        "riskmodel card diff A B.",
    )
    cards.command(_WRITE)(write)
    cards.command("diff")(diff)
    cards.command("form")(form)
    app.add_typer(cards, name="card")


def write(
    prototype: PrototypeName,
    release: Annotated[
        bool, typer.Option("--release", help="Refuse blanks instead of listing them on a draft.")
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help='Write card.pdf (PDF/UA) too; needs pip install "riskmodel[pdf]".')
    ] = False,
) -> None:
    """Write the model card (HTML, Markdown, JSON and, if asked, PDF) and record the run in MLflow."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        paths = workflow.card(here, prototype, release=release, pdf=pdf, progress=shown)
    for path in paths:
        say(f"Card: {path}")
    if not release:
        say(f"It is a draft. What people have to write is in {workflow.statements_file(here, prototype)}")


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A card.json, or the folder that holds it.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The later card.")],
) -> None:
    """Say in plain words what changed between two versions of a card."""
    from riskmodel.reporting.diff import diff_cards, load_card

    print(diff_cards(load_card(before), load_card(after), names=(str(before), str(after))).text(), end="")


def form() -> None:
    """Print a blank card.toml, with what to write in each line."""
    from riskmodel.reporting.statements_file import blank_form

    print(blank_form(), end="")
