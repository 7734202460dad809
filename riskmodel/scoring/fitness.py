"""Whether a model may score this cohort with these data: everything that speaks against it, said at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from riskmodel.engine.matrix import UNKNOWN, DesignMatrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import ModelError, ScoringRefused, nearest_name
from riskmodel.evaluation.results import DO_NOT_DEPLOY, Verdict
from riskmodel.modelling.columns import missing_share, present_share
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.refits import Refits
from riskmodel.periods import Period, months

if TYPE_CHECKING:
    from riskmodel.declare import Prototype, Source

# How old an extract may be on the as-of date. A feed a month old has lost a twelfth of a yearly window.
TOLERANCE = months(1)
# How much larger the share of cases without a value may be than it was in training.
MOST_MISSING = 0.20
# A feature that at least this share of training cases had, and that nobody has now, means that a feed is silent.
USUAL = 0.05
# Below this many cases shares vary too much by chance to be compared with training.
LEAST_CASES = 50


def check_verdict(model: RiskModel, verdict: Verdict | None) -> None:
    """Refuse a model whose evaluation says "do not deploy".

    Parameters
    ----------
    model
        The model.
    verdict
        What its evaluation came to; None when nobody asked.

    Raises
    ------
    ScoringRefused
        If the verdict is "do not deploy".
    """
    if verdict is not None and verdict.decision == DO_NOT_DEPLOY:
        raise ScoringRefused(
            f"The verdict on '{model.provenance.get('prototype', model.name)}' is \"{DO_NOT_DEPLOY}\": "
            f"{verdict.reasons[0] if verdict.reasons else 'no reason is recorded'}",
            "Nobody is scored with a model that failed what was asked of it.",
            next_step="Read the card for all the reasons; improve the model or its data, and judge it again.",
        )


def check_model(model: RiskModel, prototype: Prototype, as_of: date) -> None:
    """Refuse a model that was trained for something else, or is used before or after its time.

    Parameters
    ----------
    model
        The model.
    prototype
        What is to be scored.
    as_of
        Date on which people are looked at.

    Raises
    ------
    ScoringRefused
        If the declaration has changed since training, the date lies on or before the last training date, or the model
        has expired.
    """
    origin = model.provenance
    if origin.get("prototype_digest") != prototype.digest():
        raise ScoringRefused(
            f"The model was trained for another declaration than '{prototype.name}' is now.",
            "A model scores only for the exact declaration it was trained and judged on.",
            next_step=f"Train and judge it again: riskmodel run {prototype.name}",
        )
    trained = max(prototype.train_as_of)
    if as_of <= trained:
        raise ScoringRefused(
            f"The model has learnt from outcomes of cohorts up to {trained}, and is asked to score {as_of}.",
            "A score is about people whose outcome the model has not seen.",
            next_step=f"Score a date after {trained}, such as {prototype.score_as_of}.",
        )
    expires = date.fromisoformat(str(origin["expires_on"]))
    if as_of > expires:
        raise ScoringRefused(
            f"The model expired on {expires}, and is asked to score {as_of}.",
            f"A model is used for at most {prototype.expires} after the last outcome it was judged on.",
            next_step="Add the newer cohorts to the prototype's dates, then train and judge it again.",
        )


def check_refits(model: RiskModel, refits: Refits | None) -> None:
    """Refuse refits of another model: their band would not be that of the scores.

    Raises
    ------
    ScoringRefused
        If there are refits and they are of another model.
    """
    if refits is not None and refits.model.digest != model.digest:
        raise ScoringRefused(
            "The refits are of another model than the one that scores.",
            "The band of a score comes from refits of the very model that gives the score.",
            next_step="Evaluate the model again, which refits it.",
        )


def check_freshness(prototype: Prototype, warehouse: Warehouse, as_of: date, *, tolerance: Period = TOLERANCE) -> None:
    """Refuse to score with extracts taken too long before the as-of date.

    What counts is when the partner took the extract: in training, everything known by the as-of date was there.

    Parameters
    ----------
    prototype
        Names the sources; that of the outcome is not needed for scoring.
    warehouse
        The data.
    as_of
        Date on which people are looked at.
    tolerance
        How old an extract may be on that date.

    Raises
    ------
    ScoringRefused
        Naming every source that is too old.
    """
    old: dict[date, list[str]] = {}
    for source in sources_for_scoring(prototype):
        taken = warehouse.extracted_on(source.name)
        if tolerance.after(taken) < as_of:
            old.setdefault(taken, []).append(f"{source.name} ({source.partner})")
    if old:
        listed = "; ".join(f"extracted on {taken}: {', '.join(names)}" for taken, names in sorted(old.items()))
        raise ScoringRefused(
            f"The data are too old to score {as_of}; {listed}.",
            f"Extracts may be at most {tolerance} old on the date that is scored, or recent events would be missing.",
            next_step="Ask for new extracts (or correct extracts.toml), run riskmodel build, or score an earlier date.",
        )


def sources_for_scoring(prototype: Prototype) -> Iterable[Source]:
    """Return the sources of the cohort, the features and the memberships they go through, by name."""
    used = {prototype.cohort.source}
    for feature in (*prototype.features, *prototype.cohort.having):
        used |= {feature.source} if feature.of is None else {feature.source, feature.of.via}
    return sorted(used, key=lambda source: source.name)


def check_cohort(model: RiskModel, matrix: DesignMatrix, prototype: Prototype, as_of: date) -> None:
    """Refuse a cohort that is empty, does not fit the model's columns, or is unlike the training data.

    Parameters
    ----------
    model, prototype
        What scores, and for what.
    matrix
        Everybody in the cohort on the as-of date.
    as_of
        That date.

    Raises
    ------
    ScoringRefused
        Naming everything that does not fit.
    """
    if not len(matrix):
        raise ScoringRefused(
            f"Nobody is in the cohort of '{prototype.name}' on {as_of}.",
            f"The cohort is: {prototype.cohort.description}.",
            next_step="Check the date, and that the extracts reach it.",
        )
    try:
        model.raw(matrix)
    except ModelError as problem:
        raise ScoringRefused(problem.what, problem.rule, nearest=problem.nearest, next_step=problem.next_step) from None
    if len(matrix) < LEAST_CASES:
        return
    problems = [*_uncovered(matrix, as_of), *_unlike_training(model, matrix)]
    if problems:
        raise ScoringRefused(
            f"The data on {as_of} are unlike those the model was trained on: {'; '.join(problems)}.",
            f"A feature may be missing for at most {MOST_MISSING:.0%} more of the cases than in training, and may not "
            "vanish altogether.",
            next_step="Find out what changed at the partner; have the extract mended, or train without these features.",
        )


def check_areas(matrix: DesignMatrix, areas: Sequence[str], as_of: date) -> None:
    """Refuse areas in which nobody of the cohort lives.

    Raises
    ------
    ScoringRefused
        Naming the unknown areas and the nearest known one.
    """
    known = sorted(set(matrix.area.astype(str)) - {UNKNOWN})
    unknown = [area for area in areas if area not in known]
    if unknown:
        raise ScoringRefused(
            f"Nobody of the cohort lives in {', '.join(repr(area) for area in unknown)} on {as_of}.",
            f"The cohort is spread over {len(known)} areas, from {known[0]} to {known[-1]}."
            if known
            else "The prototype's cohort declares no area, or none is recorded.",
            nearest=nearest_name(unknown[0], known),
            next_step="Name areas by the codes in the data, or leave them out to score everybody.",
        )


def _uncovered(matrix: DesignMatrix, as_of: date) -> list[str]:
    """Say which features cannot be known on the date, because a source does not cover it."""
    found = matrix.manifest.get("coverage", {}).get("features_not_covered", {})
    names = sorted(name for name, days in found.items() if as_of.isoformat() in days)
    return [f"outside the declared coverage of their sources: {', '.join(names)}"] if names else []


def _unlike_training(model: RiskModel, matrix: DesignMatrix) -> list[str]:
    problems = []
    for feature in model.features:
        column = matrix.X[feature.name]
        missing = missing_share(column)
        if missing > feature.missing_share + MOST_MISSING:
            problems.append(
                f"'{feature.name}' ({feature.partner}) is missing for {missing:.0%} of the cases, "
                f"in training for {feature.missing_share:.0%}"
            )
        elif feature.present_share >= USUAL and present_share(column) == 0:
            problems.append(
                f"'{feature.name}' ({feature.partner}) is nought for everybody, "
                f"in training {feature.present_share:.0%} had it"
            )
    return problems
