"""A feature that has seen the outcome is refused by name; an honest one is not."""

from __future__ import annotations

import numpy as np
import pytest

from riskmodel.errors import LeakageError
from riskmodel.modelling.columns import ModelFeature
from riskmodel.modelling.leakage import alone, guard

NUMBER = ModelFeature("sen_support", "number")
CATEGORY = ModelFeature("plan", "category", levels=("none", "some", "full"))


def outcome(n: int = 400) -> tuple[np.random.Generator, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng, (rng.random(n) < 0.3).astype(float)


def test_alone_is_the_area_under_the_curve() -> None:
    from sklearn.metrics import roc_auc_score

    rng, y = outcome()
    score = np.round(rng.normal(size=400) + y, 1)
    assert alone(score, y, NUMBER) == pytest.approx(roc_auc_score(y, score))
    assert alone(-score, y, NUMBER) == pytest.approx(roc_auc_score(y, score))


@pytest.mark.parametrize("how", ["value", "reversed", "blank when bad", "filled only when bad", "category"])
def test_a_leak_is_found_however_it_hides(how: str) -> None:
    rng, y = outcome()
    noise = rng.normal(size=400)
    columns = {
        "value": (y * 3 + noise, NUMBER),
        "reversed": (-y * 3 + noise, NUMBER),
        "blank when bad": (np.where(y == 1, np.nan, noise), NUMBER),
        "filled only when bad": (np.where(y == 1, noise, np.nan), NUMBER),
        "category": (np.where(y == 1, 0, rng.integers(1, 3, 400)).astype(float), CATEGORY),
    }
    values, feature = columns[how]
    with pytest.raises(LeakageError, match=f"'{feature.name}'"):
        guard(np.column_stack([noise, values]), y, [ModelFeature("noise", "number"), feature])


def test_honest_features_pass() -> None:
    rng, y = outcome()
    guard(np.column_stack([y + rng.normal(size=400), rng.integers(0, 3, 400)]), y, [NUMBER, CATEGORY])


def test_every_leak_is_named_the_worst_first() -> None:
    rng, y = outcome()
    values = np.column_stack([y * 3 + rng.normal(size=400), y])
    with pytest.raises(LeakageError, match=r"2 feature\(s\).*'exact' \(1.000\), 'near'"):
        guard(values, y, [ModelFeature("near", "number"), ModelFeature("exact", "flag")])


def test_with_few_outcomes_nothing_is_judged() -> None:
    y = np.array([1.0] * 29 + [0.0] * 300)
    guard(y[:, None], y, [NUMBER])
    y = np.array([1.0] * 30 + [0.0] * 300)
    with pytest.raises(LeakageError):
        guard(y[:, None], y, [NUMBER])
