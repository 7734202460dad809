"""An inverse power law through a learning curve, and what twice the data would be expected to add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.arrays import Floats

#: Exponents tried: from a slow climb that hardly levels off to a quick one that is nearly over.
EXPONENTS = np.linspace(0.2, 1.5, 27)


@dataclass(frozen=True, eq=False)
class PowerLaw:
    """Curves ``level + rise * size ** -exponent``, one for each row fitted.

    Attributes
    ----------
    level, rise, exponent : arrays of shape (curves,)
        `level` is reached with endless data; a figure that grows has a negative `rise`.
    """

    level: Floats
    rise: Floats
    exponent: Floats

    def at(self, size: float) -> Floats:
        """The curves at a size."""
        values: Floats = self.level + self.rise * size**-self.exponent
        return values


def fit_power_law(sizes: npt.ArrayLike, figures: npt.ArrayLike) -> PowerLaw:
    """Fit each row of figures by least squares.

    Parameters
    ----------
    sizes : array of shape (sizes,)
        Training sizes relative to the whole, at least three different ones.
    figures : array of shape (curves, sizes)
        The figure at each size, one row a curve (such as a resample).

    Notes
    -----
    Learning curves of classifiers commonly follow an inverse power law (Figueroa and others 2012). For a given exponent
    the fit is a straight line, so the exponent is chosen from a grid, 0.2 to 1.5: five points do not say more. The sign
    is left free; a curve that falls where it should rise thus widens the interval honestly.

    Examples
    --------
    >>> sizes = [0.2, 0.4, 0.6, 0.8, 1.0]
    >>> law = fit_power_law(sizes, [[0.75 - 0.05 * size**-0.5 for size in sizes]])
    >>> law.level.round(3).tolist(), law.rise.round(3).tolist(), law.exponent.round(3).tolist()
    ([0.75], [-0.05], [0.5])
    """
    size, found = np.asarray(sizes, dtype=np.float64), np.atleast_2d(np.asarray(figures, dtype=np.float64))
    mean = found.mean(axis=1, keepdims=True)
    lines = []
    for exponent in EXPONENTS:
        x = size**-exponent
        centred = x - x.mean()
        rise = (found - mean) @ centred / (centred @ centred)
        level = mean[:, 0] - rise * x.mean()
        lost = ((found - level[:, None] - rise[:, None] * x) ** 2).sum(axis=1)
        lines.append((lost, level, rise))
    lost, level, rise = (np.array(part) for part in zip(*lines, strict=True))
    best = lost.argmin(axis=0)
    rows = np.arange(found.shape[0])
    return PowerLaw(level[best, rows], rise[best, rows], EXPONENTS[best])
