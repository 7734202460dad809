"""The limits by which the privacy of a model is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PrivacyRules:
    """Limits that a project sets once, under [disclosure] in riskmodel.toml.

    Attributes
    ----------
    least_leaf : int
        Fewest training cases that a leaf, or the rarer side of a yes-or-no term, may rest on.
    leaf_k : int
        Training cases whose path through all trees is shared by fewer than this count as alone.
    degrees_of_freedom : int
        Fewest residual degrees of freedom of a logistic model.
    membership_limit : float
        An attack whose whole interval lies above this AUROC is too good (0.5 is guessing).
    membership_review : float
        An attack whose whole interval lies above this sends the model to a person.
    """

    least_leaf: int = 10
    leaf_k: int = 10
    degrees_of_freedom: int = 10
    membership_limit: float = 0.6
    membership_review: float = 0.55


#: What holds when a project writes nothing.
USUAL_RULES = PrivacyRules()
