"""Cases learnt from beside cases tested on: a planted shift is found, no shift is none, and intervals cover."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.comparison import METHOD, CasesCompared, compare_cases
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.explanation import explain_globally
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from tests.unit.evaluation.conftest import make_matrix, make_prototype


@pytest.fixture(scope="module")
def made():
    matrix, prototype = make_matrix(900), make_prototype()
    training = train(matrix, prototype, families=("logistic",))
    return training, matrix, prototype, split_for(matrix, prototype)


def compared(made, **changes):
    """The comparison after parts of the matrix were changed; the model stays as it was."""
    training, matrix, prototype, split = made
    found = SimpleNamespace(explanation=explain_globally(training.model, matrix.rows(split.test)))
    return compare_cases(Context(training, replace(matrix, **changes), prototype, split, found))


def by_name(found):
    return {one.name: one for one in found.measures}


def test_counts_shares_and_means_are_those_of_the_two_sides(made):
    _, matrix, _, split = made
    found = compared(made)
    lines = by_name(found)
    assert set(lines) == {"visits", "late", "score", "tenure"}
    assert [lines[name].kind for name in ("visits", "late", "score", "tenure")] == ["mean", "any", "mean", "usual"]
    for rows, side in ((split.fit, "learnt"), (split.test, "tested")):
        X = matrix.X.iloc[rows]
        late, score, tenure = (getattr(lines[name], side) for name in ("late", "score", "tenure"))
        assert (late.n, late.known, late.counted) == (len(rows), len(rows), int(X["late"].sum()))
        assert (score.known, score.mean) == (X["score"].notna().sum(), pytest.approx(X["score"].mean()))
        largest = X["score"].abs().nlargest(2).sum() / X["score"].abs().sum()
        assert score.top_two == pytest.approx(largest)
        assert tenure.counted == (X["tenure"] == "owner").sum()
        outcome = getattr(found.outcome, side)
        assert (outcome.n, outcome.counted) == (len(rows), int(matrix.y.iloc[rows].sum()))
    assert lines["tenure"].usual == "owner"
    assert [one.always for one in (lines["late"], lines["score"])] == [True, False]
    sexes = [one for one in found.groups if one.name == "sex"]
    assert [one.label for one in sexes] == ["F", "M"]
    assert sum(one.tested.counted for one in sexes) == len(split.test)


def test_the_difference_is_the_standardised_one(made):
    _, matrix, _, split = made
    score = by_name(compared(made))["score"].difference
    a, b = (matrix.X["score"].iloc[rows].dropna() for rows in (split.fit, split.test))
    assert score.value == pytest.approx((b.mean() - a.mean()) / np.sqrt((a.var(ddof=0) + b.var(ddof=0)) / 2))
    assert score.method == METHOD


def test_a_planted_shift_is_found_with_its_size(made):
    _, matrix, _, split = made
    X = matrix.X.copy()
    X.loc[split.test, "score"] += 0.5
    rng = np.random.default_rng(4)
    sex = matrix.audit["sex"].to_numpy().copy()
    sex[split.test] = rng.choice(["F", "M"], len(split.test), p=[0.7, 0.3])
    audit = matrix.audit.assign(sex=pd.Categorical(sex, ["F", "M", "Unknown"]))
    found = compared(made, X=X, audit=audit)
    score = by_name(found)["score"].difference
    assert score.low < 0.5 < score.high
    assert score.low > 0.3
    girls = next(one for one in found.groups if (one.name, one.label) == ("sex", "F")).difference
    truth = 0.2 / np.sqrt((0.25 + 0.21) / 2)
    assert girls.low < truth < girls.high
    assert girls.low > 0.2


@pytest.mark.parametrize("shift", [0.0, 0.4])
def test_intervals_hold_the_truth_when_homes_are_alike(made, shift):
    """Values shared within a home: intervals that took cases as independent would hold the truth too seldom."""
    training, matrix, prototype, split = made
    held, narrow = [], []
    home = matrix.component.to_numpy() // 2  # four cases a home
    tested = np.zeros(len(matrix), dtype=bool)
    tested[split.test] = True
    for seed in range(200):
        rng = np.random.default_rng(seed)
        value = np.sqrt(0.8) * rng.normal(size=home.max() + 1)[home] + np.sqrt(0.2) * rng.normal(size=len(matrix))
        changed = replace(
            matrix, X=matrix.X.assign(score=value + shift * tested), component=pd.Series(home, dtype="int64")
        )
        effect = SimpleNamespace(feature="score", importance=1.0)
        found = SimpleNamespace(explanation=SimpleNamespace(effects=(effect,)))
        (one,) = compare_cases(Context(training, changed, prototype, split, found)).measures
        held.append(one.difference.low <= shift <= one.difference.high)
        alone = 1.96 * np.sqrt(1 / len(split.fit) + 1 / len(split.test))
        narrow.append(abs(one.difference.value - shift) <= alone)
    assert 0.9 <= np.mean(held) <= 0.99
    assert np.mean(narrow) < 0.85


def test_without_attributes_and_with_one_date_learnt_from(made):
    training, matrix, prototype, split = made
    one_date = replace(split, train=split.train[:0])
    found = SimpleNamespace(explanation=None)
    bare = replace(matrix, audit=pd.DataFrame(index=range(len(matrix))))
    result = compare_cases(Context(training, bare, prototype, one_date, found))
    assert (result.groups, result.measures) == ((), ())
    assert result.outcome.learnt.n == len(split.calibrate)


def test_what_is_missing_or_alike_everywhere_has_no_difference(made):
    X = made[1].X.copy()
    X.loc[made[3].test, "score"] = np.nan
    X["late"] = 1.0
    X["tenure"] = pd.Categorical([None] * len(X), ["owner", "private", "social"])
    lines = by_name(compared(made, X=X))
    assert lines["score"].missing.low > 3
    assert lines["late"].missing is None
    for name in ("score", "late", "tenure"):
        assert (lines[name].difference.value, lines[name].difference.low) == (None, None)
        assert lines[name].difference.note


def test_it_can_be_kept_and_read_again(made):
    found = compared(made)
    assert decode(CasesCompared, encode(found)) == found
