"""What the engine should answer, worked out record by record in the slowest and plainest way.

Rows are dictionaries by column name. SQL snippets are looked up in `SNIPPETS`, where each has a plain function of a
row and an as-of date beside it; None stands for a blank, as in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from riskmodel.declare import Cohort, Feature, Outcome, Scope, Source
from riskmodel.periods import completed_years

Row = Mapping[str, Any]
Data = Mapping[str, Sequence[Row]]
Snippet = Callable[[Row, date], Any]


@dataclass(frozen=True)
class World:
    """The records of every source by its name, and what each snippet means."""

    data: Data
    snippets: Mapping[str, Snippet]

    def meets(self, snippet: str | None, row: Row, as_of: date) -> bool:
        return snippet is None or self.snippets[snippet](row, as_of) is True


def age(born: date | None, as_of: date) -> int | None:
    return None if born is None else completed_years(born, as_of)


def blanks_first(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


# ------------------------------------------------------------------ what was known, and which version counted


def as_seen(source: Source, row: Row, as_of: date) -> Row:
    """A row with everything that was settled later made blank."""
    shown = dict(row)
    for column, settled_on in source.settled.items():
        if row[settled_on] is None or row[settled_on] > as_of:
            shown[column] = None
    for settled_on in source.settled.values():
        if row[settled_on] is not None and row[settled_on] > as_of:
            shown[settled_on] = None
    return shown


def visible(world: World, source: Source, as_of: date) -> list[Row]:
    rows = [r for r in world.data[source.name] if r[source.happened] <= as_of and r[source.known] <= as_of]
    return [as_seen(source, row, as_of) for row in rows]


def register(world: World, source: Source, as_of: date) -> dict[str, Row]:
    """The latest version of each key."""
    others = [c for c in source.all_columns if c not in (source.key, source.happened, source.known)]

    def rank(row: Row) -> tuple[Any, ...]:
        return (row[source.happened], row[source.known], *(blanks_first(row[c]) for c in others))

    latest: dict[str, Row] = {}
    for row in world.data[source.name]:
        if row[source.happened] > as_of or row[source.known] > as_of:
            continue
        key = row[source.key]
        if key not in latest or rank(row) > rank(latest[key]):
            latest[key] = row
    return {key: as_seen(source, row, as_of) for key, row in latest.items()}


def spells(world: World, via: Source, group: str, known_by: date | None) -> list[Row]:
    """The last version of each spell known by a date, or known at all."""
    others = [c for c in via.all_columns if c not in (via.key, via.happened, via.known, group)]

    def rank(row: Row) -> tuple[Any, ...]:
        return (row[via.known], *(blanks_first(row[c]) for c in others))

    last: dict[tuple[Any, ...], Row] = {}
    for row in world.data[via.name]:
        if known_by is not None and row[via.known] > known_by:
            continue
        spell = (row[via.key], row[via.happened], row[group])
        if spell not in last or rank(row) > rank(last[spell]):
            last[spell] = row
    return [row for row in last.values() if row[group] is not None]


def lives(via: Source, spell: Row, day: date) -> bool:
    assert via.ends is not None
    return spell[via.happened] <= day and (spell[via.ends] is None or spell[via.ends] > day)


# ------------------------------------------------------------------ whose records count


def counts_for(
    world: World,
    cohort: Cohort,
    scope: Scope | None,
    case: str,
    record: Row,
    source: Source,
    as_of: date,
    *,
    ahead: bool,
) -> bool:
    """Whether a record counts for a case."""
    if scope is None:
        return bool(record[source.key] == case)
    via = scope.via
    then = scope.when == "then"
    day = record[source.happened] if then else as_of
    there = [
        spell for spell in spells(world, via, scope.group, None if then and ahead else as_of) if lives(via, spell, day)
    ]
    if cohort.source.key == scope.group:
        groups = {case}
    else:
        groups = {spell[scope.group] for spell in there if spell[via.key] == case}
    if source.key == scope.group:
        return record[source.key] in groups
    members = {
        spell[via.key] for spell in there if spell[scope.group] in groups and world.meets(scope.where, spell, as_of)
    }
    return record[source.key] in members


# ------------------------------------------------------------------ what is measured


def window_start(feature: Feature, as_of: date) -> date:
    return date.min if feature.within is None else feature.within.before(as_of)


def is_covered(source: Source, first: date, last: date) -> bool:
    begins, ends = source.covers
    return (begins is None or first >= begins) and (ends is None or last <= ends)


def feature_value(world: World, cohort: Cohort, feature: Feature, case: str, as_of: date) -> Any:
    """The value of a feature; None is missing."""
    source, start = feature.source, window_start(feature, as_of)
    first = as_of if feature.within is None else start + timedelta(days=1)
    if not is_covered(source, first, as_of):
        return None
    if feature.of is not None:
        first_shared = first if feature.of.when == "then" else as_of
        if not is_covered(feature.of.via, first_shared, as_of):
            return None
    records = [
        row
        for row in visible(world, source, as_of)
        if row[source.happened] > start
        and world.meets(feature.where, row, as_of)
        and counts_for(world, cohort, feature.of, case, row, source, as_of, ahead=False)
    ]
    return measure(world, feature, records, as_of)


def measure(world: World, feature: Feature, records: list[Row], as_of: date) -> Any:
    source = feature.source
    if feature.verb == "count":
        return len(records)
    if feature.verb == "has":
        return bool(records)
    if feature.verb == "days_since":
        return (as_of - max(r[source.happened] for r in records)).days if records else None
    if feature.verb == "trend":
        assert feature.within is not None
        middle = feature.within.half().before(as_of)
        later = sum(r[source.happened] > middle for r in records)
        return later - (len(records) - later) if records else None
    assert feature.value is not None
    value = world.snippets[feature.value]
    valued = [(row, value(row, as_of)) for row in records if value(row, as_of) is not None]
    values = [v for _, v in valued]
    if feature.verb == "total":
        return sum(values)
    if feature.verb == "distinct":
        return len(set(values))
    if not values:
        return None
    if feature.verb == "highest":
        return max(values)
    if feature.verb == "lowest":
        return min(values)
    assert feature.verb == "latest"
    found = max(valued, key=lambda pair: (pair[0][source.happened], pair[0][source.known], pair[1]))[1]
    return found if feature.levels is None or found in feature.levels else None


# ------------------------------------------------------------------ cases and outcome


def cases(world: World, cohort: Cohort, as_of: date) -> list[str]:
    """The keys of the cases, in order."""
    found = []
    for key, row in register(world, cohort.source, as_of).items():
        if world.meets(cohort.where, row, as_of) and all(
            feature_value(world, cohort, feature, key, as_of) for feature in cohort.having
        ):
            found.append(key)
    return sorted(found)


def outcome_value(world: World, cohort: Cohort, outcome: Outcome, case: str, as_of: date, complete_to: date) -> Any:
    """1, 0, or None when it is not known."""
    end = outcome.within.after(as_of)
    source = outcome.source
    if end > complete_to or not is_covered(source, as_of + timedelta(days=1), end):
        return None
    answers = [
        world.snippets[outcome.where](row, as_of)
        for row in world.data[source.name]
        if as_of < row[source.happened] <= end
        and counts_for(world, cohort, outcome.of, case, row, source, as_of, ahead=True)
    ]
    if True in answers:
        return 1
    if outcome.no_record == "negative" or False in answers:
        return 0
    return None
