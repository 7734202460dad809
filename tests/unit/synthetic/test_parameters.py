"""Every number is named, marked, and used."""

from __future__ import annotations

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest

from pipelines.synthetic import parameters
from pipelines.synthetic.outcomes import LATENT_SHARES, normal_score
from pipelines.synthetic.parameters import Parameters

FOLDER = Path(parameters.__file__).parent
SOURCE = Path(parameters.__file__).read_text(encoding="utf-8")
THEMES = {field.name: getattr(Parameters(), field.name) for field in fields(Parameters)}
NUMBERS = [(theme, field.name) for theme, value in THEMES.items() if is_dataclass(value) for field in fields(value)]
NOT_NUMBERS = {"story_ward", "trend_centre", "signal"}


def _comment(name: str, theme: str) -> str:
    """Return what is written beside the field, on its first or last line."""
    tree = ast.parse(SOURCE)
    wanted = type(THEMES[theme]).__name__
    [defined] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == wanted]
    [line] = [n for n in defined.body if isinstance(n, ast.AnnAssign) and n.target.id == name]
    lines = SOURCE.splitlines()
    return lines[line.end_lineno - 1]


@pytest.mark.parametrize(("theme", "name"), NUMBERS)
def test_every_number_carries_its_mark(theme, name):
    if name in NOT_NUMBERS:
        return
    assert re.search(r"#.*(?<![A-Za-z])[VDMAS](?![A-Za-z])", _comment(name, theme)), f"{theme}.{name}"


@pytest.mark.parametrize(("theme", "name"), NUMBERS)
def test_every_number_is_used(theme, name):
    others = "".join(p.read_text(encoding="utf-8") for p in FOLDER.glob("*.py") if p.name != "parameters.py")
    assert re.search(rf"\.{name}\b", others), f"{theme}.{name} changes nothing"


def test_parameters_cannot_be_changed_in_place():
    with pytest.raises(AttributeError):
        Parameters().abuse.hidden = 0.0


def test_the_latent_scale_is_ordered_and_its_scores_are_normal():
    latent = np.array(Parameters().readiness.latent)
    assert len(latent) == len(LATENT_SHARES)
    assert (np.diff(latent) > 0).all()
    assert (np.diff(LATENT_SHARES) > 0).all()
    middle = normal_score(tuple(latent), latent)
    assert middle[len(latent) // 2] == pytest.approx(0, abs=0.06)
    beyond = normal_score(tuple(latent), np.array([latent[0] - 1, latent[0], latent[-1], latent[-1] + 1]))
    assert (np.diff(beyond) > 0).all()


def test_shares_add_up():
    family, social_care = Parameters().family, Parameters().social_care
    assert sum(family.groups) == pytest.approx(1)
    assert sum(family.education) == pytest.approx(1)
    assert sum(social_care.sources) == pytest.approx(1)
    assert sum(Parameters().police.grades) == pytest.approx(1)
