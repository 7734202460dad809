"""One policy: from riskmodel.toml, from ACRO's file, and never both ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskmodel import project
from riskmodel.errors import DisclosureError
from riskmodel.reporting.policy import USUAL, Policy

ACRO = """---
safe_threshold: 12
safe_dof_threshold: 15
safe_nk_n: 3
safe_nk_k: 0.85
safe_pratio_p: 0.2
check_missing_values: True
survival_safe_threshold: 12
zeros_are_disclosive: False
...
"""


def acro(folder: Path, text: str = ACRO) -> Path:
    path = folder / "acro.yaml"
    path.write_text(text, "utf-8")
    return path


def test_what_is_not_written_keeps_its_usual_value() -> None:
    assert Policy.of({}) == USUAL
    assert Policy.of({"threshold": 7, "rounding": 7}) == Policy(threshold=7, rounding=7)


def test_an_acro_file_is_read_under_its_own_names(tmp_path: Path) -> None:
    assert Policy.of({"policy": str(acro(tmp_path))}) == Policy(
        threshold=12, rounding=5, minimum_denominator=20, dominance_n=3, dominance_k=0.85, dominance_p=0.2,
        degrees_of_freedom=15, zeros_disclose=False, review_missing=True,
    )  # fmt: skip


def test_a_low_threshold_takes_the_usual_rounding_down_with_it(tmp_path: Path) -> None:
    assert Policy.of({"policy": str(acro(tmp_path, "safe_threshold: 3"))}).rounding == 3


def test_what_acro_has_no_word_for_may_stand_beside_it(tmp_path: Path) -> None:
    mixed = Policy.of({"policy": str(acro(tmp_path)), "rounding": 10, "threshold": 12})
    assert (mixed.rounding, mixed.threshold) == (10, 12)


def test_the_same_setting_said_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="different things about threshold"):
        Policy.of({"policy": str(acro(tmp_path)), "threshold": 10})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("safe_treshold: 10", "did you mean safe_threshold"),
        ("safe_threshold: ten", "safe_threshold must be a whole number"),
        ("safe_threshold: true", "safe_threshold must be a whole number"),
        ("check_missing_values: 1", "check_missing_values must be true or false"),
        ("- 1\n- 2", "no list of names"),
        ("{", "it is no YAML"),
    ],
)
def test_a_wrong_acro_file_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DisclosureError, match=said):
        Policy.of({"policy": str(acro(tmp_path, text))})


def test_a_missing_acro_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="no such file"):
        Policy.of({"policy": str(tmp_path / "none.yaml")})


@pytest.mark.parametrize(
    "wrong",
    [{"rounding": 11}, {"threshold": 0}, {"dominance_k": 1.5}, {"dominance_p": -0.1}, {"dominance_n": 0}],
)
def test_rules_that_protect_nobody_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DisclosureError):
        Policy(**wrong)


def test_a_project_gives_its_settings_and_the_path_of_its_acro_file(tmp_path: Path) -> None:
    root = Path(project.__file__).parents[1]
    (tmp_path / "riskmodel.toml").write_text('[disclosure]\nrounding = 10\npolicy = "acro.yaml"\n', "utf-8")
    for name in ("pipelines", "features"):
        (tmp_path / name).symlink_to(root / name)
    here = project.load(tmp_path)
    assert here.disclosure == {"rounding": 10, "policy": str(acro(tmp_path.resolve()))}
    assert Policy.of(here.disclosure).threshold == 12


def test_the_limits_of_a_models_privacy_are_part_of_the_one_policy(tmp_path: Path) -> None:
    written = {"least_leaf": 20, "leaf_k": 5, "membership_limit": 0.58, "membership_review": 0.52}
    rules = Policy.of({**written, "policy": str(acro(tmp_path))}).privacy
    assert (rules.least_leaf, rules.leaf_k, rules.membership_limit, rules.membership_review) == (20, 5, 0.58, 0.52)
    assert rules.degrees_of_freedom == 15
    assert (USUAL.privacy.least_leaf, USUAL.privacy.membership_limit) == (10, 0.6)


@pytest.mark.parametrize(
    "settings",
    [
        {"least_leaf": 0},
        {"leaf_k": 0},
        {"membership_limit": 0.5},
        {"membership_review": 0.7},
        {"membership_limit": 1.0},
    ],
)
def test_limits_that_no_model_could_keep_or_break_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(DisclosureError, match=next(iter(settings))):
        Policy.of(settings)
