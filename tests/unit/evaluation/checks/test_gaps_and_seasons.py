"""What is known on the day, over for the year or not looked at is no fault; the same thing unexplained is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.evaluation.checks.finding import FOUND, NOTE, PASSED, WARNING
from tests.unit.evaluation.checks.world import but, finding, manifest, monthly


def blank_for_the_outcome(sound):
    gone = (sound.matrix.y == 1) & (np.random.default_rng(8).random(len(sound.matrix)) < 0.5)
    return gone, sound.matrix.X["score"].fillna(0).mask(gone)


def test_a_value_that_is_missing_for_want_of_any_record_is_a_note(sound):
    gone, score = blank_for_the_outcome(sound)
    visits = sound.matrix.X["visits"].clip(lower=1)
    unexplained = finding(but(sound, score=score, visits=visits), "RM204")
    assert (unexplained.status, unexplained.severity) == (FOUND, WARNING)
    known = finding(but(sound, score=score, visits=visits.mask(gone, 0.0)), "RM204")
    assert (known.status, known.severity) == (FOUND, NOTE)
    assert "known on the day" in known.reason


@pytest.mark.parametrize(("months", "status"), [(("04",), PASSED), (("04", "08"), FOUND)])
def test_outcomes_of_an_assessment_in_april_are_not_waited_for_in_september(sound, months, status):
    """The window closes on 1 September 2024; the extract is taken ten days later, and records take fourteen days."""
    counted = {month: n for month, n in monthly().items() if month[-2:] in months}
    entry = {"extracted_on": "2024-09-11", "monthly": counted}
    assert finding(replace(sound, warehouse=manifest(endings=entry)), "RM108").status == status


def test_a_year_that_no_measure_looks_back_to_may_hold_any_number_of_records(sound):
    """Measures look back two years from 1 September 2021."""
    for year, status in ((2018, PASSED), (2022, FOUND)):
        counted = monthly()
        counted |= {month: 500 for month in counted if f"{year}-10" <= month <= f"{year + 1}-09"}
        assert finding(replace(sound, warehouse=manifest(visits={"monthly": counted})), "RM305").status == status


def test_a_measure_within_its_range_is_not_named(sound):
    late = (sound.matrix.as_of == sound.matrix.as_of.max()).to_numpy()
    said = finding(but(sound, amount=sound.matrix.X["amount"] * (1 + 6 * late)), "RM401").reason
    assert "Most often: amount." in said


def test_an_area_out_of_line_is_said_to_be_above_or_below(sound):
    late = (sound.matrix.as_of == sound.matrix.as_of.max()).to_numpy()
    drop = late & (sound.matrix.area == "North").to_numpy() & (np.random.default_rng(8).random(len(late)) < 0.6)
    assert "less often in North." in finding(but(sound, y=sound.matrix.y.mask(drop, 0.0)), "RM110").reason
