"""The section on how test cases differ: it prints what was found, and no small count can be had from it."""

import json
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from riskmodel.evaluation.comparison import CasesCompared, Shift, Side, compare_cases
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.linked import LinkedShare
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.validation.attrition import attrition
from riskmodel.modelling.splits import split_for
from riskmodel.modelling.train import train
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.disclosure import rounded
from riskmodel.reporting.document import Chart, Text
from riskmodel.reporting.figures import WITHHELD
from riskmodel.reporting.material import gather
from riskmodel.reporting.policy import USUAL
from riskmodel.reporting.sections.comparison import comparison
from riskmodel.reporting.sections.missing_people import printed_steps
from tests.unit.evaluation.conftest import make_matrix, make_prototype
from tests.unit.reporting import every_number as read
from tests.unit.reporting.made_up import inputs
from tests.unit.reporting.test_workload_and_calibrated import tables


@cache
def made(shift=0.0):
    """Context and material of invented cases; the test cases' score is higher by `shift`."""
    matrix, prototype = make_matrix(900), make_prototype(limits=("Invented people are not people.",))
    split = split_for(matrix, prototype)
    training = train(matrix, prototype, families=("logistic",))
    X = matrix.X.copy()
    X.loc[split.test, "score"] += shift
    matrix = replace(matrix, X=X)
    found = evaluate(training, matrix, prototype, split, resamples=60, optimism=False)
    context = Context(training, matrix, prototype, split, found, resamples=60)
    validated = SimpleNamespace(attrition=attrition(context))
    evidence = Evidence("invented", validation=validated, comparison=compare_cases(context))
    material = gather(
        prototype, found, {}, {}, {"split": split.summary(matrix)}, policy=USUAL, project="", invented=True,
        evidence=evidence,
    )  # fmt: skip
    return context, material


def with_(*measures, material=None, **parts):
    """The material with these measures and parts of the evidence."""
    material = material or made()[1]
    evidence = material.evidence
    kept = CasesCompared(evidence.comparison.outcome, evidence.comparison.groups, measures)
    return replace(material, evidence=replace(evidence, comparison=kept, **parts))


def measure(name, learnt, tested, *, kind="any", always=True, partner="Clinics"):
    sides = [one if isinstance(one, Side) else Side(*one) for one in (learnt, tested)]
    return Shift(name, name, partner, kind, "", always, *sides, *2 * [Estimate(0.05, 0.0, 0.1, 2700, 300)])


def printed(material, name):
    section = comparison(material)
    return next(row for row in tables(section)["compared-table"].rows if row[0].startswith(name))


def test_a_shift_is_named_and_nothing_is_where_there_is_none():
    for shift, names in ((0.0, ()), (0.6, ("The test score was lower (mean)",))):
        chart = next(block for block in comparison(made(shift)[1]).blocks if isinstance(block, Chart))
        assert all(name in chart.reading for name in names)
        assert ("Clearly different" in chart.reading) == bool(names)
        assert "<svg" in chart.svg


def test_figures_are_those_of_rounded_counts_and_short_means():
    context, material = made()
    rows = {row[0]: row for row in tables(comparison(material))["compared-table"].rows}
    late = next(row for name, row in rows.items() if name.startswith("Something came late"))
    flag = context.matrix.X["late"].to_numpy()
    for figure, side in ((late[1], context.split.fit), (late[2], context.split.test)):
        assert figure.value == pytest.approx(rounded(flag[side].sum()) / rounded(len(side)), abs=0.006)
    visits = next(row for name, row in rows.items() if "visits (mean)" in name)
    assert visits[2].value == float(f"{context.test.X['visits'].mean():.2g}")
    outcome = next(row for name, row in rows.items() if name.startswith("With the outcome"))
    assert outcome[2].text == material.base_rate.text


def test_groups_tell_no_more_than_the_counts_of_the_missing_people():
    """Every share is made of two numbers that the card prints anyway; where one is withheld, so is the share."""
    context, material = made()
    steps = printed_steps(material)
    table = tables(comparison(material))["compared-groups"]
    audit = context.matrix.audit
    checked = 0
    for row in table.rows:
        attribute, group = row[0].lower().split(": ")
        key = next(key for key in steps if (key[0], key[1].lower()) == (attribute, group))
        if row[1] is WITHHELD:
            assert row[2] is WITHHELD
            assert row[3] is WITHHELD
            continue
        checked += 1
        for figure, count, side in zip(row[1:3], steps[key], (context.split.fit, context.split.test), strict=True):
            assert count.value >= USUAL.threshold
            assert figure.value == pytest.approx(count.value / rounded(len(side)), abs=0.006)
            assert (audit[key[0]].iloc[side] == key[1]).sum() >= USUAL.threshold
    assert checked >= 2


def test_groups_that_are_withheld_elsewhere_or_not_counted_are_withheld_here():
    material = made()[1]
    table = tables(comparison(material))["compared-groups"]
    hidden = tuple(replace(one, n=WITHHELD) if one.group == "F" else one for one in material.groups)
    other = tables(comparison(replace(material, groups=hidden)))["compared-groups"]
    assert [row[0] for row in table.rows if row[1] is not WITHHELD and "F" in row[0]]
    assert not [row[0] for row in other.rows if row[1] is not WITHHELD and row[0].endswith(": F")]
    bare = comparison(replace(material, evidence=replace(material.evidence, validation=None)))
    assert "compared-groups" not in tables(bare)
    said = " ".join(block.text for block in bare.blocks if isinstance(block, Text))
    assert "Not compared: " in said


@pytest.mark.parametrize("counted", [0, 3, 9, 891, 897, 900])
def test_a_small_count_on_either_side_withholds_the_line(counted):
    few, many = (900, 900, counted), (1800, 1800, 600)
    for sides in ((few, many), (many, few)):
        row = printed(with_(measure("Calls", *sides)), "Calls")
        assert all(cell is WITHHELD for cell in row[1:])
    assert printed(with_(measure("Calls", many, (900, 900, 300))), "Calls")[2].text == "33%"


def test_a_mean_of_few_or_of_two_large_values_is_withheld():
    enough = Side(900, 900, 500, 12.34, 0.1)
    assert printed(with_(measure("Arrears", enough, enough, kind="mean")), "Arrears")[1].text == "12"
    for bad in (Side(900, 12, 12, 12.34, 0.3), Side(900, 900, 8, 0.1, 0.5), Side(900, 900, 500, 12.34, 0.95)):
        row = printed(with_(measure("Arrears", enough, bad, kind="mean")), "Arrears")
        assert all(cell is WITHHELD for cell in row[1:])


def test_a_measure_within_another_cannot_be_subtracted():
    """104 had a call in two years and 100 in the last one: four had one in the first year alone."""
    two_years, one_year = measure("Calls ever", (900, 900, 300), (900, 900, 104)), (900, 900, 100)
    material = with_(two_years, measure("Calls lately", (900, 900, 200), one_year))
    assert printed(material, "Calls ever")[2].text == "12%"
    assert printed(material, "Calls lately")[2] is WITHHELD
    elsewhere = with_(two_years, measure("Visits lately", (900, 900, 200), one_year, partner="Schools"))
    assert printed(elsewhere, "Visits lately")[2].text == "11%"


def missing_of(material):
    return tables(comparison(material)).get("compared-missing")


def test_missing_values_are_told_where_neither_side_is_small():
    gone = measure("Points", (900, 700, 300), (900, 895, 400), always=False)
    assert [getattr(cell, "text", cell) for cell in missing_of(with_(gone)).rows[0][1:]] == ["22%", "none or few", "–"]
    assert missing_of(with_(measure("Calls", (900, 900, 300), (900, 900, 300)))) is None


def test_a_measure_clearly_more_often_missing_is_named():
    said = []
    for known in (680, 500):
        gone = measure("Points", (900, 700, 300), (900, known, 200), always=False)
        section = comparison(with_(gone))
        said.append(
            [block.text for block in section.blocks if isinstance(block, Text) and "without a value" in block.text]
        )
    assert said == [
        ["No measure that can be shown is clearly more often without a value on one side."],
        ["Clearly more often, or less often, without a value among the cases tested: “Points”."],
    ]
    assert missing_of(with_(gone)).rows[0][3].text == "0.49 (0.44 to 0.54)"


def test_missing_values_do_not_tell_of_a_group_left_out_of_the_records_found():
    """Records of two groups are printed, 600 of 860; 604 of all 900 have one, so four of the other 40 do."""
    estimate = Estimate(0.7, 0.6, 0.8, 430, 100)
    found = tuple(LinkedShare("Clinics", "group", name, 430, 300, estimate, None) for name in "ab")
    gone = measure("Points", (1800, 1300, 700), (900, 604, 300), always=False)
    told = missing_of(with_(gone, fairness=SimpleNamespace(linked=(), sample="")))
    assert told.rows[0][2].text == "33%"
    hidden = missing_of(with_(gone, fairness=SimpleNamespace(linked=found, sample="")))
    assert hidden.rows[0][2] is WITHHELD


def test_the_outcome_is_withheld_where_a_part_learnt_from_has_few():
    material = made()[1]
    split = {**material.training["split"], "calibrate": {"n": 700, "events": 4}}
    assert printed(replace(material, training={"split": split}), "With the outcome")[1] is WITHHELD


def test_nothing_to_compare_gives_no_section_and_no_attribute_still_gives_one():
    material = made()[1]
    assert comparison(replace(material, evidence=Evidence("invented"))) is None
    bare = replace(material.evidence.comparison, groups=(), measures=())
    section = comparison(replace(material, evidence=replace(material.evidence, comparison=bare)))
    assert list(tables(section)) == ["compared-table"]


def test_a_measure_that_is_an_audit_attribute_too_is_told_as_groups_alone():
    material = made()[1]
    declared = material.prototype
    tenure = next(one for one in declared.features if one.name == "tenure")
    same = replace(tenure, name="home", label="the home")
    assert any("tenure" in row[0] for row in tables(comparison(material))["compared-table"].rows)
    both = replace(material, prototype=replace(declared, audit=(*declared.audit, same)))
    assert not any("tenure" in row[0] for row in tables(comparison(both))["compared-table"].rows)


@cache
def whole_card():
    context, material = made()
    like = inputs()
    sources = {"people": next(iter(like.warehouse["sources"].values()))}
    manifest = {**context.matrix.manifest, "attrition": like.matrix["attrition"]}
    evidence = replace(material.evidence, validation=None)
    return ModelCard.compose(
        context.prototype, context.evaluation, manifest, {"digest": "w" * 64, "sources": sources},
        context.training.record, evidence,
    )  # fmt: skip


def test_the_checklist_reports_the_comparison_and_every_number_has_a_source():
    card = whole_card()
    plain = json.loads(card.json())
    tripod = next(s for s in plain["sections"] if s["key"] == "tripod")
    row = next(row for block in tripod["blocks"] for row in block.get("rows", ()) if row[0].startswith("20c"))
    assert row[1] == "reported"
    assert read.formats_differ(card.html(), card.markdown(), plain) == []
    own = [said for said in read.unsourced(plain) if said.startswith("comparison")]
    assert own == []
    assert [said for said in read.uncharted(card.html(), plain) if said.startswith("compared")] == []
    assert not re.search(r"nan|inf\b", json.dumps(next(s for s in plain["sections"] if s["key"] == "comparison")))


def test_rare_categories_of_small_counties_stay_small():
    """Whatever is printed of the measures of a small county has at least ten cases on each side of it."""
    rng = np.random.default_rng(1)
    context, material = made()
    X = context.matrix.X.copy()
    X["late"] = (rng.random(len(X)) < 0.004).astype(float)
    X["tenure"] = pd.Categorical.from_codes((rng.random(len(X)) < 0.006).astype(int), ["owner", "private", "social"])
    rare = compare_cases(replace(context, matrix=replace(context.matrix, X=X)))
    section = comparison(replace(material, evidence=replace(material.evidence, comparison=rare)))
    rows = tables(section)["compared-table"].rows
    hidden = [row for row in rows if row[0].startswith(("Something came late", "Of the home"))]
    assert len(hidden) == 2
    assert all(cell is WITHHELD for row in hidden for cell in row[1:])
