"""Sections on validation: plain words, the figures as measured, and no small count anywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.validation.results import (
    Areas,
    Attrition,
    Fold,
    GroupLoss,
    LearningCurve,
    LearningPoint,
    NotPossible,
    Origins,
    Pooled,
    Preflight,
    Projection,
    SampleNeed,
    Validation,
)
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Chart, Folded, Points, Section, Table
from riskmodel.reporting.figures import Figure
from riskmodel.reporting.material import Material, gather
from riskmodel.reporting.sections.elsewhere import elsewhere
from riskmodel.reporting.sections.enough import enough
from riskmodel.reporting.sections.missing_people import missing_people
from riskmodel.reporting.suppression import feasible_range
from tests.unit.reporting.made_up import inputs


def _estimate(value: float, half: float = 0.05) -> Estimate:
    return Estimate(value, value - half, value + half, 400, 120, "made up")


def _fold(name: str, n: int, events: int, auroc: float = 0.71) -> Fold:
    figures = {"auroc": _estimate(auroc), "oe": _estimate(1.02), "calibration_slope": _estimate(0.95)}
    return Fold(name, (name,), n, events, 900, 280, "C 0.01", figures)


def _loss(group: str, unlabelled: int, left_out: int, used: int, attribute: str = "sex") -> GroupLoss:
    n = unlabelled + left_out + used
    return GroupLoss(
        attribute, group, (3 * n,), n, unlabelled, left_out, 0, used - used // 3, used // 3,
        _estimate(unlabelled / n), _estimate(left_out / (left_out + used)),
    )  # fmt: skip


def _made(**changes: object) -> Validation:
    pooled = Pooled("auroc", _estimate(0.712, 0.02), _estimate(0.712, 0.09), 0.1, 0.25, 5)
    points = tuple(
        LearningPoint(share, 5, int(2000 * share), int(600 * share), {"auroc": _estimate(0.7), "brier": _estimate(0.2)})
        for share in (0.2, 0.4, 0.6, 0.8, 1.0)
    )
    ahead = {
        name: Projection(name, 2000, _estimate(0.7), _estimate(0.71), Estimate(0.01, 0.004, 0.016, 400, 120), 0.5)
        for name in ("auroc", "brier")
    }
    made = Validation(
        "logistic",
        Origins(
            (_fold("2022-09-01", 400, 120), _fold("2023-09-01", 410, 130)), (NotPossible("2021-09-01", "too early"),)
        ),
        Areas(tuple(_fold(f"W{n}", 80, 25) for n in range(5)), {"auroc": pooled}, note="How areas were joined."),
        LearningCurve(points, ahead),
        Preflight(
            0.7, "asked for by a success criterion", 0.1, 0.3, 20,
            (SampleNeed("effects are right", 3000, 900, 2000, 600),), (SampleNeed("total", 300, 90, 400, 120),), 30.0,
        ),
        Attrition(
            _loss("Everybody", 160, 100, 2000, ""),
            (_loss("F", 40, 50, 1000), _loss("M", 120, 50, 1000)),
            ("On the register of cases (people) on the as-of date",), ("free_school_meals",),
        ),
    )  # fmt: skip
    return replace(made, **changes)


def _material(made: Validation | None) -> Material:
    given = inputs(400)
    evidence = None if made is None else Evidence(given.prototype.name, validation=made)
    return gather(
        given.prototype, given.evaluation, given.matrix, given.warehouse, given.training,
        policy=Policy(), project="A project", invented=True, evidence=evidence,
    )  # fmt: skip


def _tables(section: Section | None) -> dict[str, Table]:
    assert section is not None
    found = [block for block in section.blocks if isinstance(block, Table)]
    found += [table for block in section.blocks if isinstance(block, Chart) for table in block.tables]
    found += [block.table for block in section.blocks if isinstance(block, Folded)]
    return {table.key: table for table in found}


@pytest.mark.parametrize("section", [elsewhere, enough, missing_people])
def test_without_evidence_there_is_no_section(section) -> None:
    assert section(_material(None)) is None


def test_dates_and_areas_are_shown_with_what_to_expect_of_a_new_area() -> None:
    section = elsewhere(_material(_made()))
    assert section is not None
    tables = _tables(section)
    assert [row[0] for row in tables["origins"].rows] == ["1 Sep 2022 (only tried here)", "1 Sep 2023 (the test)"]
    assert len(tables["areas-table"].rows) == 5
    chart = next(block for block in section.blocks if isinstance(block, Chart) and block.key == "areas")
    assert "between 0.62 and 0.80" in chart.reading
    assert "To be expected in a new area" in chart.svg
    points = next(block for block in section.blocks if isinstance(block, Points))
    assert points.items == ("1 Sep 2021: too early.",)


def test_what_must_be_known_of_a_date_is_said_once() -> None:
    folds = tuple(replace(_fold(f"202{n}-09-01", 400, 120), note="Homes were dealt out" if n else "") for n in range(3))
    section = elsewhere(_material(_made(origins=Origins(folds))))
    assert section is not None
    said = [getattr(block, "text", "") for block in section.blocks]
    assert said.count("1 Sep 2021 and 1 Sep 2022: Homes were dealt out.") == 1
    assert sum("Homes were dealt out" in text for text in said) == 1


def test_a_handful_of_cases_in_no_area_cannot_be_worked_out() -> None:
    made = _made()
    beside = replace(made, areas=replace(made.areas, outside_n=6, outside_events=2))
    counts = [row[1:3] for row in _tables(elsewhere(_material(beside)))["areas-table"].rows]
    kinds = [[cell.kind for cell in row if isinstance(cell, Figure)] for row in counts]
    assert any("withheld" in row for row in kinds)
    assert not any("withheld" in [c.kind for c in row[1:3] if isinstance(c, Figure)]
                   for row in _tables(elsewhere(_material(made)))["areas-table"].rows)  # fmt: skip


def test_districts_are_shown_without_counts_that_areas_would_add_up_to() -> None:
    folds = tuple(_fold(name, 200, 60) for name in ("North", "South"))
    section = elsewhere(_material(_made(districts=Areas(folds, note="2 districts, each left out whole."))))
    assert section is not None
    assert [row[0] for row in _tables(section)["districts-table"].rows] == ["North", "South"]
    assert "Cases" not in _tables(section)["districts-table"].columns
    said = [getattr(block, "text", "") for block in section.blocks]
    assert "There are too few districts to say what to expect of a new one." in said
    without = elsewhere(_material(_made(districts=Areas(why_not="No larger districts are declared"))))
    assert without is not None
    assert without.blocks[-1].text == "No larger districts are declared."


def test_no_area_left_out_says_why() -> None:
    section = elsewhere(_material(_made(areas=Areas(why_not="There are 2 areas"))))
    assert section is not None
    assert any("There are 2 areas." in getattr(block, "text", "") for block in section.blocks)


def test_too_few_cases_are_called_too_few_and_the_gain_is_said_in_words() -> None:
    section = enough(_material(_made()))
    assert section is not None
    assert "fewer cases to learn from" in section.blocks[0].text
    assert [row[-1] for row in _tables(section)["sample-size"].rows] == ["no", "yes"]
    chart = next(block for block in section.blocks if isinstance(block, Chart))
    assert "expected to add 0.010 (0.004 to 0.016)" in chart.reading


def test_a_group_lost_more_often_is_named() -> None:
    section = missing_people(_material(_made()))
    assert section is not None
    chart = next(block for block in section.blocks if isinstance(block, Chart))
    assert "Clearly more often (diamonds): Sex: M" in chart.reading
    assert any("Recorded with the outcome itself" in getattr(block, "text", "") for block in section.blocks)


def test_small_losses_are_withheld_and_cannot_be_worked_out_from_the_rest() -> None:
    groups = (_loss("F", 12, 60, 900), _loss("M", 25, 60, 900), _loss("X", 3, 12, 60))
    made = _made(attrition=Attrition(_loss("Everybody", 40, 132, 1860, ""), groups, ("On the register",)))
    rows = {str(row[0]): row for row in _tables(missing_people(_material(made)))["missing-table"].rows}
    hidden = [name for name, row in rows.items() if isinstance(row[2], Figure) and row[2].kind == "withheld"]
    assert "Sex: X" in hidden
    assert len(hidden) >= 2  # one alone could be had by subtracting


def test_every_step_is_counted_by_group() -> None:
    section = missing_people(_material(_made()))
    table = _tables(section)["attrition-groups"]
    assert table.columns == (
        "Group", "On the register", "In the cohort", "Outcome known", "Learnt from", "Tested on",
    )  # fmt: skip
    rows = {str(row[0]): [cell.text for cell in row[1:] if isinstance(cell, Figure)] for row in table.rows}
    assert rows["Everybody"] == ["6,780", "2,260", "2,100", "1,335", "665"]
    assert rows["Sex: M"] == ["3,510", "1,170", "1,050", "665", "335"]
    assert section is not None
    said = section.blocks[-1].text
    assert "“On the register”: On the register of cases (people) on the as-of date" in said
    assert "the embargo" in said


def test_what_comes_with_the_outcome_is_counted_from_there_on() -> None:
    late = replace(_loss("Yes", 0, 100, 1000, "free_school_meals"), registered=())
    made = _made()
    told = replace(made, attrition=replace(made.attrition, groups=(*made.attrition.groups, late)))
    rows = {str(row[0]): row for row in _tables(missing_people(_material(told)))["attrition-groups"].rows}
    cells = [cell.text if isinstance(cell, Figure) else cell for cell in rows["Free school meals: Yes"][1:]]
    assert cells == ["–", "–", "1,100", "665", "335"]
    assert "Free school meals: Yes" not in [
        str(row[0]) for row in _tables(missing_people(_material(told)))["missing-table"].rows
    ]


def test_a_group_of_the_register_that_is_not_in_the_cohort_is_none() -> None:
    made = _made()
    nobody = replace(_loss("X", 1, 1, 1), registered=(600,), n=0, unlabelled=0, for_test=0, learnt=0, tested=0)
    more = replace(made, attrition=replace(made.attrition, groups=(*made.attrition.groups, nobody)))
    tables = _tables(missing_people(_material(more)))
    rows = {str(row[0]): [getattr(cell, "text", cell) for cell in row[1:]] for row in tables["attrition-groups"].rows}
    assert rows["Sex: X"] == ["600", "none", "none", "none", "none"]
    assert rows["Sex: M"][1:] == ["1,170", "1,050", "665", "335"]
    assert "Sex: X" not in [str(row[0]) for row in tables["missing-table"].rows]


@pytest.mark.parametrize("late", [0, 3])
def test_a_reason_for_which_few_are_lost_of_all_is_in_no_count(late: int) -> None:
    groups = (_loss("F", late, 60, 900), _loss("M", 0, 60, 900))
    made = _made(attrition=Attrition(_loss("Everybody", late, 120, 1800, ""), groups, ("On the register",)))
    tables = _tables(missing_people(_material(made)))
    rows = {str(row[0]): row for row in tables["missing-table"].rows}
    assert {row[2] for row in rows.values()} == {"none or few"}
    assert rows["Sex: F"][1] == rows["Sex: M"][1]
    for row in tables["attrition-groups"].rows:
        assert row[2] == row[3]  # in the cohort, and outcome known


def test_few_unknown_outcomes_at_another_date_cannot_be_had_by_subtracting() -> None:
    made = _made()
    few = replace(made, attrition=replace(made.attrition, unlabelled_elsewhere=4))
    for row in _tables(missing_people(_material(few)))["attrition-groups"].rows:
        assert isinstance(row[3], Figure)
        assert row[3].kind == "withheld"


STEPS = {
    2: ("unlabelled", "left_out", "learnt", "tested"),
    3: ("left_out", "learnt", "tested"),
    4: ("learnt",),
    5: ("tested",),
}


@pytest.mark.parametrize("seed", range(8))
def test_no_small_step_of_a_group_can_be_bounded(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = tuple(
        _loss(name, *(int(n) for n in rng.integers(0, most, 3) + 1))
        for name, most in zip("ABCDE", (400, 300, 60, 25, 12), strict=True)
    )
    everyone = _loss("Everybody", *(sum(getattr(g, k) for g in groups) for k in ("unlabelled", "left_out", "used")), "")
    everyone = replace(everyone, learnt=sum(g.learnt for g in groups), tested=sum(g.tested for g in groups))
    section = missing_people(_material(_made(attrition=Attrition(everyone, groups, ("On the register",)))))
    exact = {f"{g.group} {kind}": float(getattr(g, kind)) for g in groups for kind in STEPS[2]}
    exact |= {f"{g.group} passed": float(g.registered[0] - g.n) for g in groups}
    shown: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(_tables(section)["attrition-groups"].rows):
        owners = "ABCDE" if place == 0 else "ABCDE"[place - 1]
        for column, kinds in ({1: ("passed", *STEPS[2])} | STEPS).items():
            cell = row[column]
            if isinstance(cell, Figure) and cell.value is not None:
                shown[f"{place} {column}"] = tuple(f"{owner} {kind}" for owner in owners for kind in kinds)
    for place, row in enumerate(_tables(section)["missing-table"].rows):
        owners = "ABCDE" if place == 0 else "ABCDE"[place - 1]
        for column, kind in ((2, "unlabelled"), (3, "left_out")):
            cell = row[column]
            if isinstance(cell, Figure) and cell.value is not None:
                shown[f"{place} {kind}"] = tuple(f"{owner} {kind}" for owner in owners)
    assert len(shown) > 12
    for cell, n in exact.items():
        if n < 10:
            low, high = feasible_range((cell,), exact, shown)
            assert high - low >= 10 - 1e-6
