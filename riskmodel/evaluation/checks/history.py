"""Whether every source that is learnt from keeps its past."""

from __future__ import annotations

from riskmodel.evaluation.checks.check import Answer, Check, found, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE
from riskmodel.evaluation.checks.words import named, number_of


def _latest_only(examined: Examined) -> Answer:
    learnt = [name for name, source in examined.used.items() if source.keeps == "latest"]
    if learnt:
        return found(
            f"The model learns from {number_of(len(learnt), 'source')} of which only the latest state is kept: "
            f"{named(learnt)}. A past cohort sees in them what became known later."
        )
    audited = {f.source.name for f in examined.context.prototype.audit if f.source.keeps == "latest"}
    if audited:
        return found(
            f"Audit attributes come from sources that keep only their latest state: {named(sorted(audited))}. Nothing "
            "is learnt from them, but a past case is counted in the group it belongs to now.",
            NOTE,
        )
    return passed("Every source that is learnt from keeps its history.")


LATEST_ONLY = Check(
    "RM215", "A source that keeps only its latest state is learnt from", ERROR,
    "Ask the partner for the history, or use the source for scoring only.",
    _latest_only,
)  # fmt: skip
