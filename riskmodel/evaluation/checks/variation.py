"""Whether measures say something: they vary, are known, differ from each other, and say when they arrived."""

from __future__ import annotations

import numpy as np

from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import NOTE, WARNING
from riskmodel.evaluation.checks.words import named, number_of, percent

#: A measure is nearly constant when so many cases share one value, and mostly missing when so many have none.
NEARLY_ALL, MOSTLY = 0.995, 0.80
#: Two terms say the same from this correlation on.
ALIKE = 0.95


def _constant(examined: Examined) -> Answer:
    constant = []
    for place, feature in enumerate(examined.features):
        _, n = np.unique(examined.values[:, place], return_counts=True)
        if n.max() >= NEARLY_ALL * len(examined.values):
            constant.append(feature.name)
    if not constant:
        return passed(f"Each of {len(examined.features)} measures varies.")
    have = "has" if len(constant) == 1 else "have"
    return found(
        f"{len(constant)} of {len(examined.features)} measures {have} the same value for {100 * NEARLY_ALL:g}% of the "
        f"training cases or more: {named(constant)}."
    )


def _mostly_missing(examined: Examined) -> Answer:
    shares = np.isnan(examined.values).mean(axis=0)
    expected = examined.blank_without_record
    absent = [
        feature.name
        for feature, share in zip(examined.features, shares, strict=True)
        if share >= MOSTLY and feature.name not in expected
    ]
    if not absent:
        return passed(f"No measure is missing for {percent(MOSTLY)} of the training cases.")
    return found(
        f"{number_of(len(absent), 'measure', 'is', 'are')} missing for {percent(MOSTLY)} of the training cases: "
        f"{named(absent)}."
    )


def _collinear(examined: Examined) -> Answer:
    terms = [(place, term.feature) for place, term in enumerate(examined.preparation.terms) if term.kind != "missing"]
    if len({feature for _, feature in terms}) < 2:
        return not_applicable("fewer than two measures vary")
    design = examined.preparation(examined.values)[:, [place for place, _ in terms]]
    together = np.abs(design.T @ design) / len(design)
    pairs = []
    for i, j in zip(*np.nonzero(np.triu(together >= ALIKE, 1)), strict=True):
        one, other = terms[i][1], terms[j][1]
        if one != other:
            pairs.append(f"{examined.features[one].name} and {examined.features[other].name}")
    pairs = list(dict.fromkeys(pairs))
    if not pairs:
        return passed(f"No two measures are correlated by {ALIKE:g} or more.")
    return found(
        f"{number_of(len(pairs), 'pair')} of measures say nearly the same (correlation {ALIKE:g} or more): "
        f"{named(pairs)}."
    )


def _arrival_unknown(examined: Examined) -> Answer:
    silent = [name for name, source in examined.sources.items() if source.known == source.happened]
    if not silent:
        return passed("Every source says when its records were received.")
    return found(
        f"{number_of(len(silent), 'source', 'does', 'do')} not say when a record was received, so it counts as known "
        f"on the day it happened: "
        f"{named(silent)}. What arrives late in practice was on time in training."
    )


CONSTANT = Check(
    "RM207", "Measures that hardly ever vary", NOTE,
    "Leave them out, or widen their window: they cost a partner's data and move no score.",
    _constant,
)  # fmt: skip
COLLINEAR = Check(
    "RM208", "Measures that say the same", WARNING,
    "Keep one of each pair: reasons given for a score are arbitrary between the two.",
    _collinear,
)  # fmt: skip
MOSTLY_MISSING = Check(
    "RM214", "Measures that are mostly missing", NOTE,
    "Ask the partner why, and whether they are worth collecting for this.",
    _mostly_missing,
)  # fmt: skip
ARRIVAL_UNKNOWN = Check(
    "RM216", "A source does not say when its records were received", WARNING,
    "Ask the partner for the day of receipt and declare it as known=.",
    _arrival_unknown,
)  # fmt: skip
