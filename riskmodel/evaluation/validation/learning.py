"""The learning curve: the honest test after training on fewer households, and what twice as many might add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from riskmodel.evaluation.accuracy import brier
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.bootstrap import EVERYONE, Draws, Prediction, household_bootstrap
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.side_by_side import side_by_side
from riskmodel.evaluation.validation.judge import MOST_RESAMPLES, too_few
from riskmodel.evaluation.validation.power_law import fit_power_law
from riskmodel.evaluation.validation.results import LearningCurve, LearningPoint, Projection
from riskmodel.modelling.estimators import BOOSTING, LOGISTIC, Sample, fit
from riskmodel.modelling.nested import fit_nested
from riskmodel.modelling.splits import Split

#: Shares of the training households.
SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)
#: Draws of households at each share below the whole.
DRAWS: Mapping[str, int] = {LOGISTIC: 5, BOOSTING: 3}
#: Fewest points of a curve that a law is fitted to.
LEAST_POINTS = 4


def learning_curve(context: Context, sample: Sample) -> LearningCurve:
    """Train on 20 to 100 % of the training households and test on the honest test rows.

    Settings and calibration are made anew at each share, on its first draw. All intervals come from one set of
    resamples of the test households, and of the draws, so that the steps of the curve are compared on the same people.

    Parameters
    ----------
    context : Context
    sample : Sample
        The matrix, encoded.
    """
    drawn: dict[float, list[Split]] = {}
    for share in SHARES:
        times = 1 if share == 1 else DRAWS.get(context.lead.family, 1)
        splits = [_draw(context, share, time) for time in range(times)]
        if not any(too_few(context, split) for split in splits):
            drawn[share] = splits
    if len(drawn) < LEAST_POINTS:
        return LearningCurve(why_not="There are too few outcomes to train on a part of them.")
    largest_first = sorted(drawn, reverse=True)
    made = side_by_side(
        lambda share: list(_predictions(context, sample, drawn[share])), largest_first, progress=context.progress
    )
    predictions = {
        _key(share, time): prediction
        for share, found in sorted(zip(largest_first, made, strict=True), key=lambda pair: pair[0])
        for time, prediction in enumerate(found)
    }
    return _curve(context, drawn, predictions)


def _draw(context: Context, share: float, time: int) -> Split:
    """The split with a share of the training households, each household whole."""
    base, component = context.split, context.matrix.component.to_numpy()
    if share == 1:
        return base
    households = np.unique(component[base.fit])
    shuffled = np.random.default_rng([context.seed, round(100 * share), time]).permutation(households)
    kept = shuffled[: max(1, round(share * len(households)))]

    def part(rows: Ints) -> Ints:
        return rows[np.isin(component[rows], kept)]

    return Split(part(base.train), part(base.calibrate), base.test, kind="learning curve")


def _predictions(context: Context, sample: Sample, splits: Sequence[Split]) -> Iterator[Prediction]:
    """What a model of each draw says of the test rows; the first draw tunes and calibrates for all of its size."""
    family, seed = context.lead.family, context.seed
    first = fit_nested(family, sample, context.matrix, context.prototype, splits[0], seed=seed)
    for place, split in enumerate(splits):
        values = sample.values[split.test]
        raw = (
            first.raw(values)
            if not place
            else fit(family, sample.rows(split.fit), first.settings, seed=seed).raw(values)
        )
        yield Prediction(raw, first.fitted.calibrator(raw))


def _key(share: float, time: int) -> str:
    return f"{share:g} {time}"


def _curve(
    context: Context, drawn: Mapping[float, Sequence[Split]], predictions: Mapping[str, Prediction]
) -> LearningCurve:
    resamples = min(context.resamples, MOST_RESAMPLES)
    bootstrap = household_bootstrap(
        context.y, context.test.component.to_numpy(), predictions, shares=[1.0], resamples=resamples, seed=context.seed
    )
    chance = np.random.default_rng([context.seed, 7])
    chosen = {share: chance.integers(0, len(splits), (resamples, len(splits))) for share, splits in drawn.items()}
    found: dict[str, _Figures] = {}
    for metric in ("auroc", "brier"):
        points, moved = [], []
        for share, splits in drawn.items():
            keys = [_key(share, time) for time in range(len(splits))]
            points.append(float(np.mean([_exact(metric, context.y, predictions[key]) for key in keys])))
            moved.append(_resampled(metric, [bootstrap[key][EVERYONE] for key in keys], chosen[share], points[-1]))
        found[metric] = (np.array(points), np.array(moved))
    sizes = {share: int(np.mean([len(split.fit) for split in splits])) for share, splits in drawn.items()}
    return LearningCurve(
        tuple(_point(context, share, splits, found, place) for place, (share, splits) in enumerate(drawn.items())),
        {metric: _projection(context, metric, list(sizes.values()), *found[metric]) for metric in found},
    )


#: Exact figures by share, and the same in each resample (one row a share).
_Figures = tuple[Floats, Floats]


def _exact(metric: str, y: Floats, prediction: Prediction) -> float:
    return auroc(y, prediction.score) if metric == "auroc" else brier(y, prediction.probability)


def _resampled(metric: str, draws: Sequence[Draws], chosen: Ints, exact: float) -> Floats:
    """The mean over draws in each resample, with the draws themselves drawn anew."""
    every = np.array([draw.resampled[metric] for draw in draws])
    mean = np.take_along_axis(every.T, chosen, axis=1).mean(axis=1)
    moved: Floats = mean + (exact - float(np.mean([draw.point[metric] for draw in draws])))
    return moved


def _point(
    context: Context, share: float, splits: Sequence[Split], found: Mapping[str, _Figures], place: int
) -> LearningPoint:
    y = context.matrix.y.to_numpy(dtype=np.float64)
    train_n = int(np.mean([len(split.fit) for split in splits]))
    events = int(np.mean([y[split.fit].sum() for split in splits]))
    estimates = {metric: _estimate(context, exact[place], moved[place]) for metric, (exact, moved) in found.items()}
    return LearningPoint(share, len(splits), train_n, events, estimates)


def _projection(context: Context, metric: str, sizes: Sequence[int], exact: Floats, moved: Floats) -> Projection:
    relative = np.array(sizes) / sizes[-1]
    law, laws = fit_power_law(relative, exact), fit_power_law(relative, moved.T)
    better = 1 if metric == "auroc" else -1
    return Projection(
        metric,
        sizes[-1],
        _estimate(context, float(law.at(1)[0]), laws.at(1)),
        _estimate(context, float(law.at(2)[0]), laws.at(2)),
        _estimate(context, better * float((law.at(2) - law.at(1))[0]), better * (laws.at(2) - laws.at(1))),
        float(law.exponent[0]),
    )


def _estimate(context: Context, value: float, moved: Floats) -> Estimate:
    return percentile(value, value, moved, n=len(context.y), events=int(context.y.sum()))
