"""Splits that keep a household, and a stretch of time, on one side only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import ModelError
from riskmodel.modelling.arrays import Flags, Integers
from riskmodel.periods import Period

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

UNLABELLED = "outcome not known"
OTHER_DATE = "as-of date used neither for training nor for testing"
EMBARGOED = "outcome window reaches past the first test date"
KEPT_FOR_TEST = "household kept for the test"
KEPT_FOR_TRAINING = "household kept for training"
NOT_DRAWN = "not drawn, to match the size of the honest split"

# A panel (the same households every year) would lose its training rows if every household of the test left it.
# Above this share of training rows lost, the shared households are dealt out between the two sides instead.
LARGEST_LOSS = 1 / 3
TEST_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Split:
    """Which rows of a matrix are fitted on, calibrated on and tested on.

    Attributes
    ----------
    train, calibrate, test
        Row numbers of the matrix, each sorted, without a row in common. `calibrate` is the latest part of training.
    dropped
        Reason -> number of rows left out for it. With the three parts they add up to all rows.
    kind
        "household and time", "household" or "random".
    note
        What a reader must know about how the households were dealt out; empty when there is nothing to say.
    """

    train: Integers
    calibrate: Integers
    test: Integers
    dropped: Mapping[str, int] = field(default_factory=dict)
    kind: str = "household and time"
    note: str = ""

    @property
    def fit(self) -> Integers:
        """Training and calibration rows together, sorted."""
        return np.sort(np.concatenate([self.train, self.calibrate]))

    def summary(self, matrix: DesignMatrix) -> dict[str, Any]:
        """Count rows, events, households and dates of each part, and what was dropped, as plain data."""
        parts = {name: _count(matrix, getattr(self, name)) for name in ("train", "calibrate", "test")}
        return {"kind": self.kind, "note": self.note, **parts, "dropped": dict(self.dropped)}


def split_by_household_and_time(
    matrix: DesignMatrix,
    train_as_of: Sequence[date],
    test_as_of: Sequence[date],
    horizon: Period,
    calibrate_as_of: Sequence[date] = (),
    *,
    seed: int = 0,
) -> Split:
    """Train on earlier cohorts, test on later ones, with no household on both sides.

    Rows whose outcome is not known are left out. A training row is embargoed when its outcome window ends after the
    first test date: at that date its outcome could not have been known. Households seen on both sides go to the test
    and leave training. Where that would cost more than a third of the training rows (the same households are looked
    at every year), they are dealt out at random instead: half keep their test rows, the others their training rows.
    `Split.note` then says so.

    Parameters
    ----------
    matrix
        The design matrix, holding all the dates.
    train_as_of, test_as_of
        As-of dates of the two sides.
    horizon
        Length of the outcome window (``prototype.outcome.within``).
    calibrate_as_of
        Training dates kept for calibration, the latest ones.
    seed
        Decides how shared households of a panel are dealt out.

    Returns
    -------
    Split

    Raises
    ------
    ModelError
        If a calibration date is no training date, or a side is left without rows.

    Examples
    --------
    >>> from riskmodel.periods import years
    >>> days = ["2020-09-01", "2021-09-01", "2023-09-01"]
    >>> matrix = DesignMatrix(
    ...     X=pd.DataFrame({"visits": [1.0, 2.0, 3.0]}), y=pd.Series([1.0, 0.0, 1.0]), keys=pd.Series(["a", "b", "c"]),
    ...     as_of=pd.Series(pd.to_datetime(days)), component=pd.Series([0, 1, 2]),
    ...     audit=pd.DataFrame(index=range(3)), area=pd.Series(["Unknown"] * 3))
    >>> split = split_by_household_and_time(
    ...     matrix, [date(2020, 9, 1), date(2021, 9, 1)], [date(2023, 9, 1)], years(2), [date(2021, 9, 1)])
    >>> split.train.tolist(), split.calibrate.tolist(), split.test.tolist()
    ([0], [1], [2])
    """
    if strangers := sorted(set(calibrate_as_of) - set(train_as_of)):
        raise ModelError(
            f"Calibration date(s) {_listed(strangers)} are no training dates.",
            "Calibration uses the latest of the training cohorts.",
            next_step="Take the calibration dates from the training dates.",
        )
    reason = _Reasons(len(matrix))
    labelled = reason.drop(matrix.y.isna().to_numpy(), UNLABELLED)
    in_train, in_test = _at(matrix, train_as_of) & labelled, _at(matrix, test_as_of) & labelled
    reason.drop(labelled & ~in_train & ~in_test, OTHER_DATE)
    late = in_train & _at(matrix, [d for d in train_as_of if test_as_of and horizon.after(d) > min(test_as_of)])
    reason.drop(late, EMBARGOED)
    in_train &= ~late
    to_test, note = _shared_households(matrix.component.to_numpy(), in_train, in_test, seed)
    reason.drop(in_train & to_test["leaves_train"], KEPT_FOR_TEST)
    reason.drop(in_test & to_test["leaves_test"], KEPT_FOR_TRAINING)
    in_train, in_test = in_train & ~to_test["leaves_train"], in_test & ~to_test["leaves_test"]
    calibrates = in_train & _at(matrix, calibrate_as_of)
    split = Split(_rows(in_train & ~calibrates), _rows(calibrates), _rows(in_test), reason.counts, note=note)
    _check_sides(split, train_as_of, test_as_of)
    return split


def split_for(matrix: DesignMatrix, prototype: Prototype, *, seed: int = 0) -> Split:
    """Split a prototype's matrix by household and time at the dates that the prototype declares.

    Parameters
    ----------
    matrix
        The prototype's design matrix at all its dates.
    prototype
        Names the training, calibration and test dates, and the outcome window.
    seed
        As for `split_by_household_and_time`.
    """
    horizon = prototype.outcome.within
    return split_by_household_and_time(
        matrix, prototype.train_as_of, prototype.test_as_of, horizon, prototype.calibrate_as_of, seed=seed
    )


def split_by_household(matrix: DesignMatrix, like: Split, *, seed: int = 0) -> Split:
    """Deal whole households out at random, with as many rows on each side as `like` but no regard to time.

    Parameters
    ----------
    matrix
        The design matrix that `like` splits.
    like
        The honest split; its dates and sizes are kept, so that a difference in performance is due to time alone.
    seed
        Decides the order of the households.
    """
    pool = _pool(matrix, like)
    components, where = np.unique(matrix.component.to_numpy()[pool], return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(components))[where]
    by_household = pool[np.argsort(order, kind="stable")]
    household = np.sort(order)
    return _dealt(matrix, by_household, household, like, "household")


def split_at_random(matrix: DesignMatrix, like: Split, *, seed: int = 0) -> Split:
    """Deal single rows out at random, with as many on each side as `like`: the optimistic split, for comparison only.

    Parameters
    ----------
    matrix
        The design matrix that `like` splits.
    like
        The honest split; its dates and sizes are kept.
    seed
        Decides the order of the rows.
    """
    pool = _pool(matrix, like)
    shuffled = np.random.default_rng(seed).permutation(pool)
    return _dealt(matrix, shuffled, np.arange(len(shuffled)), like, "random")


class _Reasons:
    """Why rows were left out; each row counts once."""

    def __init__(self, n: int) -> None:
        self.counts: dict[str, int] = {}
        self._left: Flags = np.ones(n, dtype=np.bool_)

    def drop(self, mask: Flags, why: str) -> Flags:
        """Count the rows of `mask` under `why` and return the rows that are left."""
        if n := int((mask & self._left).sum()):
            self.counts[why] = n
        self._left = self._left & ~mask
        return self._left


def _shared_households(component: Integers, in_train: Flags, in_test: Flags, seed: int) -> tuple[dict[str, Flags], str]:
    """Say which rows leave which side because their household is on both."""
    shared = np.intersect1d(component[in_train], component[in_test])
    is_shared = np.isin(component, shared)
    nothing: Flags = np.zeros(len(component), dtype=np.bool_)
    lost = (in_train & is_shared).sum() / max(int(in_train.sum()), 1)
    if lost <= LARGEST_LOSS:
        return {"leaves_train": is_shared, "leaves_test": nothing}, ""
    keep_test = np.random.default_rng(seed).permutation(len(shared)) < round(TEST_SHARE * len(shared))
    to_test = np.isin(component, shared[keep_test])
    note = (
        f"{lost:.0%} of the training rows belong together with rows of the test. What belongs together was therefore "
        f"dealt out at random: {TEST_SHARE:.0%} keeps only its test rows, the rest only its training rows."
    )
    return {"leaves_train": to_test, "leaves_test": is_shared & ~to_test}, note


def _dealt(matrix: DesignMatrix, order: Integers, group: Integers, like: Split, kind: str) -> Split:
    """Cut an ordering into test, calibrate and train, never inside a group."""
    n_test, n_calibrate, n_train = len(like.test), len(like.calibrate), len(like.train)
    cuts = [_whole(group, n) for n in (n_test, n_test + n_calibrate, n_test + n_calibrate + n_train)]
    test, calibrate, train = order[: cuts[0]], order[cuts[0] : cuts[1]], order[cuts[1] : cuts[2]]
    used = len(test) + len(calibrate) + len(train)
    unlabelled = int(matrix.y.isna().sum())
    counts = {UNLABELLED: unlabelled, OTHER_DATE: len(matrix) - unlabelled - len(order), NOT_DRAWN: len(order) - used}
    dropped = {why: n for why, n in counts.items() if n}
    return Split(np.sort(train), np.sort(calibrate), np.sort(test), dropped, kind=kind)


def _whole(group: Integers, n: int) -> int:
    """Move a cut forward to the end of the group it falls into."""
    return n if n >= len(group) or n == 0 else int(np.searchsorted(group, group[n - 1], side="right"))


def _pool(matrix: DesignMatrix, like: Split) -> Integers:
    """Every labelled row at a date that `like` uses."""
    used = np.concatenate([like.train, like.calibrate, like.test])
    same_date = matrix.as_of.isin(matrix.as_of.iloc[used].unique()).to_numpy()
    return _rows(same_date & matrix.y.notna().to_numpy())


def _at(matrix: DesignMatrix, days: Iterable[date]) -> Flags:
    mask: Flags = matrix.as_of.isin([pd.Timestamp(day) for day in days]).to_numpy()
    return mask


def _rows(mask: Flags) -> Integers:
    return np.flatnonzero(mask).astype(np.int64)


def _check_sides(split: Split, train_as_of: Sequence[date], test_as_of: Sequence[date]) -> None:
    sides = (("training", split.fit, train_as_of), ("test", split.test, test_as_of))
    empty = [f"no {name} row is left at {_listed(days) or 'any date'}" for name, rows, days in sides if not len(rows)]
    if empty:
        reasons = "; ".join(f"{n} {why}" for why, n in split.dropped.items()) or "the matrix has none at these dates"
        raise ModelError(
            f"The split failed: {' and '.join(empty)} ({reasons}).",
            "Both sides need rows whose outcome is known, and training outcomes must be known by the first test date.",
            next_step="Choose earlier training dates or dates that the data cover.",
        )


def _listed(days: Iterable[date]) -> str:
    return ", ".join(day.isoformat() for day in sorted(days))


def _count(matrix: DesignMatrix, rows: Integers) -> dict[str, Any]:
    days = sorted(str(day)[:10] for day in matrix.as_of.iloc[rows].unique())
    return {
        "n": len(rows),
        "events": int(np.nansum(matrix.y.to_numpy()[rows])),
        "households": int(matrix.component.iloc[rows].nunique()),
        "as_of": days,
    }
