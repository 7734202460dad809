"""Planted leaks change what they should and nothing else, and each of the four is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines import PROTOTYPES
from pipelines.synthetic import make_county
from riskmodel.engine.contract import check_extracts

from .conftest import read

SOURCES = list({source.name: source for prototype in PROTOTYPES for source in prototype.sources}.values())


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    make_county(folder / "extracts", children=10_000, truth=folder / "truth", plant_leaks=True)
    return folder / "extracts"


def test_leaks_are_added_and_all_else_stays(vange, planted):
    leaky = read(planted)
    added = {name: set(leaky[name].columns) - set(vange.tables[name].columns) for name in leaky}
    assert {name: columns for name, columns in added.items() if columns} == {
        "people": {"reception_sen_on", "reception_attendance"},
        "police_incidents": {"case_outcome"},
    }
    early = leaky["social_care"].received_on < leaky["social_care"].started_on
    assert 0.005 < early.mean() < 0.04
    for name in set(leaky) - {"social_care"}:
        pd.testing.assert_frame_equal(leaky[name][vange.tables[name].columns], vange.tables[name])


def test_check_refuses_each_leak(planted):
    report = check_extracts(SOURCES, planted)
    assert report.refused
    errors = {(problem.source, problem.column) for problem in report.errors}
    assert ("people", "reception_sen_on") in errors
    assert ("people", "reception_attendance") in errors
    assert ("police_incidents", "case_outcome") in errors
    assert any(source == "social_care" for source, _ in errors)
