"""Small invented worlds for the generative tests: sources, scopes, snippets, features, and records on edge dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, product
from typing import Any

from hypothesis import strategies as st

from riskmodel.declare import (
    Cohort,
    Feature,
    Outcome,
    Output,
    Prototype,
    Scope,
    Source,
    at_least,
    count,
    days_since,
    distinct,
    has,
    highest,
    latest,
    lowest,
    total,
    trend,
)
from riskmodel.periods import Period, days, months, weeks, years
from tests.generative.oracle import Snippet, age

AS_OF_DATES = [date(2023, 2, 28), date(2023, 8, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 6, 1)]
COMPLETE_TO = date(2025, 3, 31)
WINDOWS: list[Period | None] = [None, days(2), weeks(2), months(1), months(12), months(6), years(4)]

_FRAME: dict[str, str] = {"partner": "Invented", "agreement": "None"}

people = Source(
    "people", "One row a person and address", **_FRAME, key="person_id", happened="recorded_on", known="received_on",
    columns={"born": date, "ward": str, "sex": str},
)  # fmt: skip
households = Source(
    "households", "One row a household", **_FRAME, key="household_id", happened="recorded_on", known="received_on",
    columns={"ward": str},
)  # fmt: skip
residence = Source(
    "residence", "One row a stay", **_FRAME, key="person_id", happened="moved_in", known="received_on",
    ends="moved_out", columns={"household_id": str, "role": str},
)  # fmt: skip
visits = Source(
    "visits", "One row a visit", **_FRAME, key="person_id", happened="seen_on", known="received_on",
    columns={"cost": int, "weight": float, "kind": str, "urgent": bool, "result": str, "result_on": date},
    settled={"result": "result_on"}, covers=(date(2020, 3, 1), date(2024, 9, 1)),
)  # fmt: skip
bills = Source(
    "bills", "One row a bill, known at once", **_FRAME, key="household_id", happened="billed_on",
    columns={"amount": float, "paid": bool},
)  # fmt: skip
SOURCES = (people, households, residence, visits, bills)

home = Scope("anyone at home", via=residence, group="household_id")
home_then = Scope("anyone at home then", via=residence, group="household_id", when="then")
carers = Scope("the carers", via=residence, group="household_id", where="role = 'carer'")
carers_then = Scope("the carers then", via=residence, group="household_id", when="then", where="role = 'carer'")


def _both(left: Any, right: Any) -> Any:
    """SQL's AND."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _if_there(value: Any, then: Any) -> Any:
    return None if value is None else then(value)


SNIPPETS: dict[str, Snippet] = {
    "urgent": lambda r, d: r["urgent"],
    "NOT urgent": lambda r, d: _if_there(r["urgent"], lambda v: not v),
    "cost > 2 AND kind = 'a'": lambda r, d: _both(
        _if_there(r["cost"], lambda v: v > 2), _if_there(r["kind"], lambda v: v == "a")
    ),
    "kind IS NULL OR kind IN ('b', 'c')": lambda r, d: r["kind"] is None or r["kind"] in ("b", "c"),
    "result = 'guilty'": lambda r, d: _if_there(r["result"], lambda v: v == "guilty"),
    "result_on IS NULL": lambda r, d: r["result_on"] is None,
    "date_diff('day', seen_on, as_of) > 20": lambda r, d: (d - r["seen_on"]).days > 20,
    "cost": lambda r, d: r["cost"],
    "weight": lambda r, d: r["weight"],
    "cost * 2 + 1": lambda r, d: _if_there(r["cost"], lambda v: v * 2 + 1),
    "kind": lambda r, d: r["kind"],
    "result": lambda r, d: r["result"],
    "paid": lambda r, d: r["paid"],
    "amount": lambda r, d: r["amount"],
    "NOT paid": lambda r, d: _if_there(r["paid"], lambda v: not v),
    "role = 'carer'": lambda r, d: _if_there(r["role"], lambda v: v == "carer"),
    "age(born) >= 3": lambda r, d: _if_there(age(r["born"], d), lambda v: v >= 3),
    "ward = 'w1'": lambda r, d: _if_there(r["ward"], lambda v: v == "w1"),
    "age(born)": lambda r, d: age(r["born"], d),
    "sex": lambda r, d: r["sex"],
}

_VALUED = {"total": total, "highest": highest, "lowest": lowest, "distinct": distinct}
_COUNTED = {"count": count, "has": has, "days_since": days_since}
_VISIT_WHERE = [
    None, "urgent", "NOT urgent", "cost > 2 AND kind = 'a'", "kind IS NULL OR kind IN ('b', 'c')",
    "result = 'guilty'", "result_on IS NULL", "date_diff('day', seen_on, as_of) > 20",
]  # fmt: skip


def _verbs(source: Source, where: list[str | None], values: list[str], texts: list[str], of: Any) -> list[Feature]:
    made: list[Feature] = []
    for window, condition in product(WINDOWS, where):
        at = {"of": of, "within": window, "where": condition}
        made += [verb(source, name, "a label", **at) for name, verb in _COUNTED.items()]
        for value in values:
            made += [verb(source, name, "a label", value, **at) for name, verb in _VALUED.items()]
            made.append(latest(source, "latest", "a label", value, **at))
        for text in texts:
            made.append(latest(source, "latest_text", "a label", text, levels=["a", "b", "guilty"], **at))
            made.append(distinct(source, "distinct_text", "a label", text, **at))
        if window is not None and window.months % 2 == 0 and window.days % 2 == 0:
            made.append(trend(source, "trend", "a label", **at))
    return made


_VISITS = (["cost", "weight", "cost * 2 + 1"], ["kind", "result"])
SCOPES = (None, home, home_then, carers, carers_then)
OF_VISITS = [feature for of in SCOPES for feature in _verbs(visits, _VISIT_WHERE, *_VISITS, of)]
OF_BILLS = [f for of in (home, home_then) for f in _verbs(bills, [None, "NOT paid"], ["amount"], [], of)]
OF_PEOPLE = [
    latest(people, "latest", "a label", "age(born)"),
    latest(people, "latest_text", "a label", "sex", levels=["F", "M"]),
    distinct(people, "distinct", "a label", "ward"),
]
FOR_PERSONS = [*OF_VISITS, *OF_BILLS, *OF_PEOPLE]
FOR_HOUSEHOLDS = [
    *(f for f in OF_VISITS if f.of is not None),
    *_verbs(bills, [None, "NOT paid"], ["amount"], [], None),
]


def renamed(features: list[Feature]) -> list[Feature]:
    """Give every feature a name of its own."""
    return [replace(feature, name=f"f{i}_{feature.verb}") for i, feature in enumerate(features)]


def prototype(cohort: Cohort, outcome: Outcome, features: list[Feature], audit: tuple[Feature, ...] = ()) -> Prototype:
    """A prototype around what is tested."""
    return Prototype(
        "tested", "Does the engine agree?", cohort=cohort, outcome=outcome, features=features, audit=audit,
        success=[at_least("auroc", 0.5)], capacity=0.1, output=Output.INDIVIDUAL, use="Testing", never="Anything else",
        owner="Nobody", expires=months(12), train_as_of=(date(2020, 1, 1),), test_as_of=(date(2022, 1, 1),),
        score_as_of=date(2025, 1, 1),
    )  # fmt: skip


# ------------------------------------------------------------------ records

PERSONS, HOMES = ["p1", "p2", "p3"], ["h1", "h2"]
Rows = list[dict[str, Any]]
Data = dict[str, Rows]


@dataclass(frozen=True)
class Scene:
    """Records of every source, as-of dates, and features whose windows begin where the records lie."""

    data: Data
    dates: list[date]
    features: list[Feature]


@st.composite
def scenes(draw: st.DrawFn, pool: list[Feature], most_dates: int = 2) -> Scene:
    """As-of dates and windows first, then records on the days on which something begins or ends, or beside them."""
    dates = sorted(draw(st.lists(st.sampled_from(AS_OF_DATES), min_size=1, max_size=most_dates, unique=True)))
    windows = draw(st.lists(st.sampled_from(WINDOWS), min_size=2, max_size=3, unique=True))
    fitting = [feature for feature in pool if feature.within in windows]
    features = renamed(draw(st.lists(st.sampled_from(fitting), min_size=8, max_size=16)))
    return Scene(draw(records(edges(dates, windows))), dates, features)


def edges(dates: list[date], windows: list[Period | None]) -> list[date]:
    """The days on which a window begins, halves or ends, and the days before and after."""
    bounds = set(dates)
    for as_of, window in product(dates, windows):
        if window is not None:
            bounds |= {window.before(as_of), window.after(as_of)}
            if window.months % 2 == 0 and window.days % 2 == 0:
                bounds.add(window.half().before(as_of))
    around = sorted({day + timedelta(days=shift) for day in bounds for shift in (-1, 0, 1)})
    return [*around, *dates, *dates, *dates]  # more records on the as-of dates themselves than elsewhere


def records(days: list[date]) -> st.SearchStrategy[Data]:
    """Records of every source on the given days, known at once, soon, or long after."""
    rows = _RowMaker(st.sampled_from(days))
    return st.fixed_dictionaries(
        {
            "people": st.lists(rows.people(), min_size=3, max_size=8),
            "households": st.lists(rows.households(), min_size=2, max_size=4),
            "residence": st.lists(rows.stays(), min_size=4, max_size=8).map(lambda spells: list(chain(*spells))),
            "visits": st.lists(rows.visits(), min_size=8, max_size=20),
            "bills": st.lists(rows.bills(), max_size=6),
        }
    )


class _RowMaker:
    """Strategies for rows whose dates are drawn from some days."""

    def __init__(self, day: st.SearchStrategy[date]) -> None:
        self.day = day
        self.wait = st.sampled_from([0, 0, 0, 0, 1, 2, 30, 400])

    def _rows(self, happened: str, known: str | None, columns: dict[str, st.SearchStrategy[Any]]) -> Any:
        def make(row: dict[str, Any], wait: int) -> dict[str, Any]:
            return row if known is None else row | {known: row[happened] + timedelta(days=wait)}

        return st.builds(make, st.fixed_dictionaries({happened: self.day} | columns), self.wait)

    def people(self) -> Any:
        born = st.none() | self.day | st.sampled_from([date(2019, 2, 28), date(2020, 2, 29), date(2021, 3, 1)])
        columns = {"person_id": _PERSON, "born": born, "ward": _WARD, "sex": st.sampled_from(["F", "M", "X", None])}
        return self._rows("recorded_on", "received_on", columns) | self._long_known(columns)

    def _long_known(self, columns: dict[str, st.SearchStrategy[Any]]) -> Any:
        """Rows from long ago, so that there are cases on most dates."""
        long_ago = st.just(date(2018, 1, 1))
        born = st.sampled_from([date(2016, 2, 29), date(2017, 6, 1)])
        return st.fixed_dictionaries({**columns, "born": born, "recorded_on": long_ago, "received_on": long_ago})

    def households(self) -> Any:
        columns = {"household_id": _HOME, "ward": _WARD}
        long_ago = st.just(date(2018, 1, 1))
        old = st.fixed_dictionaries({**columns, "recorded_on": long_ago, "received_on": long_ago})
        return self._rows("recorded_on", "received_on", columns) | old

    def stays(self) -> Any:
        """One spell: open, or closed at once, or closed by a later row, or closed and then corrected."""
        begins = self.day | st.just(date(2018, 1, 1))
        home = st.sampled_from([*HOMES, *HOMES, *HOMES, None])
        spell = st.fixed_dictionaries({"person_id": _PERSON, "moved_in": begins, "household_id": home, "role": _ROLE})
        version = st.tuples(st.none() | self.day, st.none() | self.day, self.wait)
        return st.builds(_versions, spell, st.lists(version, min_size=1, max_size=3))

    def visits(self) -> Any:
        columns = {
            "person_id": _PERSON, "cost": st.none() | st.integers(-2, 5), "weight": _QUARTER,
            "kind": st.sampled_from(["a", "b", "c", None]), "urgent": st.sampled_from([True, False, None]),
            "result": st.sampled_from(["guilty", "b", None]), "result_on": st.none() | self.day,
        }  # fmt: skip
        return self._rows("seen_on", "received_on", columns).map(_settled)

    def bills(self) -> Any:
        columns = {"household_id": _HOME, "amount": _QUARTER, "paid": st.sampled_from([True, False, None])}
        return self._rows("billed_on", None, columns)


_PERSON, _HOME = st.sampled_from(PERSONS), st.sampled_from(HOMES)
_WARD, _ROLE = st.sampled_from(["w1", "w2", None]), st.sampled_from(["carer", "carer", "carer", "child", None])
# quarters are exact in binary, so that sums do not depend on the order of adding
_QUARTER = st.none() | st.integers(-8, 8).map(lambda n: n / 4)


def _versions(spell: dict[str, Any], versions: list[tuple[date | None, date | None, int]]) -> Rows:
    made = []
    for ends, known, wait in versions:
        ends = None if ends is None or ends < spell["moved_in"] else ends
        known = spell["moved_in"] + timedelta(days=wait) if known is None else max(known, spell["moved_in"])
        made.append(spell | {"moved_out": ends, "received_on": known})
    return made


def _settled(row: dict[str, Any]) -> dict[str, Any]:
    return row if row["result_on"] is not None else row | {"result": None}
