"""Whether measures are spread in the test as they were in training (population stability index)."""

from __future__ import annotations

import numpy as np

from riskmodel.evaluation.arrays import Floats
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import WARNING
from riskmodel.evaluation.checks.words import strongest

#: The usual mark for a shift that matters, and the cases on each side that make the index more than chance.
SHIFTED, LEAST_CASES = 0.2, 200
BINS = 10


def stability_index(before: Floats, after: Floats) -> float:
    """Return the population stability index of one measure.

    The values are cut at the tenths of `before`; missing values are a bin of their own. Half a case is added to each
    bin, so that an empty one does not make the index infinite.

    Parameters
    ----------
    before, after
        Values on the two sides, missing is NaN.

    Examples
    --------
    >>> values = np.arange(1000.0)
    >>> round(stability_index(values, values), 3), stability_index(values, values + 500) > 0.2
    (0.0, True)
    """
    known = before[~np.isnan(before)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.empty(0)
    shares = []
    for values in (before, after):
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
        n = np.bincount(place, minlength=len(edges) + 2) + 0.5
        shares.append(n / n.sum())
    return float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())


def _drifted(examined: Examined) -> Answer:
    if min(len(examined.values), len(examined.test_values)) < LEAST_CASES:
        return not_applicable(f"training or test holds fewer than {LEAST_CASES} cases")
    index = {
        f.name: stability_index(examined.values[:, place], examined.test_values[:, place])
        for place, f in enumerate(examined.features)
    }
    shifted = {name: value for name, value in index.items() if value > SHIFTED}
    if shifted:
        return found(
            f"{len(shifted)} of {len(index)} measures are spread differently in the test (stability index above "
            f"{SHIFTED:g}): {strongest(shifted)}."
        )
    return passed(f"The stability index of all {len(index)} measures is {SHIFTED:g} or less.")


DRIFTED = Check(
    "RM212", "Measures have drifted", WARNING,
    "Ask the partner what changed: the people, the service, or how it is recorded. Leave out what cannot be explained.",
    _drifted,
)  # fmt: skip
