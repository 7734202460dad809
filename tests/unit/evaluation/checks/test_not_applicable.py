"""A check that cannot be made says because of what, and is not counted as passed."""

from __future__ import annotations

import inspect
import sys
from dataclasses import replace

import pytest

from riskmodel import Cohort
from riskmodel.evaluation.checks import CHECKS
from riskmodel.evaluation.checks.finding import NOT_APPLICABLE
from tests.unit.evaluation.checks.world import but, estimated, finding, prototype, remodelled, source


def few(c, **sizes):
    return replace(c, split=replace(c.split, **{name: getattr(c.split, name)[:n] for name, n in sizes.items()}))


CASES = {
    "RM101": (lambda c: but(c, y=c.matrix.y * 0), "the outcome never varies"),
    "RM104": (lambda c: but(c, y=c.matrix.y * 0), "the outcome never varies"),
    "RM105": (lambda c: replace(c, prototype=prototype(endings=source("endings"))), "declares no break"),
    "RM107": (lambda c: replace(c, warehouse={}), "does not say to which day"),
    "RM108": (lambda c: replace(c, warehouse={}), "does not say how long"),
    "RM110": (lambda c: but(c, area=c.matrix.area * 0 + "One"), "fewer than three areas"),
    "RM201": (lambda c: few(c, train=40, calibrate=10), "fewer than 30 training cases"),
    "RM204": (lambda c: but(c, score=c.matrix.X["score"].fillna(0)), "no measure is missing"),
    "RM205": (lambda c: few(c, train=40, calibrate=10), "known for 1,000 cases"),
    "RM206": (lambda c: but(c, area="One" + 0 * c.matrix.area), "fewer than three areas"),
    "RM208": (lambda c: but(c, **dict.fromkeys(("visits", "late", "score", "amount", "gap"), 1.0)), "fewer than two"),
    "RM209": (
        lambda c: remodelled(c, features=tuple(replace(f, direction=None) for f in c.lead.features)),
        "no measure declares a direction",
    ),
    "RM211": (lambda c: replace(c, training=replace(c.training, models={})), "no logistic model"),
    "RM212": (lambda c: few(c, test=150), "fewer than 200 cases"),
    "RM213": (lambda c: replace(c, prototype=prototype(visits=source("visits"))), "no source of a measure"),
    "RM302": (lambda c: but(c, score=1.0), "fewer than 3 measures"),
    "RM305": (lambda c: replace(c, warehouse={}), "counted by month"),
    "RM306": (lambda c: replace(c, warehouse={}), "not built from a warehouse"),
    "RM307": (lambda c: replace(c, warehouse={}), "not built from a warehouse"),
    "RM309": (
        lambda c: replace(c, prototype=replace(c.prototype, cohort=Cohort("All", c.prototype.cohort.source))),
        "no area",
    ),
    "RM402": (lambda c: estimated(c, calibration_slope=(None, None, None)), "could not be measured"),
    "RM403": (lambda c: estimated(c, oe=(None, None, None)), "could not be measured"),
    "RM404": (
        lambda c: replace(
            c,
            evaluation=replace(c.evaluation, models={n: replace(m, groups=()) for n, m in c.evaluation.models.items()}),
        ),
        "no audit attribute",
    ),
    "RM405": (lambda c: but(c, audit=c.matrix.audit[[]]), "no audit attribute"),
    "RM408": (lambda c: estimated(c, auroc=(None, None, None)), "cannot be measured"),
    "RM409": (lambda c: replace(c, training=replace(c.training, record={})), "no date of expiry"),
}


def test_every_check_that_may_not_apply_is_among_them():
    """Found in the code of each check's file: the function that judges, and those it calls."""
    may_not = set()
    for check in CHECKS:
        file = sys.modules[check.judge.__module__]
        calls = [check.judge, *(getattr(file, name, None) for name in check.judge.__code__.co_names)]
        own = [f for f in calls if inspect.isfunction(f) and f.__module__ == check.judge.__module__]
        if any("not_applicable" in f.__code__.co_names for f in own):
            may_not.add(check.code)
    assert may_not == set(CASES)


@pytest.mark.parametrize("code", list(CASES))
def test_it_says_why_it_does_not_apply(sound, code):
    make, because = CASES[code]
    found = finding(make(sound), code)
    assert found.status == NOT_APPLICABLE, found.reason
    assert found.reason.startswith("Not applicable because ")
    assert because in found.reason
