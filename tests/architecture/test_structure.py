"""The structure the documents promise: layers, sizes, few public names, nothing heavy at the start."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = sorted(
    p for top in ("riskmodel", "features", "pipelines", "examples", "benchmarks") for p in (ROOT / top).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
HEAVY = {"pandas", "sklearn", "lightgbm", "shap", "mlflow", "fairlearn", "scipy", "matplotlib", "duckdb"}


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*OURS, *TESTS], ids=short)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.name not in {"utils.py", "base.py", "common.py", "helpers.py"}


@pytest.mark.parametrize("path", OURS, ids=short)
def test_a_function_fits_on_a_screen_and_a_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert path.name == "__init__.py" or ast.get_docstring(tree), "a module opens with one sentence"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - len(docstring.splitlines())
            assert lines <= 60, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", [*OURS, *TESTS], ids=short)
def test_nothing_is_left_for_later(path: Path) -> None:
    marks = [
        word
        for word in ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")
        if word in path.read_text(encoding="utf-8")
    ]
    assert marks == []


def test_imports_go_down_only() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_at_most_thirty_public_names_and_all_of_them_exist() -> None:
    import riskmodel

    assert len(riskmodel.__all__) <= 30
    for name in riskmodel.__all__:
        assert getattr(riskmodel, name).__doc__, f"{name} has no docstring"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = riskmodel.nonsense


@pytest.mark.parametrize("start", ["import riskmodel", "import riskmodel.cli.main"])
def test_nothing_heavy_is_loaded_at_the_start(start: str) -> None:
    program = f"import sys; {start}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.split() == []


def test_the_library_knows_no_council() -> None:
    names = ("Vange", "Basildon", "E05004033", "school_readiness", "eyfsp")
    found = {
        (short(path), name)
        for path in (ROOT / "riskmodel").rglob("*.py")
        for name in names
        if name in _code_without_docstrings(path)
    }
    assert found == set()


def _code_without_docstrings(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = ""
    return ast.unparse(tree)


def test_only_one_file_imports_mlflow() -> None:
    importing = [
        short(p) for p in (ROOT / "riskmodel").rglob("*.py") if "import mlflow" in p.read_text(encoding="utf-8")
    ]
    assert set(importing) <= {"riskmodel/tracking.py"}


def test_every_module_can_be_imported() -> None:
    for path in sorted((ROOT / "riskmodel").rglob("*.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
