"""What a team gets from working down the list: who is selected at a capacity, what is found, and net benefit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.arrays import Floats, checked, checked_probability, ratio


@dataclass(frozen=True)
class Cut:
    """Where a list of scores is cut.

    Attributes
    ----------
    selected : int
        Places on the list.
    threshold : float
        The lowest score selected.
    above : int
        Cases that score above the threshold: all selected.
    tied : int
        Cases at the threshold.
    tied_share : float
        Part of the tied cases for whom there is a place.
    """

    selected: int
    threshold: float
    above: int
    tied: int
    tied_share: float


def places(n: int, share: float) -> int:
    """Places on a list that takes a `share` of `n` cases: the nearest whole number, at least one.

    Examples
    --------
    >>> places(812, 0.2)
    162
    """
    if not 0 < share <= 1:
        raise EvaluationError(
            f"{share} is not a capacity.",
            "A capacity is a share of the cases, above 0 and at most 1.",
            next_step="Write 0.2 for one case in five.",
        )
    return max(1, round(share * n))


def cut(score: npt.ArrayLike, share: float) -> Cut:
    """Cut a list so that the highest-scored `share` of it is selected.

    Examples
    --------
    >>> cut([0.9, 0.5, 0.5, 0.1], 0.5)
    Cut(selected=2, threshold=0.5, above=1, tied=2, tied_share=0.5)
    """
    scores = np.asarray(score, dtype=np.float64)
    selected = places(len(scores), share)
    threshold = float(np.partition(scores, len(scores) - selected)[len(scores) - selected])
    above, tied = int((scores > threshold).sum()), int((scores == threshold).sum())
    return Cut(selected, threshold, above, tied, (selected - above) / tied)


def selection(score: npt.ArrayLike, share: float) -> Floats:
    """Chance of each case to be on a list that takes the highest-scored `share`: 1, 0, or between at a tie.

    The tie rule: cases with equal scores have equal chances, so each tied case counts with the part of the tied
    cases that fits. Figures computed from it are the average over every way to break the ties at random, and do
    not depend on the order of the rows.

    Examples
    --------
    >>> selection([0.9, 0.5, 0.5, 0.1], 0.5).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    scores, at = np.asarray(score, dtype=np.float64), cut(score, share)
    chance: Floats = np.where(scores > at.threshold, 1.0, np.where(scores == at.threshold, at.tied_share, 0.0))
    return chance


def _found(
    y: npt.ArrayLike, p: npt.ArrayLike, share: float, weight: npt.ArrayLike | None
) -> tuple[float, float, float]:
    """Weights selected, found among them, and positive in all."""
    outcome, score, weights = checked(y, p, weight)
    kept = weights > 0
    outcome, score, weights = outcome[kept], score[kept], weights[kept]
    total = float(weights.sum())
    room = places(round(total), share) if weight is None or (weights == np.round(weights)).all() else share * total
    order = np.argsort(-score, kind="stable")
    _, first = np.unique(-score[order], return_index=True)
    held = np.add.reduceat(weights[order], first)
    hits = np.add.reduceat((weights * outcome)[order], first)
    before = held.cumsum() - held
    taken = np.clip((room - before) / held, 0.0, 1.0)
    return float(room), float((hits * taken).sum()), float((weights * outcome).sum())


def precision_at(y: npt.ArrayLike, p: npt.ArrayLike, share: float, weight: npt.ArrayLike | None = None) -> float:
    """Part of the highest-scored `share` of cases that has the outcome.

    Parameters
    ----------
    y, p, weight : arrays of shape (n,)
        Outcomes (0 or 1), scores (only their order matters) and optional row weights.
    share : float
        Capacity as a share of all cases, above 0 and at most 1. The number of places is the nearest whole number,
        at least one. Ties are shared out as `selection` says.

    Examples
    --------
    >>> precision_at([1, 1, 0, 0], [0.9, 0.5, 0.5, 0.1], 0.5)
    0.75
    """
    room, found, _ = _found(y, p, share, weight)
    return ratio(found, room)


def recall_at(y: npt.ArrayLike, p: npt.ArrayLike, share: float, weight: npt.ArrayLike | None = None) -> float:
    """Part of all cases with the outcome that is in the highest-scored `share`; not-a-number when there is none.

    Examples
    --------
    >>> recall_at([1, 1, 0, 0], [0.9, 0.5, 0.5, 0.1], 0.5)
    0.75
    """
    _, found, positive = _found(y, p, share, weight)
    return ratio(found, positive)


def number_needed_to_visit(
    y: npt.ArrayLike, p: npt.ArrayLike, share: float, weight: npt.ArrayLike | None = None
) -> float:
    """Visits to the highest-scored `share` for each case found with the outcome; not-a-number when none is found.

    Examples
    --------
    >>> number_needed_to_visit([1, 0, 0, 0], [0.9, 0.8, 0.5, 0.1], 0.5)
    2.0
    """
    room, found, _ = _found(y, p, share, weight)
    return ratio(room, found)


def net_benefit(y: npt.ArrayLike, p: npt.ArrayLike, threshold: float, weight: npt.ArrayLike | None = None) -> float:
    """True positives less the false positives they are worth, a case: `TP/n - FP/n * t / (1 - t)`.

    Selecting a case means that its probability is at least `threshold` (t). The threshold states the exchange rate: at
    t = 0.2 one found case is worth four needless visits (Vickers and Elkin 2006). Treating none has net benefit 0.

    Examples
    --------
    >>> net_benefit([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.1], 0.5)
    0.0
    """
    outcome, probability, weights = checked_probability(y, p, weight)
    selected = weights * (probability >= threshold)
    true, false = float((selected * outcome).sum()), float((selected * (1 - outcome)).sum())
    return ratio(true - false * odds(threshold), float(weights.sum()))


def net_benefit_of_all(y: npt.ArrayLike, threshold: float, weight: npt.ArrayLike | None = None) -> float:
    """Net benefit of selecting every case.

    Examples
    --------
    >>> net_benefit_of_all([1, 0, 1, 0], 0.5)
    0.0
    """
    outcomes = np.asarray(y, dtype=np.float64)
    return net_benefit(outcomes, np.ones(len(outcomes)), threshold, weight)


def odds(threshold: float) -> float:
    """The odds t / (1 - t): found cases that one needless visit costs; the threshold lies strictly inside 0 and 1."""
    if not 0 < threshold < 1:
        raise EvaluationError(
            f"{threshold} is not a decision threshold.",
            "A threshold is a probability strictly between 0 and 1.",
            next_step="Write 0.2 to count one found case as worth four needless visits.",
        )
    return threshold / (1 - threshold)
