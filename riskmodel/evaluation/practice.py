"""The list beside how people are chosen today, at the same number of visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation import fused
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.bootstrap import batches_of, household_weights
from riskmodel.evaluation.cells import Tally
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fused import Counts
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.resampled_cells import numbered, resampled
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.usefulness import selection

DECISIONS, RULE = "decisions", "rule"
#: Words that say yes in an audit attribute.
_YES = ("1", "1.0", "true", "yes")


@dataclass(frozen=True)
class Practice:
    """Found by the list and by today's choice, at the same number of visits.

    Attributes
    ----------
    feature : str
        Name of the feature that holds today's decisions or that today's rule goes by.
    kind : str
        `DECISIONS`: whom people chose, as recorded; `RULE`: a rule that stands for them.
    visits : int
        As many as were chosen; for a rule, as many as the team makes.
    by_model, by_practice, difference : Estimate
        Cases found by each, and the difference, paired by resample.
    in_common : Estimate
        Share of the visits that both would make.
    note : str
    """

    feature: str
    kind: str
    visits: int
    by_model: Estimate
    by_practice: Estimate
    difference: Estimate
    in_common: Estimate
    note: str


def compared_with_practice(context: Context, visits: int) -> Practice | None:
    """Compare the list with recorded decisions, or else with the current rule; None when neither is declared.

    Parameters
    ----------
    context : Context
    visits : int
        Visits to compare at when there is only a rule.
    """
    team = context.prototype.team
    if team is not None and team.decisions is not None:
        chosen = _decided(context, team.decisions)
        if not 0 < chosen.sum() < len(chosen):
            return None
        note = (
            "Outcomes of those who were chosen happened after the help they got. If the help worked, today's choice "
            "found more need than is counted here."
        )
        return _practice(context, team.decisions, DECISIONS, chosen, chosen, int(chosen.sum()), note)
    rule = context.training.baselines.get("current_rule")
    if rule is None or context.prototype.current_rule is None:
        return None
    score = rule.raw(context.test)
    note = "The rule stands for today's practice. Cases on which it does not differ are shared out."
    return _practice(context, context.prototype.current_rule, RULE, score, rule.predict(context.test), visits, note)


def _decided(context: Context, name: str) -> Floats:
    """1 for each test case that was chosen; an unknown decision counts as not chosen."""
    if name in context.test.X.columns:
        values = context.test.X[name]
        if values.dtype.kind in "fiub":
            return (values.fillna(0).to_numpy(dtype=np.float64) > 0).astype(np.float64)
    else:
        values = context.test.audit[name]
    said: Floats = values.astype(str).str.lower().isin(_YES).to_numpy().astype(np.float64)
    return said


def _practice(
    context: Context, feature: str, kind: str, score: Floats, probability: Floats, visits: int, note: str
) -> Practice:
    share = visits / len(context.y)
    household, households = numbered(context.test.component.to_numpy())

    def figures(counts: Counts, tally: Tally) -> dict[str, Floats]:
        return {"found": fused.selected(counts, tally.groups[0], fused.cut_line(counts, share))[0]}

    lists = {"model": (context.ranking, context.probability), "practice": (score, probability)}
    drawn = {
        name: resampled(
            context.y, *pair, household, households, figures, resamples=context.resamples, seed=context.seed
        )["found"]
        for name, pair in lists.items()
    }
    chance = {name: selection(pair[0], share) for name, pair in lists.items()}
    found = {name: float((chance[name] * context.y).sum()) for name in lists}
    n, events = len(context.y), int(context.y.sum())

    def estimate(value: float, values: Floats) -> Estimate:
        return percentile(value, float(values[0]), values[1:], n=n, events=events)

    both = float((chance["model"] * chance["practice"]).sum()) / visits
    return Practice(
        feature, kind, visits,
        estimate(found["model"], drawn["model"]),
        estimate(found["practice"], drawn["practice"]),
        estimate(found["model"] - found["practice"], drawn["model"] - drawn["practice"]),
        _overlap(both, chance, household, households, context, visits),
        note,
    )  # fmt: skip


def _overlap(
    both: float, chance: dict[str, Floats], household: Ints, households: int, context: Context, visits: int
) -> Estimate:
    """Share of visits in common, with both lists as they were cut on all cases."""
    shared = np.bincount(household, weights=chance["model"] * chance["practice"], minlength=households)
    whole = np.bincount(household, weights=chance["model"], minlength=households)
    drawn = []
    for numbers in batches_of(households, min(context.resamples, 500)):
        weights = household_weights(households, numbers, context.seed).astype(np.float64)
        drawn.append(fused.divide(shared @ weights, whole @ weights))
    return percentile(both, both, np.concatenate(drawn), n=visits, events=int(context.y.sum()))
