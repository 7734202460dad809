"""PROBAST+AI: its questions about quality and risk of bias, answered where the facts answer them.

Source: Moons and others (2025), BMJ 388:e082505, for the two parts, the four domains and the number of questions of
each part; questions and their numbers inside a domain are our own. What needs judgement is left to the assessor: a
card does not assess itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from riskmodel.reporting.document import Block, Cell, Section, Table, Text, table
from riskmodel.reporting.forms.pack import Pack

ASSESSOR = "for the assessor"

#: Fewer outcomes for each measure than the first are too few by common rules, the second or more are enough.
_TOO_FEW, _ENOUGH = 10.0, 20.0


@dataclass(frozen=True)
class Question:
    """A signalling question; `answer` holds when every fact in `needs` is there, `rule` works it out instead."""

    code: str
    asks: str
    answer: str = ASSESSOR
    needs: tuple[str, ...] = ()
    rule: Callable[[Pack], tuple[str, str]] | None = None


def _outcomes_for_each_measure(pack: Pack) -> tuple[str, str]:
    part = pack.material.training.get("split", {}).get("train") or {}
    measures = len(pack.material.prototype.features)
    if not part.get("events"):
        return ASSESSOR, pack.said("sizes")
    ratio = part["events"] / measures
    answer = "probably no" if ratio < _TOO_FEW else "probably yes" if ratio >= _ENOUGH else ASSESSOR
    limit = (
        f"fewer than {_TOO_FEW:.0f}"
        if ratio < _TOO_FEW
        else f"{_ENOUGH:.0f} or more"
        if ratio >= _ENOUGH
        else "10 to 20"
    )
    return answer, f"{limit} outcomes for each of {measures} measures. {pack.said('sizes')}"


def _outcomes_to_test(pack: Pack) -> tuple[str, str]:
    events = pack.material.events.value
    if events is None:
        return ASSESSOR, pack.said("tested_on")
    return ("probably yes" if events >= 200 else "probably no"), f"200 outcomes are asked for. {pack.said('tested_on')}"


def _settled_outcome(pack: Pack) -> tuple[str, str]:
    return "yes", f"Declared before training, the same for every case. {pack.said('outcome')}"


def _own_outcome(pack: Pack) -> tuple[str, str]:
    outcome = pack.material.prototype.outcome
    shared = [f for f in pack.material.prototype.features if f.source.name == outcome.source.name]
    if not shared:
        return "yes", "No measure is taken from the records of the outcome."
    return "probably yes", "Measures from the same records count only what was known before the outcome's window began."


def _prespecified(pack: Pack) -> tuple[str, str]:
    return (
        ("yes", f"{pack.said('criteria')} They are part of the declaration's fingerprint.")
        if pack.said("criteria")
        else (ASSESSOR, "")
    )


_D1 = "Participants and data sources"
_D2 = "Predictors"
_D3 = "Outcome"
_D4 = "Analysis"

DEVELOPMENT: dict[str, tuple[Question, ...]] = {
    _D1: (
        Question("1.1", "Were the sources of data fit for the purpose?"),
        Question("1.2", "Were the right cases taken in and left out?"),
        Question("1.3", "Do the cases stand for those it is meant for?"),
    ),
    _D2: (
        Question("2.1", "Were measures defined and taken alike for all cases?", "yes", ("measures",)),
        Question("2.2", "Were measures taken without knowing the outcome?", "yes", ("measures", "dates")),
        Question(
            "2.3", "Will every measure be there when the model is used?", "probably yes", ("measures", "partners")
        ),
    ),
    _D3: (
        Question("3.1", "Was the outcome found out in a fit way?"),
        Question("3.2", "Was the definition set beforehand and alike for all cases?", rule=_settled_outcome),
        Question("3.3", "Were measures kept out of the definition of the outcome?", rule=_own_outcome),
        Question("3.4", "Was the outcome found out without knowing the measures?"),
        Question("3.5", "Was the time between measures and outcome right?"),
    ),
    _D4: (
        Question("4.1", "Were there enough cases with the outcome?", rule=_outcomes_for_each_measure),
        Question(
            "4.2",
            "Were missing values handled well, and no cases dropped for them?",
            "probably yes",
            ("missing_values",),
        ),
        Question("4.3", "Were settings chosen without the test cases?", "yes", ("trials", "split")),
        Question(
            "4.4",
            "Was rarity of the outcome handled without spoiling the probabilities?",
            "yes",
            ("not_reweighted", "calibrated"),
        ),
        Question("4.5", "Were ties between cases (households, places) taken into account?", "yes", ("split",)),
    ),
}
EVALUATION: dict[str, tuple[Question, ...]] = {
    _D1: (
        Question("1.1", "Were the sources of data fit for testing?"),
        Question("1.2", "Were the right cases taken in and left out?"),
        Question("1.3", "Do the cases tested stand for those it will be used on?"),
    ),
    _D2: (
        Question("2.1", "Were measures defined and taken as in training?", "yes", ("measures", "fingerprints")),
        Question("2.2", "Were measures taken without knowing the outcome?", "yes", ("measures", "dates")),
        Question("2.3", "Were all measures known at the time of prediction?", "yes", ("measures",)),
    ),
    _D3: (
        Question("3.1", "Was the outcome found out in a fit way?"),
        Question("3.2", "Was the definition set beforehand and alike for all cases?", rule=_settled_outcome),
        Question("3.3", "Were measures kept out of the definition of the outcome?", rule=_own_outcome),
        Question("3.4", "Was the outcome found out without knowing measures or score?"),
        Question("3.5", "Was the outcome free of what the help itself changed?"),
    ),
    _D4: (
        Question("4.1", "Were there enough cases with the outcome?", rule=_outcomes_to_test),
        Question("4.2", "Were missing values handled as they will be in use?", "yes", ("missing_values",)),
        Question("4.3", "Were the cases tested kept out of training?", "yes", ("split",)),
        Question(
            "4.4", "Were ranking and calibration both measured, with intervals?", "yes", ("performance", "calibration")
        ),
        Question("4.5", "Was performance measured by group?", "yes", ("groups",)),
        Question(
            "4.6", "Were ties between cases taken into account in the intervals?", "yes", ("split", "performance")
        ),
        Question("4.7", "Were cut-offs and criteria set before the test?", rule=_prespecified),
    ),
}


def probast(pack: Pack) -> Section:
    """Both parts, domain by domain, with what the facts say and what is left to the assessor."""
    every = [q for part in (DEVELOPMENT, EVALUATION) for asked in part.values() for q in asked]
    left = sum(answered(pack, question)[0] == ASSESSOR for question in every)
    blocks: list[Block] = [
        Text(
            f"The facts of this card answer {len(every) - left} of {len(every)} questions; {left} need an assessor "
            "who did "
            "not make the model. No overall rating is given here. The two parts, their four domains and their 16 and "
            "18 questions are those of Moons and others (BMJ 2025; 388: e082505). Words and numbers of single "
            "questions are this card's own; the published tool governs."
        )
    ]
    for title, key, part in (
        ("Development: quality", "probast-development", DEVELOPMENT),
        ("Evaluation: risk of bias", "probast-evaluation", EVALUATION),
    ):
        blocks.append(_table(pack, key, title, part))
    blocks.append(
        Text("Applicability of participants, predictors and outcome to another place or use is for the assessor there.")
    )
    return Section("probast", "PROBAST+AI", tuple(blocks), "forms")


def answered(pack: Pack, question: Question) -> tuple[str, str]:
    """The answer to a question and the facts it rests on."""
    if question.rule is not None:
        return question.rule(pack)
    if question.needs and not pack.lacking(question.needs):
        return question.answer, " ".join(dict.fromkeys(pack.said(need) for need in question.needs))
    return ASSESSOR, " ".join(pack.said(need) for need in question.needs if pack.said(need))


def _table(pack: Pack, key: str, title: str, part: dict[str, tuple[Question, ...]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for domain, asked in part.items():
        for question in asked:
            answer, why = answered(pack, question)
            rows.append((f"{question.code} {question.asks}", domain, answer, why or "–"))
    return table(key, title, ("Question", "Domain", "Answer", "What it rests on"), rows)
