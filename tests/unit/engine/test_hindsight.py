"""Columns that know the future are refused; ordinary sparse columns are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from riskmodel.declare.source import Source
from riskmodel.engine.contract import check_extracts
from riskmodel.engine.problems import CheckReport
from tests.unit.engine.clinic import VISITS, codes, only

EXTRACTED = date(2024, 12, 31)
DAYS = 2_000
ROWS = 4_000

# Given the day a record was known, the age of the patient in years and a random number, what the extra column holds.
Maker = Callable[[date, float, np.random.Generator], str]


def check_with(
    tmp_path: Path, make: Maker, *, source: Source = VISITS, column: str = "note", rows: int = ROWS
) -> CheckReport:
    """Check visits over five and a half years whose last column is made by `make`."""
    rng = np.random.default_rng(7)
    lines = [f"person_id,seen_on,received_on,room,weight,urgent,born_on{',note' * (column != 'note')},{column}"]
    for i in range(rows):
        known = EXTRACTED - timedelta(days=int(rng.integers(0, DAYS)))
        born = known - timedelta(
            days=int(rng.integers(0, 8 * 365) if rng.random() < 0.8 else rng.integers(6_570, 22_000))
        )
        value = make(known, (known - born).days / 365.25, rng)
        lines.append(f"p{i},{known},{known},1,,,{born}{',' * (column != 'note')},{value}")
    (tmp_path / "visits.csv").write_text("\n".join(lines))
    (tmp_path / "extracts.toml").write_text(f"[visits]\nextracted_on = {EXTRACTED}\ncomplete_to = {EXTRACTED}\n")
    return check_extracts([source], tmp_path)


def filled_after(delay: int, share: float = 1.0) -> Maker:
    """Filled in for a share of the records, once they are so many days old."""
    return lambda known, age, rng: "x" if (EXTRACTED - known).days > delay and rng.random() < share else ""


def once_past_five(known: date, age: float, rng: np.random.Generator) -> str:
    """Filled in on all records of a child, old ones too, when it turns five."""
    years_since = (EXTRACTED - known).days / 365.25
    return "x" if age < 18 and age + years_since > 5 else ""


def only_when_past_five(known: date, age: float, rng: np.random.Generator) -> str:
    """Filled in on records of those who were over five at the time."""
    return "x" if age > 5 else ""


@pytest.mark.parametrize(
    "make",
    [
        filled_after(365),
        filled_after(90),
        filled_after(365, share=0.3),
        lambda known, age, rng: "x" if (EXTRACTED - known).days > rng.exponential(200) + 60 else "",
        once_past_five,
    ],
    ids=["after a year", "after 90 days", "sparse, after a year", "after a random time", "when the child turns five"],
)
def test_a_column_filled_in_later_is_refused(tmp_path: Path, make: Maker) -> None:
    report = check_with(tmp_path, make)
    assert report.refused
    problem = only(report, "C402")
    assert problem.column == "note"
    assert "filled before" in problem.detail


@pytest.mark.parametrize(
    "make",
    [
        lambda known, age, rng: "x",
        lambda known, age, rng: "",
        lambda known, age, rng: "x" if rng.random() < 0.02 else "",
        lambda known, age, rng: "x" if rng.random() < 0.5 else "",
        lambda known, age, rng: "x" if (EXTRACTED - known).days < 700 else "",
        lambda known, age, rng: "x" if rng.random() < 0.9 - 0.7 * (known.year - 2019) / 5 else "",
        lambda known, age, rng: "x" if known.month < 7 else "",
        lambda known, age, rng: "x" if (EXTRACTED - known).days > 3 else "",
        only_when_past_five,
    ],
    ids=[
        "always filled", "never filled", "rare", "half", "new column", "slowly falling out of use", "seasonal",
        "last three days not yet in", "only from the age of five",
    ],
)  # fmt: skip
def test_an_ordinary_sparse_column_is_accepted(tmp_path: Path, make: Maker) -> None:
    assert codes(check_with(tmp_path, make)) == []


def test_few_records_prove_nothing(tmp_path: Path) -> None:
    assert codes(check_with(tmp_path, filled_after(365), rows=60)) == []


def test_an_undeclared_column_that_is_filled_in_later_is_refused_too(tmp_path: Path) -> None:
    report = check_with(tmp_path, filled_after(365), column="case_outcome")
    assert codes(report) == ["C402", "C202"]
    assert only(report, "C402").column == "case_outcome"


def test_a_column_declared_as_settled_may_be_filled_in_later(tmp_path: Path) -> None:
    source = replace(VISITS, columns={**VISITS.columns, "closed_on": date}, settled={"note": "closed_on"})
    report = check_with(tmp_path, lambda *_: str(EXTRACTED), source=source, column="closed_on")
    assert codes(report) == []


def test_a_source_of_latest_states_is_only_warned_about(tmp_path: Path) -> None:
    report = check_with(tmp_path, filled_after(365), source=replace(VISITS, keeps="latest"))
    assert not report.refused
    assert only(report, "C402").severity == "warning"


def in_days(shift: int) -> Maker:
    return lambda known, age, rng: str(known + timedelta(days=shift))


def backdated(known: date, age: float, rng: np.random.Generator) -> str:
    """The day a case closed, written into the old record; blank while it is open."""
    closed = known + timedelta(days=int(rng.integers(10, 400)))
    return str(closed) if closed <= EXTRACTED else ""


CLOSED = replace(VISITS, columns={**VISITS.columns, "closed_on": date})


@pytest.mark.parametrize("source", [VISITS, CLOSED], ids=["undeclared", "declared"])
def test_dates_later_than_the_record_was_known_are_refused(tmp_path: Path, source: Source) -> None:
    report = check_with(tmp_path, backdated, source=source, column="closed_on")
    problem = only(report, "C401")
    assert problem.column == "closed_on"
    assert problem.count > 3_000
    assert "C402" not in codes(report)


@pytest.mark.parametrize("shift", [0, -30])
def test_dates_up_to_the_day_the_record_was_known_are_accepted(tmp_path: Path, shift: int) -> None:
    assert codes(check_with(tmp_path, in_days(shift), source=CLOSED, column="closed_on")) == []


def test_appointments_are_plans_not_leaks(tmp_path: Path) -> None:
    report = check_with(tmp_path, in_days(180), source=CLOSED, column="closed_on")
    assert codes(report) == ["C403"]
    assert not report.refused


def test_a_slip_of_the_pen_is_a_warning(tmp_path: Path) -> None:
    slips = iter([str(EXTRACTED)] * 3)

    def make(known: date, age: float, rng: np.random.Generator) -> str:
        return next(slips, str(known)) if known < date(2022, 1, 1) else str(known)

    report = check_with(tmp_path, make, source=CLOSED, column="closed_on")
    assert codes(report) == ["C404"]
    assert only(report, "C404").count == 3


def test_text_that_is_not_dates_is_not_taken_for_dates(tmp_path: Path) -> None:
    def make(known: date, age: float, rng: np.random.Generator) -> str:
        return str(known + timedelta(days=5)) if rng.random() < 0.9 else "unknown"

    assert codes(check_with(tmp_path, make, column="remark")) == ["C202"]
