"""A direction that the records contradict is a warning; one that only other measures leave no room for is a note."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskmodel.evaluation.checks.finding import FOUND, NOTE, WARNING
from tests.unit.evaluation.checks.world import finding, remodelled


def held_at_nought(context, name):
    predictor, features = context.lead.predictor, context.lead.features
    place = [f.name for f in features].index(name)
    terms = zip(predictor.preparation.terms, predictor.coefficients, strict=True)
    kept = tuple(0.0 if term.feature == place else coefficient for term, coefficient in terms)
    return remodelled(context, predictor=replace(predictor, coefficients=kept))


def test_a_measure_without_weight_beside_the_others_is_a_note(sound):
    said = finding(held_at_nought(sound, "late"), "RM209")
    assert (said.status, said.severity) == (FOUND, NOTE)
    assert "no weight there: late." in said.reason


def test_a_measure_that_alone_goes_the_other_way_is_a_warning_and_not_said_twice(sound):
    turned = tuple(replace(f, direction="-") if f.name == "late" else f for f in sound.lead.features)
    said = finding(held_at_nought(remodelled(sound, features=turned), "late"), "RM209")
    assert (said.status, said.severity) == (FOUND, WARNING)
    assert "1 of 4 measures" in said.reason
    assert said.reason.count("late") == 1


def test_chance_is_no_contradiction(sound):
    """A measure that says nothing goes the other way half the time."""
    rng = np.random.default_rng(1)
    for _ in range(5):
        noise = replace(sound.matrix, X=sound.matrix.X.assign(late=(rng.random(len(sound.matrix)) < 0.3).astype(float)))
        said = finding(replace(sound, matrix=noise), "RM209")
        assert "late" not in said.reason
