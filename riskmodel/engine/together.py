"""When two people belonged to the same group: the stretches of time during which one's records count for the other."""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.clock import day
from riskmodel.engine.draft import Draft
from riskmodel.engine.snippets import placed
from riskmodel.engine.sql import all_of, case, column, named, number, table
from riskmodel.engine.versions import current_spell, final_spell, spell_versions

_OPEN = day(date(9999, 12, 31))
_PAIR = ("unit", "member")


def pairs_over_time(
    draft: Draft, cases: str, keyed: Source, scope: Scope, *, to_groups: bool, ahead: bool
) -> exp.Select:
    """Select unit, member, since and until: the stretches [since, until) in which the member's records count.

    Stretches of one pair never overlap, so that no record counts twice.

    Parameters
    ----------
    draft, cases, keyed, scope
        The query in the making, the step of the cases, the source of their key, and the scope.
    to_groups
        Whether the records belong to the groups themselves rather than to their members.
    ahead
        Whether spells count as they became known after the as-of date too.
    """
    raw = _overlaps(draft, cases, keyed, scope, to_groups=to_groups, ahead=ahead)
    return _merged(draft, raw)


def _overlaps(draft: Draft, cases: str, keyed: Source, scope: Scope, *, to_groups: bool, ahead: bool) -> exp.Select:
    """Every stretch in which a spell of the case meets a spell of a member of the same group."""
    via, spells, as_of = scope.via, spell_versions(draft, scope), draft.clock.as_of("c")
    of_case = keyed.key == via.key
    aliases = [*(["s"] if of_case else []), *([] if to_groups else ["m"])]
    query = exp.select(named(column("case_no", "c"), "unit"), *draft.clock.carry("c")).from_(table(cases, "c"))
    if of_case:
        query = query.join(table(spells, "s"), on=column(via.key, "s").eq(column("key", "c")))
    if not to_groups:
        group = column(scope.group, "s") if of_case else column("key", "c")
        query = query.join(table(spells, "m"), on=column(scope.group, "m").eq(group))
    member = column(scope.group, "s") if to_groups else column(via.key, "m")
    conditions = [final_spell(a) if ahead else current_spell(via, a, as_of) for a in aliases]
    if scope.condition is not None:
        conditions.append(placed(scope.condition, via, "m", as_of, looking_back=not ahead))
    since, until = _stretch(via, aliases)
    return query.select(named(member, "member"), named(since, "since"), named(until, "until")).where(
        all_of([*conditions, exp.LT(this=since.copy(), expression=until.copy())])
    )


def _stretch(via: Source, aliases: list[str]) -> tuple[exp.Expr, exp.Expr]:
    assert via.ends is not None  # a scope goes through a source of spells
    begins: list[exp.Expr] = [column(via.happened, alias) for alias in aliases]
    ends: list[exp.Expr] = [exp.Coalesce(this=column(via.ends, a), expressions=[_OPEN.copy()]) for a in aliases]
    if len(aliases) == 1:
        return begins[0], ends[0]
    latest = exp.Greatest(this=begins[0], expressions=begins[1:], ignore_nulls=True)
    return latest, exp.Least(this=ends[0], expressions=ends[1:], ignore_nulls=True)


def _merged(draft: Draft, raw: exp.Select) -> exp.Select:
    """Join stretches of one pair that overlap or touch into one."""
    carried = draft.clock.carried
    names = [*_PAIR, *carried, "since", "until"]
    latest_end = _window(exp.Max(this=column("until", "r")), "r", end_side="PRECEDING", end=number(1))
    joins_on = exp.LTE(this=column("since", "r"), expression=latest_end)
    fresh = exp.select(*(column(name, "r") for name in names), named(case(joins_on, number(0), number(1)), "fresh"))
    island = _window(exp.Sum(this=column("fresh", "f")), "f", end_side=None, end="CURRENT ROW")
    numbered = exp.select(*(column(name, "f") for name in names), named(island, "island"))
    pair = [column(name, "i") for name in (*_PAIR, *carried)]
    ends = [named(exp.Min(this=column("since", "i")), "since"), named(exp.Max(this=column("until", "i")), "until")]
    islands = numbered.from_(fresh.from_(raw.subquery("r")).subquery("f")).subquery("i")
    return exp.select(*pair, *ends).from_(islands).group_by(*(p.copy() for p in pair), column("island", "i"))


def _window(made: exp.Expr, alias: str, *, end: exp.Expr | str, end_side: str | None) -> exp.Expr:
    return exp.Window(
        this=made,
        partition_by=[column(name, alias) for name in _PAIR],
        order=exp.Order(expressions=[exp.Ordered(this=column(name, alias)) for name in ("since", "until")]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=end, end_side=end_side),
    )
