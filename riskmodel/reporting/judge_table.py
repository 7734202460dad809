"""Judging somebody's table before it is published: pass, review or fail, with every reason."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from riskmodel.reporting.count_table import CountTable, understand
from riskmodel.reporting.derivable import Known, bounded
from riskmodel.reporting.overlapping import with_overlaps
from riskmodel.reporting.policy import USUAL, Policy

Verdict = Literal["pass", "review", "fail"]

#: So many places are named for one reason.
_PLACES_NAMED = 8


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or that a person must look at.

    Attributes
    ----------
    severity : str
        "fail" or "review".
    code : str
        Such as "small-cell".
    text : str
        The rule that is not kept. Never a count.
    where : tuple of str
        Rows (counted from 1 below the heading) and columns.
    """

    severity: Literal["fail", "review"]
    code: str
    text: str
    where: tuple[str, ...] = ()

    def words(self) -> str:
        """The finding as one line."""
        named = list(self.where[:_PLACES_NAMED])
        more = len(self.where) - len(named)
        places = "; ".join(named) + (f"; and {more} more" if more else "")
        return f"{self.text}: {places}." if places else f"{self.text}."


@dataclass(frozen=True)
class Judgement:
    """What was found in a table. `looked_at` says what could be checked."""

    findings: tuple[Finding, ...]
    looked_at: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst finding decides."""
        severities = {finding.severity for finding in self.findings}
        return "fail" if "fail" in severities else "review" if severities else "pass"

    def text(self) -> str:
        """The verdict and its reasons as plain text."""
        lines = [self.verdict.upper()]
        order = sorted(self.findings, key=lambda finding: finding.severity)
        lines += [f"  {finding.severity:6} {finding.code}: {finding.words()}" for finding in order]
        return "\n".join([*lines, *(f"  {said}" for said in self.looked_at)])


def judge_table(
    frame: pd.DataFrame, policy: Policy = USUAL, *, whole: str | None = None, labels: Sequence[str] = ()
) -> Judgement:
    """Judge a table of counts, percentages or sums by a disclosure policy.

    Fails: a count (or what it leaves of its whole) under the threshold; a percentage of nought or a hundred, of too few
    people, or that stands for a small count; a withheld count that totals and percentages bound more closely than the
    threshold; a sum that one or two contributors dominate. To be reviewed: counts that are not rounded, percentages
    that give exact counts away or come without their whole, sums without their largest contributors, totals that do
    not add up and, if the policy asks for it, blank cells.

    Parameters
    ----------
    frame
        One row a group. Withheld cells hold a mark such as ``*``, ``c``, ``withheld`` or ``<10``, or are blank. The
        largest contributors to a sum "cost" stand in columns "cost_largest_1", "cost_largest_2" ...
    policy
        The rules.
    whole, labels
        See `riskmodel.reporting.count_table.understand`.

    Raises
    ------
    DisclosureError
        If the table holds nothing that can be judged.

    Examples
    --------
    >>> judge_table(pd.DataFrame({"area": ["A", "B", "Total"], "cases": [100, 4, 105]})).verdict
    'fail'
    >>> judge_table(pd.DataFrame({"area": ["A", "B", "Total"], "cases": [100, 40, 140]})).verdict
    'pass'
    """
    table = understand(frame, whole=whole, labels=labels)
    rounded = policy.rounding > 1 and all(value % policy.rounding == 0 for _, value in _visible(table))
    slack = policy.rounding / 2 if rounded else 0.0
    table = with_overlaps(table, slack)
    partition = table.adds_up(slack)
    percents = tuple(_percentages(table, policy, slack, partition))
    findings = [
        *_small(table, policy),
        *_complements(table, policy, partition),
        *(finding for finding, _ in percents if finding is not None),
        *_derivable(table, policy, slack, partition, [known for _, known in percents if known is not None]),
        *_dominated(table, policy),
        *_exact(table, policy, rounded),
        *_totals(table, slack),
        *_blank(table, policy),
    ]
    return Judgement(tuple(_grouped(findings)), tuple(_looked_at(table, partition)))


def _place(row: int, column: str) -> str:
    return f"row {row + 1}, {column}"


def _visible(table: CountTable) -> Iterator[tuple[str, float]]:
    columns = (*table.counts, *([table.whole] if table.whole else []))
    for row in range(table.rows):
        for column in columns:
            value = table.visible(row, column)
            if value is not None:
                yield _place(row, column), value


def _small(table: CountTable, policy: Policy) -> Iterator[Finding]:
    for place, value in _visible(table):
        if 0 < value < policy.threshold:
            yield Finding("fail", "small-cell", f"A count below {policy.threshold} is printed", (place,))
        if value == 0 and policy.zeros_disclose:
            yield Finding("fail", "nought", "A count of nought tells something about everybody in the group", (place,))


def _complements(table: CountTable, policy: Policy, partition: bool) -> Iterator[Finding]:
    if table.whole is None or (partition and len(table.counts) > 2):
        return
    for row in range(table.rows):
        whole = table.visible(row, table.whole)
        for column in table.counts:
            part = table.visible(row, column)
            if part is None or whole is None or not 0 <= whole - part < policy.threshold:
                continue
            if whole == part and not policy.zeros_disclose:
                continue
            said = f"What is left of the whole ({table.whole}) is below {policy.threshold}"
            yield Finding("fail", "complement", said, (_place(row, column),))


def _percentages(
    table: CountTable, policy: Policy, slack: float, partition: bool
) -> Iterator[tuple[Finding | None, Known | None]]:
    """What is wrong with each percentage, and what it tells about a count."""
    for column in table.percents:
        of = _part_of(column, table)
        for row in range(table.rows):
            cell, place = table.cells[row, column], _place(row, column)
            if cell.kind != "percent":
                continue
            if policy.zeros_disclose and not 0 < cell.value < 1:
                said = "A percentage of nought or a hundred tells something about everybody in the group"
                yield Finding("fail", "nought", said, (place,)), None
            whole = None if table.whole is None else table.visible(row, table.whole)
            if whole is None:
                said = "A percentage stands without the number it is a percentage of"
                yield Finding("review", "no-denominator", said, (place,)), None
                continue
            half = 0.005 / 10**cell.digits
            low = max((cell.value - half) * (whole - slack), 0.0)
            high = (cell.value + half) * (whole + slack)
            for finding in _told(low, high, whole, slack, half, cell.value, policy):
                yield Finding(finding[0], finding[1], finding[2], (place,)), None
            if of is not None and table.visible(row, of) is None:
                yield None, Known(tuple((part, of) for part in table.total_of.get(row, (row,))), low, high)


def _part_of(column: str, table: CountTable) -> str | None:
    """The column of counts that a column of percentages is about: the one it shares a word with, or the only one."""
    words = set(column.lower().replace("%", " ").replace("_", " ").split())
    alike = [name for name in table.counts if words & set(name.lower().replace("_", " ").split())]
    if len(alike) == 1:
        return alike[0]
    return table.counts[0] if len(table.counts) == 1 else None


def _told(
    low: float, high: float, whole: float, slack: float, half: float, share: float, policy: Policy
) -> Iterator[tuple[Literal["fail", "review"], str, str]]:
    if whole < policy.minimum_denominator:
        yield "fail", "few-people", f"A percentage of fewer than {policy.minimum_denominator} people is printed"
    if 0 < share < 1:
        if math.floor(high + 1e-9) < policy.threshold:
            yield "fail", "small-percentage", f"A percentage stands for a count below {policy.threshold}"
        elif math.floor((1 - share + half) * (whole + slack) + 1e-9) < policy.threshold:
            yield "fail", "small-percentage", f"A percentage leaves a count below {policy.threshold}"
    steps = range(math.floor((share - half) * whole / policy.rounding), math.ceil(high / policy.rounding) + 1)
    if not any(abs(step * policy.rounding / whole - share) <= half + 1e-12 for step in steps if whole):
        yield "review", "exact-percentage", "A percentage does not come from rounded counts"
    elif policy.rounding > 1 and math.floor(high + 1e-9) == math.ceil(low - 1e-9) and math.ceil(low) % policy.rounding:
        yield "review", "exact-percentage", "A percentage gives an exact count away"


def _derivable(
    table: CountTable, policy: Policy, slack: float, partition: bool, shares: Sequence[Known]
) -> Iterator[Finding]:
    found = bounded(table, threshold=policy.threshold, slack=slack, partition=partition, shares=shares)
    for one in found:
        what = "What a withheld count leaves of its whole" if one.is_rest else "A withheld count"
        said = f"{what} can be worked out to within {policy.threshold} from the rest of the table"
        yield Finding("fail", "derivable", said, (_place(one.row, one.column),))


def _dominated(table: CountTable, policy: Policy) -> Iterator[Finding]:
    for column, tops in table.sums.items():
        enough = len(tops) >= max(policy.dominance_n, 2)
        if not enough:
            said = f"Sums or means stand without their {max(policy.dominance_n, 2)} largest contributors"
            yield Finding("review", "no-contributors", said, (f"column {column}",))
            continue
        for row in range(table.rows):
            values = [table.cells[row, name].value for name in (column, *tops)]
            if any(math.isnan(value) for value in values):
                continue
            total, first, second = values[0], values[1], values[2]
            if total and sum(values[1 : 1 + policy.dominance_n]) > policy.dominance_k * total:
                said = f"The {policy.dominance_n} largest make up more than {policy.dominance_k:.0%} of a sum"
                yield Finding("fail", "dominance", said, (_place(row, column),))
            if total - first - second < policy.dominance_p * first:
                said = f"The second largest could work the largest out to within {policy.dominance_p:.0%}"
                yield Finding("fail", "p-percent", said, (_place(row, column),))


def _exact(table: CountTable, policy: Policy, rounded: bool) -> Iterator[Finding]:
    if rounded or policy.rounding == 1:
        return
    said = f"Counts are not rounded to {policy.rounding}: a later version, or another table, could be subtracted"
    for place, value in _visible(table):
        if value % policy.rounding:
            yield Finding("review", "not-rounded", said, (place,))


def _totals(table: CountTable, slack: float) -> Iterator[Finding]:
    for row, parts in table.total_of.items():
        for column in (*table.counts, *([table.whole] if table.whole else [])):
            values = [table.visible(part, column) for part in parts]
            total = table.visible(row, column)
            if total is None:
                continue
            known = sum(value for value in values if value is not None)
            too_little = None not in values and known + slack * (len(parts) + 1) < total
            if too_little or known > total + slack * (len(parts) + 1):
                said = "A total is not the sum of its parts, so what it tells about withheld counts is not known"
                yield Finding("review", "not-a-sum", said, (_place(row, column),))


def _blank(table: CountTable, policy: Policy) -> Iterator[Finding]:
    if policy.review_missing:
        for (row, column), cell in table.cells.items():
            if cell.kind == "blank" and column not in table.labels:
                yield Finding("review", "blank", "A cell is blank, and nobody says why", (_place(row, column),))


def _grouped(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings of the same kind as one, with all their places."""
    kinds = dict.fromkeys((finding.severity, finding.code, finding.text) for finding in findings)
    for severity, code, text in kinds:
        same = (f for f in findings if (f.severity, f.code, f.text) == (severity, code, text))
        yield Finding(severity, code, text, tuple(dict.fromkeys(place for f in same for place in f.where)))


def _looked_at(table: CountTable, partition: bool) -> Iterator[str]:
    columns = len(table.counts) + (table.whole is not None)
    yield f"{table.rows} rows; {len(table.total_of)} of them totals; columns of counts: {columns}."
    if table.whole is not None and table.counts:
        how = "their sum" if partition else "a part each"
        yield f"The whole is {table.whole}; the other counts are taken as {how}."
    yield "Only this table was looked at: other tables, and earlier versions of it, may still be subtracted."
