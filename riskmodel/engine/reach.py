"""Whose records count for a case: its own, or those of the people it shares a group with."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from sqlglot import exp

from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.clock import Clock
from riskmodel.engine.draft import Draft
from riskmodel.engine.snippets import placed
from riskmodel.engine.sql import all_of, case, column, named, not_null, number, table
from riskmodel.engine.together import pairs_over_time
from riskmodel.engine.versions import current_spell, live, spell_versions

CASE_NO, KEY, MEMBER, UNIT = "case_no", "key", "member", "unit"
SINCE, UNTIL = "since", "until"


@dataclass(frozen=True)
class Reach:
    """A step whose rows say: the records of this member count for this unit.

    Parameters
    ----------
    step
        Name of the step.
    member
        Its column that meets the key of the records.
    unit
        Its column that says for whom they count: a case number, or that of the first case of the same home.
    timed
        Whether a record counts only from `since` until before `until`.
    homes
        Step that gives each case its unit, or None when the unit is the case.
    """

    step: str
    member: str
    unit: str
    timed: bool = False
    homes: str | None = None


def reach(draft: Draft, cases: str, keyed: Source, source: Source, scope: Scope | None, *, ahead: bool) -> Reach:
    """Add the steps that lead from cases to the keys of a source's records.

    Parameters
    ----------
    draft
        The query in the making.
    cases, keyed
        The step that holds the cases, and the source whose key is their key.
    source, scope
        The records, and whose of them count.
    ahead
        Whether the records lie after the as-of date (an outcome), so that memberships then may be known later.
    """
    if scope is None or keyed.key == source.key == scope.group:
        return Reach(cases, KEY, CASE_NO)
    to_groups = source.key == scope.group
    if scope.when == "then":
        return _reach_then(draft, cases, keyed, scope, to_groups=to_groups, ahead=ahead)
    if keyed.key == scope.group:
        return _reach_members_of_cases(draft, cases, scope)
    homes = _homes(draft, cases, scope)
    meaning = ("members", homes, scope, to_groups)
    made = draft.known(meaning)
    if made is None:
        query = _groups_of_homes(draft, homes) if to_groups else _members_of_homes(draft, homes, scope)
        made = draft.add("members", meaning, query, _about(scope))
    return Reach(made, MEMBER, UNIT, homes=homes)


def _reach_then(draft: Draft, cases: str, keyed: Source, scope: Scope, *, to_groups: bool, ahead: bool) -> Reach:
    meaning: Hashable = ("then", cases, scope, to_groups, ahead)
    made = draft.known(meaning)
    if made is None:
        query = pairs_over_time(draft, cases, keyed, scope, to_groups=to_groups, ahead=ahead)
        made = draft.add("members", meaning, query, _about(scope))
    return Reach(made, MEMBER, UNIT, timed=True)


def _reach_members_of_cases(draft: Draft, cases: str, scope: Scope) -> Reach:
    """The cases are the groups themselves: their members now."""
    meaning = ("members", cases, scope)
    made = draft.known(meaning)
    if made is None:
        query = (
            exp.select(named(column(CASE_NO, "c"), UNIT), named(column(scope.via.key, "m"), MEMBER))
            .select(*draft.clock.carry("c"))
            .distinct()
            .from_(table(cases, "c"))
            .join(table(spell_versions(draft, scope), "m"), on=column(scope.group, "m").eq(column(KEY, "c")))
            .where(_members_now(draft.clock, scope, "m", "c"))
        )
        made = draft.add("members", meaning, query, _about(scope))
    return Reach(made, MEMBER, UNIT)


def _homes(draft: Draft, cases: str, scope: Scope) -> str:
    """Add the step that gives each case its present groups, and the unit it shares with others of the same home.

    Cases that live in one and the same group share their records, so these are added up once for all of them.
    """
    via = scope.via
    meaning = ("homes", cases, via, scope.group)
    made = draft.known(meaning)
    if made is not None:
        return made
    as_of = draft.clock.as_of("c")
    groups = (
        exp.select(column(CASE_NO, "c"), named(column(scope.group, "s"), MEMBER), *draft.clock.carry("c"))
        .from_(table(cases, "c"))
        .join(table(spell_versions(draft, scope), "s"), on=column(via.key, "s").eq(column(KEY, "c")))
        .where(exp.and_(not_null(column(scope.group, "s")), current_spell(via, "s", as_of), live(via, "s", as_of)))
    )
    counted = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("g")), named(_over_case(), "n"))
    query = (
        exp.select(column(CASE_NO, "h"), column(MEMBER, "h"), named(_shared_unit(draft.clock), UNIT))
        .select(*draft.clock.carry("h"))
        .from_(counted.from_(groups.subquery("g")).subquery("h"))
    )
    return draft.add("homes", meaning, query, f"each case's {scope.group} on the as-of date")


def _over_case() -> exp.Expr:
    return exp.Window(this=exp.Count(this=exp.Star()), partition_by=[column(CASE_NO, "g")])


def _shared_unit(clock: Clock) -> exp.Expr:
    """The first case of the same home, for cases with one home; the case itself, for those with several."""
    home = [column(MEMBER, "h"), column("n", "h"), *clock.carry("h")[:1]]
    first = exp.Window(this=exp.Min(this=column(CASE_NO, "h")), partition_by=home)
    return case(column("n", "h").eq(number(1)), first, column(CASE_NO, "h"))


def _groups_of_homes(draft: Draft, homes: str) -> exp.Select:
    columns = [column(UNIT, "h"), column(MEMBER, "h"), *draft.clock.carry("h")]
    return exp.select(*columns).distinct().from_(table(homes, "h"))


def _members_of_homes(draft: Draft, homes: str, scope: Scope) -> exp.Select:
    return (
        exp.select(column(UNIT, "h"), named(column(scope.via.key, "m"), MEMBER), *draft.clock.carry("h"))
        .distinct()
        .from_(table(homes, "h"))
        .join(table(spell_versions(draft, scope), "m"), on=column(scope.group, "m").eq(column(MEMBER, "h")))
        .where(_members_now(draft.clock, scope, "m", "h"))
    )


def _members_now(clock: Clock, scope: Scope, spell: str, carrier: str) -> exp.Expr | None:
    as_of = clock.as_of(carrier)
    narrowed = None if scope.condition is None else placed(scope.condition, scope.via, spell, as_of)
    return all_of([current_spell(scope.via, spell, as_of), live(scope.via, spell, as_of), narrowed])


def _about(scope: Scope) -> str:
    return f"whose records count: {scope.description}"
