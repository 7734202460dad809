"""Whose words a reason may use: features that may be quoted to those who see a score, and features that may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskmodel.declare.feature import Feature
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError, nearest_name

if TYPE_CHECKING:
    from riskmodel.declare.prototype import Prototype


def quoted(prototype: Prototype) -> frozenset[str]:
    """Names of the features whose labels may be given as a reason.

    With ``reasons_from``, those it names. Without it, every feature none of whose sources (its scope's too) says
    ``quotable=False`` or, saying nothing, holds criminal records: a list of reasons may be read at home, and a person
    who asks for their own data must not learn from it that somebody told the police.
    """
    if prototype.reasons_from is not None:
        return frozenset(prototype.reasons_from)
    return frozenset(f.name for f in prototype.features if all(source.may_be_quoted for source in sources_of(f)))


def check_quoting(prototype: Prototype) -> None:
    """Refuse an approved phrase list that names no feature, or one whose source may never be quoted."""
    if prototype.reasons_from is None:
        return
    by_name = {feature.name: feature for feature in prototype.features}
    unknown = [name for name in prototype.reasons_from if name not in by_name]
    if unknown:
        raise DeclarationError(
            f"reasons_from= of prototype '{prototype.name}' names {_listed(unknown)}, not among its features.",
            "Reasons are the labels of the prototype's own features.",
            nearest=nearest_name(str(unknown[0]), by_name),
            next_step="Correct the name, or add the feature.",
        )
    barred = [name for name in prototype.reasons_from if any(s.quotable is False for s in sources_of(by_name[name]))]
    if barred:
        raise DeclarationError(
            f"reasons_from= of prototype '{prototype.name}' names {_listed(barred)}, from a source that says "
            "quotable=False.",
            "What a partner has sent on the condition that it is not quoted is never given as a reason.",
            next_step="Leave the feature out of reasons_from=; the model may still use it.",
        )


def sources_of(feature: Feature) -> tuple[Source, ...]:
    """Return the source of a feature and, where it has a scope, the source of the memberships."""
    return (feature.source,) if feature.of is None else (feature.source, feature.of.via)


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
