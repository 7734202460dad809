"""The verdict's reasons and the criteria: figures as everywhere else on the card, small groups kept out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riskmodel.declare import (
    Criterion,
    at_least,
    at_most,
    better_than,
    between,
    calibration_slope_between,
    group_gap_at_most,
)
from riskmodel.evaluation.results import CriterionResult, Estimate, Verdict
from riskmodel.reporting.criteria_in_words import in_plain_words
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.figures import measured
from riskmodel.reporting.groups import printed_groups
from riskmodel.reporting.judged import printed_criteria, printed_reasons
from riskmodel.reporting.numbers import printed_models
from riskmodel.reporting.wording import metric
from tests.unit.reporting.made_up import Inputs, inputs

LABELS = {"sex": "sex", "childrens_ethnic_group": "the children's ethnic group"}
GAP = Estimate(0.1234, 0.0456, 0.2345, 1900, 600)


def judged(made: Inputs) -> tuple[list[str], list[str]]:
    """Criteria and reasons in words."""
    groups = printed_groups(made.prototype, made.evaluation, Policy())
    criteria = printed_criteria(made.prototype, made.evaluation, groups)
    lead = printed_models(made.evaluation, Policy())[made.evaluation.lead]
    return [f"{c.words}: {c.measured.text}" for c in criteria], list(
        printed_reasons(made.evaluation, criteria, lead, LABELS)
    )


def with_gap(made: Inputs, met: bool) -> Inputs:
    reason = f"the widest gap is {GAP.text()}, between F (highest) and M (lowest)"
    criteria = made.evaluation.criteria
    gap = CriterionResult(criteria[3].text, "tpr", GAP, met, None, reason)
    verdict = Verdict("do not deploy", (f"A success criterion is not met: {gap.text} ({gap.reason}).",))
    return made.judged(criteria=(*criteria[:3], gap), verdict=verdict)


def test_a_reason_repeats_the_figure_as_the_table_prints_it() -> None:
    criteria, reasons = judged(with_gap(inputs(), met=False))
    assert criteria[3].endswith("0.12 (0.05 to 0.23)")
    assert "The widest gap is 12 in 100, between F (highest) and M (lowest)" in reasons[0]
    assert "0.1234" not in reasons[0]
    assert "0.123" not in reasons[0]


def test_a_reason_about_the_lead_uses_its_printed_figures() -> None:
    made = inputs()
    slope = made.evaluation.models["logistic"].estimates["calibration_slope"]
    said = f"The calibration slope is {slope.text()}, surely outside 0.8 to 1.25."
    made = made.judged(verdict=Verdict("do not deploy", (said,)))
    _, reasons = judged(made)
    assert reasons == [f"The calibration slope is {slope.text(2)}, surely outside 0.8 to 1.25."]


def test_reasons_name_baselines_attributes_and_days_as_the_card_does() -> None:
    said = (
        "The ranking is not surely better than the current rule: the gain is small.",
        "The outcome seems to be recorded less often for Small groups together (childrens ethnic group).",
        "At another date risks were too high (2022-09-01).",
    )
    made = inputs()
    comparisons = [replace(one, b="current_rule") for one in made.evaluation.comparisons]
    made = made.judged(verdict=Verdict("do not deploy", said), comparisons=tuple(comparisons))
    _, reasons = judged(made)
    assert reasons[0].startswith("The ranking is not surely better than what is done now: ")
    assert "(the children's ethnic group)" in reasons[1]
    assert "(1 September 2022)" in reasons[2]


def test_criteria_name_baselines_and_attributes_as_the_card_does() -> None:
    criteria, _ = judged(inputs())
    assert criteria[0].startswith("Ranking (AUROC) at least 0.65")
    assert criteria[2].startswith("Ranking (AUROC) at least 0.02 better than a rule of thumb")
    assert "between groups compared by sex" in criteria[3]


def test_a_gap_to_a_group_whose_own_figure_is_withheld_is_not_told() -> None:
    made = with_gap(inputs(), met=False)
    lead = made.evaluation.models["logistic"]
    few = [
        replace(group, estimates={**group.estimates, "tpr": replace(group.estimates["tpr"], value=4 / group.events)})
        if group.group == "F"
        else group
        for group in lead.groups
    ]
    made = made.judged(models={**made.evaluation.models, "logistic": replace(lead, groups=tuple(few))})
    criteria, reasons = judged(made)
    assert criteria[3].endswith("withheld")
    assert "0.12" not in reasons[0]
    assert "The figure is withheld" in reasons[0]


def test_a_reason_says_a_criterion_in_so_many_of_a_hundred_and_the_table_keeps_the_measure() -> None:
    criteria, reasons = judged(with_gap(inputs(), met=False))
    assert criteria[3].startswith("Found (true positive rate) differs by at most 0.1")
    assert "the share of cases with the outcome that the list finds differs by at most" in reasons[0]
    assert "between groups compared by sex. The widest gap is 12 in 100" in reasons[0]
    assert reasons[0].endswith("Allowing for chance it may be anything from 5 to 23.")
    assert "true positive" not in reasons[0]


@pytest.mark.parametrize(
    ("criterion", "met", "asked", "found"),
    [
        (
            at_least("auroc", 0.65), True,
            "of two children, one with the outcome and one without, the list puts the one with it higher at least 65 "
            "times in 100",
            "It is 71.2 times in 100 (between 64.9 and 77 allowing for chance)",
        ),
        (between("oe", 0.9, 1.1), True, "for every 100 outcomes predicted, between 90 and 110 happen", "It is 71 ("),
        (at_least("recall", 0.3), True, "the list finds is at least 30 in 100", "It is 71 in 100 (between 65 and 77"),
        (better_than("current rule", by=0.02), True, "than what is done now: at least 2 times more", "It does: 71.2 t"),
        (better_than("simple"), False, "higher more often than a rule of thumb", "is not: it was 71.2 times more"),
        (calibration_slope_between(0.8, 1.25), False, "(a calibration slope between 0.8 and 1.25; 1 is right)", "0.71"),
        (group_gap_at_most("sex", "oe", 0.25), True, "at most 25 between groups compared by sex", "gap is 71"),
    ],
)  # fmt: skip
def test_every_usual_criterion_has_plain_words(criterion: Criterion, met: bool, asked: str, found: str) -> None:
    value = Estimate(0.7121, 0.649, 0.77, 1900, 600)
    one = CriterionResult(criterion.text, criterion.metric, value, met, False, "it is")
    figure = measured(value, digits=metric(criterion.metric).digits)
    said = in_plain_words(criterion, one, figure, ("child", "children"), LABELS)
    assert said is not None
    assert asked in said.asked
    assert found in said.found


def test_a_gap_that_may_be_none_says_so_and_a_measure_without_plainer_words_keeps_its_own() -> None:
    gap, value = group_gap_at_most("sex", "tpr", 0.15), Estimate(0.033, -0.071, 0.163, 1900, 600)
    one = CriterionResult(gap.text, "tpr", value, True, False, "the widest gap, between Yes (highest) and No (lowest)")
    said = in_plain_words(gap, one, measured(value, digits=2), ("child", "children"), LABELS)
    assert said is not None
    assert said.found == (
        "The widest gap is 3 in 100, between Yes (highest) and No (lowest). Allowing for chance there may be none, or "
        "one of 16"
    )
    assert in_plain_words(at_most("brier", 0.2), one, measured(value), ("child", "children"), LABELS) is None


@pytest.mark.parametrize(
    ("criterion", "value", "met", "said"),
    [
        (calibration_slope_between(0.8, 1.25), 0.798, False, "It is 0.8, rounded: it lies just outside the limit ("),
        (calibration_slope_between(0.8, 1.25), 0.801, True, "It is 0.8 ("),
        (group_gap_at_most("sex", "tpr", 0.15), 0.154, False, "gap is 15 in 100, rounded: it lies just outside the"),
        (group_gap_at_most("sex", "tpr", 0.15), 0.24, False, "The widest gap is 24 in 100. Allowing"),
    ],
)
def test_a_figure_that_misses_its_limit_by_less_than_its_rounding_says_so(
    criterion: Criterion, value: float, met: bool, said: str
) -> None:
    found = Estimate(value, value - 0.06, value + 0.06, 1900, 600)
    one = CriterionResult(criterion.text, criterion.metric, found, met, False, "it is")
    words = in_plain_words(criterion, one, measured(found, digits=2), ("child", "children"), LABELS)
    assert words is not None
    assert said in words.found
