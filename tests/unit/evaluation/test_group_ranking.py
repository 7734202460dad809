"""AUROC and calibration slope of groups and intersections: their household intervals, and those of differences."""

import numpy as np
import pytest

from riskmodel.evaluation.calibration import calibration_slope
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.discrimination import auroc
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.fairness import groupings
from riskmodel.evaluation.fairness_evidence import examine_fairness
from riskmodel.evaluation.group_figures import CROSS, intersection_groups
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from tests.unit.evaluation.conftest import make_matrix, make_prototype


@pytest.fixture(scope="module")
def context():
    matrix, prototype = make_matrix(700), make_prototype(intersections=[("sex", "group")])
    split = split_for(matrix, prototype)
    training = train(matrix, prototype, families=("logistic",))
    found = evaluate(training, matrix, prototype, split, resamples=120, optimism=False)
    return Context(training, matrix, prototype, split, found, resamples=120)


@pytest.fixture(scope="module")
def found(context):
    return examine_fairness(context)


def test_every_reported_group_and_intersection_has_both_with_an_interval(context, found):
    audit, y = context.test.audit, context.y
    rows = {g.key: g.rows for g in (*groupings(audit, y), *intersection_groups(audit, [("sex", "group")], y))}
    crossed = 0
    for one in found.groups:
        if one.withheld:
            continue
        own = rows[f"{CROSS.join(one.attributes)}: {CROSS.join(one.groups)}"]
        crossed += len(one.attributes) > 1
        for name, value in (
            ("auroc", auroc(y[own], context.ranking[own])),
            ("calibration_slope", calibration_slope(y[own], context.probability[own])),
        ):
            estimate = one.estimates[name]
            assert estimate.value == pytest.approx(value)
            assert estimate.low < estimate.value < estimate.high
            assert "household bootstrap" in estimate.method
    assert crossed >= 3


def test_differences_are_those_of_the_two_groups_and_paired(context, found):
    known = {(one.attributes, one.groups): one.estimates for one in found.groups}
    for one in found.differences:
        group, largest = (known[((one.attribute,), (name,))] for name in (one.group, one.largest))
        for name in ("auroc", "calibration_slope"):
            difference = one.estimates[name]
            assert difference.value == pytest.approx(group[name].value - largest[name].value)
            assert difference.low < difference.value < difference.high
            # Groups of one attribute share few households here, so the widths add up as those of independent figures.
            widths = [(each[name].high - each[name].low) for each in (group, largest)]
            assert difference.high - difference.low == pytest.approx(np.hypot(*widths), rel=0.35)
