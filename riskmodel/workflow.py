"""The steps from partner extracts to a card and a scored ward, each reading and writing files of a project.

The command line and the notebook call these; every step can be run again on its own, and refuses to go on from
results that no longer belong together.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from riskmodel.errors import ProjectError
from riskmodel.progress import SILENT, Progress
from riskmodel.runs import load_evaluation, load_evidence, load_matrix, load_refits, load_training, verdict_on

if TYPE_CHECKING:
    from riskmodel.engine.contract import CheckReport
    from riskmodel.engine.matrix import DesignMatrix
    from riskmodel.engine.warehouse import Warehouse
    from riskmodel.evaluation.checks import Finding
    from riskmodel.evaluation.results import Evaluation
    from riskmodel.modelling.train import Training
    from riskmodel.project import Project
    from riskmodel.reporting.card import ModelCard
    from riskmodel.reporting.policy import Policy
    from riskmodel.scoring.score import Scores


def synthesise(
    project: Project,
    *,
    preset: str = "vange_ward",
    children: int = 20_000,
    seed: int = 20250901,
    leaks: bool = False,
    progress: Progress = SILENT,
) -> Path:
    """Invent the project's county and write its extracts; truth goes to a folder of its own.

    Returns
    -------
    Path
        The folder of the extracts.

    Raises
    ------
    ProjectError
        When the project has no invented county (`pipelines/synthetic`).
    """
    if importlib.util.find_spec("pipelines.synthetic") is None:
        raise ProjectError(
            f"{project.root / 'pipelines' / 'synthetic'} is missing.",
            rule="Only a project with an invented county can make one.",
            next_step="Put partner extracts into the extracts folder, or try the reference project: riskmodel demo",
        )
    county = importlib.import_module("pipelines.synthetic")
    county.make_county(
        project.extracts,
        preset=preset,
        children=children,
        seed=seed,
        truth=project.extracts.parent / "truth",
        progress=progress,
        plant_leaks=leaks,
    )
    return project.extracts


def check(project: Project, *, progress: Progress = SILENT) -> CheckReport:
    """Check every extract of the project against its source's contract."""
    from riskmodel.engine.contract import check_extracts

    return check_extracts(project.sources, project.extracts, progress=progress)


def build(project: Project, *, progress: Progress = SILENT) -> Warehouse:
    """Check the extracts and store them clustered by household."""
    from riskmodel.engine.build import build_warehouse

    return build_warehouse(
        project.sources, project.extracts, project.warehouse, scopes=_scopes(project), progress=progress
    )


def explain(
    project: Project, prototype: str, *, as_of: date | None = None, dialect: Literal["duckdb", "spark"] = "duckdb"
) -> str:
    """Return the SQL that makes a prototype's features, for the methods board to read."""
    from riskmodel.engine.explain import explain as explain_sql

    chosen = project.prototype(prototype)
    return explain_sql(chosen, as_of or chosen.score_as_of, dialect=dialect)


def matrix(project: Project, prototype: str, *, progress: Progress = SILENT) -> DesignMatrix:
    """Build and save the design matrix of a prototype at its training, test and validation dates.

    Its manifest also counts by audit group who was on the register before the cohort's conditions (`before_cohort`).
    """
    from riskmodel.engine.register import before_cohort
    from riskmodel.engine.run import build_matrix
    from riskmodel.engine.warehouse import Warehouse

    chosen = project.prototype(prototype)
    warehouse = Warehouse.open(project.warehouse)
    made = build_matrix(chosen, warehouse, progress=progress)
    made.manifest["before_cohort"] = before_cohort(chosen, warehouse, made.manifest["attrition"])
    made.save(project.run_folder(prototype) / "matrix")
    return made


def train(project: Project, prototype: str, *, seed: int = 0, progress: Progress = SILENT) -> Training:
    """Build the matrix, split it by household and time, train both models and the baselines, and save them."""
    from riskmodel.modelling.train import train as train_models

    chosen = project.prototype(prototype)
    data = matrix(project, prototype, progress=progress)
    training = train_models(data, chosen, seed=seed, progress=progress)
    training.save(project.run_folder(prototype) / "models")
    return training


def evaluate(
    project: Project,
    prototype: str,
    *,
    resamples: int = 1_000,
    refits: int = 100,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Evaluation:
    """Judge the trained models on the test cohorts, gather the evidence, and save both.

    The verdict of the saved evaluation takes the evidence into account.
    """
    from dataclasses import replace

    from riskmodel.engine.warehouse import Warehouse
    from riskmodel.evaluation.context import Context
    from riskmodel.evaluation.evaluate import evaluate as evaluate_models
    from riskmodel.evaluation.evidence import gather_evidence
    from riskmodel.evaluation.verdict import reconsider
    from riskmodel.modelling.splits import split_for

    chosen = project.prototype(prototype)
    data, training = load_matrix(project, prototype), load_training(project, prototype)
    split = split_for(data, chosen, seed=int(training.record["seed"]))
    result = evaluate_models(
        training,
        data,
        chosen,
        split,
        resamples=resamples,
        seed=seed,
        data_is_invented=project.invented,
        progress=progress,
    )
    warehouse = Warehouse.open(project.warehouse).manifest
    rules = policy(project).privacy
    context = Context(training, data, chosen, split, result, warehouse, resamples, refits, seed, progress, rules)
    evidence = gather_evidence(context)
    result = replace(result, verdict=reconsider(result, evidence, chosen.outcome.audit))
    folder = project.run_folder(prototype)
    evidence.save(folder / "evidence.json")
    if context.refitted is not None:
        context.refitted.save(folder / "refits")
    result.save(folder / "evaluation.json")
    return result


def diagnose(project: Project, prototype: str, *, progress: Progress = SILENT) -> tuple[Finding, ...]:
    """Run the coded checks on a prototype's declaration, data, models and last evaluation.

    Raises
    ------
    ProjectError
        When it has not been evaluated, or models, data and evaluation do not belong together.
    """
    from riskmodel.engine.warehouse import Warehouse
    from riskmodel.evaluation.checks import run_checks
    from riskmodel.evaluation.context import Context
    from riskmodel.modelling.splits import split_for

    chosen, training = project.prototype(prototype), load_training(project, prototype)
    data, result = load_matrix(project, prototype), load_evaluation(project, prototype)
    warehouse = Warehouse.open(project.warehouse)
    same_model = result.generated_from["model_digests"].get(training.lead) == training.model.digest
    if not same_model or data.manifest.get("warehouse_digest") != warehouse.digest():
        raise ProjectError(
            f"The {'data' if same_model else 'models'} of {prototype} have changed since its last evaluation.",
            rule="The checks look at data, models and figures together.",
            next_step=f"Run first: riskmodel {'run' if same_model else 'evaluate'} {prototype}",
        )
    split = split_for(data, chosen, seed=int(training.record["seed"]))
    return run_checks(Context(training, data, chosen, split, result, warehouse.manifest, progress=progress))


def card(
    project: Project, prototype: str, *, release: bool = False, pdf: bool = False, progress: Progress = SILENT
) -> list[Path]:
    """Write the card of the last evaluation (with `pdf` as PDF too), and record the run in the MLflow catalogue.

    What people wrote comes from `statements_file`. A draft lists its blanks; with `release` they are refused. A release
    that could be subtracted from an earlier one prints the earlier figures again where few people changed.
    """
    from riskmodel.engine.warehouse import Warehouse
    from riskmodel.reporting.card import ModelCard
    from riskmodel.reporting.reprint import CardInputs, beside_releases, newest_release, with_note
    from riskmodel.reporting.statements_file import load_statements

    chosen = project.prototype(prototype)
    progress.step("Writing the card")
    training, result = load_training(project, prototype), load_evaluation(project, prototype)
    warehouse, said = Warehouse.open(project.warehouse), load_statements(statements_file(project, prototype))

    def compose(parts: CardInputs, note: str = "") -> ModelCard:
        made = ModelCard.compose(
            chosen, parts.evaluation, parts.matrix, parts.warehouse, parts.training, parts.evidence, said,
            release=release, **_card_settings(project),
        )  # fmt: skip
        return with_note(made, note) if note else made

    data, found = load_matrix(project, prototype).manifest, load_evidence(project, prototype)
    inputs = CardInputs(result, data, warehouse.manifest, training.record, found)
    made = compose(inputs)
    kept = project.run_folder(prototype) / "released"
    if release:
        made, inputs = beside_releases(made, inputs, compose, project.cards / prototype, kept)
    if pdf:
        progress.step("Drawing the pages of the PDF")
    paths = made.save(project.cards, pdf=pdf)
    if release:
        inputs.save(kept / f"{newest_release(project.cards / prototype)}.json")
    figures = _save_figures(made, project.run_folder(prototype) / "figures")
    progress.step("Recording the run in MLflow")
    track(project, prototype, training, result, [*paths, figures])
    return paths


def _save_figures(made: ModelCard, folder: Path) -> Path:
    """Write every chart of a card as an SVG file of its own, for the catalogue."""
    from riskmodel.files import atomic_folder

    with atomic_folder(folder) as temporary:
        for chart in made.document.charts():
            (temporary / f"{chart.key}.svg").write_text(chart.svg + "\n", encoding="utf-8", newline="\n")
    return folder


def statements_file(project: Project, prototype: str) -> Path:
    """Where people write what only they can know about a model: beside its declaration."""
    from riskmodel.reporting.statements_file import statements_path

    return statements_path(project.root, prototype)


def _card_settings(project: Project) -> dict[str, Any]:
    return {
        "project": project.name,
        "invented": project.invented,
        "policy": policy(project),
    }


def track(project: Project, prototype: str, training: Training, result: Evaluation, made: Sequence[Path]) -> str:
    """Record parameters, metrics, card, figures and bundles in the project's MLflow store; return the run's id."""
    from riskmodel.tracking import record_run

    folder = project.run_folder(prototype)
    metrics = {
        f"{family}.{name}": estimate.value
        for family, model in result.models.items()
        for name, estimate in model.estimates.items()
        if estimate.value is not None
    }
    return record_run(
        project.root,
        project.tracking_uri,
        experiment=prototype,
        params=training.params(),
        metrics=metrics,
        artefacts=[folder / "models", folder / "evaluation.json", *made],
        tags={
            "bundle_sha256": training.model.digest,
            "verdict": result.verdict.decision,
            "invented_data": str(project.invented),
        },
        registered_name=prototype,
        alias="candidate",
    )


def score(
    project: Project,
    prototype: str,
    *,
    areas: Sequence[str] | None = None,
    as_of: date | None = None,
    progress: Progress = SILENT,
) -> tuple[Scores, list[Path]]:
    """Score a cohort with the lead model, and write the list and the page of totals.

    Without `areas` the project's own are scored (`[scoring]` in riskmodel.toml), or everybody when it names none.
    """
    from riskmodel.engine.warehouse import Warehouse
    from riskmodel.scoring.score import score_cohort

    chosen, training = project.prototype(prototype), load_training(project, prototype)
    scores = score_cohort(
        training.model,
        chosen,
        Warehouse.open(project.warehouse),
        as_of or chosen.score_as_of,
        areas=areas or project.areas or None,
        policy=policy(project),
        invented=project.invented,
        refits=load_refits(project, prototype, training),
        verdict=verdict_on(project, prototype, training),
        progress=progress,
    )
    scores = scores.beside(project.scores)
    return scores, scores.save(project.scores)


class Run(NamedTuple):
    """What `run` made: the evaluation, the scores (None when the verdict forbids them), and the pages to open."""

    evaluation: Evaluation
    scores: Scores | None
    pages: list[Path]


def run(
    project: Project,
    prototype: str,
    *,
    seed: int = 0,
    resamples: int = 1_000,
    refits: int = 100,
    progress: Progress = SILENT,
) -> Run:
    """Do every step for one prototype, from the extracts to a scored cohort."""
    from riskmodel.evaluation.results import DO_NOT_DEPLOY

    project.prototype(prototype)
    build(project, progress=progress)
    train(project, prototype, seed=seed, progress=progress)
    result = evaluate(project, prototype, resamples=resamples, refits=refits, seed=seed, progress=progress)
    cards = card(project, prototype, progress=progress)
    if result.verdict.decision == DO_NOT_DEPLOY:
        return Run(result, None, cards[:1])
    scores, files = score(project, prototype, progress=progress)
    return Run(result, scores, [cards[0], files[0]])


def policy(project: Project) -> Policy:
    """Return the project's disclosure rules: [disclosure] in riskmodel.toml, or the ACRO file that it names."""
    from riskmodel.reporting.policy import Policy

    return Policy.of(project.disclosure)


def _scopes(project: Project) -> list[Any]:
    """Every scope through which cases reach other people's records: they decide how the warehouse is clustered."""
    found: list[Any] = []
    for prototype in project.prototypes.values():
        for scope in prototype.scopes:
            if scope not in found:
                found.append(scope)
    return found
