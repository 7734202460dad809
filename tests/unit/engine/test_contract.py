"""What the check of partner extracts says, and that it never says what is in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from riskmodel.engine.contract import check_extracts
from riskmodel.engine.problems import RULES
from riskmodel.errors import ContractError, StorageError
from tests.unit.engine.clinic import GOOD, HEADING, RESIDENCE, VISITS, check, codes, only, put

SECRET = "Zebediah-Quillfeather"


def test_a_good_extract_is_accepted(tmp_path: Path) -> None:
    put(tmp_path)
    report = check(tmp_path)
    assert not report.refused
    assert report.problems == ()
    [summary] = report.sources
    assert (summary.rows, summary.first_happened, summary.complete_to) == (1, "2024-02-01", "2024-12-01")
    assert report.text() == f"Extracts in {tmp_path}: accepted. 1 source read, 1 row, 0 errors, 0 warnings."


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    rows = [
        GOOD,
        GOOD,
        "b,2024-02-01,2024-01-31,2.5,heavy,perhaps,,",
        ",2024-02-01,2024-02-03,,70.5,true,fine,1880-05-01",
        "c,2025-02-01,2025-02-03,1,70.5,true,fine,1980-05-01",
        "d,2024-02-01",
    ]
    put(tmp_path, rows, heading=HEADING.replace("note", "remark"))
    report = check(tmp_path)
    assert report.refused
    assert codes(report) == [
        "C106", "C201", "C204", "C204", "C204", "C301", "C304", "C305", "C306", "C306", "C307", "C202", "C309",
    ]  # fmt: skip
    assert only(report, "C301").rows == (5,)
    assert only(report, "C307").column == "received_on, seen_on"
    assert only(report, "C309").severity == "warning"


def test_several_sources_are_checked_together(tmp_path: Path) -> None:
    put(tmp_path, ["b,2024-02-01,2024-01-31,2,70,yes,,"])
    report = check(tmp_path, VISITS, RESIDENCE)
    assert [(p.source, p.code) for p in report.errors] == [("residence", "C101"), ("visits", "C307")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them_even_after_rows_that_cannot_be_read(tmp_path: Path) -> None:
    late = "b,2024-02-01,2024-01-31,2,70,yes,,"
    put(tmp_path, [GOOD, "x,1", late, "y,1", "z,1", late.replace("b", "c")])
    report = check(tmp_path)
    assert only(report, "C106").rows == (3, 5, 6)
    assert only(report, "C307").rows == (4, 7)


def test_only_the_first_rows_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    put(tmp_path, [f"p{i},2024-02-01,2024-01-31,2,{i},yes,," for i in range(40)])
    problem = only(check(tmp_path), "C307")
    assert (problem.count, problem.rows) == (40, (2, 3, 4, 5, 6))
    assert "2, 3, 4, 5, 6 ..." in check(tmp_path).text()


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (HEADING, f"{SECRET},{SECRET},{SECRET},{SECRET},{SECRET},{SECRET},{SECRET},{SECRET}"),
        (f"{SECRET},2024-01-01,2024-01-02,1,2.5,yes,{SECRET},", GOOD),
        (HEADING, f'{SECRET},"2024-02-01,{SECRET}'),
        (HEADING, f"{SECRET},{SECRET}"),
        (f"{HEADING},1 {SECRET} Street", f"{GOOD},{SECRET}"),
        (f"{HEADING}p1,2024-01-01,2024-01-02,1,2.5,yes,{SECRET},", GOOD),
    ],
    ids=["every value", "no heading", "open quote", "short row", "strange column", "heading run into the first row"],
)
def test_no_value_reaches_a_message(tmp_path: Path, heading: str, row: str) -> None:
    put(tmp_path, [row], heading=heading)
    report = check(tmp_path)
    assert report.problems
    assert SECRET not in report.text() + json.dumps(report.to_dict())


def test_the_text_lists_codes_and_explains_each_once(tmp_path: Path) -> None:
    put(tmp_path, ["b,2024-02-01,2024-01-31,2.5,70,perhaps,,"])
    text = check(tmp_path).text()
    assert "REFUSED. 1 source read, 1 row, 3 errors, 0 warnings." in text
    table = [line.split(maxsplit=6) for line in text.splitlines()]
    assert ["ERROR", "C204", "visits", "room", "1", "2", "values of the wrong type: declared whole number"] in table
    assert text.count("A value has the declared type") == 1
    assert max(map(len, text.splitlines())) < 160


def test_the_report_can_be_written_as_json(tmp_path: Path) -> None:
    put(tmp_path, ["b,2024-02-01,2024-01-31,2,70,yes,,"])
    data = json.loads(json.dumps(check(tmp_path).to_dict()))
    assert data["refused"] is True
    assert data["problems"][0]["code"] == "C307"
    assert data["problems"][0]["rows"] == [2]


def test_every_rule_says_why_and_what_to_do() -> None:
    for code, rule in RULES.items():
        assert rule.why.endswith((".", ")")), code
        assert rule.next_step.endswith("."), code
        assert code[1] in "1234"


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"There is no folder of extracts at .*nowhere.* riskmodel synth"):
        check_extracts([VISITS], tmp_path / "nowhere")


def test_a_check_leaves_nothing_behind(tmp_path: Path) -> None:
    put(tmp_path / "extracts")
    (tmp_path / "scratch").mkdir()
    before = {path.name for path in (tmp_path / "extracts").iterdir()}
    check_extracts([VISITS], tmp_path / "extracts", scratch=tmp_path / "scratch")
    assert list((tmp_path / "scratch").iterdir()) == []
    assert {path.name for path in (tmp_path / "extracts").iterdir()} == before


def test_a_full_disk_is_said_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    put(tmp_path)
    monkeypatch.setattr("riskmodel.engine.contract.stage", full)
    with pytest.raises(StorageError, match="the disk is full"):
        check(tmp_path)
