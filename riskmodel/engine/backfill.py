"""Telling from its history whether a column is filled in later: blank in recent records, filled in older ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# The share filled among the newest records is held against the best year before them.
BIN_DAYS = 30
TAILS = tuple(math.ceil(days / BIN_DAYS) for days in (30, 60, 90, 180, 365, 730, 1095, 1825))
YEAR_BINS = 13
MIN_RECORDS = 50
MAX_RELATIVE_FILL = 0.1
# Records come in clusters (families, batches), so they count for a third of their number, or for less where the best
# year is more uneven than chance makes it (twice over, to be safe); and they are held against half the best share.
LEAST_DESIGN_EFFECT, UNEVENNESS_FACTOR, SHARE_OF_BEST = 3.0, 2.0, 0.5
LOG_CHANCE = math.log(1e-6)

Bins = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tail:
    """The newest records in which a column is blank: how many, over how many days, and the shares filled."""

    records: int
    days: int
    filled_before: float
    filled_since: float


def blank_tail(records: Bins, filled: Bins) -> Tail | None:
    """Tell whether a column is blank in recent records although it used to be filled.

    For tails of 30 days to five years, the share filled in the tail is compared with the best year before it. The tail
    counts as blank when there are at least 50 records on either side, the share is at most a tenth of the best, and so
    few would be filled by chance less than once in a million times (Chernoff's bound on the binomial against half the
    best share, with the records divided by a design effect, because neighbouring records are alike). A column that was
    as blank for as long within its best year is seasonal, not filled in later.

    Parameters
    ----------
    records, filled
        Records and filled values in bins of 30 days, newest first, int64 of equal length.

    Returns
    -------
    Tail or None
        The longest blank tail, None if there is none.

    Examples
    --------
    >>> records = np.full(48, 100)
    >>> blank_tail(records, np.where(np.arange(48) < 13, 0, 80))
    Tail(records=1300, days=390, filled_before=0.8, filled_since=0.0)
    >>> blank_tail(records, np.full(48, 3)) is None
    True
    """
    for bins in reversed(TAILS):
        if bins >= len(records):
            continue
        since, filled_since = int(records[:bins].sum()), int(filled[:bins].sum())
        best, year = _best_year(records[bins:], filled[bins:])
        in_year = records[bins:][year], filled[bins:][year]
        if since < MIN_RECORDS or best == 0 or filled_since > MAX_RELATIVE_FILL * best * since:
            continue
        if _lowest(*in_year, bins) <= MAX_RELATIVE_FILL * best:
            continue
        design_effect = max(LEAST_DESIGN_EFFECT, UNEVENNESS_FACTOR * _unevenness(*in_year))
        if _log_chance(filled_since, since, best * SHARE_OF_BEST) / design_effect < LOG_CHANCE:
            return Tail(since, bins * BIN_DAYS, best, filled_since / since)
    return None


def _best_year(records: Bins, filled: Bins) -> tuple[float, slice]:
    """The highest share filled in any year with enough records, and the bins of that year."""
    width = min(YEAR_BINS, len(records))
    shares = _shares(records, filled, width, otherwise=0.0)
    first = int(np.argmax(shares))
    return float(shares[first]), slice(first, first + width)


def _lowest(records: Bins, filled: Bins, width: int) -> float:
    """The lowest share filled in any stretch of so many bins; 1 if no stretch that long has enough records."""
    return float(np.min(_shares(records, filled, width, otherwise=1.0))) if width <= len(records) else 1.0


def _unevenness(records: Bins, filled: Bins) -> float:
    """How much more the filled values vary from bin to bin than chance alone makes them (Pearson's dispersion)."""
    there = records > 0
    n, k = records[there].astype(float), filled[there].astype(float)
    share = k.sum() / n.sum()
    if share == 1 or len(n) < 2:
        return 0.0
    return float(((k - n * share) ** 2 / (n * share * (1 - share))).sum() / (len(n) - 1))


def _shares(records: Bins, filled: Bins, width: int, *, otherwise: float) -> npt.NDArray[np.float64]:
    """The share filled in every stretch of `width` bins, `otherwise` where there are too few records."""
    ones = np.ones(width, dtype=np.int64)
    enough = np.convolve(records, ones, "valid")
    shares = np.convolve(filled, ones, "valid") / np.maximum(enough, 1)
    return np.where(enough >= MIN_RECORDS, shares, otherwise)


def _log_chance(successes: int, trials: int, share: float) -> float:
    """Chernoff's bound on the log-probability of at most so many successes, where fewer than expected were seen."""
    rate = successes / trials
    divergence = (1 - rate) * math.log((1 - rate) / (1 - share))
    if rate > 0:
        divergence += rate * math.log(rate / share)
    return -trials * divergence
