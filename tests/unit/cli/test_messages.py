"""What a person sees when something goes wrong: one paragraph, an exit code, no traceback."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmodel.cli import terminal
from riskmodel.cli.main import run
from riskmodel.cli.start import make_project
from riskmodel.errors import ProjectError
from riskmodel.project import load


@pytest.fixture(autouse=True)
def fresh_settings() -> None:
    terminal.settings.debug, terminal.settings.quiet, terminal.settings.project = False, False, None


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            run(list(arguments))
        out, err = capfd.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_help_lists_every_step(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = command("--help")
    assert code == 0
    for step in (
        "init",
        "demo",
        "synth",
        "check",
        "build",
        "features",
        "train",
        "evaluate",
        "diagnose",
        "recalibrate",
        "card",
        "score",
        "run",
        "ui",
    ):
        assert f"  {step} " in out
        assert command(step, "--help")[0] == 0


def test_outside_a_project_the_next_step_is_named(command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command("check")
    assert (code, out) == (1, "")
    assert "No riskmodel.toml" in err
    assert "riskmodel init my_project" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("step", ["train", "evaluate", "card", "score", "run"])
def test_an_unknown_prototype_names_the_nearest(command, step: str) -> None:
    code, _, err = command(step, "school_rediness")
    assert code == 1
    assert "'school_readiness'" in err
    assert "Traceback" not in err


def test_an_impossible_date_is_refused(command) -> None:
    code, _, err = command("score", "school_readiness", "--as-of", "2025-02-30")
    assert code == 1
    assert "year-month-day" in err


def test_wrong_use_of_a_command_is_exit_code_two(command) -> None:
    code, _, err = command("train")
    assert code == 2
    assert "PROTOTYPE" in err


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "Nothing was left half-written"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x.parquet"), 1, "disk is full"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "x.parquet"), 1, "permissions"),
        (MemoryError(), 1, "not enough memory"),
        (ZeroDivisionError("a value of a person"), 1, "--debug"),
    ],
)
def test_every_failure_is_one_paragraph(problem, code, words, capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise problem

    assert terminal.guarded(fail) == code
    err = capfd.readouterr().err
    assert words in err
    assert err.count("\n") == 1
    assert "a value of a person" not in err


def test_ctrl_c_in_a_command_says_that_nothing_is_half_written(command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("riskmodel.workflow.check", stopped)
    code, _, err = command("check")
    assert code == 130
    assert "Nothing was left half-written" in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    terminal.settings.debug = True

    def fail() -> int:
        raise ZeroDivisionError

    assert terminal.guarded(fail) == 1
    assert "Traceback" in capfd.readouterr().err


def test_a_wrong_declaration_names_its_line(command, tmp_path: Path) -> None:
    folder = tmp_path / "county"
    make_project(folder)
    page = folder / "features" / "child.py"
    page.write_text(page.read_text("utf-8") + "\nhas(births, 'x', 'a wrong one', where='smokd')\n", "utf-8")
    line = len(page.read_text("utf-8").splitlines())
    code, _, err = command("--project", str(folder), "features")
    assert code == 1
    assert "'smoked'" in err
    assert f"child.py, line {line}" in err
    # A broken project leaves nothing behind for the next one in the same process.
    assert "school_readiness" in load(Path(__file__).parents[3]).prototypes


def test_a_project_is_never_made_over_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", "utf-8")
    with pytest.raises(ProjectError, match="not empty"):
        make_project(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.txt"]


def test_wrong_settings_are_all_named_at_once(tmp_path: Path, command) -> None:
    (tmp_path / "riskmodel.toml").write_text("[projct]\nname='x'\n[disclosure]\ntreshold=5\nrounding='five'\n", "utf-8")
    code, _, err = command("--project", str(tmp_path), "features")
    assert code == 1
    for words in ("did you mean project?", "did you mean threshold?", "rounding must be a int"):
        assert words in err
