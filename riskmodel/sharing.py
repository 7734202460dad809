"""Steps by which something of a project leaves the house: a table is judged, a public copy of a model is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.errors import DisclosureError
from riskmodel.runs import load_evidence, load_training
from riskmodel.workflow import policy

if TYPE_CHECKING:
    from riskmodel.project import Project
    from riskmodel.reporting.judge_table import Judgement


def judge(project: Project | None, file: Path, *, whole: str | None = None, labels: Sequence[str] = ()) -> Judgement:
    """Judge a file with a table of counts by the project's policy, or by the usual one outside of any project."""
    from riskmodel.reporting.count_table import read_file
    from riskmodel.reporting.judge_table import judge_table
    from riskmodel.reporting.policy import USUAL

    rules = USUAL if project is None else policy(project)
    return judge_table(read_file(file), rules, whole=whole, labels=labels)


def export_public(project: Project, prototype: str, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Write the public copy of a prototype's lead model into a folder.

    Parameters
    ----------
    project
        The project.
    prototype
        Name of a prototype that was evaluated.
    folder
        Where the copy goes; must not hold anything else.

    Returns
    -------
    tuple
        The folder, and what a person must weigh before it is given away (empty: nothing).

    Raises
    ------
    DisclosureError
        If the evidence about its privacy says that the model must not be shared outside, or was not gathered for this
        very model, or the folder holds something else.
    ModelError
        If the model has no public copy (`riskmodel.modelling.public.public_copy`).
    """
    from riskmodel.evaluation.privacy import NOT_OUTSIDE
    from riskmodel.modelling.public import FILE, public_copy

    training = load_training(project, prototype)
    found = load_evidence(project, prototype).privacy
    if found is None or found.model != training.model.name:
        raise DisclosureError(
            f"Nobody has looked into the privacy of the {training.model.name} model of {prototype}.",
            "A public copy is made only of a model that was attacked first.",
            next_step=f"Run first: riskmodel evaluate {prototype}",
        )
    if found.rules != policy(project).privacy:
        raise DisclosureError(
            f"The privacy of the {found.model} model of {prototype} was not judged by the limits of [disclosure].",
            "There is one policy, and a copy is made only of a model that was judged by it.",
            next_step=f"Run first: riskmodel evaluate {prototype}",
        )
    if found.verdict == NOT_OUTSIDE:
        raise DisclosureError(
            f"The {found.model} model of {prototype} is {NOT_OUTSIDE}: {' '.join(found.reasons)}",
            "A model that could give people away stays in the house, and so do its copies.",
            next_step="Train with more cases in each leaf, fewer features, or on more cohorts.",
        )
    if folder.exists() and any(folder.iterdir()) and not (folder / FILE).is_file():
        raise DisclosureError(
            f"{folder} holds something other than a public copy.",
            "The copy takes the place of everything in its folder.",
            next_step="Name a new or empty folder.",
        )
    written = public_copy(training.model, threshold=policy(project).threshold).save(folder)
    return written, () if found.shareable else found.reasons
