"""Whether the model itself could give a person away whom it learned from, and whether it may be shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.membership import Attack, membership_attacks
from riskmodel.evaluation.structure import Structure, structure

#: The three answers, in order of how much they allow.
MAY_BE_SHARED = "the public copy may be shared"
ASK_FIRST = "to be shared only after a person has looked at it"
NOT_OUTSIDE = "not to be shared outside"

#: Fewest training cases behind a leaf or a yes-or-no term, and fewest residual degrees of freedom.
LEAST_CASES = 10
LEAST_SPARE = 10
#: An attack this good is too good (0.5 is guessing); and so good that a person should look.
TOO_GOOD = 0.6
NOTEWORTHY = 0.55


@dataclass(frozen=True)
class Privacy:
    """What was found about the model as something that leaves the house.

    Attributes
    ----------
    model : str
        Name of the model.
    structure : Structure or None
        The smallest groups its fitted values rest on.
    attacks : tuple of Attack
    verdict : str
        `MAY_BE_SHARED`, `ASK_FIRST` or `NOT_OUTSIDE`.
    reasons : tuple of str
        Sentences, most serious first.
    """

    model: str
    structure: Structure | None
    attacks: tuple[Attack, ...]
    verdict: str
    reasons: tuple[str, ...]

    @property
    def shareable(self) -> bool:
        """Whether a public copy may be made without asking anybody."""
        return self.verdict == MAY_BE_SHARED


def privacy(context: Context) -> Privacy:
    """Look into the lead model, attack it, and say whether a copy may be given away.

    Parameters
    ----------
    context : Context
    """
    context.progress.step("Attacking the model's privacy", None)
    inside = structure(context, LEAST_CASES)
    attacks = membership_attacks(context)
    verdict, reasons = judge(inside, attacks)
    return Privacy(context.lead.name, inside, attacks, verdict, reasons)


def judge(inside: Structure | None, attacks: Sequence[Attack]) -> tuple[str, tuple[str, ...]]:
    """Come to one of three answers by a stated rule.

    "Not to be shared outside" when a leaf rests on fewer than 10 training cases, fewer than 10 degrees of freedom are
    left, or an attack's whole interval lies above 0.6. "To be shared only after a person has looked at it" when a
    yes-or-no term rests on fewer than 10 cases, all cases of a leaf or of a term's rarer side had the outcome, an
    attack reaches 0.6, or its whole interval lies above 0.55, or nothing could be attacked. For trees, the degrees of
    freedom are not counted: their leaves are shrunken sums, no free parameters.

    Parameters
    ----------
    inside : Structure or None
    attacks : sequence of Attack

    Returns
    -------
    tuple
        The verdict and the reasons.

    Notes
    -----
    The structural rules follow those of SACRO-ML for decision trees and logistic models, with ten cases in place of
    five for a leaf (Smith and others 2022, "Safe machine learning model release").
    """
    against, doubts = _inside(inside)
    for attack in attacks:
        value, low = attack.auroc.value, attack.auroc.low
        said = f"An attack by the model's scores tells members from others with an AUROC of {attack.auroc.text(2)}"
        if low is not None and low > TOO_GOOD:
            against.append(f"{said}: surely above {TOO_GOOD:g}.")
        elif value is not None and (value >= TOO_GOOD or (low is not None and low > NOTEWORTHY)):
            doubts.append(f"{said}: it may be above {TOO_GOOD:g}.")
    if not attacks:
        doubts.append("There are too few training households to attack the model.")
    if against:
        return NOT_OUTSIDE, tuple(against + doubts)
    if doubts:
        return ASK_FIRST, tuple(doubts)
    return MAY_BE_SHARED, (
        "No part of the model rests on a handful of cases, and no attack on it does much better than guessing.",
    )


def _inside(found: Structure | None) -> tuple[list[str], list[str]]:
    if found is None:
        return [], ["Its form is not known, so nobody has looked into it."]
    few = f"fewer than {found.least_allowed} training cases"
    against, doubts = [], []
    if found.kind == "trees" and found.small:
        against.append(f"At least one leaf of its trees rests on {few}.")
    if found.kind == "terms" and found.spare < LEAST_SPARE:
        against.append(f"Fewer than {LEAST_SPARE} degrees of freedom are left: it nearly repeats its training cases.")
    if found.kind == "terms" and found.small:
        doubts.append(f"A yes-or-no term rests on {few}: {', '.join(found.named)}.")
    if found.pure:
        where = "a leaf" if found.kind == "trees" else "the rarer side of a term"
        doubts.append(f"Everybody in {where} had the outcome, so belonging there tells it.")
    return against, doubts
