"""Differences between groups: exact, paired, and covering a known truth."""

import numpy as np
import pytest

from riskmodel.evaluation.group_differences import group_differences
from tests.unit.evaluation.test_fairness_evidence import lists_of, people


def test_a_difference_is_that_of_the_two_groups_figures():
    groups, lists = lists_of(*people(800))
    (only,) = group_differences(groups, lists)
    assert (only.group, only.largest) == ("b", "a")
    a, b = lists.place("kind", "a"), lists.place("kind", "b")
    for theirs, mine in (("tpr", "tpr"), ("expected_ratio", "oe")):
        each = [lists.estimate("lead", place, theirs).value for place in (b, a)]
        assert only.estimates[mine].value == pytest.approx(each[0] - each[1])


def test_intervals_cover_a_known_difference():
    """Outcomes are twice as frequent in one group as in the other: 0.3 less 0.15."""
    inside, worlds = 0, 120
    for seed in range(worlds):
        _, score, p, component, audit = people(600, seed)
        rare = (audit["kind"] == "a").to_numpy()
        y = (np.random.default_rng(5000 + seed).random(600) < np.where(rare, 0.15, 0.3)).astype(float)
        (only,) = group_differences(*lists_of(y, score, p, component, audit, resamples=150))
        found = only.estimates["base_rate"]
        inside += found.low <= 0.15 <= found.high
    assert 0.89 <= inside / worlds <= 0.99
