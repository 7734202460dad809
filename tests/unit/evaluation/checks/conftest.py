"""The world without a fault, made once."""

import pytest

from tests.unit.evaluation.checks.world import faultless


@pytest.fixture(scope="session")
def sound():
    return faultless()
