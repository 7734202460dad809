"""No phrase that a reader may see claims a cause: every text in the code, in the declarations, and on the cards."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: Claims of a cause. "Need not be what causes it" denies one, so a plain "causes" is looked at by what stands before.
CLAIM = re.compile(
    r"\b(because of|due to|owing to|thanks to|leads? to|results? in (?!the )|caused by|as a result of|brings? about"
    r"|(?<!what )(?<!not )causes)\b",
    re.IGNORECASE,
)
DENIED = re.compile(r"not what brings it about|need not be what causes it", re.IGNORECASE)
PROJECTS = (".", "examples/oulad", "examples/star")
FOLDERS = (
    *(f"riskmodel/{part}" for part in ("reporting", "scoring", "evaluation")),
    *(f"{project}/{part}" for project in PROJECTS for part in ("features", "pipelines")),
)
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "synthetic" not in path.parts)


def phrases(path: Path) -> Iterator[str]:
    """Texts of a Python file that are no docstrings, joined as they are written one after another."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def claims(text: str) -> list[str]:
    """What in a text claims a cause, with the words around it."""
    bare = DENIED.sub("", " ".join(text.split()))
    return [bare[max(0, found.start() - 30) : found.end() + 30] for found in CLAIM.finditer(bare)]


def test_claims_are_found_and_denials_are_not() -> None:
    assert claims("The score is high because of late visits.")
    assert claims("Missed visits\n lead to harm, due to arrears.") != []
    assert claims("What raises a score need not be what causes it.") == []


def test_no_phrase_of_the_code_or_of_a_declaration_claims_a_cause() -> None:
    assert len(FILES) > 100
    found = {str(path.relative_to(ROOT)): said for path in FILES for text in phrases(path) if (said := claims(text))}
    assert found == {}


@pytest.mark.parametrize("template", sorted((ROOT / "riskmodel").rglob("*.j2")), ids=lambda path: path.name)
def test_no_template_claims_a_cause(template: Path) -> None:
    assert claims(template.read_text("utf-8")) == []


@pytest.mark.parametrize("file", sorted(ROOT.glob("examples/*/pipelines/*.card.toml")), ids=lambda path: path.name)
def test_no_statement_about_an_example_claims_a_cause(file: Path) -> None:
    assert claims(file.read_text("utf-8")) == []


@pytest.mark.parametrize("name", ["school_readiness", "domestic_abuse"])
def test_no_card_claims_a_cause(name: str) -> None:
    card = (ROOT / "model_cards" / name / "card.md").read_text("utf-8")
    assert len(card) > 20_000
    assert claims(card) == []
