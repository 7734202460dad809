"""The nine verbs: what can be measured about the records of a case.

Every verb takes the same options, described with `Feature`: `of` (whose records count), `where` (which of them),
`within` (the window that ends at the as-of date), `direction`, `theme`, `protected` and `justification`. Each returns a
`Feature` and raises `DeclarationError` when a name, a column or a type is wrong.

Examples
--------
>>> from riskmodel.declare.examples import sessions
>>> count(sessions, "missed", "Sessions missed", where="mark = 'O'").verb
'count'
"""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.declare.feature import Direction, Feature
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.periods import Period


def count(
    source: Source,
    name: str,
    label: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Count records; 0 when there is none.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> from riskmodel.periods import months
    >>> count(sessions, "missed", "Sessions missed", where="mark = 'O'", within=months(12)).dtype
    'int'
    """
    return Feature(
        source,
        name,
        label,
        "count",
        of=of,
        where=where,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def has(
    source: Source,
    name: str,
    label: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Say whether there is any record; False when there is none.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> has(sessions, "excluded", "Excluded from a session", where="mark = 'E'").dtype
    'bool'
    """
    return Feature(
        source,
        name,
        label,
        "has",
        of=of,
        where=where,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def total(
    source: Source,
    name: str,
    label: str,
    value: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Add up a number over the records; 0 when there is none, and blank values are left out.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> total(sessions, "minutes_late", "Minutes late", "minutes").missing_without_record
    False
    """
    return Feature(
        source,
        name,
        label,
        "total",
        of=of,
        where=where,
        value=value,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def highest(
    source: Source,
    name: str,
    label: str,
    value: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Take the greatest value; missing when no record has a value.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> highest(sessions, "latest_arrival", "Minutes late at worst", "minutes").dtype
    'float'
    """
    return Feature(
        source,
        name,
        label,
        "highest",
        of=of,
        where=where,
        value=value,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def lowest(
    source: Source,
    name: str,
    label: str,
    value: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Take the least value; missing when no record has a value.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> lowest(sessions, "best_arrival", "Minutes late at best", "minutes").missing_without_record
    True
    """
    return Feature(
        source,
        name,
        label,
        "lowest",
        of=of,
        where=where,
        value=value,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def distinct(
    source: Source,
    name: str,
    label: str,
    value: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Count the different values; 0 when there is no record, and blank values are left out.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> distinct(sessions, "kinds", "Different marks", "mark").dtype
    'int'
    """
    return Feature(
        source,
        name,
        label,
        "distinct",
        of=of,
        where=where,
        value=value,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def latest(
    source: Source,
    name: str,
    label: str,
    value: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
    levels: Sequence[str] | None = None,
) -> Feature:
    """Take the value of the latest record that has one; missing when none has.

    Of records on the same day the one known later counts, and of those the greatest value. A text value needs
    `levels`, the categories it may take.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> latest(sessions, "mark_now", "Last mark", "mark", levels=["E", "O"]).dtype
    'category'
    """
    return Feature(
        source,
        name,
        label,
        "latest",
        of=of,
        where=where,
        value=value,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
        levels=levels,
    )


def days_since(
    source: Source,
    name: str,
    label: str,
    *,
    of: Scope | None = None,
    where: str | None = None,
    within: Period | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Count the days from the latest record to the as-of date; missing when there is no record.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> days_since(sessions, "days_since", "Days since a session").missing_without_record
    True
    """
    return Feature(
        source,
        name,
        label,
        "days_since",
        of=of,
        where=where,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )


def trend(
    source: Source,
    name: str,
    label: str,
    *,
    within: Period,
    of: Scope | None = None,
    where: str | None = None,
    direction: Direction | None = None,
    justification: str | None = None,
    theme: str | None = None,
    protected: bool = False,
) -> Feature:
    """Count the records in the later half of the window minus those in the earlier half; missing without any.

    The later half is `within.half()` and ends at the as-of date, so the window must halve into whole months and
    days.

    Examples
    --------
    >>> from riskmodel.declare.examples import sessions
    >>> from riskmodel.periods import months
    >>> trend(sessions, "rise", "Missing more sessions lately", within=months(6)).dtype
    'int'
    """
    return Feature(
        source,
        name,
        label,
        "trend",
        of=of,
        where=where,
        within=within,
        direction=direction,
        justification=justification,
        theme=theme,
        protected=protected,
    )
