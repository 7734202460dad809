"""A made-up prototype and evaluation for the tests of reporting. No person stands behind any of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from riskmodel.declare import (
    Cohort,
    Outcome,
    Output,
    Prototype,
    Scope,
    Sensitivity,
    Source,
    at_least,
    better_than,
    calibration_slope_between,
    count,
    group_gap_at_most,
    has,
    latest,
)
from riskmodel.evaluation.results import (
    DO_NOT_DEPLOY,
    USE_AS_DECLARED,
    Comparison,
    CriterionResult,
    Estimate,
    Evaluation,
    Explanation,
    FeatureEffect,
    ModelResult,
    Verdict,
)
from riskmodel.periods import months, years
from tests.unit.reporting.simulated import HOW, Floats, around, simulated_models


@dataclass(frozen=True)
class Inputs:
    """The arguments of `ModelCard.compose`."""

    prototype: Prototype
    evaluation: Evaluation
    matrix: dict[str, Any]
    warehouse: dict[str, Any]
    training: dict[str, Any]

    def but(self, **changes: Any) -> Inputs:
        """The same with some parts changed."""
        return replace(self, **changes)

    def judged(self, **changes: Any) -> Inputs:
        """The same with fields of the evaluation changed."""
        return replace(self, evaluation=replace(self.evaluation, **changes))


def a_source(name: str, partner: str, agreement: str, **more: Any) -> Source:
    settings = {"key": "person_id", "happened": "happened_on", "known": "received_on"} | more
    return Source(
        name, f"One row for each {name.replace('_', ' ')} record", partner=partner, agreement=agreement, **settings
    )


def a_prototype(**changes: Any) -> Prototype:
    """A prototype like a real one, with eight features from four partners."""
    register = a_source(
        "register",
        "County register",
        "ISA-01",
        columns={"ward_code": str, "sex": str, "ethnic_group": str, "born": date},
    )
    homes = a_source(
        "homes", "County register", "ISA-01", columns={"household_id": str, "left_on": date}, ends="left_on"
    )
    visits = a_source(
        "health_visits",
        "Health visiting",
        "ISA-02",
        columns={"late": bool, "score": float},
        sensitivity=Sensitivity.SPECIAL,
    )
    police = a_source("incidents", "Police", "ISA-03", columns={"abuse": bool}, sensitivity=Sensitivity.CRIMINAL)
    profile = a_source("profile", "Schools", "ISA-04", columns={"good_level": bool, "free_school_meals": bool})
    home = Scope("anyone living with the child", via=homes, group="household_id")
    features = [
        count(
            visits,
            "visits_missed",
            "health visits were missed in the last year",
            where="late",
            within=months(12),
            direction="+",
        ),
        latest(visits, "last_score", "the last development score", "score", direction="-"),
        has(
            police,
            "abuse_at_home",
            "domestic abuse was recorded at the child's home",
            of=home,
            where="abuse",
            within=years(2),
            direction="+",
        ),
        count(police, "incidents_at_home", "police were called to the child's home", of=home, within=years(2)),
        count(homes, "moves", "the number of times the child has moved home"),
        count(visits, "visits", "contacts with the health visitor"),
        latest(register, "age_in_months", "the child's age within the year group", "age(born)"),
        has(visits, "any_visit", "the family is known to the health visitor"),
    ]
    audit = [
        latest(register, "sex", "Sex", "sex", levels=("F", "M"), protected=True),
        latest(
            register,
            "ethnic_group",
            "Ethnic group",
            "ethnic_group",
            levels=("White", "Asian", "Black", "Mixed", "Other"),
            protected=True,
        ),
    ]
    declared: dict[str, Any] = {
        "cohort": Cohort("Children aged 3 who live in the made-up county", register, area="ward_code", together=home),
        "outcome": Outcome(
            profile, "not_good_level", "No good level of development at the end of Reception", where="NOT good_level",
            within=years(2), audit=["free_school_meals"],
        ),
        "features": features,
        "audit": audit,
        "success": [
            at_least("auroc", 0.65), calibration_slope_between(0.8, 1.25), better_than("simple", by=0.02),
            group_gap_at_most("sex", "tpr", 0.15),
        ],
        "capacity": 0.20,
        "output": Output.INDIVIDUAL,
        "use": "Offer the family a visit from the family hub, which it is free to decline",
        "never": "Eligibility for a service, sanctions, enforcement, or a reason to refer a family to social care",
        "owner": "Early Years",
        "expires": months(12),
        "train_as_of": (date(2020, 9, 1), date(2021, 9, 1)),
        "test_as_of": (date(2023, 9, 1),),
        "score_as_of": date(2025, 9, 1),
        "baseline_flag": "abuse_at_home",
        "current_rule": "any_visit",
        "threshold_range": (0.2, 0.6),
        "limits": [
            "Recorded abuse is not abuse: most of it is never told to the police.",
            "A family that no service knows has fewer records, and not fewer needs.",
        ],
    }  # fmt: skip
    return Prototype(
        "starting_school",
        "Which three-year-olds may start school without a good level of development?",
        **(declared | changes),
    )


def inputs(n: int = 1900, seed: int = 7, base: float = -0.85, capacity: float = 0.20) -> Inputs:
    """Everything a card needs, from `n` simulated test cases."""
    prototype = a_prototype(capacity=capacity)
    y, models = simulated_models(n, seed, base, capacity)
    evaluation = Evaluation(
        prototype=prototype.name,
        question=prototype.question,
        generated_from={
            "matrix_digest": _digest("matrix"), "prototype_digest": prototype.digest(), "data_is_invented": True,
            "model_digests": {name: _digest(name) for name in models}, "resamples": 1000, "seed": seed,
        },
        test={"as_of": ["2023-09-01"], "n": n, "events": int(y.sum()), "components": int(0.9 * n)},
        train={"as_of": ["2020-09-01", "2021-09-01"], "n": 3 * n, "events": int(2.9 * y.sum()), "components": 2 * n},
        lead="logistic",
        models=models,
        comparisons=tuple(
            Comparison("auroc", "logistic", other, _minus(models["logistic"], models[other]))
            for other in models if other != "logistic"
        ),
        explanation=_explanation(prototype, n),
        criteria=_criteria(prototype, models["logistic"]),
        verdict=Verdict(USE_AS_DECLARED, ("All 4 success criteria that were set before training are met.",)),
        optimism={
            name: around(value, 0.02, n, y)
            for name, value in (("random", 0.745), ("household", 0.731), ("honest", 0.722))
        },
        withheld_groups=tuple(f"{g.attribute}: {g.group}" for g in models["logistic"].groups if g.withheld),
    )  # fmt: skip
    return Inputs(
        prototype,
        evaluation,
        {"digest": _digest("matrix"), "attrition": _attrition(n)},
        _warehouse(prototype),
        _training(n, y),
    )


def not_fit(made: Inputs) -> Inputs:
    """The same, judged unfit."""
    return made.judged(
        verdict=Verdict(DO_NOT_DEPLOY, ("the ranking is no better than the rule of thumb", "calibration is off"))
    )


def _minus(a: ModelResult, b: ModelResult) -> Estimate:
    one, other = a.estimates["auroc"], b.estimates["auroc"]
    gap = (one.value or 0) - (other.value or 0)
    return Estimate(gap, gap - 0.018, gap + 0.018, one.n, one.events, HOW)


def _explanation(prototype: Prototype, n: int) -> Explanation:
    weights = np.array([0.62, 0.41, 0.33, 0.2, 0.12, 0.08, 0.05, 0.0])
    effects = tuple(
        FeatureEffect(f.name, f.label, f.partner, f.theme, float(w), float(w / weights.sum()), d)
        for f, w, d in zip(prototype.features, weights, ["+", "-", "+", "+", "mixed", "-", "-", "none"], strict=True)
    )
    return Explanation("logistic", n, effects, 3e-12)


def _criteria(prototype: Prototype, lead: ModelResult) -> tuple[CriterionResult, ...]:
    values = [
        lead.estimates["auroc"],
        lead.estimates["calibration_slope"],
        Estimate(0.11, 0.09, 0.13, 1900, 600, HOW),
        Estimate(0.06, 0.0, 0.12, 1900, 600, HOW),
    ]
    return tuple(
        CriterionResult(c.text, c.metric, value, True, True, f"it is {value.text()}")
        for c, value in zip(prototype.success, values, strict=True)
    )


def _attrition(n: int) -> list[dict[str, Any]]:
    steps = (
        ("register", "On the register of cases (register) on the as-of date", 11 * n + 7),
        ("where", "Aged 3 and living in the made-up county", n + 412),
        ("having", "the family is known to the health visitor", n + 407),
        ("outcome", "With a known outcome: no good level of development", n),
    )
    return [
        {"step": step, "text": text, "n": 4 * left, "by_as_of": {"2021-09-01": 3 * left, "2023-09-01": left}}
        for step, text, left in steps
    ]


def _warehouse(prototype: Prototype) -> dict[str, Any]:
    entry = {"first_happened": "2016-01-04", "last_happened": "2025-08-29", "complete_to": "2025-09-01"}
    sources = {s.name: {**entry, "rows": 12_345 + 801 * place} for place, s in enumerate(prototype.sources)}
    return {"digest": _digest("warehouse"), "sources": sources}


def _training(n: int, y: Floats) -> dict[str, Any]:
    part, tested = {"n": 2 * n, "events": int(2 * y.sum())}, {"n": n, "events": int(y.sum())}
    trials = [
        {
            "family": family,
            "settings": settings,
            "loss": 0.58 + 0.003 * place,
            "error": 0.004,
            "n": 1500,
            "events": 480,
            "chosen": place == 0,
        }
        for family, grid in (
            ("logistic", [{"C": 0.03}, {"C": 0.3}]),
            ("gradient_boosting", [{"num_leaves": 8}, {"num_leaves": 15}]),
        )
        for place, settings in enumerate(grid)
    ]
    return {
        "split": {
            "kind": "household and time",
            "note": "",
            "train": part,
            "calibrate": tested,
            "test": tested,
            "dropped": {"outcome not known": 311, "shared with a test household": 4},
        },
        "lead_reason": "boosting lowers the log loss by less than one standard error, so the simpler family leads",
        "trials": trials,
        "seed": 0,
        "expires_on": "2026-09-01",
        "software": {"python": "3.11", "riskmodel": "0.1.0"},
    }


def _digest(of: str) -> str:
    import hashlib

    return hashlib.sha256(of.encode()).hexdigest()
