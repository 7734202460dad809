"""Validation on small invented worlds whose truth is known: no leaks between sides, and what was planted is found."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodel import Prototype, at_least, months
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.serialise import decode, encode
from riskmodel.evaluation.validation import Validation, validation
from riskmodel.evaluation.validation.areas import areas, districts, group_areas, held_out
from riskmodel.evaluation.validation.attrition import attrition
from riskmodel.evaluation.validation.judge import encoded
from riskmodel.evaluation.validation.learning import _draw
from riskmodel.evaluation.validation.origins import RECORDED_OTHERWISE, origin_split, origins
from riskmodel.evaluation.validation.preflight import planned_auroc, preflight
from riskmodel.modelling.splits import KEPT_FOR_TEST, KEPT_FOR_TRAINING, OTHER_DATE, split_for
from riskmodel.modelling.train import train

DATES = (date(2021, 9, 1), date(2022, 9, 1), date(2023, 9, 1))


def context_of(matrix, prototype: Prototype, **changes) -> Context:
    split = split_for(matrix, prototype)
    training = train(matrix, prototype, split, families=["logistic"])
    evaluation = evaluate(training, matrix, prototype, split, resamples=20, optimism=False)
    return Context(training, matrix, prototype, split, evaluation, resamples=100, **changes)


def with_areas(matrix, effects: np.ndarray, seed: int = 5):
    """The matrix in as many areas as effects, each of which raises the log-odds of its area."""
    rng = np.random.default_rng(seed)
    place = rng.integers(0, len(effects), matrix.component.max() + 1)[matrix.component.to_numpy()]
    x = matrix.X
    linear = 0.8 * (x["visits"] - 1) + 0.9 * x["late"] - 0.6 * x["score"].fillna(0) - 1 + effects[place]
    object.__setattr__(matrix, "y", pd.Series((rng.random(len(matrix)) < 1 / (1 + np.exp(-linear))).astype(float)))
    object.__setattr__(matrix, "area", pd.Series([f"A{p:02d}" for p in place]))
    return matrix


def lasting(prototype_of, length: int):
    """The outcome of the usual prototype with a window of so many months."""
    return replace(prototype_of().outcome, within=months(length))


def dated(matrix, days: dict[date, date]):
    """The matrix with some of its dates replaced."""
    new = matrix.as_of.map(lambda stamp: pd.Timestamp(days.get(stamp.date(), stamp.date())))
    object.__setattr__(matrix, "as_of", new)
    return matrix


def joined(first, second):
    """The rows of two matrices, in the order of their dates."""
    order = np.argsort(pd.concat([first.as_of, second.as_of]).to_numpy(), kind="stable")
    parts = {
        name: pd.concat([getattr(first, name), getattr(second, name)]).iloc[order].reset_index(drop=True)
        for name in ("X", "y", "keys", "as_of", "component", "audit", "area")
    }
    return replace(first, **parts)


@pytest.fixture(scope="module")
def context(matrix_of, prototype_of):
    return context_of(with_areas(matrix_of(900), np.zeros(8)), prototype_of())


@pytest.fixture(scope="module")
def found(context):
    return validation(context)


def test_everything_is_there_and_survives_saving(found):
    assert found.family == "logistic"
    assert len(found.origins.folds) == 2
    assert len(found.areas.folds) == 8
    assert len(found.learning.points) == 5
    assert decode(Validation, encode(found)) == found
    assert Evidence("x", validation=found).to_dict()["validation"]["family"] == "logistic"


def test_the_same_context_gives_the_same_figures(context, found):
    assert areas(context, encoded(context)) == found.areas


def test_each_date_learns_from_outcomes_known_by_then_and_from_no_household_it_tests(context, found):
    assert [(fold.name, fold.members) for fold in found.origins.folds] == [
        ("2022-09-01", ("2021-09-01",)),
        ("2023-09-01", ("2021-09-01", "2022-09-01")),
    ]
    assert [(part.what, part.why) for part in found.origins.not_possible] == [("2021-09-01", "it is the earliest date")]
    component = context.matrix.component.to_numpy()
    for day in DATES[1:]:
        split = origin_split(context, day)
        assert not set(component[split.fit]) & set(component[split.test])


def test_the_same_households_every_year_are_dealt_out_and_the_fold_says_so(matrix_of, prototype_of):
    matrix = matrix_of(600)
    object.__setattr__(matrix, "component", pd.Series(np.tile(np.arange(600) // 2, len(DATES)), dtype="int64"))
    context = context_of(matrix, prototype_of())
    component = matrix.component.to_numpy()
    for day in DATES[1:]:
        split = origin_split(context, day)
        assert not set(component[split.fit]) & set(component[split.test])
        assert matrix.as_of.iloc[split.fit].max() + pd.DateOffset(months=12) <= pd.Timestamp(day)
    folds = origins(context, encoded(context)).folds
    assert len(folds) == 2
    assert all("dealt out at random" in fold.note for fold in folds)
    with_area = replace(matrix, area=pd.Series([f"A{h % 7}" for h in component]))
    aside = held_out(replace(context, matrix=with_area), ["A3"])
    assert len(aside.fit)
    assert not set(component[aside.fit]) & set(component[aside.test])


def test_an_outcome_that_takes_two_years_leaves_one_date_and_the_reason(matrix_of, prototype_of):
    longer = prototype_of(outcome=lasting(prototype_of, 24), train_as_of=DATES[:1], calibrate_as_of=DATES[:1])
    context = context_of(matrix_of(300), longer)
    over_time = origins(context, encoded(context))
    assert [fold.name for fold in over_time.folds] == ["2023-09-01"]
    assert over_time.not_possible[1].why == "no earlier outcome was known by then (they take 24 months)"


def test_a_date_for_validation_alone_is_tested_and_changes_neither_the_model_nor_its_test(matrix_of, prototype_of):
    train = (date(2020, 9, 1), DATES[0])
    longer = {"outcome": lasting(prototype_of, 24), "train_as_of": train, "calibrate_as_of": train[1:]}
    matrix = dated(matrix_of(900), {DATES[0]: date(2020, 9, 1), DATES[1]: DATES[0]})
    between = dated(matrix_of(300, seed=9), dict.fromkeys(DATES, DATES[1]))
    object.__setattr__(between, "component", between.component + 10_000)
    plain, more = (prototype_of(**longer), prototype_of(**longer, validate_as_of=DATES[1:2]))
    without, together = context_of(matrix, plain), context_of(joined(matrix, between), more)
    assert together.split.dropped[OTHER_DATE] == len(between)
    assert together.lead.raw(together.test) == pytest.approx(without.lead.raw(without.test), abs=0)
    assert together.test.keys.tolist() == without.test.keys.tolist()
    folds = {fold.name: fold for fold in origins(together, encoded(together)).folds}
    assert {name: fold.members for name, fold in folds.items()} == {
        "2022-09-01": ("2020-09-01",), "2023-09-01": ("2020-09-01", "2021-09-01"),
    }  # fmt: skip
    assert folds["2022-09-01"].n == len(between)


def test_a_date_for_validation_without_outcomes_is_named(context, prototype_of):
    prototype = prototype_of(validate_as_of=[date(2023, 3, 1)])
    over_time = origins(replace(context, prototype=prototype), encoded(context))
    assert ("2023-03-01", "no outcome of this date is known") in [(p.what, p.why) for p in over_time.not_possible]


def test_a_break_between_training_and_test_is_said_of_the_fold(context, prototype_of):
    whole = prototype_of()
    broken = replace(whole.outcome.source, breaks=[date(2023, 9, 2)])
    prototype = replace(whole, outcome=replace(whole.outcome, source=broken))
    assert all(not fold.note for fold in origins(context, encoded(context)).folds)
    notes = [fold.note for fold in origins(replace(context, prototype=prototype), encoded(context)).folds]
    assert [RECORDED_OTHERWISE in note for note in notes] == [False, True]


def test_a_held_out_area_and_its_households_are_not_learnt_from(context):
    matrix = context.matrix
    split = held_out(context, ["A03"])
    assert set(matrix.area.iloc[split.test]) == {"A03"}
    assert set(matrix.as_of.iloc[split.test]) == {pd.Timestamp(DATES[2])}
    assert "A03" not in set(matrix.area.iloc[split.fit])
    lived_there = set(matrix.component[matrix.area == "A03"])
    assert not lived_there & set(matrix.component.iloc[split.fit])


def test_areas_alike_agree_and_a_new_one_is_expected_to_be_like_them(found):
    pooled = found.areas.pooled["auroc"]
    truth = np.mean([fold.estimates["auroc"].value for fold in found.areas.folds])
    assert pooled.mean.value == pytest.approx(truth, abs=0.02)
    assert pooled.new_area.low < pooled.mean.low < pooled.mean.high < pooled.new_area.high
    assert abs(found.areas.pooled["oe"].mean.value - 1) < 0.15
    assert found.areas.outside_n == 0


def test_areas_with_risks_of_their_own_spread_what_is_expected(matrix_of, prototype_of, found):
    apart = np.array([-1.0, -0.7, -0.4, 0.0, 0.0, 0.4, 0.7, 1.0])
    context = context_of(with_areas(matrix_of(900), apart), prototype_of())
    pooled = areas(context, encoded(context)).pooled["oe"]
    assert pooled.i2 > 0.6
    assert pooled.tau > 0.25
    assert pooled.new_area.high / pooled.new_area.low > 2
    alike = found.areas.pooled["oe"].new_area
    assert alike.high / alike.low < 1.6


def test_a_declared_district_is_left_out_whole(context, prototype_of):
    whole = prototype_of()
    named = {"North": ["A00", "A01", "A02"], "South": ["A03", "A04", "A05", "A06"], "Island": ["Z99"]}
    prototype = replace(whole, cohort=replace(whole.cohort, districts=named))
    found = districts(replace(context, prototype=prototype), encoded(context))
    assert [(fold.name, fold.members) for fold in found.folds] == [
        ("North", ("A00", "A01", "A02")), ("South", ("A03", "A04", "A05", "A06")),
    ]  # fmt: skip
    at_test = (context.matrix.as_of == pd.Timestamp(DATES[2])) & context.matrix.y.notna()
    assert found.folds[0].n == (at_test & context.matrix.area.isin(named["North"])).sum()
    assert found.outside_n == (at_test & (context.matrix.area == "A07")).sum()
    assert [part.what for part in found.not_possible] == ["Island"]
    assert found.pooled == {}
    assert found.note == "3 districts, each left out whole. 1 of 8 areas are in none of them."
    assert "No larger districts are declared" in districts(context, encoded(context)).why_not


def test_small_areas_are_joined_in_the_order_of_their_codes():
    area = pd.Series(["a"] * 100 + ["b"] * 30 + ["c"] * 100 + ["d"] * 60 + ["e"] * 100 + ["f"] * 100 + ["g"] * 10)
    y = pd.Series(np.tile([1.0, 0.0], 250))
    groups, note = group_areas(area, y, most=20)
    assert groups == (("a",), ("b", "g"), ("c",), ("d",), ("e",), ("f",))
    assert "joined in the order of their codes" in note
    few, why = group_areas(area[:60], y[:60], most=20)
    assert few == ()
    assert "2 groups" in why
    assert group_areas(area[:230], y[:230], most=20)[0] == (("a", "b"), ("c",))


def test_no_more_groups_are_made_than_asked_for():
    area = pd.Series(np.repeat([f"{n:02d}" for n in range(40)], 100))
    groups, _ = group_areas(area, pd.Series(np.tile([1.0, 0.0], 2000)), most=8)
    assert 5 <= len(groups) <= 8


def test_a_learning_curve_takes_whole_households_and_tests_on_the_same_cases(context, found):
    component = context.matrix.component.to_numpy()
    drawn = _draw(context, 0.4, 0)
    kept = set(component[drawn.fit])
    assert len(kept) == round(0.4 * len(set(component[context.split.fit])))
    assert all(row in set(drawn.fit) for row in context.split.fit if component[row] in kept)
    assert drawn.test is context.split.test
    points = found.learning.points
    assert [point.train_n for point in points] == sorted(point.train_n for point in points)
    assert points[-1].train_n == len(context.split.fit)
    assert {point.estimates["auroc"].n for point in points} == {len(context.split.test)}
    gain = found.learning.projections["auroc"].gain
    assert gain.low <= gain.value <= gain.high
    assert abs(gain.value) < 0.02  # four features are learnt from a few hundred cases


def test_the_pre_flight_check_plans_for_what_was_promised(context, found, prototype_of):
    checked = found.sample_size
    assert (checked.auroc, checked.auroc_from) == (0.65, "asked for by a success criterion")
    assert checked.parameters == 6  # visits, late, score and whether it is missing, two of three levels
    assert checked.develop[0].n == len(context.split.fit)
    assert checked.events_per_parameter == pytest.approx(checked.develop[0].events / 6)
    assert preflight(context) == checked
    unplanned = context_of(context.matrix, prototype_of(success=[at_least("recall", 0.1)]))
    assert planned_auroc(unplanned)[0] == 0.7


def test_a_group_that_loses_its_outcomes_is_found(matrix_of, prototype_of):
    matrix = matrix_of(900)
    rng = np.random.default_rng(8)
    lost = (matrix.audit["sex"] == "M").to_numpy() & (rng.random(len(matrix)) < 0.3)
    object.__setattr__(matrix, "y", matrix.y.mask(lost))
    context = context_of(matrix, prototype_of())
    found = attrition(context)
    by_group = {(loss.attribute, loss.group): loss for loss in found.groups}
    men, women = by_group["sex", "M"], by_group["sex", "F"]
    assert men.unlabelled == lost.sum()
    assert women.unlabelled == 0
    assert men.lost.low > found.everyone.lost.high
    for loss in (found.everyone, *found.groups):
        assert loss.n == loss.unlabelled + loss.left_out + loss.used == loss.unlabelled + loss.labelled
        assert loss.registered == ()
    dropped = context.split.dropped
    assert found.everyone.for_test == dropped.get(KEPT_FOR_TEST, 0)
    assert found.everyone.for_training == dropped.get(KEPT_FOR_TRAINING, 0)
    assert "without counting" not in found.not_counted  # everybody on the register is in this cohort
    assert found.everyone.used == len(context.split.fit) + len(context.split.test)


def test_what_comes_with_the_outcome_cannot_say_who_has_none(context, found):
    assert found.attrition.with_outcome == context.prototype.outcome.audit == ()
    assert {loss.attribute for loss in found.attrition.groups} == {"sex", "group"}


def test_the_register_is_told_by_group_and_what_comes_with_the_outcome_from_the_known_outcome_on(
    matrix_of, prototype_of
):
    matrix = matrix_of(300)
    object.__setattr__(matrix, "y", matrix.y.mask(matrix.X["late"] == 1))
    matrix.manifest["before_cohort"] = [
        {"step": "register", "text": "On the register", "n": 5000,
         "groups": {"sex": {"F": 2400, "M": 2500, "X": 100}, "group": {"a": 5000}}}
    ]  # fmt: skip
    whole = prototype_of()
    narrowed = prototype_of(
        cohort=replace(whole.cohort, where="flag"),
        outcome=replace(whole.outcome, audit=["tenure"], no_record="unknown"),
    )
    matrix.audit["tenure"] = matrix.X["tenure"]
    found = attrition(context_of(matrix, narrowed))
    assert (found.earlier, found.with_outcome, found.not_counted) == (("On the register",), ("tenure",), "")
    by_group = {(loss.attribute, loss.group): loss for loss in found.groups}
    assert by_group["sex", "X"].registered == (100,)
    assert by_group["sex", "X"].n == 0
    assert found.everyone.registered == (5000,)
    of_tenure = [loss for loss in found.groups if loss.attribute == "tenure"]
    assert all(loss.registered == () and loss.unlabelled == 0 for loss in of_tenure)
    assert sum(loss.n for loss in of_tenure) == found.everyone.labelled == (matrix.X["late"] != 1).sum()


def test_dates_for_validation_alone_are_no_loss(context, prototype_of):
    fewer = prototype_of(train_as_of=DATES[:1], calibrate_as_of=DATES[:1], validate_as_of=DATES[1:2])
    split = split_for(context.matrix, fewer)
    found = attrition(replace(context, prototype=fewer, split=split))
    assert found.everyone.n == (context.matrix.as_of != pd.Timestamp(DATES[1])).sum()
    assert found.everyone.learnt == len(split.fit)
    assert found.unlabelled_elsewhere == 0
    assert "without counting the register" in attrition(
        replace(context, prototype=replace(fewer, cohort=replace(fewer.cohort, where="flag")))
    ).not_counted  # fmt: skip
