"""The rules that the parts of a prototype keep together, checked when it is declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from riskmodel.declare.feature import Feature
from riskmodel.declare.naming import check_name, check_text
from riskmodel.declare.reach import check_reach
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError

if TYPE_CHECKING:
    from riskmodel.declare.prototype import Prototype


def check_prototype(prototype: Prototype) -> None:
    """Refuse a prototype that breaks a rule; the error names everything that breaks it."""
    check_name(prototype.name, "A prototype")
    for part in ("question", "use", "never", "owner"):
        check_text(getattr(prototype, part), f"The {part} of prototype '{prototype.name}'")
    _check_lists(prototype)
    _check_names(prototype)
    _check_audit(prototype)
    _check_reach(prototype)
    _check_protected(prototype)
    _check_shares(prototype)
    _check_dates(prototype)
    _check_embargo(prototype)
    _check_latest_only(prototype)


def _check_lists(prototype: Prototype) -> None:
    for setting in ("features", "audit"):
        for part in getattr(prototype, setting):
            if not isinstance(part, Feature):
                raise DeclarationError(
                    f"{setting}= of prototype '{prototype.name}' holds a {type(part).__name__}.",
                    f"{setting}= is a flat list of features.",
                    next_step="Unpack a list of features with a star: features=[*missed, abuse_at_home].",
                )
    if not prototype.features:
        raise DeclarationError(
            f"Prototype '{prototype.name}' has no features.",
            "A model predicts from at least one feature.",
            next_step="List the features it may use in features=[...].",
        )


def _check_names(prototype: Prototype) -> None:
    names = [feature.name for feature in prototype.features]
    audited = [*(feature.name for feature in prototype.audit), *prototype.outcome.audit]
    repeated = [name for name, n in Counter(names).items() if n > 1]
    repeated += [name for name, n in Counter(audited).items() if n > 1]
    by_name = {feature.name: feature for feature in prototype.features}
    repeated += [feature.name for feature in prototype.audit if by_name.get(feature.name, feature) != feature]
    repeated += [name for name in (*names, *audited) if name == prototype.outcome.name]
    if repeated:
        raise DeclarationError(
            f"Prototype '{prototype.name}' uses a name for two things: {_quoted(repeated)}.",
            "Features, audit attributes and the outcome each have a name of their own.",
            next_step="Rename one of them or remove the repetition.",
        )


def _check_audit(prototype: Prototype) -> None:
    numbers = [feature.name for feature in prototype.audit if feature.dtype not in ("bool", "category")]
    if numbers:
        raise DeclarationError(
            f"Audit attributes of prototype '{prototype.name}' are numbers: {_quoted(numbers)}.",
            "Fairness is compared between groups, so an audit attribute is a category or a yes or no.",
            next_step="Use latest with a CASE that names bands, and levels=[...]; or has.",
        )


def _check_reach(prototype: Prototype) -> None:
    key = prototype.cohort.source.key
    outcome = prototype.outcome
    check_reach(f"Outcome '{outcome.name}'", outcome.source, outcome.of, key)
    for feature in (*prototype.features, *prototype.audit):
        check_reach(f"Feature '{feature.name}'", feature.source, feature.of, key)


def _check_protected(prototype: Prototype) -> None:
    """Rule 7. What a feature reads decides, so a protected column cannot return under another name."""
    guarded: dict[tuple[str, str], str] = {}
    for attribute in prototype.audit:
        if attribute.protected:
            guarded |= {(attribute.source.name, column): attribute.name for column in attribute.columns}
    found = []
    for feature in prototype.features:
        same = sorted({guarded[column] for column in feature.reads if column in guarded})
        if (feature.protected or same) and feature.justification is None:
            found.append(f"'{feature.name}'" + (f" (reads what {_quoted(same)} reads)" if same else ""))
    if found:
        raise DeclarationError(
            f"Prototype '{prototype.name}' predicts from protected characteristics: {', '.join(found)}.",
            "Protected characteristics are for checking fairness; one may predict only with a reason, which the "
            "model card prints.",
            next_step="Move it to audit=[...], or give the feature justification='...'.",
        )


def _check_shares(prototype: Prototype) -> None:
    low, high = prototype.threshold_range
    wrong = [] if 0 < prototype.capacity < 1 else [f"capacity={prototype.capacity:g}"]
    wrong += [] if 0 < low < high < 1 else [f"threshold_range=({low:g}, {high:g})"]
    if wrong:
        raise DeclarationError(
            f"Prototype '{prototype.name}' says {' and '.join(wrong)}.",
            "The capacity is a share and the thresholds are probabilities, lower one first, all between 0 and 1.",
            next_step="Write a fifth of the cases as capacity=0.20.",
        )


def _check_dates(prototype: Prototype) -> None:
    named = {"train_as_of": prototype.train_as_of, "test_as_of": prototype.test_as_of}
    for setting, days in (named | {"score_as_of": (prototype.score_as_of,)}).items():
        if not days or any(type(day) is not date for day in days):
            raise DeclarationError(
                f"{setting}= of prototype '{prototype.name}' holds no date, or something that is not a date.",
                "As-of dates are days of the calendar.",
                next_step=f"Write {setting}="
                + ("date(2024, 9, 1)." if setting == "score_as_of" else "(date(2024, 9, 1),)."),
            )
    _check_validation(prototype)
    earliest = min(prototype.calibrate_as_of, default=None)
    later = [day for day in prototype.train_as_of if earliest and day > earliest]
    if not set(later) <= set(prototype.calibrate_as_of) <= set(prototype.train_as_of):
        raise DeclarationError(
            f"Prototype '{prototype.name}' calibrates on {_days(prototype.calibrate_as_of)} and trains on "
            f"{_days(prototype.train_as_of)}.",
            "Probabilities are calibrated on the latest of the training dates.",
            next_step="Choose the last one or more of train_as_of.",
        )
    if prototype.score_as_of <= max(prototype.train_as_of):
        raise DeclarationError(
            f"Prototype '{prototype.name}' scores the cohort of {prototype.score_as_of}, on which it trains or before.",
            "A model scores people later than those it learnt from.",
            next_step="Choose a later score_as_of.",
        )


def _check_validation(prototype: Prototype) -> None:
    days = prototype.validate_as_of
    if any(type(day) is not date for day in days):
        raise DeclarationError(
            f"validate_as_of= of prototype '{prototype.name}' holds something that is not a date.",
            "As-of dates are days of the calendar.",
            next_step="Write validate_as_of=(date(2022, 9, 1),), or leave it out.",
        )
    if twice := sorted({*prototype.train_as_of, *prototype.test_as_of} & set(days)):
        raise DeclarationError(
            f"Prototype '{prototype.name}' validates on {_days(twice)}, on which it trains or is tested.",
            "Training and test dates are tried as dates of validation anyway; validate_as_of= adds others.",
            next_step="Remove these dates from validate_as_of.",
        )


def _check_embargo(prototype: Prototype) -> None:
    first = min(prototype.test_as_of)
    late = [day for day in prototype.train_as_of if prototype.outcome.within.after(day) > first]
    if late:
        raise DeclarationError(
            f"Outcomes of the training cohorts of {_days(late)} are still open on {first}, the first test date.",
            f"A model made on {first} could only have learnt from outcomes complete by then; "
            f"'{prototype.outcome.name}' takes {prototype.outcome.within}.",
            next_step="Drop these training dates or choose later test dates.",
        )


def _check_latest_only(prototype: Prototype) -> None:
    """Rule 5. Overwritten records show a past cohort what became known later."""
    overwritten = sorted({source.name for source in _learnt_from(prototype) if source.keeps == "latest"})
    if overwritten:
        raise DeclarationError(
            f"Prototype '{prototype.name}' learns from sources that keep only their latest state: "
            f"{_quoted(overwritten)}.",
            "Such a source may score people but cannot train a model, because its past has been overwritten.",
            next_step="Ask the partner for a history, or leave these sources out.",
        )


def _learnt_from(prototype: Prototype) -> Iterator[Source]:
    yield prototype.cohort.source
    yield prototype.outcome.source
    for feature in chain(prototype.features, prototype.cohort.having):
        yield feature.source
        if feature.of is not None:
            yield feature.of.via


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in dict.fromkeys(names))


def _days(days: tuple[date, ...] | list[date]) -> str:
    return ", ".join(map(str, days)) or "no date"
