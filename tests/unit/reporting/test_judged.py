"""The verdict's reasons and the criteria: figures as everywhere else on the card, small groups kept out."""

from __future__ import annotations

from dataclasses import replace

from riskmodel.evaluation.results import CriterionResult, Estimate, Verdict
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.groups import printed_groups
from riskmodel.reporting.judged import printed_criteria, printed_reasons
from riskmodel.reporting.numbers import printed_models
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
    assert "The widest gap is 0.12 (0.05 to 0.23), between F (highest) and M (lowest)" in reasons[0]
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
