"""Correct the probabilities of a finished model on newer cases: a step of its own, on the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np

from riskmodel.errors import ModelError
from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.calibration import (
    LEAST_FOR_INTERCEPT,
    LEAST_FOR_ISOTONIC,
    LEAST_FOR_SLOPE,
    Calibrator,
    fit_intercept,
    fit_isotonic,
    fit_platt,
    probability,
)
from riskmodel.modelling.model import RiskModel

INTERCEPT, SLOPE, ISOTONIC = "intercept", "intercept and slope", "isotonic"
#: Ways of recalibrating, the mildest first, and how many cases with, and without, the outcome each needs.
NEEDED = {INTERCEPT: LEAST_FOR_INTERCEPT, SLOPE: LEAST_FOR_SLOPE, ISOTONIC: LEAST_FOR_ISOTONIC}
_FITTED = {INTERCEPT: fit_intercept, SLOPE: fit_platt, ISOTONIC: fit_isotonic}
#: Where a model's provenance says that and how it was recalibrated.
RECORD = "recalibrated"
#: Probabilities are kept this far from 0 and 1 before a logarithm is taken.
_CLIP = 1e-6


def log_odds(p: Floats) -> Floats:
    """Log-odds of probabilities, kept finite.

    Examples
    --------
    >>> log_odds(np.array([0.5])).tolist()
    [0.0]
    """
    inside = np.clip(p, _CLIP, 1 - _CLIP)
    found: Floats = np.log(inside) - np.log1p(-inside)
    return found


def enough(method: str, y: Floats) -> bool:
    """Whether there are as many cases with, and without, the outcome as a way of recalibrating needs.

    Examples
    --------
    >>> enough("intercept", np.repeat([0.0, 1.0], 30)), enough("isotonic", np.repeat([0.0, 1.0], 30))
    (True, False)
    """
    events = int(y.sum())
    return min(events, len(y) - events) >= NEEDED[method]


def fit_correction(method: str, p: Floats, y: Floats) -> Calibrator:
    """Fit a correction of the probabilities `p`; it takes their log-odds.

    Parameters
    ----------
    method : str
        A key of `NEEDED`.
    p, y : arrays of shape (n,)
        Probabilities as stated, and outcomes, 0 or 1.
    """
    fitted = _FITTED[method](log_odds(p), y)
    return replace(fitted, n=len(y), events=int(y.sum()), why=f"recalibrated: {method}")


def recalibrated(model: RiskModel, method: str, p: Floats, y: Floats, *, as_of: Sequence[date], by: str) -> RiskModel:
    """Return a copy of a model whose probabilities are corrected on newer cases; what was done is in its provenance.

    Ranks stay as they are. The copy is another model, with another digest: nothing is known of its performance until it
    is tested on cases later than those it was corrected on.

    Parameters
    ----------
    model : RiskModel
    method : str
        ``"intercept"``, ``"intercept and slope"`` or ``"isotonic"``.
    p, y : arrays of shape (n,)
        The model's probabilities and the outcomes of the newer cases.
    as_of : sequence of date
        The as-of dates of these cases.
    by : str
        The role that decided on it.

    Raises
    ------
    ModelError
        When there are too few outcomes, the way is not known, or the model was recalibrated before.
    """
    if RECORD in model.provenance:
        raise ModelError(
            "The model has been recalibrated before.",
            "A model is recalibrated once after training, so that its record says all that was done.",
            next_step="Train it again, then recalibrate.",
        )
    if method not in NEEDED or not enough(method, y):
        needed = NEEDED.get(method)
        raise ModelError(
            f"The model cannot be recalibrated by '{method}' on {len(y):,} cases.",
            f"Ways are {', '.join(NEEDED)}"
            + ("." if needed is None else f"; this one needs {needed:,} cases with, and without, the outcome."),
            next_step="Choose a milder way, or wait for more outcomes.",
        )
    correction = fit_correction(method, p, y)
    record = {
        "method": method, "intercept": correction.intercept, "slope": correction.slope,
        "n": correction.n, "events": correction.events, "as_of": [str(day) for day in as_of], "by": by,
        "from_digest": model.digest, "before": _plain(model.calibrator), "correction": _plain(correction),
    }  # fmt: skip
    calibrator = _after(model.calibrator, correction)
    return replace(model, calibrator=calibrator, provenance={**model.provenance, RECORD: record})


def calibrator_before(model: RiskModel) -> Calibrator | None:
    """Return the calibrator that a recalibrated model had before; None for a model as it was trained."""
    record = model.provenance.get(RECORD)
    return None if record is None else _calibrator(record["before"])


def corrected_alike(model: RiskModel, calibrators: Sequence[Calibrator]) -> list[Calibrator]:
    """Correct other calibrators of a model, such as those of its refits, as the model itself was corrected.

    The correction is held as it is: how uncertain it is itself is not in them.

    Parameters
    ----------
    model : RiskModel
    calibrators : sequence of Calibrator
        They are returned as they are when the model was not recalibrated.
    """
    record = model.provenance.get(RECORD)
    if record is None:
        return list(calibrators)
    correction = _calibrator(record["correction"])
    return [_after(one, correction) for one in calibrators]


def _plain(calibrator: Calibrator) -> dict[str, Any]:
    return {**asdict(calibrator), "x": list(calibrator.x), "y": list(calibrator.y)}


def _calibrator(plain: Mapping[str, Any]) -> Calibrator:
    return Calibrator(**{**plain, "x": tuple(plain["x"]), "y": tuple(plain["y"])})


def _after(first: Calibrator, then: Calibrator) -> Calibrator:
    """One calibrator that does both."""
    if first.method != "isotonic" and then.method != "isotonic":
        intercept = then.intercept + then.slope * first.intercept
        return replace(then, method="platt", intercept=intercept, slope=then.slope * first.slope)
    # Kept as points joined by straight lines: the corners of both steps, and between them a fine grid for the curves.
    x = np.unique(np.concatenate([np.linspace(_CLIP, 1 - _CLIP, 2001), first.x, _before(first, then.x)]))
    y = np.maximum.accumulate(then(log_odds(first(log_odds(x)))))
    return replace(then, method="isotonic", intercept=0.0, slope=1.0, x=tuple(x.tolist()), y=tuple(y.tolist()))


def _before(first: Calibrator, p: Sequence[float]) -> Floats:
    """What the first step turns into the probabilities `p`."""
    stated = np.asarray(p, dtype=np.float64)
    if first.method == "isotonic":
        return np.interp(stated, first.y, first.x)
    return probability((log_odds(stated) - first.intercept) / max(first.slope, _CLIP))
