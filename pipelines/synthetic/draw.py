"""Small random draws that every theme shares: traits tied to disadvantage, dates, lags and choices."""

from __future__ import annotations

from datetime import date
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

YEAR_DAYS = 365.25


class Streams:
    """One random stream a theme, so that a change in one theme leaves the draws of the others alone."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, theme: str) -> np.random.Generator:
        """Return the stream of `theme`; the same seed and theme give the same draws."""
        return np.random.default_rng([self.seed, crc32(theme.encode())])


def day(year: int, month: int, day_of_month: int) -> int:
    """Return a date as days since 1 January 1970."""
    return date(year, month, day_of_month).toordinal() - date(1970, 1, 1).toordinal()


def trait(z: Floats, rate: float, loading: float, own: Floats) -> Bools:
    """Return who has a trait of the given rate, from a normal latent of which `loading` is disadvantage."""
    return loading * z + np.sqrt(1 - loading**2) * own > ndtri(1 - rate)


def mix(rng: np.random.Generator, shared: Floats, loading: float) -> Floats:
    """Return normal residuals of which `loading` is a factor shared with other traits."""
    return loading * shared + np.sqrt(1 - loading**2) * rng.standard_normal(len(shared))


def choose(rng: np.random.Generator, n: int, shares: tuple[float, ...]) -> Ints:
    """Return `n` positions in `shares`, drawn in those proportions."""
    cuts = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(cuts, rng.random(n), side="right").clip(0, len(shares) - 1)


def lag(rng: np.random.Generator, n: int, bounds: tuple[int, int]) -> Ints:
    """Return whole days between the bounds, more often short than long."""
    least, most = bounds
    return least + np.floor((most - least + 1) * rng.beta(1.5, 3.0, n)).astype(np.int64)


def repeat_events(counts: Ints) -> tuple[Ints, Ints]:
    """Return, for each of `counts.sum()` events, the row it came from and its number within that row."""
    rows = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return rows, np.arange(len(rows)) - np.repeat(first, counts)


def logistic(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))
