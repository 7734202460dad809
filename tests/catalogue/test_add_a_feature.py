"""The page on adding a feature does what it says, and its messages are the ones a reader will see."""

from __future__ import annotations

import doctest
from pathlib import Path

from pipelines import PROTOTYPES

PAGE = Path(__file__).parents[2] / "docs" / "add_a_feature.md"


def test_the_page_runs():
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testfile(str(PAGE), module_relative=False, optionflags=flags, encoding="utf-8")
    assert result.attempted >= 6
    assert result.failed == 0


def test_the_feature_of_the_page_is_new():
    assert "ambulance_visits_2y" not in {feature.name for p in PROTOTYPES for feature in p.features}
