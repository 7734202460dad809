"""Who is a case on the as-of date: the register's rows at that date, and those that the cohort keeps."""

from __future__ import annotations

from sqlglot import exp

from riskmodel.declare.cohort import Cohort
from riskmodel.declare.expression import Expression
from riskmodel.engine.clock import AS_OF
from riskmodel.engine.draft import Draft
from riskmodel.engine.reach import CASE_NO, KEY
from riskmodel.engine.snippets import placed
from riskmodel.engine.sql import column, named, table
from riskmodel.engine.versions import current_row, register_versions

REGISTER, CANDIDATES, DATES, ASKED = "_register_1", "_candidates_1", "_dates_1", "_asked"
MEETS, AREA, TOGETHER = "meets", "area", "together"


def candidates(draft: Draft, cohort: Cohort, *, asked: bool) -> str:
    """Add the steps up to the cases that meet the cohort's `where`, each with a number; return the last one's name.

    Parameters
    ----------
    draft
        The query in the making.
    cohort
        Whose cases.
    asked
        Whether only the keys (and dates) in the table `_asked` are wanted.
    """
    if not draft.clock.is_single:
        draft.add("dates", "dates", draft.clock.table(), "the as-of dates and the bounds of the windows")
    draft.add("register", "register", _register(draft, cohort, asked=asked), "the register on the as-of date")
    carried = [*draft.clock.carry("r"), *(column(name, "r") for name in _kept(cohort))]
    order = exp.Order(expressions=[exp.Ordered(this=c) for c in (*draft.clock.carry("r")[:1], column(KEY, "r"))])
    query = (
        exp.select(named(exp.Window(this=exp.RowNumber(), order=order), CASE_NO), column(KEY, "r"), *carried)
        .from_(table(REGISTER, "r"))
        .where(column(MEETS, "r"))
    )
    return draft.add("candidates", "candidates", query, f"the cases: {cohort.description}")


def kept_columns(cohort: Cohort) -> dict[str, str]:
    """What a case keeps of its register row: the column's place in the result, and its name in the source."""
    kept = {AREA: cohort.area, TOGETHER: cohort.together if isinstance(cohort.together, str) else None}
    return {place: name for place, name in kept.items() if name is not None}


def _kept(cohort: Cohort) -> list[str]:
    return list(kept_columns(cohort))


def _register(draft: Draft, cohort: Cohort, *, asked: bool) -> exp.Select:
    """The rows that were current on the as-of date, and whether they meet the cohort's condition."""
    clock, source = draft.clock, cohort.source
    as_of = clock.as_of("d")
    meets = exp.true() if cohort.condition is None else placed(cohort.condition, source, "v", as_of)
    query = exp.select(named(column(source.key, "v"), KEY), *clock.carry("d")).from_(
        table(register_versions(draft, source), "v")
    )
    if not clock.is_single:
        query = query.join(table(DATES, "d"), on=current_row(source, "v", as_of))
    else:
        query = query.where(current_row(source, "v", as_of))
    if asked:
        wanted = column(KEY, "a").eq(column(source.key, "v"))
        query = query.join(table(ASKED, "a"), on=exp.and_(wanted, column(AS_OF, "a").eq(as_of.copy())))
    kept = [named(_placed_column(cohort, name, as_of), place) for place, name in kept_columns(cohort).items()]
    return query.select(*kept, named(exp.Coalesce(this=meets, expressions=[exp.false()]), MEETS))


def _placed_column(cohort: Cohort, name: str, as_of: exp.Expr) -> exp.Expr:
    """A column of the register as it could be seen on the as-of date."""
    return placed(Expression.parse(name, cohort.source, str), cohort.source, "v", as_of)
