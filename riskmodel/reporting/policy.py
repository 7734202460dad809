"""The one set of disclosure rules of a project: what riskmodel.toml says under [disclosure], or ACRO's own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from riskmodel.errors import DisclosureError
from riskmodel.evaluation.privacy_rules import PrivacyRules
from riskmodel.reporting.acro import read_acro

_NEXT = "Correct [disclosure] in riskmodel.toml; the usual values are threshold = 10, rounding = 5."


@dataclass(frozen=True)
class Policy:
    """The house rules for printing counts of people.

    Parameters
    ----------
    threshold
        Counts below this, and counts whose complement is below it, never appear.
    rounding
        Every other count is rounded to the nearest multiple of this.
    minimum_denominator
        No percentage is printed of fewer people than this.
    dominance_n, dominance_k
        A sum (of money, of hours) is not printed when its `dominance_n` largest contributors make up more than the
        share `dominance_k` of it.
    dominance_p
        Nor when what is left without the two largest contributors is less than this share of the largest: the second
        could then work the largest out too closely (the p % rule).
    degrees_of_freedom
        A fitted model needs at least so many more cases than coefficients.
    zeros_disclose
        Whether a count of nought (or of everybody) tells something about each member of a group. The library's own
        cards and pages always take it so; this is for the tables of others.
    review_missing
        Whether a table with blank cells must be looked at by a person.
    least_leaf, leaf_k, membership_limit, membership_review
        Limits by which a model's own privacy is judged; see `riskmodel.evaluation.privacy_rules.PrivacyRules`.

    Raises
    ------
    DisclosureError
        If the rules would print exact small counts, or cannot be kept.

    Examples
    --------
    >>> Policy().words()
    'Counts of fewer than 10 people, and counts that would leave fewer than 10, are withheld; others are rounded to \
the nearest 5. Percentages are taken from rounded counts, and not of fewer than 20 people.'
    """

    threshold: int = 10
    rounding: int = 5
    minimum_denominator: int = 20
    dominance_n: int = 2
    dominance_k: float = 0.9
    dominance_p: float = 0.1
    degrees_of_freedom: int = 10
    zeros_disclose: bool = True
    review_missing: bool = False
    least_leaf: int = 10
    leaf_k: int = 10
    membership_limit: float = 0.6
    membership_review: float = 0.55

    def __post_init__(self) -> None:
        if not 1 <= self.rounding <= self.threshold:
            raise DisclosureError(
                f"Disclosure rules with threshold {self.threshold} and rounding {self.rounding} do not protect "
                f"anybody.",
                "The rounding must be at least 1 and at most the threshold.",
                next_step=_NEXT,
            )
        wrong = [f"{name} = {value} is not {kept}" for name, value, kept, right in self._limits() if not right]
        if wrong:
            raise DisclosureError(
                f"Disclosure rules that cannot be kept: {'; '.join(wrong)}.",
                "Shares lie between 0 and 1, numbers of people are whole and not negative.",
                next_step=_NEXT,
            )

    def _limits(self) -> list[tuple[str, float, str, bool]]:
        return [
            ("minimum_denominator", self.minimum_denominator, "at least 1", self.minimum_denominator >= 1),
            ("dominance_n", self.dominance_n, "at least 1", self.dominance_n >= 1),
            ("dominance_k", self.dominance_k, "above 0 and at most 1", 0 < self.dominance_k <= 1),
            ("dominance_p", self.dominance_p, "at least 0 and below 1", 0 <= self.dominance_p < 1),
            ("degrees_of_freedom", self.degrees_of_freedom, "at least 0", self.degrees_of_freedom >= 0),
            ("least_leaf", self.least_leaf, "at least 1", self.least_leaf >= 1),
            ("leaf_k", self.leaf_k, "at least 1", self.leaf_k >= 1),
            ("membership_limit", self.membership_limit, "between 0.5 and 1", 0.5 < self.membership_limit < 1),
            (
                "membership_review",
                self.membership_review,
                "from 0.5 to membership_limit",
                0.5 <= self.membership_review <= self.membership_limit,
            ),
        ]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Policy:
        """The policy written under `[disclosure]` in riskmodel.toml; what is not there keeps its usual value.

        Parameters
        ----------
        settings
            The settings that were written, and nothing else. `policy` is the path of an ACRO file, whose values then
            hold.

        Raises
        ------
        DisclosureError
            If the ACRO file cannot be read, or a setting is written in both places with different values.

        Examples
        --------
        >>> Policy.of({"threshold": 12}).threshold, Policy.of({}).rounding
        (12, 5)
        """
        written = {field.name: settings[field.name] for field in fields(cls) if field.name in settings}
        if not settings.get("policy"):
            return cls(**written)
        found = read_acro(settings["policy"])
        twice = sorted(name for name in set(written) & set(found) if written[name] != found[name])
        if twice:
            raise DisclosureError(
                f"riskmodel.toml and {settings['policy']} say different things about {', '.join(twice)}.",
                "There is one policy.",
                next_step="Take these settings out of [disclosure] in riskmodel.toml, or make them equal.",
            )
        # ACRO has no rounding of its own: the usual one holds, unless its threshold is below that.
        usual = {"rounding": min(cls.rounding, max(found.get("threshold", cls.threshold), 1))}
        return cls(**{**usual, **found, **written})

    @property
    def privacy(self) -> PrivacyRules:
        """The limits by which a model's own privacy is judged."""
        return PrivacyRules(**{field.name: getattr(self, field.name) for field in fields(PrivacyRules)})

    def words(self) -> str:
        """The rules as two sentences for a reader."""
        return (
            f"Counts of fewer than {self.threshold} people, and counts that would leave fewer than {self.threshold}, "
            f"are "
            f"withheld; others are rounded to the nearest {self.rounding}. Percentages are taken from rounded counts, "
            f"and "
            f"not of fewer than {self.minimum_denominator} people."
        )


USUAL = Policy()
