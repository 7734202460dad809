"""Can somebody who knows a person's record tell from the score whether the model learned from that person?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.sampled import sampled
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.estimators import Sample, fit
from riskmodel.modelling.preparation import prepare

#: So many rows of each side are attacked at most: enough for an interval of two hundredths.
MOST_ROWS = 5_000
#: Shuffles behind what chance alone would give.
SHUFFLES = 200
#: The attacker's guess of a person's score is a ridge regression with this penalty on standardised columns.
_RIDGE = 1.0


@dataclass(frozen=True)
class Attack:
    """One attack: how well it tells members (trained on) from others.

    Attributes
    ----------
    name : str
        "confidence", "calibrated" or "test".
    auroc : Estimate
        0.5 is guessing, 1 is certainty. `n` counts everybody attacked, `events` the members.
    by_chance : float
        What 97.5 % of attacks reach when membership is shuffled among households.
    p : float
        Share of shuffles that do at least as well.
    """

    name: str
    auroc: Estimate
    by_chance: float
    p: float


@dataclass(frozen=True, eq=False)
class _Side:
    """Rows under attack: how confident the model is of what happened, whether they were members, their household."""

    confidence: Floats
    member: Floats
    household: Ints


def membership_attacks(context: Context) -> tuple[Attack, ...]:
    """Attack the lead model by the scores it gives, in three ways.

    "confidence": the lead model's family and settings are fitted on one half of the training households; the attacker
    knows features, outcome and score of everybody and takes those for members of whose outcome the model is surest.
    Members and others come from the same cohorts, so only memory can tell them apart. A model of half the rows
    remembers more, not less. "calibrated": the same, after taking off how sure the model would be of such a person had
    it not learned from them, as guessed from the test rows, which neither half holds. "test": the real model,
    training rows against test rows; drift between cohorts may add to it.

    Parameters
    ----------
    context : Context
        Of very many cases a sample of whole households is attacked (see `sampled`).

    Returns
    -------
    tuple of Attack
        Empty when there are not two training households.

    Notes
    -----
    The attack on the loss is that of Yeom and others (2018); calibrating by difficulty that of Watson and others
    (2022), with the regression on people outside the training in place of shadow models as in quantile membership
    inference (Bertran and others 2023).
    """
    context, _ = sampled(context)
    rng = np.random.default_rng([context.seed, 7])
    values, y, component = _rows(context)
    halves = _halves(context.split.fit, component, rng)
    if halves is None or len({*y[halves[0]].tolist()}) < 2:
        return ()
    inside, outside = halves
    sample = Sample(values, y, context.lead.features)
    shadow = fit(context.lead.family, sample.rows(inside), context.lead.provenance["settings"], seed=context.seed)
    attacked = np.concatenate([inside, outside])
    confidence = _confidence(shadow.raw(values), y)
    member = np.repeat([1.0, 0.0], [len(inside), len(outside)])
    side = _Side(confidence[attacked], member, component[attacked])
    guess = _guess(values, y, confidence, _some(context.split.test, rng), sample)
    calibrated = replace(side, confidence=np.round(confidence - guess, 9)[attacked])
    return (
        _attack("confidence", side, context, rng),
        _attack("calibrated", calibrated, context, rng),
        _attack("test", _train_against_test(context, values, y, component, rng), context, rng),
    )


def _rows(context: Context) -> tuple[Floats, Floats, Ints]:
    table = take(context.matrix, context.lead.features, strict=True)
    values = encode(table, context.lead.features)
    return values, context.matrix.y.to_numpy(dtype=np.float64), context.matrix.component.to_numpy(dtype=np.int64)


def _halves(rows: Ints, component: Ints, rng: np.random.Generator) -> tuple[Ints, Ints] | None:
    """Deal the households out to two halves, at most `MOST_ROWS` rows each."""
    households = rng.permutation(np.unique(component[rows]))
    if len(households) < 2:
        return None
    first = np.isin(component[rows], households[: len(households) // 2])
    return _some(rows[first], rng), _some(rows[~first], rng)


def _some(rows: Ints, rng: np.random.Generator) -> Ints:
    return rows if len(rows) <= MOST_ROWS else np.sort(rng.choice(rows, MOST_ROWS, replace=False))


def _confidence(raw: Floats, y: Floats) -> Floats:
    """Log-odds that the model gives to what really happened; it falls as the loss rises."""
    return np.where(y == 1, raw, -raw)


def _guess(values: Floats, y: Floats, confidence: Floats, public: Ints, sample: Sample) -> Floats:
    """How sure the model would be of each row had it not learned from it, regressed on rows it did not learn from."""
    design = prepare(values[public], sample.features)(values)
    guessed = np.zeros(len(y))
    for outcome in (0.0, 1.0):
        known = public[y[public] == outcome]
        if len(known) < 2:
            continue
        x, mean = design[known], confidence[known].mean()
        weights = np.linalg.solve(x.T @ x + _RIDGE * np.eye(x.shape[1]), x.T @ (confidence[known] - mean))
        guessed = np.where(y == outcome, design @ weights + mean, guessed)
    return guessed


def _train_against_test(
    context: Context, values: Floats, y: Floats, component: Ints, rng: np.random.Generator
) -> _Side:
    inside, outside = _some(context.split.fit, rng), _some(context.split.test, rng)
    rows = np.concatenate([inside, outside])
    member = np.repeat([1.0, 0.0], [len(inside), len(outside)])
    return _Side(_confidence(context.lead.predictor.raw(values[rows]), y[rows]), member, component[rows])


def _attack(name: str, side: _Side, context: Context, rng: np.random.Generator) -> Attack:
    value = auroc(side.member, side.confidence)
    names, household = np.unique(side.household, return_inverse=True)
    _, level = np.unique(side.confidence, return_inverse=True)

    def area(member: Floats, weight: Floats) -> float:
        inside = np.bincount(level, weights=weight * member)
        outside = np.bincount(level, weights=weight * (1 - member))
        below = np.cumsum(outside) - 0.5 * outside
        both = inside.sum() * outside.sum()
        return float(inside @ below / both) if both else float("nan")

    def drawn() -> Floats:
        times = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        return times[household].astype(np.float64)

    resampled = np.array([area(side.member, drawn()) for _ in range(context.resamples)])
    estimate = percentile(value, value, resampled, n=len(side.member), events=int(side.member.sum()))
    every = np.ones(len(level))
    shuffled = np.array([area(_shuffled(side.member, household, len(names), rng), every) for _ in range(SHUFFLES)])
    p = (1 + int((shuffled >= value).sum())) / (1 + SHUFFLES)
    return Attack(name, estimate, float(np.nanquantile(shuffled, 0.975)), p)


def _shuffled(member: Floats, household: Ints, households: int, rng: np.random.Generator) -> Floats:
    """Membership dealt out anew among whole households (one seen on both sides counts as it was seen first)."""
    flag = np.zeros(households)
    flag[household[::-1]] = member[::-1]
    found: Floats = rng.permutation(flag)[household]
    return found
