"""What a fitted model holds about the cases it learned from, however its scores may look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import encode, take
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.trees import TreePredictor


@dataclass(frozen=True)
class Structure:
    """The smallest groups of training cases that a fitted value of the model rests on.

    Attributes
    ----------
    kind : str
        "trees" or "terms".
    parameters : int
        Leaves of all trees, or terms of the logistic model.
    cases : int
        Training cases.
    spare : int
        Residual degrees of freedom: cases less parameters (for trees, less the leaves of all of them).
    least : int or None
        Fewest training cases in any leaf; or on the rarer side of any yes-or-no term. None: there is no leaf or term.
    small : int
        Leaves, or yes-or-no terms, with fewer than `least_allowed` cases.
    least_allowed : int
        The threshold.
    k : int
        The threshold of `alone`.
    in_small : Estimate
        Share of training cases that are in a small leaf of any tree, or on the rarer side of a small term.
    pure : int
        Leaves with the outcome in all their cases, or terms with the outcome in all of the rarer side.
    alone : Estimate or None
        Share of training cases whose leaves, taken together over all trees, are shared by fewer than `k` cases
        (k-anonymity of the whole forest). None for a logistic model.
    named : tuple of str
        The small or pure terms of a logistic model.
    """

    kind: str
    parameters: int
    cases: int
    spare: int
    least: int | None
    small: int
    least_allowed: int
    in_small: Estimate
    pure: int
    alone: Estimate | None = None
    named: tuple[str, ...] = ()
    k: int = 10


def structure(context: Context, least_allowed: int, k: int | None = None) -> Structure | None:
    """Look into the lead model with the rows it was fitted on; None when it is neither trees nor terms."""
    features = context.lead.features
    values = encode(take(context.fit, features, strict=True), features)
    y = context.fit.y.to_numpy(dtype=np.float64)
    predictor = context.lead.predictor
    if isinstance(predictor, TreePredictor):
        return of_leaves(predictor.leaves(values), y, least_allowed, k)
    if isinstance(predictor, LinearPredictor):
        names = predictor.preparation.names(features)
        return of_terms(predictor.preparation.columns(values), names, y, least_allowed)
    return None


def of_leaves(leaves: Ints, y: Floats, least_allowed: int, k: int | None = None) -> Structure:
    """Count training cases in the leaves of every tree.

    Parameters
    ----------
    leaves : array of shape (cases, trees)
        The leaf each case falls into.
    y : array of shape (cases,)
    least_allowed : int
    k : int, optional
        Of the anonymity of whole paths; left out, `least_allowed`.

    Examples
    --------
    >>> found = of_leaves(np.array([[0], [0], [0], [1]]), np.array([0, 1, 0, 1]), 2)
    >>> found.least, found.small, found.pure, found.in_small.value
    (1, 1, 1, 0.25)
    """
    parameters = small = pure = 0
    k = least_allowed if k is None else k
    least, in_small = len(y), np.zeros(len(y), dtype=np.bool_)
    for tree in leaves.T:
        _, place, n = np.unique(tree, return_inverse=True, return_counts=True)
        events = np.bincount(place, weights=y)
        parameters, small = parameters + len(n), small + int((n < least_allowed).sum())
        pure += int((events == n).sum())
        least = min(least, int(n.min(initial=least)))
        in_small |= n[place] < least_allowed
    return Structure(
        "trees", parameters, len(y), len(y) - parameters, least, small, least_allowed, _share(in_small), pure,
        alone=_share(_sharers(leaves) < k), k=k,
    )  # fmt: skip


def of_terms(columns: Floats, names: list[str], y: Floats, least_allowed: int) -> Structure:
    """Count training cases on the rarer side of every term that is yes or no.

    Parameters
    ----------
    columns : array of shape (cases, terms)
        The design in the terms' own units.
    names : list of str
    y : array of shape (cases,)
    least_allowed : int

    Examples
    --------
    >>> found = of_terms(np.array([[0.0], [0], [0], [1]]), ["late"], np.array([0, 1, 0, 1]), 2)
    >>> found.least, found.named
    (1, ('late',))
    """
    sides: list[int] = []
    named: list[str] = []
    small = pure = 0
    in_small = np.zeros(len(y), dtype=np.bool_)
    for name, column in zip(names, columns.T, strict=True):
        if not np.isin(column, (0.0, 1.0)).all():
            continue
        rarer = column == (1.0 if column.mean() <= 0.5 else 0.0)
        n = int(rarer.sum())
        sides.append(n)
        few, same = n < least_allowed, bool(n) and bool(y[rarer].all())
        small, pure = small + few, pure + same
        named += [name] if few or same else []
        in_small |= rarer & few
    parameters = columns.shape[1]
    return Structure(
        "terms", parameters, len(y), len(y) - parameters - 1, min(sides, default=None), small, least_allowed,
        _share(in_small), pure, named=tuple(named),
    )  # fmt: skip


def _sharers(leaves: Ints) -> Ints:
    """How many cases share each case's combination of leaves, the case itself included."""
    key = np.random.default_rng(0).integers(-(2**62), 2**62, size=leaves.shape[1])
    with np.errstate(over="ignore"):  # a sum that wraps around is as good a fingerprint
        combined = (leaves * key).sum(axis=1)
    _, place, n = np.unique(combined, return_inverse=True, return_counts=True)
    found: Ints = n[place]
    return found


def _share(which: Flags) -> Estimate:
    n, found = len(which), int(which.sum())
    if not n:
        return Estimate(None, None, None, 0, 0, "Wilson", "no training cases")
    return Estimate(found / n, *wilson(found, n), n, found, "Wilson")
