"""Tables of others are judged: what gives a small count away fails, what a person must see is sent to review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import DisclosureError
from riskmodel.reporting.count_table import read_file, understand
from riskmodel.reporting.judge_table import Judgement, judge_table
from riskmodel.reporting.policy import Policy
from riskmodel.reporting.suppression import feasible_range, withhold

EXACT = Policy(rounding=1)


def judged(table: dict[str, list[Any]], policy: Policy | None = None, **options: Any) -> Judgement:
    return judge_table(pd.DataFrame(table), policy or Policy(), **options)


def codes(table: dict[str, list[Any]], policy: Policy | None = None, **options: Any) -> dict[str, str]:
    return {f.code: f.severity for f in judged(table, policy, **options).findings}


def test_a_rounded_table_with_its_total_passes() -> None:
    found = judged({"area": ["A", "B", "Total"], "Cases": [100, 40, 140], "Found": [20, 15, 35]})
    assert found.verdict == "pass", found.text()
    assert "Only this table was looked at" in found.text()


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"area": ["A", "B"], "cases": [100, 5]}, "small-cell"),
        ({"area": ["A", "B"], "cases": [100, 0]}, "nought"),
        ({"area": ["A"], "Cases": [100], "Found": [95]}, "complement"),
        ({"area": ["A"], "Cases": [100], "Found": [100]}, "complement"),
        ({"area": ["A"], "Cases": [100], "% found": ["0%"]}, "nought"),
        ({"area": ["A"], "Cases": [100], "% found": ["100%"]}, "nought"),
        ({"area": ["A"], "Cases": [15], "% found": ["67%"]}, "few-people"),
        ({"area": ["A"], "Cases": [200], "% found": ["2.5%"]}, "small-percentage"),
        ({"area": ["A"], "Cases": [200], "% found": ["97.5%"]}, "small-percentage"),
        ({"area": ["A", "B", "Total"], "cases": [100, "*", 105]}, "derivable"),
        ({"area": ["A", "B", "Total"], "cases": [100, "<10", 105]}, "derivable"),
        ({"area": ["A", "B", "C", "All"], "cases": [100, "c", "c", 105]}, "derivable"),
        ({"area": ["A"], "Cases": [105], "girls": ["*"], "boys": [100]}, "complement"),
        ({"area": ["A", "B", "Total"], "Cases": [200, 200, 400], "Found": ["c", 30, 35]}, "derivable"),
        ({"area": ["A", "B"], "Cases": [200, 200], "Found": ["c", 30], "Found %": ["2%", "15%"]}, "derivable"),
    ],
)
def test_what_gives_a_small_count_away_fails(table: dict[str, list[Any]], code: str) -> None:
    found = codes(table)
    assert found.get(code) == "fail", found


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"area": ["A", "B"], "cases": [103, 40]}, "not-rounded"),
        ({"area": ["A"], "% found": ["35%"]}, "no-denominator"),
        ({"area": ["A"], "Cases": [810], "% found": ["33.1%"]}, "exact-percentage"),
        ({"area": ["A"], "mean cost": [12.75]}, "no-contributors"),
        ({"area": ["A", "B", "Total"], "cases": [100, 40, 300]}, "not-a-sum"),
    ],
)
def test_what_a_person_must_see_goes_to_review(table: dict[str, list[Any]], code: str) -> None:
    found = judged(table)
    assert found.verdict == "review", found.text()
    assert code in {f.code for f in found.findings}


def test_two_cells_that_hide_each_other_pass() -> None:
    assert judged({"area": ["A", "B", "C", "Total"], "cases": [100, "*", "*", 200]}).verdict == "pass"


def test_rounding_is_not_taken_as_protection_but_allowed_for_where_sums_need_it() -> None:
    assert codes({"area": ["A", "B", "Total"], "cases": [100, "*", 105]}) == {"derivable": "fail"}
    assert judged({"area": ["A", "B", "C", "Total"], "cases": [100, 40, 60, 205]}).verdict == "pass"


def test_a_table_of_two_ways_is_read_with_its_totals() -> None:
    rows = [(a, s) for a in ("A", "B", "Total") for s in ("F", "M", "Total")]
    cells = ["*", 30, 35, 40, 30, 70, 45, 60, 105]
    found = judged({"area": [r[0] for r in rows], "sex": [r[1] for r in rows], "cases": cells})
    assert [f.where for f in found.findings] == [("row 1, cases",)]
    hidden = ["*", "*", 35, "*", "*", 70, 45, 60, 105]
    assert judged({"area": [r[0] for r in rows], "sex": [r[1] for r in rows], "cases": hidden}).verdict == "pass"


def test_counts_that_add_up_are_a_partition_and_a_hidden_one_is_found_by_subtraction() -> None:
    large = {"area": ["A", "B"], "Total": [100, 100], "first": [50, 60], "next": [30, 25], "not now": [20, "*"]}
    assert judged(large).verdict == "pass"
    low = {"area": ["A", "B"], "Total": [100, 100], "first": [50, 60], "next": [30, 35], "not now": [20, "*"]}
    assert codes(low) == {"derivable": "fail"}


def test_a_sum_that_few_dominate_fails_by_either_rule() -> None:
    fair = {"area": ["A"], "cost": [1000.5], "cost_largest_1": [300.0], "cost_largest_2": [200.0]}
    assert judged(fair).verdict == "pass"
    assert codes({**fair, "cost_largest_1": [800.0], "cost_largest_2": [150.0]})["dominance"] == "fail"
    near = {**fair, "cost_largest_1": [600.0], "cost_largest_2": [350.0]}
    assert codes(near, Policy(dominance_k=0.99))["p-percent"] == "fail"


def test_the_policy_decides() -> None:
    table: dict[str, list[Any]] = {"area": ["A", "B"], "cases": [7, 0], "other": [15, ""]}
    assert set(codes(table)) == {"small-cell", "nought", "not-rounded"}
    lenient = Policy(threshold=5, rounding=1, zeros_disclose=False, review_missing=True)
    assert codes(table, lenient) == {"blank": "review"}


def test_a_reason_names_places_and_no_count() -> None:
    words = judged({"area": ["A", "Smith Lane"], "cases": [100, 7]}).findings[0].words()
    assert words == "A count below 10 is printed: row 2, cases."
    many = judged({"area": [f"a{n}" for n in range(20)], "cases": [7] * 20}).findings[0].words()
    assert many.endswith("and 12 more.")


cell = st.integers(0, 40)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(cell, cell, cell), min_size=2, max_size=4), st.data())
def test_what_is_called_derivable_is_what_linear_programming_on_the_truth_finds(rows: Any, data: Any) -> None:
    """Oracle: the exact table, with the same cells shown."""
    names = ["x", "y", "z"]
    cells = {f"{r} {c}": float(value) for r, row in enumerate(rows) for c, value in zip(names, row, strict=True)}
    hidden = {name for name in cells if data.draw(st.booleans())}
    shown: dict[str, tuple[str, ...]] = {name: (name,) for name in cells if name not in hidden}
    shown |= {f"total {c}": tuple(f"{r} {c}" for r in range(len(rows))) for c in names}
    shown |= {f"all {r}": tuple(f"{r} {c}" for c in names) for r in range(len(rows))}
    table: dict[str, list[Any]] = {"area": [*(f"a{r}" for r in range(len(rows))), "Total"]}
    for c in names:
        column = [cells[f"{r} {c}"] for r in range(len(rows))]
        table[c] = [
            *("*" if f"{r} {c}" in hidden else str(int(v)) for r, v in enumerate(column)),
            str(int(sum(column))),
        ]
    table["Total"] = [str(sum(row)) for row in rows] + [str(sum(map(sum, rows)))]
    expected = set()
    for name in hidden:
        low, high = feasible_range((name,), cells, shown)
        if high - low < 10 - 1e-6 and low < 10 - 1e-6:
            expected.add(name)
    if not understand(pd.DataFrame(table)).adds_up(0.0):
        return  # no row is fully visible, so that the columns add up cannot be seen
    told = [f.where for f in judge_table(pd.DataFrame(table), EXACT).findings if f.code == "derivable"]
    assert {f"{int(w.split(',')[0][4:]) - 1} {w.split(', ')[1]}" for where in told for w in where} == expected


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_a_table_that_our_own_rules_suppressed_is_not_failed(counts: list[int]) -> None:
    cells = {f"a{n}": float(value) for n, value in enumerate(counts)}
    figures = {"Total": tuple(cells), **{name: (name,) for name in cells}}
    hidden = withhold(cells, figures)
    shown = {name: "*" if name in hidden else sum(cells[c] for c in parts) for name, parts in figures.items()}
    found = judge_table(pd.DataFrame({"area": list(shown), "cases": list(shown.values())}), EXACT)
    assert found.verdict == "pass", found.text()


def test_files_of_three_kinds_are_read_alike(tmp_path: Path) -> None:
    frame = pd.DataFrame({"area": ["A", "B", "Total"], "cases": ["100", "*", "105"]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_json(tmp_path / "t.json", orient="records")
    plain = {"columns": list(frame.columns), "rows": frame.to_numpy().tolist()}
    (tmp_path / "u.json").write_text(json.dumps(plain), "utf-8")
    verdicts = {judge_table(read_file(tmp_path / name)).text() for name in ("t.csv", "t.parquet", "t.json", "u.json")}
    assert len(verdicts) == 1
    assert verdicts.pop().startswith("FAIL")


def test_what_is_no_table_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text("{", "utf-8")
    for name, said in (("none.csv", "no such file"), ("t.json", "no table"), ("t.xlsx", "its name ends in none of")):
        with pytest.raises(DisclosureError, match=said):
            read_file(tmp_path / name)
    with pytest.raises(DisclosureError, match="no column of counts"):
        judged({"area": ["A"], "name": ["B"]})
    with pytest.raises(DisclosureError, match=r"no column 'Case'.*nearest right name is 'Cases'"):
        judged({"area": ["A"], "Cases": [100]}, whole="Case")


def test_an_area_over_others_does_not_hide_what_the_total_gives_away() -> None:
    """Two wards and the hub over both are printed: the withheld third is the total less the hub."""
    areas = {"area": ["Ward A", "Ward B", "Ward C", "Hub of A and B", "Total"], "cases": [100, 60, "c", 160, 165]}
    assert codes(areas)["derivable"] == "fail"
    safe = {"area": ["Ward A", "Ward B", "Ward C", "Hub of A and B", "Total"], "cases": [100, "c", "c", 120, 165]}
    assert "derivable" not in codes(safe)


def test_areas_that_overlap_without_adding_up_are_for_a_person() -> None:
    areas = {"area": ["Ward A", "Ward B", "Ward C", "Hub", "Total"], "cases": [100, 60, "c", 130, 200]}
    assert codes(areas) == {"not-a-sum": "review"}


def test_rows_that_happen_to_add_up_are_left_alone_where_the_total_agrees() -> None:
    areas = {"area": ["Ward A", "Ward B", "Ward C", "Total"], "cases": [100, 60, 160, 320]}
    assert codes(areas) == {}
