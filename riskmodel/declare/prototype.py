"""Everything that makes one risk model, declared before it is trained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from enum import Enum

from riskmodel.declare.cohort import Cohort
from riskmodel.declare.criterion import Criterion
from riskmodel.declare.equality import check_equality
from riskmodel.declare.feature import Feature
from riskmodel.declare.naming import check_two_words
from riskmodel.declare.outcome import Outcome
from riskmodel.declare.plain import plain, worded
from riskmodel.declare.promises import check_promises
from riskmodel.declare.quoting import check_quoting, quoted
from riskmodel.declare.rules import check_prototype
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.declare.team import Team, check_team
from riskmodel.errors import DeclarationError, nearest_name
from riskmodel.periods import Period


class Output(Enum):
    """Whether scores are given for each case or only as counts for areas.

    Examples
    --------
    >>> Output("area")
    <Output.AREA: 'area'>
    """

    INDIVIDUAL = "individual"
    AREA = "area"


@dataclass(frozen=True)
class Prototype:
    """One question, who it is asked about, what it is answered from, and how the answer may be used.

    Parameters
    ----------
    name, question
        Its snake_case name, and the question in plain English.
    cohort, outcome, features
        Who is scored, what is predicted, from what.
    audit
        Features that are only used to check fairness.
    success
        What the model must reach on the test cohorts.
    capacity
        Share of the cases that can be offered help, between 0 and 1.
    output
        Scores for each case, or only for areas.
    use, never
        What it is for, and what it must never be used for.
    owner, expires
        The role that answers for it, and how long an approval lasts.
    train_as_of, test_as_of
        As-of dates of the training and of the test cohorts; the outcome window of every training date must end by
        the first test date.
    calibrate_as_of
        Those of the training dates on which probabilities are calibrated, the latest; left out, the latest one when
        there are several.
    validate_as_of
        Further as-of dates whose outcomes are known, which are neither learnt from nor part of the test: they only show
        how a model made at other dates would have done.
    score_as_of
        As-of date of the cohort to score.
    baseline_flag
        Name of the feature that a simple rule of thumb would use.
    current_rule
        Name of the feature that stands for how people are chosen now, if there is such a rule.
    threshold_range
        Lowest and highest probability at which help might reasonably be offered.
    team
        The visits its team can make and how it chooses now; left out, they follow from the capacity.
    agreements
        The agreements it rests on; left out, those of its sources.
    limits
        Known limits, each a sentence for the card.
    intersections
        Pairs of audit attributes whose groups are looked at together, such as ``("sex", "free_school_meals")``; listed
        beforehand so that nobody goes looking for a difference.
    reporting_ratios
        Assumptions, not measurements: of a hundred true outcomes of which the largest group's would be recorded, how
        many are recorded of this group, as (lowest, highest) share. A key is an audit attribute (all groups but the
        largest), ``"attribute: group"``, or ``"everyone"``: the share of true outcomes recorded in the largest group.
    could_drop
        Features or themes that the model might do without; the card shows what leaving each out would cost.
    reasons_from
        Names of the features whose labels may be given as a reason for a score, agreed with the partners; left out,
        all but those of criminal records and of sources that say ``quotable=False``.
    help_called
        What those on the list are offered, one and several, such as ``("call", "calls")``; the card counts them.

    Raises
    ------
    DeclarationError
        If anything in it contradicts the rules of `docs/architecture.md`, section 4.

    Examples
    --------
    >>> from riskmodel.declare import at_least, count, latest
    >>> from riskmodel.declare.examples import people, sessions
    >>> from riskmodel.periods import months
    >>> absence = Prototype(
    ...     "absence", "Which children may miss nursery?",
    ...     cohort=Cohort("Children aged 3", people, where="age(date_of_birth) = 3"),
    ...     outcome=Outcome(sessions, "misses", "Misses sessions", where="mark = 'O'", within=months(12)),
    ...     features=[count(sessions, "missed", "sessions were missed before", where="mark = 'O'")],
    ...     audit=[latest(people, "sex", "the child's sex", "sex", levels=["F", "M"], protected=True)],
    ...     success=[at_least("auroc", 0.65)], capacity=0.2, output=Output.INDIVIDUAL,
    ...     use="Offer help", never="Sanctions", owner="Early Years", expires=months(12),
    ...     train_as_of=(date(2022, 9, 1),), test_as_of=(date(2023, 9, 1),), score_as_of=date(2024, 9, 1),
    ... )
    >>> [source.name for source in absence.sources]
    ['people', 'sessions']
    """

    name: str
    question: str
    _: KW_ONLY
    cohort: Cohort
    outcome: Outcome
    features: Sequence[Feature]
    audit: Sequence[Feature]
    success: Sequence[Criterion]
    capacity: float
    output: Output
    use: str
    never: str
    owner: str
    expires: Period
    train_as_of: tuple[date, ...]
    test_as_of: tuple[date, ...]
    calibrate_as_of: tuple[date, ...] = ()
    validate_as_of: tuple[date, ...] = ()
    score_as_of: date
    baseline_flag: str | None = None
    current_rule: str | None = None
    threshold_range: tuple[float, float] = (0.05, 0.5)
    team: Team | None = None
    agreements: Sequence[str] = ()
    limits: Sequence[str] = ()
    intersections: Sequence[tuple[str, str]] = ()
    reporting_ratios: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    could_drop: Sequence[str] = ()
    reasons_from: Sequence[str] | None = None
    help_called: tuple[str, str] = worded(("visit", "visits"))

    def __post_init__(self) -> None:
        for name in ("features", "audit", "success", "agreements", "limits", "could_drop"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "intersections", tuple(tuple(pair) for pair in self.intersections))
        object.__setattr__(self, "reporting_ratios", {key: tuple(v) for key, v in self.reporting_ratios.items()})
        if self.reasons_from is not None:
            object.__setattr__(self, "reasons_from", tuple(self.reasons_from))
        for name in ("train_as_of", "test_as_of", "calibrate_as_of", "validate_as_of"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        if not self.calibrate_as_of and len(self.train_as_of) > 1:
            object.__setattr__(self, "calibrate_as_of", self.train_as_of[-1:])
        object.__setattr__(self, "help_called", check_two_words(self.help_called, "help_called", self.name))
        check_prototype(self)
        check_promises(self)
        check_quoting(self)
        check_equality(self)
        check_team(self)
        if not self.agreements:
            agreements = tuple(dict.fromkeys(source.agreement for source in self.sources))
            object.__setattr__(self, "agreements", agreements)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source it needs, each once, ordered by name."""
        found = {self.cohort.source, self.outcome.source}
        found |= {feature.source for feature in (*self.features, *self.audit, *self.cohort.having)}
        found |= {scope.via for scope in self.scopes}
        return tuple(sorted(found, key=lambda source: source.name))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Every scope through which its cases reach records, each once, in order of first use."""
        used = [self.cohort.together, self.outcome.of]
        used += [feature.of for feature in (*self.features, *self.audit, *self.cohort.having)]
        return tuple(dict.fromkeys(scope for scope in used if isinstance(scope, Scope)))

    @property
    def quoted(self) -> frozenset[str]:
        """Names of the features whose labels may be given as a reason for a score."""
        return quoted(self)

    def feature(self, name: str) -> Feature:
        """Return the feature or audit attribute of that name.

        Raises
        ------
        DeclarationError
            If there is none; the message names the nearest.
        """
        found = {feature.name: feature for feature in (*self.features, *self.audit)}
        if name not in found:
            raise DeclarationError(
                f"Prototype '{self.name}' has no feature '{name}'.",
                "A feature is asked for by the name it is declared with.",
                nearest=nearest_name(name, found),
                next_step="Correct the name.",
            )
        return found[name]

    def declaration(self) -> dict[str, object]:
        """Return everything declared as plain data that JSON can hold."""
        made = plain(self)
        assert isinstance(made, dict)
        return made

    def digest(self) -> str:
        """Return the SHA-256 of the declaration, the same in every process and on every machine."""
        text = json.dumps(self.declaration(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def dictionary(self) -> list[dict[str, str]]:
        """Return the feature dictionary: one row a feature, every cell text, empty where nothing was declared."""
        return [_row(feature) for feature in self.features]


def _row(feature: Feature) -> dict[str, str]:
    return {
        "name": feature.name,
        "label": feature.label,
        "partner": feature.partner,
        "agreement": feature.agreement,
        "sensitivity": feature.sensitivity.value,
        "window": "all records" if feature.within is None else str(feature.within),
        "scope": "the case" if feature.of is None else feature.of.description,
        "verb": feature.verb,
        "direction": feature.direction or "",
        "theme": feature.theme or "",
    }
