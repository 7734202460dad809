"""Whether the model itself could give a person away whom it learned from, and whether it may be shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.membership import Attack, membership_attacks
from riskmodel.evaluation.privacy_rules import USUAL_RULES, PrivacyRules
from riskmodel.evaluation.structure import Structure, structure

#: The three answers, in order of how much they allow.
MAY_BE_SHARED = "the public copy may be shared"
ASK_FIRST = "to be shared only after a person has looked at it"
NOT_OUTSIDE = "not to be shared outside"


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
    rules : PrivacyRules
        The limits it was judged by.
    """

    model: str
    structure: Structure | None
    attacks: tuple[Attack, ...]
    verdict: str
    reasons: tuple[str, ...]
    rules: PrivacyRules = USUAL_RULES

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
    rules = context.privacy
    inside = structure(context, rules.least_leaf, rules.leaf_k)
    attacks = membership_attacks(context)
    verdict, reasons = judge(inside, attacks, rules)
    return Privacy(context.lead.name, inside, attacks, verdict, reasons, rules)


def judge(
    inside: Structure | None, attacks: Sequence[Attack], rules: PrivacyRules = USUAL_RULES
) -> tuple[str, tuple[str, ...]]:
    """Come to one of three answers by a stated rule, here with the usual limits.

    "Not to be shared outside" when a leaf rests on fewer than 10 training cases, fewer than 10 degrees of freedom are
    left, or an attack's whole interval lies above 0.6. "To be shared only after a person has looked at it" when a
    yes-or-no term rests on fewer than 10 cases, all cases of a leaf or of a term's rarer side had the outcome, an
    attack reaches 0.6, or its whole interval lies above 0.55, or nothing could be attacked. For trees, the degrees of
    freedom are not counted: their leaves are shrunken sums, no free parameters.

    Parameters
    ----------
    inside : Structure or None
    attacks : sequence of Attack
    rules : PrivacyRules

    Returns
    -------
    tuple
        The verdict and the reasons.

    Notes
    -----
    The structural rules follow those of SACRO-ML for decision trees and logistic models, with ten cases in place of
    five for a leaf (Smith and others 2022, "Safe machine learning model release").
    """
    against, doubts = _inside(inside, rules)
    for attack in attacks:
        value, low = attack.auroc.value, attack.auroc.low
        said = f"An attack by the model's scores tells members from others with an AUROC of {attack.auroc.text(2)}"
        if low is not None and low > rules.membership_limit:
            against.append(f"{said}: surely above {rules.membership_limit:g}.")
        elif value is not None and (
            value >= rules.membership_limit or (low is not None and low > rules.membership_review)
        ):
            doubts.append(f"{said}: it may be above {rules.membership_limit:g}.")
    if not attacks:
        doubts.append("There are too few training households to attack the model.")
    if against:
        return NOT_OUTSIDE, tuple(against + doubts)
    if doubts:
        return ASK_FIRST, tuple(doubts)
    return MAY_BE_SHARED, (
        "No part of the model rests on a handful of cases, and no attack on it does much better than guessing.",
    )


def _inside(found: Structure | None, rules: PrivacyRules) -> tuple[list[str], list[str]]:
    if found is None:
        return [], ["Its form is not known, so nobody has looked into it."]
    few = f"fewer than {found.least_allowed} training cases"
    against, doubts = [], []
    if found.kind == "trees" and found.small:
        against.append(f"At least one leaf of its trees rests on {few}.")
    if found.kind == "terms" and found.spare < (least := rules.degrees_of_freedom):
        against.append(f"Fewer than {least} degrees of freedom are left: it nearly repeats its training cases.")
    if found.kind == "terms" and found.small:
        doubts.append(f"A yes-or-no term rests on {few}: {', '.join(found.named)}.")
    if found.pure:
        where = "a leaf" if found.kind == "trees" else "the rarer side of a term"
        doubts.append(f"Everybody in {where} had the outcome, so belonging there tells it.")
    return against, doubts
