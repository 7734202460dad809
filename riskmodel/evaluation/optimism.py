"""The optimism gap: how much better the same model would look under splits that are easier than real use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.bootstrap import Draws, Prediction, household_bootstrap
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.sampled import some_households
from riskmodel.modelling.splits import Split
from riskmodel.modelling.training import Training

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

#: Draws of each easier split; their figures are averaged, so that the gap is not that of one lucky draw.
DRAWS = 3
RANDOM, HOUSEHOLD, HONEST = "random", "household", "honest"
#: What siblings on both sides add, and what cases of the same dates on both sides add.
GAPS = ((RANDOM, HOUSEHOLD), (HOUSEHOLD, HONEST))


def optimism_gap(
    training: Training, matrix: DesignMatrix, prototype: Prototype, split: Split, *, resamples: int, seed: int
) -> dict[str, Estimate]:
    """AUROC of the proposed model under three splits, and the gaps between them.

    The same family, settings and numbers of rows every time, so that the differences are due to the split: what
    `random` is above `household` comes from brothers and sisters on both sides, what `household` is above `honest`
    from cohorts of the same years on both sides. It is the family of the proposed model that is fitted again, because a
    family that cannot remember anybody would hide what another remembers. All splits share the resamples of households.

    Parameters
    ----------
    training : Training
    matrix : DesignMatrix
        All rows.
    prototype : Prototype
    split : Split
        The honest split the training used.
    resamples, seed : int
        Of the household bootstrap and of the easier splits.

    Returns
    -------
    dict of str to Estimate
        `random`, `household`, `honest` (household and time), `random - household` and `household - honest`. Of very
        many cases a sample of whole households is used, and the note of each estimate says so.
    """
    from riskmodel.modelling.estimators import fit
    from riskmodel.modelling.nested import sample_of
    from riskmodel.modelling.splits import split_at_random, split_by_household

    matrix, split, note = some_households(matrix, split, seed=seed)
    like, sample = training.model, sample_of(matrix, prototype)
    scored = [(HONEST, split.test, like.raw(matrix.rows(split.test)))]
    for draw in range(DRAWS):
        for kind, deal in ((RANDOM, split_at_random), (HOUSEHOLD, split_by_household)):
            other = deal(matrix, split, seed=seed + draw)
            made = fit(like.family, sample.rows(other.fit), like.provenance["settings"], seed=seed)
            scored.append((kind, other.test, made.raw(sample.values[other.test])))
    figures = _figures(matrix, scored, resamples, seed)
    n, events = len(split.test), int(matrix.y.to_numpy(dtype=np.float64)[split.test].sum())
    found = {
        kind: percentile(value, value, moved, n=n, events=events)
        for kind in (RANDOM, HOUSEHOLD, HONEST)
        for value, moved in [figures[kind]]
    }
    for easier, harder in GAPS:
        value, moved = figures[easier][0] - figures[harder][0], figures[easier][1] - figures[harder][1]
        found[f"{easier} - {harder}"] = percentile(value, value, moved, n=n, events=events)
    return {name: replace(estimate, note=note or estimate.note) for name, estimate in found.items()}


def _figures(
    matrix: DesignMatrix,
    scored: list[tuple[str, Ints, Floats]],
    resamples: int,
    seed: int,
) -> dict[str, tuple[float, Floats]]:
    """AUROC by kind of split, averaged over its draws, with the same in each resample of all households."""
    rows = np.concatenate([test for _, test, _ in scored])
    raw = np.concatenate([score for _, _, score in scored])
    y = matrix.y.to_numpy(dtype=np.float64)[rows]
    ends = np.cumsum([0, *(len(test) for _, test, _ in scored)])
    parts = {str(place): np.arange(ends[place], ends[place + 1]) for place in range(len(scored))}
    probability = 1 / (1 + np.exp(-np.clip(raw, -30, 30)))
    drawn = household_bootstrap(
        y,
        matrix.component.to_numpy()[rows],
        {"": Prediction(np.clip(raw, -30, 30), probability, parts)},
        shares=[1.0],
        resamples=resamples,
        seed=seed,
    )[""]
    found: dict[str, list[tuple[float, Draws]]] = {}
    for place, (kind, _, _) in enumerate(scored):
        part = parts[str(place)]
        found.setdefault(kind, []).append((auroc(y[part], raw[part]), drawn[str(place)]))
    return {
        kind: (
            float(np.mean([value for value, _ in each])),
            np.mean([one.resampled["auroc"] + (value - one.point["auroc"]) for value, one in each], axis=0),
        )
        for kind, each in found.items()
    }
