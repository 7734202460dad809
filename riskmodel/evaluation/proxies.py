"""Proxy audit: how well the model's features tell the audited groups apart, and which features do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.bootstrap import household_weights
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.fairness import Grouping, groupings
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.results import Estimate
from riskmodel.modelling.columns import ModelFeature, encode, take
from riskmodel.modelling.estimators import penalised_likelihood
from riskmodel.modelling.folds import household_folds
from riskmodel.modelling.preparation import prepare

#: The rule. A group is recovered when the whole interval of the AUROC lies above the first number. A feature is a proxy
#: for a group when it alone tells the group apart with an AUROC of the second, and moves the score by the third part.
RECOVERED, ALONE, MATTERS = 0.70, 0.65, 0.01
#: Test rows that are used at most, folds, contributors listed, strength of the ridge penalty, resamples.
MOST_ROWS, FOLDS, LISTED, PENALTY, RESAMPLES = 5000, 3, 5, 0.03, 200


@dataclass(frozen=True)
class Contributor:
    """A feature that helps to recover a group.

    `share` is its part of the recovering model's mean absolute contributions, `alone` the AUROC of the feature by
    itself (either direction), `importance` its part of the lead model's score, `proxy` whether the rule flags it.
    """

    feature: str
    label: str
    theme: str
    share: float
    alone: float
    importance: float
    proxy: bool


@dataclass(frozen=True)
class RecoveredGroup:
    """How well one group is told from the rest of its attribute by the model's features."""

    attribute: str
    group: str
    n: int
    members: int
    auroc: Estimate
    recovered: bool
    contributors: tuple[Contributor, ...]


@dataclass(frozen=True)
class ProxyAudit:
    """The audit of every attribute, the flagged features (those that move the score most first) and the rule."""

    groups: tuple[RecoveredGroup, ...]
    flagged: tuple[str, ...]
    rule: str


@dataclass(frozen=True, eq=False)
class _Design:
    """The sampled test rows as every question about them needs them.

    `terms` is the standardised design and `feature_of` the feature of each of its columns; `ranked` holds ranks of
    single columns (a value, a missing flag or a category level) and `ranked_of` their features; `fold` numbers the
    fold of each row; `weights` are household weights by row and resample.
    """

    rows: int
    terms: Floats
    feature_of: Ints
    ranked: Floats
    ranked_of: Ints
    fold: Ints
    household: Ints
    weights: Floats


def audit_proxies(context: Context) -> ProxyAudit:
    """Try to recover every reported group of every audit attribute from the lead model's features.

    Notes
    -----
    Estimator: a ridge-penalised logistic model, one group against the rest, scored out of fold with whole households
    in a fold, on at most 5,000 test rows. The interval is the household bootstrap's with scores held. A high figure
    says that leaving the attribute out does not make the model blind to it; it does not say that the model uses it.
    """
    test = _sample(context)
    features = context.lead.features
    design = _design(context, test, features)
    explanation = context.evaluation.explanation
    importance = {effect.feature: effect.share for effect in (explanation.effects if explanation else ())}
    found = []
    for grouping in _asked(groupings(test.audit, test.y.to_numpy(dtype=np.float64))):
        member = np.zeros(len(test), dtype=np.float64)
        member[grouping.rows] = 1.0
        area = _recovered(design, member)
        clear = area.low is not None and area.low > RECOVERED
        listed = _contributors(design, features, member, importance)
        found.append(
            RecoveredGroup(grouping.attribute, grouping.group, len(test), len(grouping.rows), area, clear, listed)
        )
    flagged = {c.feature: c.importance for group in found for c in group.contributors if c.proxy}
    return ProxyAudit(tuple(found), tuple(sorted(flagged, key=lambda name: (-flagged[name], name))), rule())


def rule() -> str:
    """The rule in words."""
    return (
        f"A group is recovered when the whole 95% interval of the AUROC lies above {RECOVERED:g}. A feature is flagged "
        f"when it alone reaches {ALONE:g} for a group and makes up {100 * MATTERS:g}% or more of the model's score."
    )


def _sample(context: Context) -> DesignMatrix:
    test = context.test
    if len(test) <= MOST_ROWS:
        return test
    return test.rows(np.sort(np.random.default_rng(context.seed).choice(len(test), MOST_ROWS, replace=False)))


def _asked(groups: Sequence[Grouping]) -> list[Grouping]:
    """The groups to recover: not the unknown, not pools, and of two groups the smaller, because it is one question."""
    asked = []
    for attribute in dict.fromkeys(g.attribute for g in groups):
        own = [
            g for g in groups if g.attribute == attribute and not g.withheld and not g.members and g.group != "Unknown"
        ]
        asked += [min(own, key=lambda g: len(g.rows))] if len(own) == 2 else own if len(own) > 2 else []
    return asked


def _design(context: Context, test: DesignMatrix, features: Sequence[ModelFeature]) -> _Design:
    from scipy.stats import rankdata

    values = encode(take(test, features, strict=True), features)
    preparation = prepare(values, features)
    columns = [(place, column) for place, f in enumerate(features) for column in _single(values[:, place], f)]
    fold = np.zeros(len(test), dtype=np.int64)
    component = test.component.to_numpy()
    for number, part in enumerate(household_folds(np.arange(len(test)), component, k=FOLDS, seed=context.seed)):
        fold[part.judge] = number
    _, household = np.unique(component, return_inverse=True)
    weights = household_weights(int(household.max()) + 1, range(min(RESAMPLES, context.resamples)), context.seed)
    return _Design(
        len(test),
        preparation(values),
        np.array([term.feature for term in preparation.terms], dtype=np.int64),
        np.column_stack([rankdata(column) for _, column in columns]),
        np.array([place for place, _ in columns], dtype=np.int64),
        fold,
        household,
        np.asarray(weights, dtype=np.float64),
    )


def _single(column: Floats, feature: ModelFeature) -> list[Floats]:
    """Columns by which one feature might tell a group apart by itself."""
    missing = np.isnan(column)
    if feature.kind == "category":
        found = [(column == level).astype(np.float64) for level in range(len(feature.levels))]
    else:
        found = [np.where(missing, np.nanmedian(column) if not missing.all() else 0.0, column)]
    return [*found, missing.astype(np.float64)] if missing.any() else found


def _recovered(design: _Design, member: Floats) -> Estimate:
    """AUROC of out-of-fold scores with its interval."""
    score = np.zeros(design.rows)
    for number in range(FOLDS):
        fitted, judged = design.fold != number, design.fold == number
        if not judged.any() or not 0 < member[fitted].sum() < fitted.sum():
            continue
        coefficients, intercept = penalised_likelihood(design.terms[fitted], member[fitted], PENALTY)
        score[judged] = design.terms[judged] @ coefficients + intercept
    drawn = _resampled_area(score, member, design)
    value = auroc(member, score)
    return percentile(value, value, drawn, n=design.rows, events=int(member.sum()))


def _resampled_area(score: Floats, member: Floats, design: _Design) -> Floats:
    """AUROC in each resample of households; out-of-fold scores almost never tie."""
    order = np.argsort(score, kind="stable")
    weights = design.weights[design.household[order]]
    positive, negative = weights * member[order, None], weights * (1 - member[order, None])
    below = negative.cumsum(axis=0) - 0.5 * negative
    area: Floats = (positive * below).sum(axis=0) / (positive.sum(axis=0) * negative.sum(axis=0))
    return area


def _contributors(
    design: _Design, features: Sequence[ModelFeature], member: Floats, importance: Mapping[str, float]
) -> tuple[Contributor, ...]:
    coefficients, _ = penalised_likelihood(design.terms, member, PENALTY)
    size = np.zeros(len(features))
    np.add.at(size, design.feature_of, np.abs(design.terms * coefficients).mean(axis=0))
    share = size / size.sum() if size.sum() else size
    alone = _alone(design, len(features), member)
    listed = [
        Contributor(
            f.name, f.label, f.theme, float(share[place]), float(alone[place]), importance.get(f.name, 0.0),
            bool(alone[place] >= ALONE and importance.get(f.name, 0.0) >= MATTERS),
        )
        for place, f in enumerate(features)
    ]  # fmt: skip
    strongest = sorted(listed, key=lambda c: (-c.share, c.feature))[:LISTED]
    return (*strongest, *(c for c in listed if c.proxy and c not in strongest))


def _alone(design: _Design, features: int, member: Floats) -> Floats:
    """The best AUROC of each feature by itself, in either direction."""
    inside = member.sum()
    area = (design.ranked.T @ member - inside * (inside + 1) / 2) / (inside * (design.rows - inside))
    best = np.full(features, 0.5)
    np.maximum.at(best, design.ranked_of, np.maximum(area, 1 - area))
    return best
