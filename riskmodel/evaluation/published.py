"""Check whole tables of figures: other people's, from a file, and our own before they are printed."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from riskmodel.errors import EvaluationError, nearest_name
from riskmodel.evaluation.arithmetic import FIGURES, Judgement, Printed, judge_figures
from riskmodel.evaluation.results import Estimate, Evaluation

#: What tables call these figures, folded to lower case with single underscores.
SYNONYMS = {
    "acc": "accuracy",
    "ppv": "precision",
    "positive_predictive_value": "precision",
    "sensitivity": "recall",
    "tpr": "recall",
    "true_positive_rate": "recall",
    "tnr": "specificity",
    "true_negative_rate": "specificity",
    "fpr": "false_positive_rate",
    "negative_predictive_value": "npv",
    "f_1": "f1",
    "f1_score": "f1",
    "f_score": "f1",
    "base_rate": "prevalence",
    "selected": "selection_rate",
    "matthews": "mcc",
    "matthews_correlation": "mcc",
    "matthews_correlation_coefficient": "mcc",
}
_NAMES = ("model", "name", "group", "rule")
_COUNTS = ("n", "cases", "size")
_BLANK = {"", "-", "–", "—", "na", "n/a", "nan", "none"}
# Exact figures of our own are compared to this many digits.
_EXACT = 1e-6


def judge_file(path: Path | str) -> list[Judgement]:
    """Judge each row of a published table.

    Parameters
    ----------
    path
        A CSV file with a heading, a JSON list of objects, or a Markdown file with tables, one row a rule. Columns are
        figures under their usual names (`accuracy`, `precision` or `ppv`, `recall` or `sensitivity`, `mcc` ...), `n`,
        and a name; others, and Markdown tables with fewer than two such columns, are left alone. Numbers are read as
        printed: .566 means any value that rounds to it. What follows in brackets, such as an interval, is left alone.

    Returns
    -------
    list of Judgement

    Raises
    ------
    EvaluationError
        If the file cannot be read, holds no known figure, or holds something that is not a number.
    """
    source = Path(path)
    rows = _rows(source)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    known = {column: figure for column in columns if (figure := _figure(column)) is not None}
    if not known:
        near = nearest_name(columns[0], FIGURES) if columns else None
        raise EvaluationError(
            f"{source} has no column that is one of these figures: {', '.join(FIGURES)}.",
            "A table to check has a column a figure and a row a rule.",
            nearest=near,
            next_step="Rename its columns.",
        )
    return [_judge(source, number, row, known) for number, row in enumerate(rows, start=1)]


def _rows(source: Path) -> list[dict[str, str]]:
    try:
        text = source.read_text(encoding="utf-8-sig")
        if source.suffix.lower() in (".md", ".markdown"):
            # One figure alone contradicts nothing, and other tables may have a column called the same.
            return [row for table in markdown_tables(text) for row in table if sum(map(bool, map(_figure, row))) > 1]
        if source.suffix.lower() == ".json":
            return [{str(k): "" if v is None else str(v) for k, v in row.items()} for row in json.loads(text)]
        return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(text.splitlines(), strict=True)]
    except (OSError, ValueError, csv.Error, AttributeError) as problem:
        raise EvaluationError(
            f"{source} cannot be read as a table ({type(problem).__name__}).",
            "It is a CSV file with a heading, a JSON list of objects, or Markdown with a table, in UTF-8.",
            next_step="Check the path and the file.",
        ) from None


def markdown_tables(text: str) -> list[list[dict[str, str]]]:
    """Return every table of a Markdown text, one dictionary a row; rows of another length than the heading are cut.

    Examples
    --------
    >>> markdown_tables("| Rule | Recall |\\n|---|---:|\\n| **A** | .89 (.85 to .92) |\\n\\nEnd.")
    [[{'Rule': 'A', 'Recall': '.89 (.85 to .92)'}]]
    """
    tables: list[list[dict[str, str]]] = []
    lines = [*map(str.strip, text.splitlines()), ""]
    for place, line in enumerate(lines):
        if place == 0 or "|" not in lines[place - 1] or not re.fullmatch(r"\|?(\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?", line):
            continue
        heading, rows, at = _cells_of(lines[place - 1]), [], place + 1
        while "|" in lines[at]:
            rows.append(dict(zip(heading, _cells_of(lines[at]), strict=False)))
            at += 1
        tables.append(rows)
    return tables


def _cells_of(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip().strip("*_`") for cell in re.split(r"(?<!\\)\|", line.strip("|"))]


def _figure(column: str) -> str | None:
    bare = re.sub(r"\s*[(\[].*$", "", column)
    folded = "_".join(bare.casefold().replace("-", " ").split())
    figure = SYNONYMS.get(folded, folded)
    return figure if figure in FIGURES else None


def _judge(source: Path, number: int, row: Mapping[str, str], known: Mapping[str, str]) -> Judgement:
    printed: dict[str, Printed] = {}
    for column, figure in known.items():
        text = re.sub(r"\s*[(\[].*$", "", row.get(column, "").strip())
        if text.casefold() in _BLANK:
            continue
        try:
            printed[figure] = Printed.read(text)
        except ValueError:
            raise EvaluationError(
                f"{source}, row {number}: column '{column}' is not a number.",
                "A figure is printed as a number such as .566, or as a percentage such as 56.6%.",
                next_step="Correct it, or leave it blank.",
            ) from None
    name = next((text for c, text in row.items() if c.casefold().strip() in _NAMES and text), f"row {number}")
    return judge_figures(printed, name=name, n=_cases(row))


def _cases(row: Mapping[str, str]) -> int | None:
    for column, text in row.items():
        digits = text.replace(",", "").strip()
        if column.casefold().strip() in _COUNTS and digits.isdigit():
            return int(digits)
    return None


def contradictions(evaluation: Evaluation) -> tuple[str, ...]:
    """Say which figures of our own evaluation cannot be true together; empty when all can.

    At each list length the precision, recall, share selected and base rate of a model must fit each other, and so must
    the rates of each group.
    """
    found = []
    for name, model in evaluation.models.items():
        rate = evaluation.test["events"] / evaluation.test["n"]
        for point in model.capacity:
            selected = (point.selected.value or 0.0) / evaluation.test["n"]
            shown = {"precision": point.precision, "recall": point.recall}
            figures = {"prevalence": Printed(rate, _EXACT), "selection_rate": Printed(selected, _EXACT)}
            found += _problems(f"{name} at {point.share:.0%}", {**figures, **_exact(shown)})
        for group in model.groups:
            names = {"tpr": "recall", "fpr": "false_positive_rate", "ppv": "precision", "base_rate": "prevalence"}
            rates = {names.get(k, k): v for k, v in group.estimates.items() if k in (*names, "selection_rate")}
            found += _problems(f"{name}, {group.attribute}: {group.group}", _exact(rates))
    return tuple(found)


def _exact(estimates: Mapping[str, Estimate]) -> dict[str, Printed]:
    return {name: Printed(e.value, _EXACT) for name, e in estimates.items() if e.value is not None}


def _problems(name: str, figures: Mapping[str, Printed]) -> list[str]:
    judged = judge_figures(figures, name=name)
    return [f"{name}: {reason}" for reason in judged.reasons]


def as_rows(judgements: Sequence[Judgement]) -> list[list[str]]:
    """Return one row a judgement for a table: name, verdict, reason."""
    return [
        [judged.name, "possible" if judged.possible else "impossible", "; ".join(judged.reasons) or "-"]
        for judged in judgements
    ]
