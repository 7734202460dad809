"""Lengths of time on the calendar, and ages in completed years."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from riskmodel.errors import DeclarationError


@dataclass(frozen=True, order=True)
class Period:
    """A length of time in calendar months and days.

    A window of a period `p` that ends at `d` holds every day with `p.before(d) < day <= d`; an outcome within `p`
    of `d` happens on a day with `d < day <= p.after(d)`.

    Parameters
    ----------
    months, days
        Whole numbers, not negative and not both zero.

    Examples
    --------
    >>> months(12).before(date(2024, 6, 1))
    datetime.date(2023, 6, 1)
    >>> months(1).before(date(2024, 3, 31))
    datetime.date(2024, 2, 29)
    >>> str(months(12)), str(days(1))
    ('12 months', '1 day')
    """

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        whole = all(type(n) is int and n >= 0 for n in (self.months, self.days))
        if not whole or self.months + self.days == 0:
            raise DeclarationError(
                f"A period of {self.months!r} months and {self.days!r} days is not a length of time.",
                "A period is a positive whole number of days, weeks, months or years.",
                next_step="Write for example months(12) or days(90).",
            )

    def before(self, day: date) -> date:
        """Return the day this long before `day`, clipped to the end of the month."""
        return _shifted(day, -self.months) - timedelta(days=self.days)

    def after(self, day: date) -> date:
        """Return the day this long after `day`, clipped to the end of the month."""
        return _shifted(day, self.months) + timedelta(days=self.days)

    def half(self) -> Period:
        """Return half of this period; an error if the half is not whole months and days.

        Examples
        --------
        >>> months(12).half()
        Period(months=6, days=0)
        """
        if self.months % 2 or self.days % 2:
            raise DeclarationError(
                f"A period of {self} cannot be cut into two equal halves.",
                "A trend compares the later half of its window with the earlier half.",
                next_step="Use an even number of months or of days, such as months(6) or days(90).",
            )
        return Period(self.months // 2, self.days // 2)

    def __str__(self) -> str:
        parts = [_counted(self.months, "month"), _counted(self.days, "day")]
        return " and ".join(part for part in parts if part)


def years(n: int) -> Period:
    """Return a period of `n` years.

    Examples
    --------
    >>> years(2).after(date(2024, 2, 29))
    datetime.date(2026, 2, 28)
    """
    return Period(months=12 * n)


def months(n: int) -> Period:
    """Return a period of `n` calendar months.

    Examples
    --------
    >>> months(3).after(date(2024, 11, 30))
    datetime.date(2025, 2, 28)
    """
    return Period(months=n)


def weeks(n: int) -> Period:
    """Return a period of `n` weeks.

    Examples
    --------
    >>> weeks(2)
    Period(months=0, days=14)
    """
    return Period(days=7 * n)


def days(n: int) -> Period:
    """Return a period of `n` days.

    Examples
    --------
    >>> days(30).before(date(2024, 3, 1))
    datetime.date(2024, 1, 31)
    """
    return Period(days=n)


def completed_years(born: date, on: date) -> int:
    """Return the age in completed years on a day; somebody born on 29 February turns a year older on 1 March.

    Examples
    --------
    >>> completed_years(date(2020, 9, 2), date(2023, 9, 1)), completed_years(date(2020, 9, 1), date(2023, 9, 1))
    (2, 3)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _shifted(day: date, by_months: int) -> date:
    """Move by whole months, keeping the day of the month where the new month has it."""
    year, month = divmod(day.year * 12 + day.month - 1 + by_months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _counted(n: int, unit: str) -> str:
    return f"{n} {unit}{'' if n == 1 else 's'}" if n else ""
