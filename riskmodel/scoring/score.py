"""Scoring a cohort: who is scored, in what order, why, by which model, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import UNKNOWN, DesignMatrix
from riskmodel.engine.run import build_matrix
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import ScoringRefused
from riskmodel.evaluation.reasons import reasons
from riskmodel.evaluation.results import AREA_ONLY, Verdict
from riskmodel.modelling.arrays import Flags
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.refits import Refits
from riskmodel.progress import SILENT, Progress
from riskmodel.reporting.disclosure import USUAL, Policy
from riskmodel.scoring.bands import bands, ranks
from riskmodel.scoring.fitness import (
    check_areas,
    check_cohort,
    check_freshness,
    check_model,
    check_refits,
    check_verdict,
)
from riskmodel.scoring.scores import SCORE_BAND, TOO_LITTLE_KNOWN, UNKNOWN_AREA, Scores

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

__all__ = ["Scores", "score_cohort"]

# A case of which fewer features than this share are known gets no score: it would be the score of an average case.
LEAST_KNOWN = 1 / 3


def score_cohort(
    model: RiskModel | Path | str,
    prototype: Prototype,
    warehouse: Warehouse,
    as_of: date | None = None,
    *,
    areas: Sequence[str] | None = None,
    top_reasons: int = 3,
    policy: Policy = USUAL,
    invented: bool = False,
    refits: Refits | None = None,
    verdict: Verdict | None = None,
    progress: Progress | None = None,
) -> Scores:
    """Score everybody in a prototype's cohort, or those who live in some areas.

    Order and bands are always those of the whole cohort, because that is how the model was judged: a person's band
    does not depend on which areas are asked for, and an area may have more or fewer people in the first band than its
    share. See `riskmodel.scoring.bands.bands` for equal scores.

    Parameters
    ----------
    model
        The model, or the folder of its bundle.
    prototype
        What is scored; must be the declaration the model was trained for.
    warehouse
        The data.
    as_of
        Date on which people are looked at; left out, the prototype's.
    areas
        Codes of the areas to list; None for everybody.
    top_reasons
        How many reasons to give for each case.
    policy
        Disclosure rules for the page of totals.
    invented
        Whether the people are invented; the page then says so.
    refits
        The model fitted again on other samples; each score then gets its band. They must be of this very model.
    verdict
        What the model's evaluation came to. "Do not deploy" refuses; "only for area planning" gives totals and no list,
        whatever the prototype declares. None: not asked for, as in a trial of the method.
    progress
        Told of each step.

    Returns
    -------
    Scores
        Every case of the cohort is scored, or listed as not scored with a reason, or lives in an area that was not
        asked for.

    Raises
    ------
    ScoringRefused
        If the verdict is "do not deploy"; the model does not fit the declaration or has expired; the extracts are
        too old; the cohort is empty; its columns, levels, coverage or share of missing values do not fit the model;
        or an area is unknown.
    BundleError
        If the bundle was changed.
    """
    watcher, day = progress or SILENT, as_of or prototype.score_as_of
    scorer = model if isinstance(model, RiskModel) else RiskModel.load(model)
    wanted = _wanted(areas)
    check_verdict(scorer, verdict)
    check_model(scorer, prototype, day)
    check_refits(scorer, refits)
    check_freshness(prototype, warehouse, day)
    watcher.step("Building the features to score", None)
    matrix = build_matrix(prototype, warehouse, day, progress=watcher)
    check_cohort(scorer, matrix, prototype, day)
    if wanted is not None:
        check_areas(matrix, wanted, day)
    watcher.step("Scoring and giving reasons", None)
    scores = _scored(scorer, prototype, matrix, day, wanted, top_reasons, policy, invented, refits)
    limited = prototype.output.value == "area" or (verdict is not None and verdict.decision == AREA_ONLY)
    return scores.without_cases() if limited else scores


def _wanted(areas: Sequence[str] | None) -> tuple[str, ...] | None:
    if areas is None or len(areas) == 0:
        return None
    return tuple(dict.fromkeys([areas] if isinstance(areas, str) else areas))


def _scored(
    model: RiskModel,
    prototype: Prototype,
    matrix: DesignMatrix,
    as_of: date,
    areas: tuple[str, ...] | None,
    top: int,
    policy: Policy,
    invented: bool,
    refits: Refits | None,
) -> Scores:
    area = matrix.area.astype(str)
    known = (matrix.X.notna().mean(axis=1) >= LEAST_KNOWN).to_numpy()
    asked: Flags = np.ones(len(matrix), dtype=np.bool_) if areas is None else area.isin(areas).to_numpy()
    nowhere: Flags = np.zeros(len(matrix), dtype=np.bool_) if areas is None else (area == UNKNOWN).to_numpy()
    if not (known & asked).any():
        raise ScoringRefused(
            f"Too little is known on {as_of} about everybody who is asked for.",
            f"A case is scored when at least {LEAST_KNOWN:.0%} of its features are known.",
            next_step="Check which extracts are missing records of these cases.",
        )
    whole = _ordered(model, prototype, matrix.rows(known))
    placed = whole[asked[known]].reset_index(drop=True)
    cases = _cases(model, prototype, matrix.rows(known & asked), placed, as_of, top, refits)
    left_out = [_not_scored(matrix, ~known & (asked | nowhere), as_of, TOO_LITTLE_KNOWN)]
    left_out.append(_not_scored(matrix, known & nowhere, as_of, UNKNOWN_AREA))
    not_scored = pd.concat(left_out, ignore_index=True)
    return Scores(
        prototype=prototype,
        as_of=as_of,
        areas=areas,
        cases=cases,
        not_scored=not_scored,
        elsewhere=int((~asked & ~nowhere).sum()),
        cohort=len(matrix),
        model=model,
        policy=policy,
        invented=invented,
        everybody=pd.DataFrame({"area": area[known].to_numpy(), "band": whole["band"].to_numpy()}),
    )


def _ordered(model: RiskModel, prototype: Prototype, scorable: DesignMatrix) -> pd.DataFrame:
    """Score the whole cohort: probability, ranking score, place and band."""
    raw = model.raw(scorable)
    score = model.calibrator(raw)
    placed = {"score": score, "raw": raw, "rank_in_cohort": ranks(raw), "band": bands(raw, prototype.capacity)}
    return pd.DataFrame(placed)


def _cases(
    model: RiskModel,
    prototype: Prototype,
    listed: DesignMatrix,
    placed: pd.DataFrame,
    as_of: date,
    top: int,
    refits: Refits | None,
) -> pd.DataFrame:
    """Make the list that is handed over, the highest score first."""
    told = reasons(model, listed, prototype.features, quoted=prototype.quoted, top=top)
    columns: dict[str, Any] = {
        "case": listed.keys.astype(str),
        "as_of": as_of.isoformat(),
        "area": listed.area.astype(str),
        "score": placed["score"],
        **({} if refits is None else dict(zip(SCORE_BAND, refits.band(listed), strict=True))),
        "rank": ranks(placed["raw"].to_numpy()),
        "rank_in_cohort": placed["rank_in_cohort"],
        "band": placed["band"],
    }
    for place in range(top):
        columns[f"reason_{place + 1}"] = [said[place] if place < len(said) else "" for said in told]
    columns["model_digest"] = model.digest
    columns["prototype_digest"] = prototype.digest()
    columns["expires_on"] = prototype.expires.after(as_of).isoformat()
    return pd.DataFrame(columns).sort_values(["rank", "case"], kind="stable", ignore_index=True)


def _not_scored(matrix: DesignMatrix, which: Flags, as_of: date, code: str) -> pd.DataFrame:
    left = matrix.rows(which)
    return pd.DataFrame(
        {"case": left.keys.astype(str), "as_of": as_of.isoformat(), "area": left.area.astype(str), "reason_code": code}
    )
