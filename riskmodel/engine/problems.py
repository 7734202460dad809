"""What can be wrong with a partner's extract: numbered rules, the problems found, and the report that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal

Severity = Literal["error", "warning"]
WIDTH = 110


@dataclass(frozen=True)
class Rule:
    """One rule of the contract: errors stop the build, warnings are reported.

    Parameters
    ----------
    severity
        "error" if breaking it would corrupt results, else "warning".
    title
        What is wrong, in a few words.
    why
        The rule, as a sentence.
    next_step
        What to do.
    """

    severity: Severity
    title: str
    why: str
    next_step: str


_ASK = "Ask the partner to correct the extract."

RULES: dict[str, Rule] = {
    "C101": Rule("error", "the extract is missing", "Every declared source has one extract file named after it.",
                 "Put the file into the extracts folder, or take the source out of the declarations."),
    "C102": Rule("error", "more than one extract", "A source has exactly one extract file.",
                 "Keep the file that is meant and move the others away."),
    "C103": Rule("error", "not a readable file", "An extract is a file that this user may read.",
                 "Put a file in its place, or correct its permissions."),
    "C104": Rule("error", "empty", "An extract holds a heading and at least one row.",
                 "Ask the partner to send it again."),
    "C105": Rule("error", "the text cannot be decoded", "CSV text is UTF-8, with or without a byte-order mark, or "
                 "Windows-1252.", "Ask for the file as 'CSV UTF-8'."),
    "C106": Rule("error", "rows that cannot be read", "Every CSV row has as many fields as the heading, and every "
                 "quote that is opened is closed.", "Look at the rows named; the fault may begin in the row before."),
    "C107": Rule("error", "damaged", "A Parquet or .gz file must be whole.", "Copy or ask for the file again."),
    "C108": Rule("error", "extracts.toml is wrong", "extracts.toml has one table a source with the dates extracted_on "
                 "and complete_to, the latter not later than the former.", "Correct extracts.toml."),
    "C109": Rule("warning", "extracts.toml names an unknown source", "Each table of extracts.toml is named after a "
                 "declared source.", "Correct the name or take the table out."),
    "C110": Rule("warning", "the day of the extract is not stated", "Without extracted_on and complete_to in "
                 "extracts.toml, the latest day a record was known is taken for both.",
                 "State both dates in extracts.toml; outcomes are counted only up to complete_to."),
    "C201": Rule("error", "column missing", "Every declared column is in the extract, under exactly its name.",
                 "Ask for the column, or correct the declaration."),
    "C202": Rule("warning", "column not declared", "Only declared columns are loaded; the others stay out of the "
                 "warehouse.", "Ask the partner to leave it out, or declare it if the agreement covers it."),
    "C203": Rule("error", "column twice", "Column names do not repeat.", _ASK),
    "C204": Rule("error", "values of the wrong type", "A value has the declared type: whole number, number, "
                 "yes or no, or date as declared by dates=.", "Ask for the values to be corrected, or correct the "
                 "declaration."),
    "C205": Rule("warning", "text sent as numbers", "Text that was stored as numbers may have lost leading zeros.",
                 "Compare a few with the partner's system; ask for the column as text."),
    "C206": Rule("error", "no heading", "The first row of a CSV names the columns.",
                 "Ask for the file with its heading in the first row."),
    "C301": Rule("error", "blank key", "Every record says whose it is.", _ASK),
    "C302": Rule("error", "no date on which it happened", "Every record says when it happened.", _ASK),
    "C303": Rule("error", "no date on which it was known", "Every record says when it was received, because it counts "
                 "only from then.", _ASK),
    "C304": Rule("error", "blank in a required column", "Columns in required= are never blank.",
                 "Ask the partner for the values, or take the column out of required=."),
    "C305": Rule("error", "dates before 1900", "Dates lie between 1900 and the day of the extract.", _ASK),
    "C306": Rule("error", "dates after the day of the extract", "Nothing can have happened, or have been received, "
                 "after the extract was taken.", "Correct extracted_on in extracts.toml, or ask the partner."),
    "C307": Rule("error", "known before it happened", "A record cannot have been received before the thing happened; "
                 "it would count too early.", "Ask the partner which of the two dates is wrong."),
    "C308": Rule("error", "a spell ends before it starts", "A spell ends on or after the day it starts.", _ASK),
    "C309": Rule("warning", "exact duplicates", "A row that repeats another in every column is the same record; it is "
                 "kept once.", "Ask the partner why rows repeat."),
    "C310": Rule("error", "not unique", "The columns in unique= do not repeat together.",
                 "Ask the partner, or correct unique=."),
    "C401": Rule("error", "dated later than the record was known", "A date later than the day the record was known was "
                 "filled in afterwards: a model trained on it would know the future.",
                 "Ask for the records as they stood when received, declare the column in settled=, or leave it out."),
    "C402": Rule("error", "blank only in recent records", "A column that is filled in old records and blank in recent "
                 "ones is filled in later, so old records tell what was not known then. (Or it is no longer sent; then "
                 "no model can use it.)", "Declare it in settled= with the date on which it was filled in, or leave "
                 "it out."),
    "C403": Rule("warning", "dates in the future", "Days after the extract are plans, such as appointments, not things "
                 "that happened.", "Use them only as plans; if they are mistakes, ask the partner."),
    "C404": Rule("warning", "a few dates later than the record was known", "A date later than the day the record was "
                 "known cannot have been in it then.", "Ask the partner whether these are slips of the pen."),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One rule broken in one place; it never holds a value from the data.

    Parameters
    ----------
    code
        Key of `RULES`.
    source
        Name of the source, or of the file when no source is concerned.
    file
        Name of the extract file, "" if there is none.
    column
        Column or columns concerned, "" for the whole file.
    count
        Number of rows concerned; 0 when it is not about rows.
    rows
        The first of those rows, at most five. In a CSV the heading is row 1, as a spreadsheet counts.
    detail
        What else helps: the nearest name, the stored type, thresholds.
    severity
        As in the rule, unless the source's declaration softens it.
    """

    code: str
    source: str
    file: str = ""
    column: str = ""
    count: int = 0
    rows: tuple[int, ...] = ()
    detail: str = ""
    severity: Severity = "error"

    @classmethod
    def of(
        cls, code: str, source: str, file: str = "", *, soften: bool = False, count: int = 0, column: str = "",
        rows: Iterable[int] = (), detail: str = "",
    ) -> Problem:  # fmt: skip
        """Make a problem with its rule's severity, or as a warning if softened."""
        severity: Severity = "warning" if soften else RULES[code].severity
        return cls(code, source, file, column, count, tuple(rows), detail, severity)

    @property
    def title(self) -> str:
        """What is wrong, in a few words."""
        return RULES[self.code].title


@dataclass(frozen=True)
class SourceSummary:
    """What was read for one source: file, how it was written, rows, and the dates it spans (ISO text, "" if none)."""

    source: str
    file: str
    written_as: str
    rows: int
    first_happened: str
    last_happened: str
    extracted_on: str
    complete_to: str


@dataclass(frozen=True)
class CheckReport:
    """All problems of all extracts at once.

    Parameters
    ----------
    folder
        The extracts folder.
    sources
        One summary for each source that could be read.
    problems
        Errors first, then warnings, each by source.
    """

    folder: Path
    sources: tuple[SourceSummary, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a build."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that are reported only."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def refused(self) -> bool:
        """Whether any error was found, so that the extracts cannot be built into a warehouse."""
        return bool(self.errors)

    def text(self) -> str:
        """Return the report as plain text: a line on the whole, a table of problems, and what each code means."""
        rows = _counted(sum(summary.rows for summary in self.sources), "row")
        verdict = "REFUSED" if self.refused else "accepted"
        lines = [
            f"Extracts in {self.folder}: {verdict}. {_counted(len(self.sources), 'source')} read, {rows}, "
            f"{_counted(len(self.errors), 'error')}, {_counted(len(self.warnings), 'warning')}."
        ]
        if self.problems:
            lines += ["", *_problem_table(self.problems), "", *_explanations(self.problems)]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, ready to be written as JSON."""
        return {
            "folder": str(self.folder),
            "refused": self.refused,
            "sources": [asdict(summary) for summary in self.sources],
            "problems": [{**asdict(p), "rows": list(p.rows), "title": p.title} for p in self.problems],
        }


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems: errors first, then by source, code and column."""
    return tuple(sorted(problems, key=lambda p: (p.severity, p.source, p.code, p.column)))


def aligned(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Lay rows of text out in columns two spaces apart; the positions in `right` are right-aligned.

    Examples
    --------
    >>> aligned([["Source", "Rows"], ["people", "7"]], right=frozenset({1}))
    ['Source  Rows', 'people     7']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    def laid_out(cell: str, position: int) -> str:
        return cell.rjust(widths[position]) if position in right else cell.ljust(widths[position])

    return ["  ".join(laid_out(cell, position) for position, cell in enumerate(row)).rstrip() for row in rows]


def _problem_table(problems: Sequence[Problem]) -> list[str]:
    rows = [["", "Code", "Source", "Column", "Rows", "First at row", "Problem"]]
    for p in problems:
        first = ", ".join(map(str, p.rows)) + (" ..." if p.count > len(p.rows) > 0 else "")
        count = f"{p.count:,}" if p.count else ""
        what = f"{p.title}: {p.detail}" if p.detail else p.title
        rows.append([p.severity.upper(), p.code, p.source, p.column, count, first, what])
    return aligned(rows, right=frozenset({4}))


def _explanations(problems: Sequence[Problem]) -> list[str]:
    lines = ["What the codes mean"]
    for code in sorted({problem.code for problem in problems}):
        rule = RULES[code]
        lines += wrap(f"{rule.why} {rule.next_step}", WIDTH, initial_indent=f"{code}  ", subsequent_indent="      ")
    return lines


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
