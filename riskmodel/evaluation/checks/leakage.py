"""Whether a measure may have seen the outcome: too good alone, made of its records, too late, or blank for a reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskmodel.declare import Feature
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, NOTE, WARNING
from riskmodel.evaluation.checks.words import named, number_of, strongest
from riskmodel.modelling.leakage import LEAST_EVENTS, TOO_GOOD, alone

#: AUROC of a single measure from which it is looked at; training refuses one from `TOO_GOOD` on.
SUSPICIOUS = 0.80
#: AUROC of "is missing" alone, and standard errors by which the rates must differ.
TELLS, SURE = 0.60, 4.0
#: A measure is missing for want of any record when it agrees with a count of the same source for this share of cases.
EXPLAINED = 0.99
_COUNTS = ("count", "has", "total", "distinct")
#: Rules of the contract that find columns which know the future.
HINDSIGHT = ("C401", "C402", "C403", "C404")


def _too_good_alone(examined: Examined) -> Answer:
    events = int(examined.y.sum())
    if min(events, len(examined.y) - events) < LEAST_EVENTS:
        return not_applicable(f"fewer than {LEAST_EVENTS} training cases have, or lack, the outcome")
    areas = {f.name: alone(examined.values[:, place], examined.y, f) for place, f in enumerate(examined.features)}
    if not areas:
        return not_applicable("the model has no measure")
    good = {name: area for name, area in areas.items() if area >= SUSPICIOUS}
    if good:
        return found(
            f"{number_of(len(good), 'measure', 'ranks', 'rank')} the outcome alone with an AUROC of {SUSPICIOUS:g} "
            f"or more: {strongest(good)}. Training refuses from {TOO_GOOD:g} on."
        )
    best = max(areas, key=lambda name: areas[name])
    return passed(f"The best single measure, {best}, has an AUROC of {areas[best]:.2f} alone.")


def _own_records(examined: Examined) -> Answer:
    prototype = examined.context.prototype
    outcome = prototype.outcome
    same = [f for f in prototype.features if f.source.name == outcome.source.name]
    if not same:
        return passed(f"No measure is taken from '{outcome.source.name}', where the outcome is recorded.")
    read = {(outcome.source.name, column) for column in outcome.condition.columns}
    close = [f.name for f in same if f.reads & read and f.of == outcome.of]
    said = number_of(len(same), "measure", "counts", "count")
    said += f" earlier records of '{outcome.source.name}', where the outcome is recorded"
    if close:
        said += f"; {named(close)} count earlier outcomes of the same people"
    return found(f"{said}. The model partly predicts who is recorded again.")


def _too_late(examined: Examined) -> Answer:
    late = []
    declared = {feature.name: feature for feature in examined.context.prototype.features}
    for place, feature in enumerate(examined.features):
        values = np.concatenate([examined.values[:, place], examined.test_values[:, place]])
        if _never_negative(declared.get(feature.name)) and bool((values < 0).any()):
            late.append(feature.name)
    rewritten = sorted(set(_hindsight(examined)))
    if late:
        return found(
            f"{named(late)} hold days or counts below nought, which only a record after the as-of date can give."
        )
    if rewritten:
        return found(
            f"The contract found columns that know the future in sources that are learnt from: {named(rewritten)}.",
            WARNING,
        )
    return passed("No measure holds a date after its as-of date, and the contract found no column that knows later.")


def _never_negative(feature: Feature | None) -> bool:
    return feature is not None and feature.verb in ("days_since", "count", "distinct")


def _hindsight(examined: Examined) -> Iterator[str]:
    for problem in examined.context.warehouse.get("problems", ()):
        if problem.get("code") in HINDSIGHT and problem.get("source") in examined.used:
            yield f"{problem['source']}.{problem.get('column') or '*'} ({problem['code']})"


def _missing_tells(examined: Examined) -> Answer:
    telling = {}
    y, partly = examined.y, 0
    for place, feature in enumerate(examined.features):
        missing = np.isnan(examined.values[:, place])
        n, m = int(missing.sum()), int((~missing).sum())
        if min(n, m) < LEAST_EVENTS or feature.name in examined.blank_without_record:
            continue
        partly += 1
        # An AUROC of a yes or no is the half-way mark between what it finds and what it leaves alone.
        area = 0.5 + (float(missing[y == 1].mean()) - float(missing[y == 0].mean())) / 2 if 0 < y.mean() < 1 else 0.5
        error = (y.mean() * (1 - y.mean()) * (1 / n + 1 / m)) ** 0.5
        sure = abs(float(y[missing].mean()) - float(y[~missing].mean())) > SURE * error
        if sure and max(area, 1 - area) >= TELLS:
            telling[feature.name] = max(area, 1 - area)
    if not partly:
        return not_applicable("no measure is missing for some cases and there for others")
    unexplained = {name: area for name, area in telling.items() if not _nothing_recorded(examined, name)}
    if unexplained:
        return found(f"The mere absence of a value tells the outcome (AUROC alone): {strongest(unexplained)}.")
    if telling:
        return found(
            f"The mere absence of a value tells the outcome (AUROC alone): {strongest(telling)}. It is absent where "
            "the source holds no record at all, as another measure says too: that is known on the day.",
            NOTE,
        )
    return passed(f"Of {partly} measures that are missing for some cases, none tells the outcome by being missing.")


def _nothing_recorded(examined: Examined, name: str) -> bool:
    """Whether a measure is missing just where a count of the same source is nought, so that absence hides nothing."""
    declared = {feature.name: feature for feature in examined.context.prototype.features}
    places = {feature.name: place for place, feature in enumerate(examined.features)}
    missing = np.isnan(examined.values[:, places[name]])
    for other in declared.values():
        same = name in declared and other.source.name == declared[name].source.name and other.name in places
        if same and other.verb in _COUNTS:
            nought = examined.values[:, places[other.name]] == 0
            if (nought == missing).mean() >= EXPLAINED:
                return True
    return False


TOO_GOOD_ALONE = Check(
    "RM201", "A measure predicts the outcome too well alone", WARNING,
    "Check when its columns are filled in and known, and whether it is another name for the outcome; declare them "
    "`settled`, or leave it out.",
    _too_good_alone,
)  # fmt: skip
OWN_RECORDS = Check(
    "RM202", "The measures include earlier records of the outcome's own kind", NOTE,
    "Say on the card that the model finds those already known best; compare it with the current rule, and look at how "
    "well it does among those without an earlier record.",
    _own_records,
)  # fmt: skip
TOO_LATE = Check(
    "RM203", "A measure holds something later than its as-of date", ERROR,
    "Build the matrix with riskmodel, declare the columns `settled`, or have the extract taken again with its history.",
    _too_late,
)  # fmt: skip
MISSING_TELLS = Check(
    "RM204", "Missing values tell the outcome", WARNING,
    "Find out why the value is missing; if it is only blank once something has happened later, leave the measure out.",
    _missing_tells,
)  # fmt: skip
