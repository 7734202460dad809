"""The declarations on invented counties: every table keeps its contract, and every feature varies and points right."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from pipelines import PROTOTYPES
from pipelines.synthetic import make_county
from riskmodel import build_matrix, build_warehouse
from riskmodel.engine.contract import check_extracts

# One county for all tests here, also when they are spread over processes.

SOURCES = list({source.name: source for prototype in PROTOTYPES for source in prototype.sources}.values())
SCOPES = [scope for prototype in PROTOTYPES for scope in prototype.scopes]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    make_county(folder / "extracts", preset="tiny", truth=folder / "truth")
    return folder / "extracts"


@pytest.fixture(scope="module")
def matrices(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    make_county(folder / "extracts", preset="vange_ward", children=20_000, truth=folder / "truth")
    warehouse = build_warehouse(SOURCES, folder / "extracts", folder / "warehouse", scopes=SCOPES)
    return {prototype.name: build_matrix(prototype, warehouse) for prototype in PROTOTYPES}


def test_extracts_of_the_county_keep_every_contract(tiny):
    report = check_extracts(SOURCES, tiny)
    assert not report.refused, report.text()


def test_there_is_an_extract_for_each_source_and_no_other(tiny):
    files = {path.name.split(".")[0] for path in tiny.iterdir()} - {"README", "extracts"}
    assert files == {source.name for source in SOURCES}


@pytest.mark.slow
@pytest.mark.parametrize("prototype", PROTOTYPES, ids=lambda p: p.name)
def test_every_feature_varies(matrices, prototype):
    matrix = matrices[prototype.name]
    constant = [name for name in matrix.X if matrix.X[name].nunique(dropna=False) < 2]
    assert constant == []


@pytest.mark.slow
@pytest.mark.parametrize("prototype", PROTOTYPES, ids=lambda p: p.name)
def test_every_audit_attribute_has_two_groups_of_fifty(matrices, prototype):
    audit = matrices[prototype.name].audit
    assert [name for name in audit if (audit[name].value_counts() >= 50).sum() < 2] == []


@pytest.mark.slow
@pytest.mark.parametrize("prototype", PROTOTYPES, ids=lambda p: p.name)
def test_no_feature_points_the_wrong_way(matrices, prototype):
    matrix = matrices[prototype.name].rows(matrices[prototype.name].y.notna())
    event = matrix.y.to_numpy() == 1
    wrong = []
    for feature in prototype.features:
        values = matrix.X[feature.name].to_numpy(dtype=np.float64)
        known = ~np.isnan(values)
        against = "less" if feature.direction == "+" else "greater"
        test = mannwhitneyu(values[known & event], values[known & ~event], alternative=against, method="asymptotic")
        if test.pvalue < 1e-4:
            wrong.append(feature.name)
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("prototype", PROTOTYPES, ids=lambda p: p.name)
def test_outcomes_are_about_as_common_as_published(matrices, prototype):
    low, high = {"school_readiness": (0.27, 0.40), "domestic_abuse": (0.03, 0.05)}[prototype.name]
    rates = matrices[prototype.name].y.groupby(matrices[prototype.name].as_of).mean()
    assert rates.between(low, high).all()
