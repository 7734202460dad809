"""Whether the figures of a card, rounded and in part withheld as they are printed, can all be true at once."""

from __future__ import annotations

from collections.abc import Mapping

from riskmodel.evaluation.arithmetic import Printed, judge_figures
from riskmodel.reporting.figures import Figure
from riskmodel.reporting.groups import PrintedGroup
from riskmodel.reporting.material import Material
from riskmodel.reporting.numbers import PrintedCapacity, PrintedModel

#: A printed percentage without decimals may be off by so much.
_HALF = 0.005


def contradictions_in_print(material: Material) -> tuple[str, ...]:
    """Say which printed figures of one list, or of one group, cannot be true together; empty when all can.

    Shares are printed from rounded counts (`riskmodel.reporting.figures.shared`), so each is allowed to be off by what
    that rounding may do and by its last digit. What is withheld takes no part.

    Parameters
    ----------
    material : Material
    """
    step = material.policy.rounding / 2
    n, events = (float(material.evaluation.test[name]) for name in ("n", "events"))
    found: list[str] = []
    for model in material.models.values():
        for point in model.capacity:
            found += _of_list(model, point, n, events, step)
    for group in material.groups:
        found += _of_group(group, step)
    return tuple(found)


def _of_list(model: PrintedModel, point: PrintedCapacity, n: float, events: float, step: float) -> list[str]:
    shares = {
        "precision": (point.precision, point.share * n),
        "recall": (point.recall, events),
        "prevalence": (Figure("", events / n), n),
        "selection_rate": (Figure("", point.share), n),
    }
    return _judged(f"{model.label}, {point.words.lower()}", shares, step)


def _of_group(group: PrintedGroup, step: float) -> list[str]:
    n, events = group.n.value, group.events.value
    if n is None or events is None:
        return []
    picked = n * (group.picked.value or 0.0)
    shares = {
        "prevalence": (group.base_rate, n),
        "selection_rate": (group.picked, n),
        "recall": (group.found, events),
        "false_positive_rate": (group.wrongly_picked, n - events),
        "precision": (group.right, picked),
    }
    return _judged(f"{group.label}: {group.group}", shares, step)


def _judged(name: str, shares: Mapping[str, tuple[Figure, float]], step: float) -> list[str]:
    figures = {
        metric: Printed(figure.value, _HALF + step * (1 + figure.value) / max(whole - step, step))
        for metric, (figure, whole) in shares.items()
        if figure.value is not None and whole > 0
    }
    if len(figures) < 3:  # any two of these can be true together
        return []
    return [f"{name}: {reason}" for reason in judge_figures(figures, name=name).reasons]
