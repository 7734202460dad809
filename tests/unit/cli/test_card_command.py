"""The card commands that need no trained model: the blank form and the comparison of two cards."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from riskmodel.cli.main import run
from riskmodel.reporting.card import ModelCard
from tests.unit.reporting.made_up import inputs
from tests.unit.reporting.written import written


def called(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run(list(arguments))
    out, err = capfd.readouterr()
    return int(left.value.code or 0), out, err


def test_the_form_is_a_card_toml_to_fill_in(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(capfd, "card", "form")
    assert code == 0
    assert tomllib.loads(out)["owner"]["team"] == ""


def test_two_cards_are_compared_by_folder(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = inputs()
    folders = []
    for name, statements in (("june", written()), ("july", written(owner={"team": "Another team"}))):
        card = ModelCard.compose(
            made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=statements
        )
        folders.append(str(card.save(tmp_path / name)[0].parent))
    code, out, _ = called(capfd, "card", "diff", *folders)
    assert code == 0
    assert "Owner, team: was Made up: the team that runs it, now Another team" in out
    assert called(capfd, "card", "diff", folders[0], folders[0])[1].endswith(
        "Nothing that the cards print has changed.\n"
    )


def test_a_card_that_is_not_there_is_named(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = called(capfd, "card", "diff", str(tmp_path), str(tmp_path))
    assert (code, out) == (1, "")
    assert "card.json does not exist" in err


def test_help_shows_all_three_and_wrong_use_leaves_with_two(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(capfd, "card", "--help")
    assert code == 0
    assert all(f"  {name} " in out for name in ("write", "diff", "form"))
    assert called(capfd, "card", "diff")[0] == 2
    assert "--release" in called(capfd, "card", "write", "--help")[1]
