"""The heading of a CSV: which character separates its fields, and which columns it names."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from riskmodel.declare.source import Source
from riskmodel.engine.problems import Problem
from riskmodel.errors import nearest_name

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MAX_HEADING_LINES = 20
# What may be quoted in a message. A heading that is missing, or has run into the first row, holds people's values; as
# soon as anything in it does not look like a name, no undeclared name is shown.
_NAME_LIKE = re.compile(r"(?!\d)[\w%#][\w .%()/-]{0,59}")
_NAMELESS = "(undeclared column)"


@dataclass(frozen=True)
class Heading:
    """The separator of a CSV and the names of its columns, in order, without surrounding blanks."""

    delimiter: str
    names: tuple[str, ...]


def heading_of(lines: Iterable[str], source: Source) -> Heading:
    """Read the heading with the separator that finds most of the declared columns.

    Parameters
    ----------
    lines
        The lines of the file, from the first.
    source
        Whose columns are expected.

    Examples
    --------
    >>> from riskmodel.declare.source import Source
    >>> visits = Source("visits", "One row a visit", partner="Clinic", agreement="A", key="person_id",
    ...                 happened="seen_on", columns={"room": str})
    >>> heading_of(["person_id;seen_on;room, floor"], visits)
    Heading(delimiter=';', names=('person_id', 'seen_on', 'room, floor'))
    """
    first = list(islice((line for line in lines if line.strip()), _MAX_HEADING_LINES))
    read = [Heading(delimiter, _names(first, delimiter)) for delimiter in DELIMITERS]
    return max(read, key=lambda h: (len(set(h.names) & set(source.all_columns)), len(h.names)))


def first_faulty_row(lines: Iterable[str], heading: Heading) -> int | None:
    """Return the number of the first row that does not fit the heading, None if all do; the heading is row 1."""
    rows = csv.reader(lines, delimiter=heading.delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            if row and len(row) != len(heading.names):
                return number
    except csv.Error:
        return number + 1
    return None


def column_problems(source: Source, file: str, names: Sequence[str]) -> list[Problem]:
    """Compare the columns of an extract with those declared: missing, undeclared, repeated, or no heading at all."""
    declared = source.all_columns
    if not set(names) & set(declared):
        near = [name for name in names if nearest_name(name, declared)]
        if not near:
            return [Problem.of("C206", source.name, file, detail="none of the declared columns is there")]
    undeclared = [name for name in dict.fromkeys(names) if name not in declared]
    shown = shown_names(source, names)
    twice = [name for name, times in Counter(names).items() if times > 1]
    problems = [Problem.of("C203", source.name, file, column=shown[name]) for name in twice]
    for name in declared:
        if name not in names:
            near_name = nearest_name(name, undeclared)
            detail = f"nearest is '{shown[near_name]}'" if near_name else ""
            problems.append(Problem.of("C201", source.name, file, column=name, detail=detail))
    for name in undeclared:
        problems.append(Problem.of("C202", source.name, file, column=shown[name], detail="it is not loaded"))
    return problems


def _names(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:  # a field of absurd length: a quote that is never closed
        return ()
    return tuple(name.strip() for name in row)


def shown_names(source: Source, names: Iterable[str]) -> dict[str, str]:
    """What a message may call each column of an extract."""
    undeclared = {name for name in names if name not in source.all_columns}
    is_heading = all(_NAME_LIKE.fullmatch(name) for name in undeclared)
    return {name: name if name not in undeclared or is_heading else _NAMELESS for name in names}
