"""What a design matrix says about itself: digests, the path from register to labelled case, coverage, dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from riskmodel.declare.feature import Feature
from riskmodel.declare.prototype import Prototype
from riskmodel.engine.compile import Plan
from riskmodel.engine.coverage import covered
from riskmodel.engine.execute import sources_of
from riskmodel.engine.warehouse import Warehouse


def manifest(
    prototype: Prototype, features: Sequence[Feature], warehouse: Warehouse, plan: Plan, digest: str
) -> dict[str, Any]:
    """Return the manifest of a matrix, all of it plain data."""
    dates = plan.clock.dates
    return {
        "digest": digest,
        "prototype": prototype.name,
        "prototype_digest": prototype.digest(),
        "warehouse_digest": warehouse.digest(),
        "as_of": [day.isoformat() for day in dates],
        "features": [_described(feature) for feature in features],
        "coverage": {
            "sources": {name: _coverage(warehouse, name, dates) for name in sources_of(plan)},
            "features_not_covered": _not_covered(features, dates),
        },
    }


def attrition(
    prototype: Prototype, counts: Sequence[Mapping[date, Sequence[int]]], as_of: pd.Series[Any], y: pd.Series[Any]
) -> list[dict[str, Any]]:
    """Return how many cases each step kept, in order: register, condition, needed features, known outcome.

    Each entry has ``step`` (a code), ``text`` (plain words), ``n`` and ``by_as_of`` (counts by ISO date).
    """
    cohort = prototype.cohort
    dates = sorted({day for batch in counts for day in batch} | {day.date() for day in as_of.unique()})
    where = cohort.description if not cohort.having else f"Meeting the condition: {cohort.where}"
    steps = [("register", f"On the register of cases ({cohort.source.name}) on the as-of date"), ("where", where)]
    steps += [("having", f"Where {feature.label}") for feature in cohort.having]
    made = []
    for place, (step, text) in enumerate(steps):
        if step == "where" and cohort.where is None:
            continue
        by_date = {day: sum(batch[day][place] for batch in counts if day in batch) for day in dates}
        made.append(_entry(step, text, by_date))
    known = as_of[y.notna()]
    by_date = {day: int((known == pd.Timestamp(day)).sum()) for day in dates}
    made.append(_entry("outcome", f"With a known outcome: {prototype.outcome.label}", by_date))
    return made


def _entry(step: str, text: str, by_date: Mapping[date, int]) -> dict[str, Any]:
    by_as_of = {day.isoformat(): int(n) for day, n in by_date.items()}
    return {"step": step, "text": text, "n": sum(by_as_of.values()), "by_as_of": by_as_of}


def _described(feature: Feature) -> dict[str, Any]:
    return {
        "name": feature.name,
        "label": feature.label,
        "verb": feature.verb,
        "kind": feature.dtype,
        "levels": list(feature.levels or ()),
        "direction": feature.direction,
        "window": None if feature.within is None else str(feature.within),
        "scope": None if feature.of is None else feature.of.description,
        "source": feature.source.name,
        "partner": feature.partner,
        "agreement": feature.agreement,
        "sensitivity": feature.sensitivity.value,
        "theme": feature.theme,
        "justification": feature.justification,
    }


def _coverage(warehouse: Warehouse, source: str, dates: Sequence[date]) -> dict[str, Any]:
    complete_to = warehouse.complete_to(source)
    return {
        "extracted_on": warehouse.extracted_on(source).isoformat(),
        "complete_to": complete_to.isoformat(),
        "as_of_after_complete_to": [day.isoformat() for day in dates if day > complete_to],
    }


def _not_covered(features: Sequence[Feature], dates: Sequence[date]) -> dict[str, list[str]]:
    missing = {f.name: [day.isoformat() for day in dates if not covered(f, day)] for f in features}
    return {name: days for name, days in missing.items() if days}
