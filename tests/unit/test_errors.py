"""Errors read as a paragraph and survive a process boundary."""

from __future__ import annotations

import pickle

import pytest

from riskmodel import errors
from riskmodel.errors import ContractError, RiskModelError, nearest_name


def test_an_error_reads_as_one_paragraph() -> None:
    error = ContractError("A is wrong.", "A must be right.", nearest="B", next_step="Write B.")
    assert str(error) == "A is wrong. A must be right. The nearest right name is 'B'. Write B."


def test_a_list_of_problems_keeps_its_lines() -> None:
    error = ContractError("Two problems:\n- a\n- b", "Each file keeps its contract.", next_step="Ask the partner.")
    assert str(error).splitlines() == [
        "Two problems:",
        "- a",
        "- b",
        "Each file keeps its contract.",
        "Ask the partner.",
    ]


def test_an_error_survives_a_process_boundary() -> None:
    error = ContractError("A.", "B.", nearest="C", next_step="D.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ContractError
    assert str(again) == str(error)


@pytest.mark.parametrize(
    "name", [name for name in vars(errors) if name.endswith("Error") or name in ("CardIncomplete", "ScoringRefused")]
)
def test_every_error_is_one_of_ours(name: str) -> None:
    assert issubclass(getattr(errors, name), RiskModelError)


def test_the_nearest_name_ignores_case() -> None:
    assert nearest_name("Happened_On", ["happened_on", "known_on"]) == "happened_on"
    assert nearest_name("", ["a"]) is None
    assert nearest_name("a", []) is None
