"""The invented world, trained once for all tests of scoring."""

from __future__ import annotations

import pytest

from tests.unit.scoring.invented_world import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("scoring"))
