"""A card that could be subtracted from an earlier release prints the earlier figures again where few people changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel.errors import DisclosureError, RiskModelError
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.results import Evaluation
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.files import atomic_write
from riskmodel.reporting.releases import differences, load_releases

if TYPE_CHECKING:
    from riskmodel.reporting.card import ModelCard

#: Names under which the inputs of a card hold counts of people or records.
_COUNTS = frozenset({
    "n", "events", "n_selected", "unlabelled", "for_test", "for_training", "learnt", "tested", "outside_n", "rows",
    "outside_events", "unlabelled_elsewhere", "visits", "left_out", "components", "train_n", "train_events", "cases",
})  # fmt: skip
#: Names of mappings and lists of nothing but counts.
_ALL_COUNTS = frozenset({"dropped", "by_as_of", "registered"})
#: What tells two members of a list apart; members without any of them are matched by their place.
_NAMED_BY = (
    "attribute",
    "attributes",
    "group",
    "groups",
    "name",
    "step",
    "text",
    "as_of",
    "area",
    "share",
    "low",
    "what",
)


@dataclass(frozen=True)
class CardInputs:
    """What a card is composed from, besides declaration and statements, with exact counts."""

    evaluation: Evaluation
    matrix: Mapping[str, Any]
    warehouse: Mapping[str, Any]
    training: Mapping[str, Any]
    evidence: Evidence | None = None

    def save(self, path: Path) -> Path:
        """Write them to a file that its owner alone may read: they hold exact counts and are no part of the card."""
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, json.dumps(encode(self), allow_nan=False))
        path.chmod(0o600)
        return path

    @classmethod
    def load(cls, path: Path) -> CardInputs:
        """Read what `save` wrote."""
        plain = json.loads(path.read_text(encoding="utf-8"))
        evidence = plain["evidence"]
        return cls(
            Evaluation.from_dict(plain["evaluation"]), plain["matrix"], plain["warehouse"], plain["training"],
            None if evidence is None else decode(Evidence, evidence),
        )  # fmt: skip


def held_to(new: CardInputs, old: CardInputs, threshold: int) -> CardInputs:
    """The new inputs, with the old count wherever the two differ by fewer people than the threshold.

    Figures of a list (shares, rankings, risks) are held as well where the model is the same and the people they are
    about are; another model makes another list. What differs by the threshold or more stays as it is now.

    Parameters
    ----------
    new, old
        Inputs of the card to be released, and of an earlier release.
    threshold
        Of the policy.

    Examples
    --------
    >>> _held({"n": 1466, "seed": 7}, {"n": 1463, "seed": 3}, 10, same_model=True)
    {'n': 1463, 'seed': 7}
    """
    lead = new.evaluation.lead
    digests = [one.evaluation.generated_from.get("model_digests", {}).get(lead) for one in (new, old)]
    same_model = digests[0] is not None and digests[0] == digests[1]
    now, before = encode(new), encode(old)
    held = {name: _held(now[name], before[name], threshold, same_model=same_model) for name in now}
    evidence = None if held["evidence"] is None else decode(Evidence, held["evidence"])
    evaluation = Evaluation.from_dict(held["evaluation"])
    return CardInputs(evaluation, held["matrix"], held["warehouse"], held["training"], evidence)


def beside_releases(
    card: ModelCard, inputs: CardInputs, compose: Callable[[CardInputs, str], ModelCard], cards: Path, kept: Path
) -> tuple[ModelCard, CardInputs]:
    """The card as it is when it cannot be subtracted from a release; else, if that helps, with earlier figures again.

    Parameters
    ----------
    card, inputs
        The card to be released, and what it was composed from.
    compose
        Composes a card from inputs, with a note for its section on small numbers.
    cards
        The folder of this card, with the records of its releases.
    kept
        Folder of the inputs of earlier releases.

    Returns
    -------
    tuple
        The card to be released and its inputs. It may still be refused (`riskmodel.reporting.releases`).
    """
    earlier = load_releases(cards)
    plain = json.loads(card.json())
    found = differences(plain, earlier)
    if not found:
        return card, inputs
    held, names = inputs, []
    threshold = int(plain["facts"]["disclosure"]["threshold"])
    for name in sorted({one.release for one in found}, reverse=True):
        if (path := kept / f"{name}.json").exists():
            held = held_to(held, CardInputs.load(path), threshold)
            names.append(name)
    try:
        again = compose(held, _note(sorted(names), threshold))
    except RiskModelError:  # old and new figures do not go together: the card is refused as it is
        return card, inputs
    if names and not differences(json.loads(again.json()), earlier):
        return again, held
    return card, inputs


def with_note(card: ModelCard, note: str) -> ModelCard:
    """The card with a note in its section on small numbers."""
    from riskmodel.reporting.document import Text

    sections = tuple(
        replace(section, blocks=(*section.blocks, Text(note))) if section.key == "disclosure" else section
        for section in card.document.sections
    )
    return replace(card, document=replace(card.document, sections=sections))


def _note(releases: list[str], threshold: int) -> str:
    which = f"release {releases[0]}" if len(releases) == 1 else f"releases {', '.join(releases)}"
    return (
        f"Records were corrected since {which}. A count that changed by fewer than {threshold} people is printed as it "
        "was there, and so is what was worked out from it for the same list; otherwise the two cards could be "
        "subtracted to learn about a few people."
    )


def _held(new: Any, old: Any, least: int, *, same_model: bool, counts: bool = False) -> Any:
    if isinstance(new, dict) and isinstance(old, dict):
        if _same_figure(new, old, least, same_model=same_model):
            return old
        return {
            key: _held(item, old.get(key), least, same_model=same_model, counts=counts or key in _ALL_COUNTS | _COUNTS)
            for key, item in new.items()
        }
    if isinstance(new, list) and isinstance(old, list):
        return [_held(one, _match(one, place, new, old), least, same_model=same_model, counts=counts)
                for place, one in enumerate(new)]  # fmt: skip
    return old if counts and _number(new) and _number(old) and abs(new - old) < least else new


def _same_figure(new: Mapping[str, Any], old: Mapping[str, Any], least: int, *, same_model: bool) -> bool:
    """Whether both are one figure (with its interval) of nearly the same people, so that the old one may stand."""
    if not same_model or not {"n", "events", "low"} <= new.keys() or new.keys() != old.keys():
        return False
    near = all(_number(new[k]) and _number(old[k]) and abs(new[k] - old[k]) < least for k in ("n", "events"))
    pairs = [(new.get(key), old.get(key)) for key in ("value", "observed") if key in new]
    if not near or any((a is None) != (b is None) for a, b in pairs):
        return False
    return all(a is None or abs(a - b) * (new["n"] if abs(a) <= 1 else 1) < least for a, b in pairs)


def _match(one: Any, place: int, new: list[Any], old: list[Any]) -> Any:
    """The member of the old list that stands for the same thing."""
    names = [key for key in _NAMED_BY if isinstance(one, dict) and isinstance(one.get(key), str | int | float | list)]
    if names:
        alike = [other for other in old if isinstance(other, dict) and all(other.get(k) == one[k] for k in names)]
        return alike[0] if len(alike) == 1 else None
    return old[place] if len(new) == len(old) else None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def newest_release(cards: Path) -> str:
    """Name of the newest release of a card.

    Raises
    ------
    DisclosureError
        If there is none.
    """
    names = list(load_releases(cards))
    if not names:
        raise DisclosureError(
            f"{cards} holds no release.", "Inputs are kept for a release.", next_step="Release the card first."
        )
    return names[-1]
