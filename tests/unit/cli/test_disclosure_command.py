"""`riskmodel disclosure` judges a file by the project's rules, or by the usual ones where there is no project."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskmodel.cli.main import run


def judged(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        run(["disclosure", *arguments])
    return int(left.value.code or 0), "".join(capsys.readouterr())


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_is_judged_without_a_project(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (outside / "t.csv").write_text("area,cases\nA,100\nB,*\nTotal,105\n", "utf-8")
    code, said = judged(["t.csv"], capsys)
    assert code == 1
    assert "FAIL" in said
    assert "row 2, cases" in said
    (outside / "t.csv").write_text("area,cases\nA,100\nB,40\nTotal,140\n", "utf-8")
    assert judged(["t.csv"], capsys)[0] == 0


def test_columns_can_be_named(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (outside / "t.csv").write_text("code,everybody here,found\n1,100,95\n2,200,40\n", "utf-8")
    assert judged(["t.csv", "--label", "code"], capsys)[0] == 0
    code, said = judged(["t.csv", "--label", "code", "--whole", "everybody here"], capsys)
    assert code == 1
    assert "complement" in said


def test_a_missing_file_is_one_paragraph(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = judged(["none.csv"], capsys)
    assert code == 1
    assert "there is no such file" in said
    assert "Traceback" not in said
