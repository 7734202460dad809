"""Impossible tables are caught, and no true table ever is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import EvaluationError
from riskmodel.evaluation.arithmetic import FIGURES, Printed, judge_figures
from riskmodel.evaluation.evaluate import evaluate
from riskmodel.evaluation.published import contradictions, judge_file
from riskmodel.evaluation.results import Evaluation


def printed(**figures: str) -> dict[str, Printed]:
    return {name: Printed.read(text) for name, text in figures.items()}


def true_figures(a: int, b: int, c: int, d: int) -> dict[str, float]:
    """Every figure of a table of four counts, none of them 0, from its textbook definition."""
    n = a + b + c + d
    under = np.sqrt(float(a + b) * (a + c) * (d + b) * (d + c))
    precision, recall = a / (a + b), a / (a + c)
    return {
        "accuracy": (a + d) / n,
        "precision": precision,
        "recall": recall,
        "specificity": d / (d + b),
        "false_positive_rate": b / (d + b),
        "npv": d / (d + c),
        "f1": 2 * precision * recall / (precision + recall),
        "prevalence": (a + c) / n,
        "selection_rate": (a + b) / n,
        "mcc": (a * d - b * c) / under,
    }


def test_a_correlation_that_cannot_go_with_the_rest_is_caught() -> None:
    judged = judge_figures(printed(accuracy=".595", precision=".566", recall=".894", mcc=".73"))
    assert not judged.possible
    low, high = judged.implied["mcc"] or (9.0, 9.0)
    assert low < 0.2226 < high
    assert high < 0.23
    assert "MCC is printed as 0.73" in judged.reasons[0]
    assert judge_figures(printed(accuracy=".595", precision=".566", recall=".894", mcc=".22")).possible


counts = st.integers(min_value=1, max_value=60)


@settings(max_examples=40, deadline=None)
@given(counts, counts, counts, counts, st.integers(2, 4), st.sets(st.sampled_from(FIGURES), min_size=1, max_size=5))
def test_no_true_table_is_ever_called_impossible(a: int, b: int, c: int, d: int, digits: int, shown: set[str]) -> None:
    exact = true_figures(a, b, c, d)
    figures = {name: Printed.read(f"{exact[name]:.{digits}f}") for name in sorted(shown)}
    assert judge_figures(figures, n=a + b + c + d).reasons == ()


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"precision": ".60", "recall": ".37", "prevalence": ".32", "f1": ".56"}, "F1 is printed as 0.56"),
        ({"prevalence": "5%", "selection_rate": "20%", "precision": "40%"}, "precision is printed as 0.4"),
        ({"specificity": ".90", "false_positive_rate": ".20"}, "specificity is printed as 0.9"),
        ({"accuracy": ".20", "prevalence": ".10", "selection_rate": ".15"}, "accuracy is printed as 0.2"),
    ],
)
def test_an_impossible_table_names_the_figure(figures: dict[str, str], words: str) -> None:
    judged = judge_figures(printed(**figures))
    assert not judged.possible
    assert any(words in reason for reason in judged.reasons), judged.reasons


def test_few_cases_allow_few_values() -> None:
    assert not judge_figures(printed(accuracy=".85"), n=11).possible
    assert judge_figures(printed(accuracy=".82"), n=11).possible
    assert not judge_figures(printed(recall=".333", precision=".51"), n=7).possible


def test_a_file_of_other_peoples_figures(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text('Model,n,Accuracy,PPV,Sensitivity,MCC\nA,,.595,.566,.894,.73\nB,"1,000",80%,-,60%,\n', "utf-8")
    first, second = judge_file(table)
    assert (first.name, first.possible) == ("A", False)
    assert (second.name, second.possible) == ("B", True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("# No table here\n", "no column that is one of these"),
        ("colour,size\nred,1\n", "no column that is one of these"),
        ("accuracy\nhigh\n", "row 1: column 'accuracy' is not a number"),
        ("[1, 2]", "cannot be read as a table"),
    ],
)
def test_a_file_that_cannot_be_judged_says_why(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / ({"[": "table.json", "#": "table.md"}.get(content[0], "table.csv"))
    path.write_text(content, "utf-8")
    with pytest.raises(EvaluationError, match=words) as raised:
        judge_file(path)
    assert "high" not in str(raised.value)


def test_tables_inside_a_report_are_found_and_others_left_alone(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text(
        "# Results\n\n| Records | Sensitivity |\n|---|---|\n| births | personal |\n\nText | with a bar\n\n"
        "| Model | Accuracy | Precision (95% CI) | Recall | MCC |\n|:--|--:|--:|--:|:-:|\n"
        "| **Theirs** | 59.5% | .566 | .894 [.86, .92] | .73 |\n| Ours | 59.5% (57 to 62) | .566 | .894 | .22 |\n",
        "utf-8",
    )
    theirs, ours = judge_file(report)
    assert (theirs.name, theirs.possible, ours.name, ours.possible) == ("Theirs", False, "Ours", True)
    assert "MCC is printed as 0.73" in theirs.reasons[0]


@pytest.fixture(scope="module")
def evaluation(training, matrix, prototype) -> Evaluation:
    return evaluate(training, matrix, prototype, resamples=100, optimism=False)


def test_our_own_figures_are_consistent_and_a_changed_one_is_found(evaluation: Evaluation) -> None:
    assert contradictions(evaluation) == ()
    plain = evaluation.to_dict()
    point = plain["models"][plain["lead"]]["capacity"][0]
    point["precision"]["value"] = min(0.99, point["precision"]["value"] + 0.2)
    (problem, *_) = contradictions(Evaluation.from_dict(plain))
    assert plain["lead"] in problem
