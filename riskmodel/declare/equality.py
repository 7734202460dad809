"""What a prototype declares for its fairness evidence: intersections, assumed recording, what it could drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskmodel.errors import DeclarationError, nearest_name

if TYPE_CHECKING:
    from riskmodel.declare.prototype import Prototype

#: The key of `reporting_ratios` that speaks of the largest group itself.
EVERYONE = "everyone"


def check_equality(prototype: Prototype) -> None:
    """Refuse fairness settings that name what is not there, or assume what cannot be."""
    audited = [*(attribute.name for attribute in prototype.audit), *prototype.outcome.audit]
    _check_intersections(prototype, audited)
    _check_ratios(prototype, audited)
    _check_could_drop(prototype)


def _check_intersections(prototype: Prototype, audited: list[str]) -> None:
    pairs = prototype.intersections
    unknown = [name for pair in pairs for name in pair if name not in audited]
    odd = [pair for pair in pairs if len(pair) != 2 or len(set(pair)) != 2]
    repeated = len({frozenset(pair) for pair in pairs}) < len(pairs)
    if unknown or odd or repeated:
        what = f"'{unknown[0]}', which it does not audit" if unknown else "a pair that is not two, or one pair twice"
        raise DeclarationError(
            f"intersections= of prototype '{prototype.name}' names {what}.",
            "An intersection is a pair of different audit attributes, listed once, before anybody looks.",
            nearest=nearest_name(unknown[0], audited) if unknown else None,
            next_step="Write pairs of names from audit= of the prototype or of its outcome.",
        )


def _check_ratios(prototype: Prototype, audited: list[str]) -> None:
    ratios = prototype.reporting_ratios
    known = [EVERYONE, *audited]
    unknown = [key for key in ratios if key.partition(":")[0].strip() not in known]
    wrong = [key for key, ends in ratios.items() if len(ends) != 2 or not 0 < ends[0] <= ends[1] <= 1]
    if unknown:
        raise DeclarationError(
            f"reporting_ratios= of prototype '{prototype.name}' names '{unknown[0]}', which it does not audit.",
            "A key is an audit attribute, 'attribute: group', or 'everyone' for the largest group itself.",
            nearest=nearest_name(unknown[0], known),
            next_step="Correct the name or add the attribute.",
        )
    if wrong:
        raise DeclarationError(
            f"reporting_ratios= of prototype '{prototype.name}' gives '{wrong[0]}' a range that cannot be.",
            "A range is two shares above 0 and at most 1, the lower one first.",
            next_step="Write six to ten recorded of every ten as (0.6, 1.0).",
        )


def _check_could_drop(prototype: Prototype) -> None:
    names = [feature.name for feature in prototype.features]
    known = [*names, *(feature.theme for feature in prototype.features if feature.theme)]
    unknown = [name for name in prototype.could_drop if name not in known]
    if unknown or set(prototype.could_drop) >= set(names):
        what = f"'{unknown[0]}', which is neither a feature nor a theme" if unknown else "every feature"
        raise DeclarationError(
            f"could_drop= of prototype '{prototype.name}' names {what}.",
            "It names features, or whole themes, that the model might do without.",
            nearest=nearest_name(unknown[0], known) if unknown else None,
            next_step="Correct the name.",
        )
