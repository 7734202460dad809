"""Sections of the fairness evidence: all there, in words, and nothing printed that the policy withholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.fairness_evidence import examine_fairness
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Chart, Folded, Points, Section, Table
from riskmodel.reporting.figures import WITHHELD, Figure
from riskmodel.reporting.material import Material, gather
from riskmodel.reporting.sections.apart import apart
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


def test_groups_are_set_beside_the_largest_and_the_table_holds_the_measured_difference(made) -> None:
    context, found = made
    blocks = apart(material(made))
    shown = next(block.table for block in blocks if isinstance(block, Folded))
    first = found.fairness.differences[0]
    labels = [str(row[0]) for row in shown.rows]
    place = next(n for n, label in enumerate(labels) if label.endswith(f"{first.group} less {first.largest}"))
    row = dict(zip(shown.columns, shown.rows[place], strict=True))
    printed = row["Found, of those with it"]
    assert isinstance(printed, Figure)
    assert printed.value == round(100 * (first.estimates["tpr"].value or 0))
    assert printed.low is not None
    groups = {group.group: group.n for group in context.evaluation.fairness if group.attribute == first.attribute}
    assert isinstance(row["Cases"], Figure)
    assert abs((row["Cases"].value or 0) - groups[first.group]) <= 2.5
    assert "resampling cases" in shown.note


def test_a_difference_is_withheld_where_the_figure_of_either_group_is(made) -> None:
    assert apart(material(made, threshold=100_000)) == []
    printed = material(made)
    hidden = replace(printed, groups=tuple(replace(group, found=WITHHELD) for group in printed.groups))
    shown = next(block.table for block in apart(hidden) if isinstance(block, Folded))
    place = shown.columns.index("Found, of those with it")
    assert {row[place].text for row in shown.rows if isinstance(row[place], Figure)} == {"withheld"}
    assert apart(material(made, evidence=False)) == []


def test_clear_differences_are_said_in_words(made) -> None:
    _, found = made
    differences = [
        replace(one, estimates={**one.estimates, "tpr": replace(one.estimates["tpr"], value=-0.2, low=-0.3, high=-0.1)})
        for one in found.fairness.differences
    ]
    clear = replace(found.fairness, differences=tuple(differences))
    said = apart(replace(material(made), evidence=replace(found, fairness=clear)))
    lines = next(block for block in said if isinstance(block, Points)).items
    assert all("found less often than" in line and "-20 (-30 to -10) percentage points" in line for line in lines)
