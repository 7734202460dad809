"""Which version of a record was the current one on a date, for registers and for membership spells."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.engine.draft import Draft
from riskmodel.engine.snippets import seen
from riskmodel.engine.sql import all_of, column, is_null, named, table

SUPERSEDED = "_superseded_on"
_ROW = "v"


def register_versions(draft: Draft, source: Source) -> str:
    """Add the step that dates every version of a register: a key's latest row, then the one known later, counts."""
    others = [name for name in source.all_columns if name not in (source.key, source.happened, source.known)]
    order = [source.happened, source.known, *others]
    query = _with_superseded(source, within=[source.key], order=order, seen_from=[source.happened, source.known])
    about = f"every version of {source.name}, and from when a later one was known"
    return draft.known(("register", source)) or draft.add("register_versions", ("register", source), query, about)


def spell_versions(draft: Draft, scope: Scope) -> str:
    """Add the step that dates every version of a membership spell: the one known later counts."""
    via = scope.via
    identity = [via.key, via.happened, scope.group]
    order = [via.known, *(name for name in via.all_columns if name not in (*identity, via.known))]
    meaning = ("spells", via, scope.group)
    query = _with_superseded(via, within=identity, order=order, seen_from=[via.known])
    about = f"every version of the spells in {via.name}, and from when a later one was known"
    return draft.known(meaning) or draft.add("spell_versions", meaning, query, about)


def current_row(source: Source, alias: str, as_of: exp.Expr) -> exp.Expr:
    """Whether a register's row is the latest that had happened and was known on the as-of date."""
    made = all_of([seen(source, alias, as_of), _not_superseded(alias, as_of)])
    assert made is not None
    return made


def current_spell(via: Source, alias: str, as_of: exp.Expr) -> exp.Expr:
    """Whether a spell's row is its latest version known on the as-of date."""
    known = exp.LTE(this=column(via.known, alias), expression=as_of.copy())
    return exp.and_(known, _not_superseded(alias, as_of))


def final_spell(alias: str) -> exp.Expr:
    """Whether a spell's row is its latest version known at all."""
    return is_null(column(SUPERSEDED, alias))


def live(via: Source, alias: str, as_of: exp.Expr) -> exp.Expr:
    """Whether a spell has begun and has not ended on a date."""
    assert via.ends is not None  # a scope goes through a source of spells
    begun = exp.LTE(this=column(via.happened, alias), expression=as_of.copy())
    ends = column(via.ends, alias)
    return exp.and_(begun, exp.or_(is_null(ends), exp.GT(this=ends.copy(), expression=as_of.copy())))


def _not_superseded(alias: str, as_of: exp.Expr) -> exp.Expr:
    later = column(SUPERSEDED, alias)
    return exp.or_(is_null(later), exp.GT(this=later.copy(), expression=as_of.copy()))


def _with_superseded(
    source: Source, *, within: Sequence[str], order: Sequence[str], seen_from: Sequence[str]
) -> exp.Select:
    """Every row, with the first day on which a later version could be seen; blank values come before all others."""
    visible = [column(name, _ROW) for name in dict.fromkeys(seen_from)]
    latest_of_both = exp.Greatest(this=visible[0], expressions=visible[1:], ignore_nulls=True)
    first = visible[0] if len(visible) == 1 else latest_of_both
    ordered = [exp.Ordered(this=column(name, _ROW), desc=True, nulls_first=False) for name in dict.fromkeys(order)]
    window = exp.Window(
        this=exp.Min(this=first),
        partition_by=[column(name, _ROW) for name in within],
        order=exp.Order(expressions=ordered),
        spec=exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=exp.Literal.number(1), end_side="PRECEDING"
        ),
    )
    columns = [column(name, _ROW) for name in source.all_columns]
    return exp.select(*columns, named(window, SUPERSEDED)).from_(table(source.name, _ROW))
