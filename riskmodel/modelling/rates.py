"""Predictors that look up a rate: the same for everybody, one an area, or the rule in force."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodel.modelling.arrays import Floats

FILE = "rates.json"


@dataclass(frozen=True)
class RatePredictor:
    """Log-odds looked up by the code of at most one column.

    Attributes
    ----------
    kind
        ``"constant"``: everybody gets `otherwise`. ``"lookup"``: the log-odds at the place of the column's code in
        `by_code`, `otherwise` where it is missing or was never seen. ``"rule"``: the column's own value, and
        `otherwise` where it is missing.
    otherwise
        Log-odds (or, for a rule, its value) when nothing is known.
    by_code
        Log-odds for each code.
    """

    kind: str
    otherwise: float
    by_code: tuple[float, ...] = ()

    @property
    def expected(self) -> float:
        """What is predicted when nothing is known."""
        return self.otherwise

    def raw(self, values: Floats) -> Floats:
        """Return the log-odds (or the rule's value) of encoded rows."""
        if self.kind == "constant":
            return np.full(len(values), self.otherwise)
        column = values[:, 0]
        missing = np.isnan(column)
        if self.kind == "rule":
            return np.where(missing, self.otherwise, column)
        table = np.array([*self.by_code, self.otherwise])
        found: Floats = table[np.where(missing, len(self.by_code), column).astype(np.int64)]
        return found

    def contributions(self, values: Floats) -> Floats:
        """Return what the column adds to `expected`; a constant has no column."""
        return (self.raw(values) - self.expected)[:, None][:, : values.shape[1]]

    def files(self) -> dict[str, bytes]:
        """Return the file that holds this predictor in a bundle."""
        plain = {"kind": self.kind, "otherwise": self.otherwise, "by_code": list(self.by_code)}
        return {FILE: (json.dumps(plain, indent=1) + "\n").encode()}

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> RatePredictor:
        """Return the predictor that `files` wrote."""
        plain: dict[str, Any] = json.loads(files[FILE])
        return cls(plain["kind"], plain["otherwise"], tuple(plain["by_code"]))


def shrunk_rates(events: Floats, n: Floats) -> tuple[Floats, float]:
    """Return area rates shrunk towards the overall rate, by empirical Bayes on a beta-binomial.

    The overall rate m is the pooled one. The prior Beta(m s, (1 - m) s) gets the strength s that makes the counts
    most likely (between 1 and 1,000,000 cases); an area's rate is its posterior mean, (events + m s) / (n + s).

    Parameters
    ----------
    events, n
        Outcomes and cases of each area.

    Returns
    -------
    rates, strength
        Shrunk rate of each area, and s: an area with s cases is moved half way.

    Examples
    --------
    >>> rates, strength = shrunk_rates(np.array([10.0, 10.0]), np.array([100.0, 100.0]))
    >>> rates.round(3).tolist(), strength > 10_000
    ([0.1, 0.1], True)
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln

    mean = float(events.sum() / n.sum())

    def minus_likelihood(log_strength: float) -> float:
        a, b = mean * np.exp(log_strength), (1 - mean) * np.exp(log_strength)
        return -float((betaln(events + a, n - events + b) - betaln(a, b)).sum())

    found = minimize_scalar(minus_likelihood, bounds=(0.0, np.log(1e6)), method="bounded", options={"xatol": 1e-6})
    strength = float(np.exp(found.x))
    rates: Floats = (events + mean * strength) / (n + strength)
    return rates, strength
