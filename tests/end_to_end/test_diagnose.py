"""`riskmodel diagnose` on the invented county: what it prints, when it stops, and what it needs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from riskmodel.evaluation.checks import CHECKS
from tests.end_to_end.conftest import riskmodel

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("county")]


@pytest.fixture(scope="module")
def copied(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose results may be spoilt."""
    return Path(shutil.copytree(county, tmp_path_factory.mktemp("diagnosed") / "project"))


def test_it_prints_findings_with_reasons_and_counts_them(copied: Path) -> None:
    done = riskmodel(copied, "diagnose", "school_readiness")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "RM410" in done.stdout
    assert "The newest cohort learnt from is 4.0 years older" in done.stdout
    assert f"{len(CHECKS)} checks: 0 errors," in done.stdout
    assert "RM301" not in done.stdout
    every = riskmodel(copied, "diagnose", "school_readiness", "--all")
    assert all(check.code in every.stdout for check in CHECKS)


def test_the_findings_are_on_the_card(copied: Path) -> None:
    card = (copied / "model_cards" / "school_readiness" / "card.md").read_text("utf-8")
    assert "## Coded checks" in card
    assert "RM410 The cohorts learnt from are old" in card


def test_a_partner_who_stopped_sending_is_an_error(copied: Path) -> None:
    path = copied / "data" / "warehouse" / "manifest.json"
    sound = path.read_text("utf-8")
    manifest = json.loads(sound)
    monthly = manifest["sources"]["emergency_visits"]["monthly"]
    manifest["sources"]["emergency_visits"]["monthly"] = {m: n for m, n in monthly.items() if m < "2025-02"}
    path.write_text(json.dumps(manifest), "utf-8")
    done = riskmodel(copied, "diagnose", "school_readiness")
    path.write_text(sound, "utf-8")
    assert done.returncode == 1
    assert done.stdout.index("RM304") < done.stdout.index("RM410")
    assert "emergency_visits" in done.stdout
    assert "checks: 1 error," in done.stdout


def test_what_it_needs_is_said(copied: Path) -> None:
    shutil.move(copied / "runs" / "domestic_abuse" / "evaluation.json", copied / "kept.json")
    missing = riskmodel(copied, "diagnose", "domestic_abuse")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "Run first: riskmodel evaluate domestic_abuse" in missing.stderr
    other = json.loads((copied / "kept.json").read_text("utf-8"))
    other["generated_from"]["model_digests"] = {}
    (copied / "runs" / "domestic_abuse" / "evaluation.json").write_text(json.dumps(other), "utf-8")
    stale = riskmodel(copied, "diagnose", "domestic_abuse")
    assert stale.returncode == 1
    assert "The models of domestic_abuse have changed since its last evaluation" in stale.stderr
