"""As-of dates and the bounds of windows as SQL, worked out on the calendar here so that SQL only compares dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from riskmodel.engine.sql import cast, column
from riskmodel.periods import Period

AS_OF = "as_of"


@dataclass(frozen=True)
class Clock:
    """The as-of dates of one query, and the days on which its windows begin and end.

    With one as-of date every bound is a date literal; with several, a column that the cases carry. Either way
    SQL does no arithmetic on calendars, which differs from one engine to the next.

    Parameters
    ----------
    dates
        The as-of dates, each once, in order.
    before, after
        The periods whose beginning (`Period.before`) or end (`Period.after`) is needed.
    """

    dates: tuple[date, ...]
    before: tuple[Period, ...] = ()
    after: tuple[Period, ...] = ()

    @classmethod
    def of(cls, dates: Iterable[date], before: Iterable[Period], after: Iterable[Period]) -> Clock:
        """Make a clock, with every date and period once and in order."""
        return cls(tuple(sorted(set(dates))), tuple(sorted(set(before))), tuple(sorted(set(after))))

    @property
    def is_single(self) -> bool:
        """Whether there is one as-of date, so that bounds are literals."""
        return len(self.dates) == 1

    @property
    def carried(self) -> tuple[str, ...]:
        """Names of the columns that cases and their members carry: none with a single date."""
        if self.is_single:
            return ()
        return (AS_OF, *(_start(p) for p in self.before), *(_end(p) for p in self.after))

    def as_of(self, table: str) -> exp.Expr:
        """The as-of date, for rows of `table` (an alias)."""
        return day(self.dates[0]) if self.is_single else column(AS_OF, table)

    def start(self, period: Period, table: str) -> exp.Expr:
        """The day after which a window of that period counts: `period.before(as_of)`."""
        return day(period.before(self.dates[0])) if self.is_single else column(_start(period), table)

    def end(self, period: Period, table: str) -> exp.Expr:
        """The last day of an outcome window of that period: `period.after(as_of)`."""
        return day(period.after(self.dates[0])) if self.is_single else column(_end(period), table)

    def carry(self, table: str) -> list[exp.Expr]:
        """Select the carried columns from `table`."""
        return [column(name, table) for name in self.carried]

    def widest(self, periods: Iterable[Period]) -> Period | None:
        """The period whose window holds all the others' on every as-of date, or None when there is no such one."""
        offered = sorted(set(periods))
        for wide in offered:
            if all(wide.before(d) <= other.before(d) for d in self.dates for other in offered):
                return wide
        return None

    def table(self) -> exp.Select:
        """One row an as-of date, with the bounds of its windows."""
        rows = [exp.Tuple(expressions=[day(bound) for bound in self._bounds(d)]) for d in self.dates]
        alias = exp.TableAlias(this=exp.to_identifier("d"), columns=[_quoted(name) for name in self.carried])
        return exp.select(*(column(name, "d") for name in self.carried)).from_(
            exp.Values(expressions=rows, alias=alias)
        )

    def _bounds(self, as_of: date) -> list[date]:
        starts = [period.before(as_of) for period in self.before]
        return [as_of, *starts, *(period.after(as_of) for period in self.after)]


def day(value: date) -> exp.Expr:
    """A date literal.

    Examples
    --------
    >>> day(date(2024, 9, 1)).sql("duckdb")
    "CAST('2024-09-01' AS DATE)"
    """
    return cast(exp.Literal.string(value.isoformat()), "date")


def date_of(value: exp.Expr) -> date | None:
    """The date that a literal made by `day` stands for; None for any other expression."""
    if isinstance(value, exp.Cast) and isinstance(value.this, exp.Literal) and value.this.is_string:
        return date.fromisoformat(value.this.name)
    return None


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _start(period: Period) -> str:
    return f"{period} before"


def _end(period: Period) -> str:
    return f"{period} after"
