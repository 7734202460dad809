"""What a validation found: other dates, other areas, fewer data, how many were needed, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from riskmodel.evaluation.results import Estimate

#: Figures that are measured in every fold.
MEASURED = ("auroc", "oe", "calibration_slope")


@dataclass(frozen=True)
class NotPossible:
    """A fold that could not be made, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Fold:
    """One part of the cases, tested with a model that was tuned, fitted and calibrated without it.

    Attributes
    ----------
    name : str
        The test date (ISO), or the areas held out.
    members : tuple of str
        The training dates of a test date; the areas of a group of areas.
    n, events : int
        Cases tested, and those with the outcome.
    train_n, train_events : int
        Cases fitted on.
    settings : str
        What the fold's own training rows chose.
    estimates : mapping of str to Estimate
        Keyed by `MEASURED`.
    note : str
        What a reader must know of this fold: how households on both sides were dealt out, or that the outcome was
        recorded otherwise in training.
    """

    name: str
    members: tuple[str, ...]
    n: int
    events: int
    train_n: int
    train_events: int
    settings: str
    estimates: Mapping[str, Estimate]
    note: str = ""


@dataclass(frozen=True)
class Origins:
    """Rolling-origin validation: each date tested with what was known by then. `not_possible` names the other dates."""

    folds: tuple[Fold, ...]
    not_possible: tuple[NotPossible, ...] = ()


@dataclass(frozen=True)
class Pooled:
    """One figure over all groups of areas.

    Attributes
    ----------
    metric : str
    mean : Estimate
        The average over areas, with its interval by Hartung and Knapp.
    new_area : Estimate
        The same average, with the 95 % prediction interval for an area not yet seen.
    tau : float
        Standard deviation between areas on the scale pooled (log-odds of AUROC, log of O:E, slope as it is).
    i2 : float
        Share of the observed spread that is not chance, 0 to 1.
    folds : int
        Groups of areas pooled.
    """

    metric: str
    mean: Estimate
    new_area: Estimate
    tau: float
    i2: float
    folds: int


@dataclass(frozen=True)
class Areas:
    """Leave-area-out validation. Without folds, `why_not` says why; `note` says how the groups of areas were made.

    `outside_n` and `outside_events` count the labelled rows at the test dates that are in no fold.
    """

    folds: tuple[Fold, ...] = ()
    pooled: Mapping[str, Pooled] = field(default_factory=dict)
    not_possible: tuple[NotPossible, ...] = ()
    note: str = ""
    why_not: str = ""
    outside_n: int = 0
    outside_events: int = 0


@dataclass(frozen=True)
class LearningPoint:
    """The honest test after training on a share of the households, as the mean of so many draws of households."""

    share: float
    draws: int
    train_n: int
    train_events: int
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True)
class Projection:
    """What an inverse power law through the curve expects of twice the data.

    `gain` counts so that more is better: AUROC gained, Brier score lost. `exponent` says how fast the curve levels off.
    """

    metric: str
    train_n: int
    now: Estimate
    doubled: Estimate
    gain: Estimate
    exponent: float


@dataclass(frozen=True)
class LearningCurve:
    """The honest test figures by size of the training data. Without points, `why_not` says why."""

    points: tuple[LearningPoint, ...] = ()
    projections: Mapping[str, Projection] = field(default_factory=dict)
    why_not: str = ""


@dataclass(frozen=True)
class SampleNeed:
    """One criterion of sample size: what it asks for, and what was there."""

    criterion: str
    needed_n: int
    needed_events: int
    n: int
    events: int

    @property
    def met(self) -> bool:
        """Whether there were as many cases as needed."""
        return self.n >= self.needed_n


@dataclass(frozen=True)
class Preflight:
    """The sample-size check, from what could be known before training and the prevalence in training.

    Attributes
    ----------
    auroc : float
        The AUROC that was planned for; `auroc_from` says where it comes from.
    r2 : float
        Cox-Snell R2 that goes with it.
    prevalence : float
        Share with the outcome in training.
    parameters : int
        Candidate parameters of the logistic model.
    develop, test : tuple of SampleNeed
        Criteria of development, and of testing.
    events_per_parameter : float
    note : str
    """

    auroc: float
    auroc_from: str
    r2: float
    prevalence: float
    parameters: int
    develop: tuple[SampleNeed, ...]
    test: tuple[SampleNeed, ...]
    events_per_parameter: float
    note: str = ""


@dataclass(frozen=True)
class GroupLoss:
    """How many of one group of one audit attribute were there at each step, over all dates of training and testing.

    A case counts once at each date. Without an outcome: `unlabelled`. With one: `for_test` and `for_training` were left
    out to keep their households on the other side, the others were `learnt` from or `tested`.

    Attributes
    ----------
    attribute, group : str
    registered : tuple of int
        Cases at each step before the cohort, in the order of `Attrition.earlier`; empty where they were not counted.
    n : int
        Cases in the cohort. Where the attribute comes with the outcome's own record: those with a known outcome.
    unlabelled, for_test, for_training, learnt, tested : int
        What became of them; they add up to `n`.
    lost : Estimate
        Share of `n` without a known outcome; Wilson's interval.
    left : Estimate
        Share of those with a known outcome that the split left out; Wilson's interval.
    """

    attribute: str
    group: str
    registered: tuple[int, ...]
    n: int
    unlabelled: int
    for_test: int
    for_training: int
    learnt: int
    tested: int
    lost: Estimate
    left: Estimate

    @property
    def labelled(self) -> int:
        """Cases with a known outcome."""
        return self.n - self.unlabelled

    @property
    def left_out(self) -> int:
        """Cases with a known outcome that the split left out."""
        return self.for_test + self.for_training

    @property
    def used(self) -> int:
        """Cases that models were fitted or tested on."""
        return self.learnt + self.tested


@dataclass(frozen=True)
class Attrition:
    """Who dropped out at which step, by group.

    Attributes
    ----------
    everyone : GroupLoss
        All cases.
    groups : tuple of GroupLoss
        Every group that is there, attribute by attribute.
    earlier : tuple of str
        The steps before the cohort, in words.
    with_outcome : tuple of str
        Audit attributes that come with the outcome's own record, and so cannot say who lacks one.
    unlabelled_elsewhere : int
        Cases without a known outcome at the other dates of the matrix, which are not counted here.
    not_counted : str
        Why the steps before the cohort have no counts by group; empty when they have, or when there are none.
    """

    everyone: GroupLoss
    groups: tuple[GroupLoss, ...]
    earlier: tuple[str, ...] = ()
    with_outcome: tuple[str, ...] = ()
    unlabelled_elsewhere: int = 0
    not_counted: str = ""


@dataclass(frozen=True)
class Validation:
    """All that was found; `family` is the family of models that was fitted again throughout, that of the lead.

    `sample` says on how many cases origins, areas, districts and the learning curve were tried, where these were not
    all.
    """

    family: str
    origins: Origins
    areas: Areas
    learning: LearningCurve
    sample_size: Preflight
    attrition: Attrition
    sample: str = ""
    districts: Areas = field(default_factory=Areas)
