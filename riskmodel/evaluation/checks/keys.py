"""Whether a measure is a key: nearly every case has its own value, or the value tells where the case lives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.evaluation.arrays import Flags, Floats, Ints
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import ERROR, WARNING
from riskmodel.evaluation.checks.words import named, percent, strongest

#: A whole number is a key when so large a share of cases has a value of its own; judged from so many cases on, because
#: among few even weights in grams are all different.
NEARLY_UNIQUE, LEAST_CASES = 0.90, 1_000
#: A measure gives the area away when it names the right one this often, and this much more often than a blind guess.
TOLD, BETTER = 0.5, 0.3
LEAST_IN_AREA, MOST_CELLS = 20, 20_000_000


def _nearly_unique(examined: Examined) -> Answer:
    newest = (examined.fit.as_of == examined.fit.as_of.max()).to_numpy()
    keys: dict[str, tuple[int, int]] = {}
    judged = 0
    for place, feature in enumerate(examined.features):
        column = examined.values[newest, place]
        known = column[~np.isnan(column)]
        by_day = feature.name in examined.blank_without_record
        if by_day or len(known) < LEAST_CASES or not np.array_equal(known, np.round(known)):
            continue
        judged += 1
        values = len(np.unique(known))
        if values >= NEARLY_UNIQUE * len(known):
            keys[feature.name] = values, len(known)
    if not judged:
        return not_applicable(f"no measure of whole numbers or categories is known for {LEAST_CASES:,} cases")
    if keys:
        return found(
            f"{named(keys)}: the number of different values is {{share}} of the number of cases in the newest training "
            "cohort, as with an identifier.",
            share=max(keys.values()),
        )
    return passed(f"None of {judged} measures of whole numbers or categories is nearly unique to a case.")


def _gives_area_away(examined: Examined) -> Answer:
    area = examined.fit.area
    sizes = area.value_counts()
    large = [name for name, n in sizes.items() if n >= LEAST_IN_AREA and name != UNKNOWN]
    rows = area.isin(large).to_numpy()
    if len(large) < 3:
        return not_applicable(f"fewer than three areas hold {LEAST_IN_AREA} training cases")
    codes = pd.factorize(area[rows], sort=True)[0].astype(np.int64)
    half = (examined.fit.component.to_numpy()[rows] % 2).astype(bool)
    if not half.any() or half.all():
        return not_applicable("all training cases are of one household")
    base = float(np.bincount(codes[~half]).max() / max(int((~half).sum()), 1))
    told = {}
    for place, feature in enumerate(examined.features):
        right = _named_rightly(examined.values[rows, place], codes, half)
        if right >= TOLD and right >= base + BETTER:
            told[feature.name] = right
    if told:
        return found(
            f"One measure alone names the right one of {len(large)} areas for so large a share of cases: "
            f"{strongest(told)}. A blind guess is right for {percent(base)}."
        )
    return passed(f"No measure alone names the right one of {len(large)} areas for half the cases or more.")


def _named_rightly(column: Floats, area: Ints, half: Flags) -> float:
    """Learn the most frequent area of each value in one half of the households, and try it on the other half."""
    value, levels = pd.factorize(np.round(column, 6), use_na_sentinel=False)
    areas = int(area.max()) + 1
    if len(levels) * areas > MOST_CELLS:
        return 0.0  # so many values that half the households cannot teach which area each belongs to
    n = np.bincount(value[~half] * areas + area[~half], minlength=len(levels) * areas).reshape(len(levels), areas)
    best = np.where(n.sum(axis=1) > 0, n.argmax(axis=1), -1)
    return float((best[value[half]] == area[half]).mean())


NEARLY_UNIQUE_VALUE = Check(
    "RM205", "A measure works as a key", ERROR,
    "Leave it out: a model can learn single cases by it, and it can identify them.",
    _nearly_unique,
)  # fmt: skip
AREA_GIVEN_AWAY = Check(
    "RM206", "A measure gives the area away", WARNING,
    "Decide openly whether the area may count. If it may not, leave the measure out or make it coarser.",
    _gives_area_away,
)  # fmt: skip
