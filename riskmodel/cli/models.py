"""Commands about models: train, evaluate, score a ward, or all of it in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from riskmodel.cli.data import PrototypeName, parse_date
from riskmodel.cli.terminal import EXIT_DO_NOT_DEPLOY, progress, say, settings, show_table

if TYPE_CHECKING:
    from pathlib import Path

    from riskmodel.evaluation.results import Evaluation
    from riskmodel.project import Project
    from riskmodel.scoring.score import Scores

Seed = Annotated[int, typer.Option(help="The same data and seed give the same models.")]
Resamples = Annotated[int, typer.Option(min=100, help="Household resamples behind every interval.")]
Refits = Annotated[int, typer.Option(min=0, help="Refits behind the stability of scores; 0 leaves it out.")]
Ward = Annotated[
    list[str] | None, typer.Option("--ward", "--area", help="An area's code; may be repeated. All when left out.")
]
AsOf = Annotated[str | None, typer.Option(help="Score people as they were known on this date, e.g. 2025-09-01.")]

_CALIBRATION = {
    "oe": "Happened over predicted",
    "calibration_slope": "Calibration slope",
    "ici": "Average distance (ICI)",
    "brier": "Squared error (Brier)",
}


def register(app: typer.Typer) -> None:
    """Add this file's commands to the app."""
    app.command("train")(train)
    app.command("evaluate")(evaluate)
    app.command("recalibrate")(recalibrate)
    app.command("score")(score)
    app.command("run")(run)


def train(prototype: PrototypeName, seed: Seed = 0) -> None:
    """Build the design matrix and train both models and the baselines."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        training = workflow.train(here, prototype, seed=seed, progress=shown)
    trained = ", ".join(training.models)
    say(f"Trained {trained} and {len(training.baselines)} baselines; the lead model is {training.lead}.")
    say(f"Models: {here.run_folder(prototype) / 'models'}")


def evaluate(prototype: PrototypeName, resamples: Resamples = 1_000, refits: Refits = 100, seed: Seed = 0) -> None:
    """Judge the models on later cohorts, with an interval on every figure, and reach a verdict."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        result = workflow.evaluate(here, prototype, resamples=resamples, refits=refits, seed=seed, progress=shown)
    show_results([result])
    say(f"Evaluation: {here.run_folder(prototype) / 'evaluation.json'}")
    _leave_with(result)


def recalibrate(
    prototype: PrototypeName,
    by: Annotated[str, typer.Option(help="The role that decided on it, for the record.", show_default=False)],
    method: Annotated[
        Literal["intercept", "slope", "isotonic"],
        typer.Option(help="Move all risks; move and stretch them; or redraw them freely in order."),
    ] = "slope",
    as_of: Annotated[
        list[str] | None,
        typer.Option(help="A newer cohort to fit it on; may be repeated. Left out, the latest that is possible."),
    ] = None,
    resamples: Resamples = 1_000,
    refits: Refits = 100,
    seed: Seed = 0,
) -> None:
    """Correct the risks on a newer cohort, never on test cases; record it, and evaluate again."""
    from riskmodel import project, recalibration
    from riskmodel.modelling.recalibrate import SLOPE

    here = project.load(settings.project)
    days = [day for text in as_of or () if (day := parse_date(text, "--as-of")) is not None]
    way = SLOPE if method == "slope" else method
    with progress() as shown:
        made = recalibration.recalibrate(
            here, prototype, way, by=by, as_of=days, resamples=resamples, refits=refits, seed=seed, progress=shown
        )
    step = made.step
    rows = [
        [words, *(held[name].text() for held in (step.before, step.after, step.change))]
        for name, words in _CALIBRATION.items()
    ]
    title = f"{prototype} on {step.tested:,} test cases, before and after the correction"
    show_table(title, ["Figure", "Before", "After", "Change (95% interval)"], rows)
    say(f"Corrected by {step.method} on {step.n:,} cases as of {', '.join(step.as_of)}; decided by {step.by}.")
    show_results([made.evaluation])
    show_pages(here, made.pages)
    _leave_with(made.evaluation)


def score(prototype: PrototypeName, ward: Ward = None, as_of: AsOf = None) -> None:
    """Score a cohort: one row a case with probability, band and reasons, and a page of ward totals."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        scores, paths = workflow.score(here, prototype, areas=ward, as_of=parse_date(as_of, "--as-of"), progress=shown)
    show_scores(scores)
    for path in paths:
        say(f"Scores: {path}")


def run(prototype: PrototypeName, seed: Seed = 0, resamples: Resamples = 1_000, refits: Refits = 100) -> None:
    """Do every step for one prototype: build, train, evaluate, card, score."""
    from riskmodel import project, workflow

    here = project.load(settings.project)
    with progress() as shown:
        made = workflow.run(here, prototype, seed=seed, resamples=resamples, refits=refits, progress=shown)
    show_results([made.evaluation])
    show_scores(made.scores)
    show_pages(here, made.pages)
    _leave_with(made.evaluation)


def show_results(results: list[Evaluation]) -> None:
    """Print a line a model: its discrimination, calibration and precision at capacity, with intervals."""
    rows = []
    for result in results:
        for name, model in result.models.items():
            point = model.at_capacity()
            figures = [model.estimates.get("auroc"), model.estimates.get("calibration_slope")]
            figures.append(point.precision if point else None)
            rows.append([result.prototype, name, *(e.text() if e else "-" for e in figures)])
    columns = ["Prototype", "Model", "AUROC (95% interval)", "Calibration slope", "Right at capacity"]
    show_table("Results on later cohorts", columns, rows)
    for result in results:
        print(f"\n{result.prototype}: {result.verdict.decision.upper()}")
        for reason in result.verdict.reasons:
            print(f"  - {reason}")


def show_scores(scores: Scores | None) -> None:
    """Print how many cases are in each band, under disclosure control, or that nobody was scored."""
    print()
    if scores is None:
        print("Nobody was scored: the verdict is against it.")
        return
    if not scores.individual:
        print("Totals only: the verdict or the prototype allows no list of single cases.")
    show_table(scores.title, ["Band", "Cases"], scores.band_rows(), numbers=frozenset({1}))


def show_pages(here: Project, pages: list[Path]) -> None:
    """Print the pages to open, as paths from the project's root."""
    print("\nOpen:")
    for page in pages:
        print(f"  {page.relative_to(here.root) if page.is_relative_to(here.root) else page}")


def _leave_with(result: Evaluation) -> None:
    if result.verdict.decision == "do not deploy":
        raise typer.Exit(EXIT_DO_NOT_DEPLOY)
