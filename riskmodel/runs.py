"""What the steps of a project left behind in its folder of runs, loaded only while it still belongs together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.errors import ProjectError

if TYPE_CHECKING:
    from riskmodel.engine.matrix import DesignMatrix
    from riskmodel.evaluation.evidence import Evidence
    from riskmodel.evaluation.results import Evaluation, Verdict
    from riskmodel.modelling.refits import Refits
    from riskmodel.modelling.training import Training
    from riskmodel.project import Project


def load_matrix(project: Project, prototype: str) -> DesignMatrix:
    """Load the saved design matrix of a prototype."""
    from riskmodel.engine.matrix import DesignMatrix

    return DesignMatrix.load(made(project.run_folder(prototype) / "matrix", f"riskmodel train {prototype}"))


def load_training(project: Project, prototype: str) -> Training:
    """Load the trained models of a prototype, and refuse them when its declaration has changed since."""
    from riskmodel.modelling.train import Training

    training = Training.load(made(project.run_folder(prototype) / "models", f"riskmodel train {prototype}"))
    if training.prototype_digest != project.prototype(prototype).digest():
        raise ProjectError(
            f"The declaration of {prototype} has changed since its models were trained.",
            rule="A model belongs to the exact declaration it was trained on.",
            next_step=f"Train it again: riskmodel run {prototype}",
        )
    return training


def load_refits(project: Project, prototype: str, training: Training) -> Refits | None:
    """Load the refits of the lead model, from which the band of a score is read; None when there are none."""
    from riskmodel.modelling.refits import Refits

    folder = project.run_folder(prototype) / "refits"
    return Refits.load(folder, training.model) if folder.exists() else None


def load_evaluation(project: Project, prototype: str) -> Evaluation:
    """Load the saved evaluation of a prototype."""
    from riskmodel.evaluation.results import Evaluation

    return Evaluation.load(made(project.run_folder(prototype) / "evaluation.json", f"riskmodel evaluate {prototype}"))


def load_evidence(project: Project, prototype: str) -> Evidence:
    """Load what was gathered beyond the figures of the last evaluation."""
    from riskmodel.evaluation.evidence import Evidence

    return Evidence.load(made(project.run_folder(prototype) / "evidence.json", f"riskmodel evaluate {prototype}"))


def made(path: Path, command: str) -> Path:
    if not path.exists():
        raise ProjectError(
            f"{path} does not exist.",
            rule="Each step reads what the one before it wrote.",
            next_step=f"Run first: {command}",
        )
    return path


def verdict_on(project: Project, prototype: str, training: Training) -> Verdict:
    """Return the verdict on these very models; an evaluation of others says nothing about them."""
    result = load_evaluation(project, prototype)
    judged = result.generated_from["model_digests"]
    if judged.get(training.lead) != training.model.digest:
        raise ProjectError(
            f"The models of {prototype} have been trained again since they were evaluated.",
            rule="A score needs the verdict on the very model that gives it.",
            next_step=f"Evaluate them: riskmodel evaluate {prototype}",
        )
    return result.verdict
