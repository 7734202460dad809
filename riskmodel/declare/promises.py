"""What a prototype promises: its success criteria and baselines name things that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskmodel.declare.criterion import GROUP_METRICS, METRICS, Criterion
from riskmodel.errors import DeclarationError, nearest_name

if TYPE_CHECKING:
    from riskmodel.declare.prototype import Prototype


def check_promises(prototype: Prototype) -> None:
    """Refuse criteria that cannot be judged, and rules of thumb that are not among the features."""
    if not prototype.success:
        raise DeclarationError(
            f"Prototype '{prototype.name}' has no success criteria.",
            "What a model must reach is written down before it is trained.",
            next_step="List what it must reach, such as success=[at_least('auroc', 0.65)].",
        )
    _check_rules_of_thumb(prototype)
    _check_area(prototype)
    for criterion in prototype.success:
        _check_metric(prototype, criterion)
        _check_baseline(prototype, criterion)
        _check_attribute(prototype, criterion)


def _check_rules_of_thumb(prototype: Prototype) -> None:
    names = [feature.name for feature in prototype.features]
    for setting in ("baseline_flag", "current_rule"):
        name = getattr(prototype, setting)
        if name is not None and name not in names:
            raise DeclarationError(
                f"{setting}= of prototype '{prototype.name}' names '{name}', which is not one of its features.",
                "A model is compared with a rule of thumb that uses one of its own features.",
                nearest=nearest_name(str(name), names),
                next_step="Correct the name or add the feature.",
            )


def _check_area(prototype: Prototype) -> None:
    wants = [c.text for c in prototype.success if c.baseline == "area_rate"]
    if prototype.cohort.area is None and (wants or prototype.output.value == "area"):
        what = f"wants '{wants[0]}'" if wants else "gives counts for areas"
        raise DeclarationError(
            f"Prototype '{prototype.name}' {what}, but its cohort has no area.",
            "An area rate needs to know where each case belongs.",
            next_step="Name a column in the cohort's area=.",
        )


def _check_metric(prototype: Prototype, criterion: Criterion) -> None:
    known = GROUP_METRICS if criterion.kind == "group_gap" else METRICS
    if criterion.metric not in known:
        raise DeclarationError(
            f"Prototype '{prototype.name}' has a criterion on '{criterion.metric}'.",
            f"A criterion of this kind is on one of {', '.join(known)}.",
            nearest=nearest_name(criterion.metric, known),
            next_step="Correct the name.",
        )


def _check_baseline(prototype: Prototype, criterion: Criterion) -> None:
    if criterion.kind != "better_than":
        return
    there = {"base_rate": True, "area_rate": True}
    there |= {"simple": prototype.baseline_flag is not None, "current_rule": prototype.current_rule is not None}
    name = str(criterion.baseline)
    if name not in there:
        raise DeclarationError(
            f"Prototype '{prototype.name}' wants to be better than '{name}'.",
            f"The baselines are {', '.join(there)}.",
            nearest=nearest_name(name, there),
            next_step="Correct the name.",
        )
    if not there[name]:
        setting = "baseline_flag" if name == "simple" else "current_rule"
        raise DeclarationError(
            f"Prototype '{prototype.name}' wants to be better than '{name}' but has no {setting}.",
            f"The baseline '{name}' is made from the feature that {setting}= names.",
            next_step=f"Add {setting}='...' with the name of a feature.",
        )


def _check_attribute(prototype: Prototype, criterion: Criterion) -> None:
    names = [*(attribute.name for attribute in prototype.audit), *prototype.outcome.audit]
    if criterion.kind == "group_gap" and criterion.attribute not in names:
        raise DeclarationError(
            f"Prototype '{prototype.name}' compares groups of '{criterion.attribute}', which it does not audit.",
            "Groups are compared by an attribute in audit= of the prototype or of its outcome.",
            nearest=nearest_name(str(criterion.attribute), names),
            next_step="Correct the name or add the attribute.",
        )
