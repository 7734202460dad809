"""The sections on visits and on calibration: figures agree with the rest of the card, and small counts stay hidden."""

from functools import cache

import pytest

from riskmodel.declare import Team
from riskmodel.evaluation.calibration_evidence import examine_calibration
from riskmodel.evaluation.capacity import capacity
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting.consistent import contradictions_in_print
from riskmodel.reporting.document import Chart, Folded, Table
from riskmodel.reporting.material import gather
from riskmodel.reporting.policy import USUAL
from riskmodel.reporting.sections.calibrated import calibrated
from riskmodel.reporting.sections.corrected import corrected
from riskmodel.reporting.sections.inside_groups import inside_groups
from riskmodel.reporting.sections.workload import workload
from tests.unit.evaluation.conftest import make_matrix, make_prototype


@cache
def material_of(*visits, decisions=None, share=0.15):
    """Material of a real evaluation of invented cases; `visits` is nothing, a number a month, or (area, number)s."""
    team = None
    if visits:
        team = Team(dict(visits) if isinstance(visits[0], tuple) else visits[0], decisions=decisions)
    prototype, matrix = make_prototype(team=team, capacity=share), make_matrix(900)
    split = split_for(matrix, prototype)
    training = train(matrix, prototype, families=("logistic",))
    evaluation = evaluate(training, matrix, prototype, split, resamples=60, optimism=False)
    context = Context(training, matrix, prototype, split, evaluation, resamples=60)
    evidence = Evidence("invented", calibration=examine_calibration(context), capacity=capacity(context))
    return gather(
        prototype, evaluation, {}, {}, {}, policy=USUAL, project="", invented=True, evidence=evidence
    )  # fmt: skip


def tables(section):
    found = {}
    for block in section.blocks:
        inside = block.tables if isinstance(block, Chart) else (block.table,) if isinstance(block, Folded) else (block,)
        found |= {one.key: one for one in inside if isinstance(one, Table)}
    return found


def column(table, place):
    return [row[place] for row in table.rows]


def test_without_evidence_there_is_no_section():
    from dataclasses import replace

    bare = replace(material_of(), evidence=Evidence("invented"))
    assert workload(bare) is None
    assert calibrated(bare) is None


def test_the_visits_say_what_the_rest_of_the_card_says():
    material = material_of()
    rows = tables(workload(material))["workload"].rows
    point = material.capacity
    assert [row[1] for row in rows[:2]] == [point.picked, point.found]
    assert rows[1][2] == point.precision
    assert rows[1][1].value + rows[2][1].value == rows[0][1].value
    assert rows[1][1].value + rows[3][1].value == material.events.value
    assert rows[3][2].value == pytest.approx(1 - point.recall.value, abs=0.011)
    today = dict(tables(workload(material))["workload-today"].rows)
    assert next(iter(today.values())) == point.precision
    rule = material.models["current_rule"].at_capacity()
    assert list(today.values())[1] == rule.precision


@pytest.mark.parametrize("visits", [(), (30,), (11,), (("North", 3), ("South", 5)), (1,)])
def test_counts_are_rounded_and_none_is_small(visits):
    for table in tables(workload(material_of(*visits))).values():
        for row in table.rows:
            for figure in row[1:]:
                if getattr(figure, "kind", "") == "count":
                    assert figure.value >= 10
                    assert figure.value % 5 == 0


def test_a_list_hardly_longer_than_one_already_told_is_withheld():
    near = tables(workload(material_of(11.5)))["workload"]  # 138 visits; the card tells of 135
    assert {figure.kind for figure in column(near, 1)[1:]} == {"withheld"}
    far = tables(workload(material_of(30)))["workload"]
    assert {figure.kind for figure in column(far, 1)} == {"count"}


def test_areas_are_told_of_all_or_none():
    small = tables(workload(material_of(("North", 1), ("South", 5))))["workload-areas"]
    assert {figure.kind for figure in column(small, 4)} == {"withheld"}
    large = tables(workload(material_of(("North", 5), ("South", 6))))["workload-areas"]
    assert {figure.kind for figure in column(large, 4)} == {"share"}
    assert column(large, 0) == ["North", "South"]


def test_recorded_decisions_are_told_with_a_warning():
    found = tables(workload(material_of(9, decisions="late")))["workload-today"]
    assert "265 visits" in found.caption
    assert "help" in found.note


def test_the_plan_says_where_the_visits_come_from():
    assert "No team is declared" in workload(material_of()).blocks[0].text
    assert "30 a month for 12 months" in workload(material_of(30)).blocks[0].text
    assert "areas without visits" in workload(material_of(("North", 3), ("South", 5))).blocks[0].text


def test_groups_show_the_figures_of_the_fairness_tables():
    material = material_of()
    rows = {row[0]: row for row in tables(calibrated(material))["calibration-groups"].rows}
    for group in material.groups:
        if group.attribute == "sex" and group.oe.value is not None:
            row = next(row for name, row in rows.items() if name.endswith(f": {group.group}"))
            assert row[1:4] == (group.n, group.events, group.oe)
            assert row[4].low < row[4].value < row[4].high


def test_a_small_group_shows_only_what_rests_on_others():
    material = material_of()
    rows = tables(calibrated(material))["calibration-groups"].rows
    told = {(group.attribute, group.group) for group in material.groups if group.oe.value is not None}
    small = [
        group
        for attribute in material.evidence.calibration.groups
        for group in attribute.groups
        if (group.attribute, group.group) not in told
    ]
    assert small
    hidden = [row for row in rows if row[1].kind == "withheld"]
    assert {figure.kind for row in hidden for figure in row[1:4]} <= {"withheld"}
    assert all(row[5].value <= 0.5 for row in hidden)
    assert len(rows) == len(hidden) + len([1 for a in material.evidence.calibration.groups for g in a.groups
                                           if (g.attribute, g.group) in told])  # fmt: skip


def test_corrections_stand_beside_the_model_as_it_is():
    material = material_of()
    table = tables(calibrated(material))["recalibration"]
    assert len(table.rows) == 4
    assert table.rows[0][1].point == material.lead.metrics["oe"].point
    assert {figure.text for figure in table.rows[3][1:]} == {"too few outcomes"}
    text = " ".join(block.text for block in calibrated(material).blocks if hasattr(block, "text"))
    assert "This was only tried out" in text


def test_curves_of_groups_are_told_where_the_groups_own_counts_are():
    material = material_of()
    chart = inside_groups(material).blocks[1]
    rows = {row[0]: row[1:] for row in chart.tables[0].rows}
    told = {f"{one.label}: {one.group}".lower(): one for one in material.groups if one.oe.value is not None}
    assert {name.lower() for name in rows} == set(told)
    for name, (n, events, distance, slope, weight) in rows.items():
        known = told[name.lower()]
        assert (n, events) == (known.n, known.events)
        assert distance.low <= distance.value <= distance.high
        assert slope.low < slope.value < slope.high
        assert 0 <= weight.value <= 1
    assert chart.svg.count("<polyline") == len(rows) <= 8


def test_a_model_as_it_was_trained_has_no_section_on_a_correction():
    assert corrected(material_of()) is None


def test_printed_figures_hold_together_and_a_changed_one_is_found():
    from dataclasses import replace

    material = material_of()
    assert contradictions_in_print(material) == ()
    place, group = next((i, g) for i, g in enumerate(material.groups) if g.right.value and g.found.value)
    changed = replace(group, right=replace(group.right, value=group.right.value - 0.35))
    groups = (*material.groups[:place], changed, *material.groups[place + 1 :])
    (problem, *_) = contradictions_in_print(replace(material, groups=groups))
    assert group.group in problem
    lead = material.lead
    point = next(p for p in lead.capacity if p.recall.value)
    capacity = (replace(point, recall=replace(point.recall, value=point.recall.value + 0.15)),)
    (problem, *_) = contradictions_in_print(replace(material, models={lead.name: replace(lead, capacity=capacity)}))
    assert lead.label in problem


def test_help_that_is_no_visit_is_called_what_it_is():
    from dataclasses import replace

    made = material_of(9, decisions=None)
    calls = replace(made, prototype=replace(made.prototype, help_called=("call", "calls")))
    section = workload(calls)
    assert section.title == "What the calls find, and what one more would"
    assert "visit" not in str(section.blocks[:2]).casefold()
    assert "calls in vain" in str(section.blocks).casefold()
    assert workload(made).title == "What the visits find, and what one more would"
