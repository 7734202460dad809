"""Sections of the fairness evidence: all there, in words, and nothing printed that the policy withholds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.fairness_evidence import examine_fairness
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Chart, Folded, Section, Table
from riskmodel.reporting.figures import Figure
from riskmodel.reporting.material import Material, gather
from riskmodel.reporting.sections.intersections import intersections
from riskmodel.reporting.sections.label_bias import label_bias
from riskmodel.reporting.sections.mitigation import mitigation
from riskmodel.reporting.sections.proxies import proxies
from tests.unit.evaluation.conftest import make_matrix, make_prototype

BUILD = (intersections, proxies, label_bias, mitigation)


@pytest.fixture(scope="module")
def made():
    matrix = make_matrix(1500, seed=2)
    prototype = make_prototype(intersections=[("sex", "group")], reporting_ratios={"sex": (0.6, 1.0)})
    training, split = train(matrix, prototype, families=("logistic",)), split_for(matrix, prototype, seed=0)
    found = evaluate(training, matrix, prototype, split, resamples=60, optimism=False)
    context = Context(training, matrix, prototype, split, found, resamples=60)
    return context, Evidence(prototype.name, fairness=examine_fairness(context))


def material(made, threshold: int = 10, *, evidence: bool = True) -> Material:
    context, found = made
    return gather(
        context.prototype, context.evaluation, context.matrix.manifest, {}, context.training.record,
        policy=Policy(threshold=threshold), project="", invented=True, evidence=found if evidence else None,
    )  # fmt: skip


def tables(section: Section) -> Iterator[Table]:
    for block in section.blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Chart):
            yield from block.tables
        elif isinstance(block, Folded):
            yield block.table


def test_without_evidence_there_is_no_section(made) -> None:
    assert [build(material(made, evidence=False)) for build in BUILD] == [None] * 4


def test_every_section_has_a_table_with_figures(made) -> None:
    printed = material(made)
    for build in BUILD:
        section = build(printed)
        assert section is not None
        cells = [cell for table in tables(section) for row in table.rows for cell in row if isinstance(cell, Figure)]
        assert any(cell.value is not None for cell in cells), section.key


def test_under_a_stricter_policy_no_group_figure_is_left(made) -> None:
    strict = material(made, threshold=100_000)
    for build, spoken in ((intersections, ("Missed, of those with it", "Picked")), (label_bias, ("Found, lower end",))):
        section = build(strict)
        assert section is not None
        for table in tables(section):
            for heading in spoken:
                if heading in table.columns:
                    place = table.columns.index(heading)
                    assert all(row[place].value is None for row in table.rows if isinstance(row[place], Figure))


def test_the_share_found_is_the_one_of_the_main_tables(made) -> None:
    printed = material(made)
    section = label_bias(printed)
    assert section is not None
    rows = {row[0]: row[2] for table in tables(section) if "Assumed recorded" in table.columns for row in table.rows}
    main = {group.name: group.found for group in printed.groups if group.attribute == "sex"}
    assert set(rows) == set(main)
    assert all(rows[name] == main[name] for name in rows)
