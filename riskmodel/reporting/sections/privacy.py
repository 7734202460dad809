"""Whether the model itself could give away a person whom it learned from."""

from __future__ import annotations

from typing import Literal

from riskmodel.evaluation.membership import Attack
from riskmodel.evaluation.privacy import ASK_FIRST, MAY_BE_SHARED, Privacy
from riskmodel.evaluation.structure import Structure
from riskmodel.reporting import wording
from riskmodel.reporting.document import Block, Callout, Cell, Facts, Section, Table, Text, table
from riskmodel.reporting.figures import Figure, counted, measured, number, proportion, share_digits, shared
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import sentence

_ATTACKS = {
    "confidence": "How sure the model is of what happened to somebody",
    "calibrated": "The same, less how sure it would be of such a person in any case",
    "test": "The model itself: training cases against test cases (drift between years may add to it)",
}


def privacy(material: Material) -> Section | None:
    """What the model holds about single people, how attacks on it fare, and whether a copy may be shared."""
    found = material.evidence.privacy if material.evidence else None
    if found is None:
        return None
    blocks: list[Block] = [
        Text(
            "A model can give people away even when nobody's record is in it: a part of it may rest on a handful of "
            "cases, or it may be surer of those whom it learned from than of others, so that somebody who knows a "
            "person's record could tell that the person was among them."
        ),
        _verdict(found, material),
    ]
    if found.structure is not None:
        blocks += [Text(_what_it_rests_on(found.structure)), _inside(found.structure, material)]
    if found.attacks:
        blocks += [Text(_best_attack(found)), _attacks(found, material)]
    return Section("privacy", "Could the model give somebody away", tuple(blocks))


def _verdict(found: Privacy, material: Material) -> Callout:
    tones: dict[str, Literal["good", "caution"]] = {MAY_BE_SHARED: "good", ASK_FIRST: "caution"}
    reasons = material.spoken(" ".join(found.reasons))
    for name in found.structure.named if found.structure else ():
        reasons = reasons.replace(name, wording.in_words(name))  # terms that are no measure by themselves
    return Callout(tones.get(found.verdict, "stop"), sentence(found.verdict), reasons)


def _what_it_rests_on(found: Structure) -> str:
    """What the parts of a model are, for somebody who never saw one."""
    if found.kind == "terms":
        return (
            "The model adds up terms. A term that is yes or no tells something about those with the rarer answer, so "
            "it must not rest on a few people."
        )
    return (
        "The model is made of many small trees of questions. A leaf is where a tree ends: its value was learned from "
        "the training cases that end up there, so these must not be few. All trees together tell most people apart, "
        "as their names would; nobody outside sees these paths, so the last figure decides nothing."
    )


def _best_attack(found: Privacy) -> str:
    """How often the best attack is right, in words."""
    best = max((one.auroc.value for one in found.attacks if one.auroc.value is not None), default=None)
    if best is None:
        return "No attack could be measured."
    return (
        "Shown one person whom the model learned from and one whom it did not, the best of these attacks picks the "
        f"right one about {100 * best:.0f} times in 100. Guessing is right 50 times."
    )


def _inside(found: Structure, material: Material) -> Facts:
    policy, trees = material.policy, found.kind == "trees"
    few = f"fewer than {found.least_allowed} training cases"
    rows: list[tuple[str, Cell]] = [("Training cases", counted(found.cases, policy))]
    if trees:
        rows.append(("Leaves of all its trees", number(float(found.parameters), digits=0)))
        rows.append(("Training cases in its smallest leaf", counted(found.least, policy)))
    else:
        rows.append(("Terms", number(float(found.parameters), digits=0)))
        rows.append(("Cases for each term", number(found.cases / max(found.parameters, 1), digits=0)))
        rows.append(("Training cases on the rarer side of a yes-or-no term, at least", counted(found.least, policy)))
    what = "Leaves" if trees else "Yes-or-no terms"
    rows.append((f"{what} with {few}", "none" if not found.small else "some"))
    rows.append((f"{what} in which everybody had the outcome", "none" if not found.pure else "some"))
    if found.alone is not None:
        rows.append(
            (
                f"Training cases whose path through all trees is shared by fewer than {found.k} of them",
                _alone(found, material),
            )
        )
    return Facts(tuple(rows))


def _alone(found: Structure, material: Material) -> Figure:
    """A share of training cases; nearly all of them is no news, as many trees together tell nearly everybody apart."""
    alone = found.alone
    if alone is None or alone.value is None:
        return measured(None)
    if alone.n - alone.events < material.policy.threshold:
        return proportion(1.0)
    return shared(alone.events, alone.n, material.policy)


def _attacks(found: Privacy, material: Material) -> Table:
    rows = [_attack(attack) for attack in found.attacks]
    n = counted(found.attacks[0].auroc.n, material.policy).text
    return table(
        "membership",
        f"Attempts to tell whom the model learned from, on {n} cases",
        ("What the attacker goes by", "Told apart (AUROC)", "Reached by chance", "Share of chance as good"),
        rows,
        note=f"0.5 is guessing, 1 is certainty; above {found.rules.membership_limit:g} is too much. "
        f"{material.brackets} Reached by chance: what 97.5% of attacks reach when membership is shuffled among "
        f"{material.units}. In the first two rows the model is fitted again on half of the training "
        f"{material.units} and attacked with the other half, so that only memory can tell them apart.",
    )


def _attack(attack: Attack) -> tuple[Cell, ...]:
    return (
        _ATTACKS[attack.name],
        measured(attack.auroc, digits=3),
        number(attack.by_chance, digits=3),
        proportion(attack.p, digits=share_digits(attack.p, 1_000)),
    )
