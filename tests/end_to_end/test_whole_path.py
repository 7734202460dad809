"""From an empty folder to two cards and a scored ward, by the commands a person would type."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from pipelines.school_readiness import school_readiness
from riskmodel import project as projects
from riskmodel.evaluation.checks import CHECKS
from riskmodel.evaluation.reasons import NOT_QUOTED
from riskmodel.evaluation.results import AREA_ONLY, USE_AS_DECLARED, Evaluation
from riskmodel.modelling.training import Training
from tests.end_to_end.conftest import riskmodel
from tests.unit.reporting.insider import leaks_of_project

# One file, because every test of it shares one county, and a file runs in one process.
pytestmark = pytest.mark.slow
VANGE = "E05004033"


def test_the_demo_ends_with_results_and_pages_that_exist(county: Path) -> None:
    shown = (county / "demo.txt").read_text("utf-8")
    assert "All data are invented" in shown
    for words in ("school_readiness", "domestic_abuse", "AUROC", "Calibration slope", VANGE, "riskmodel ui"):
        assert words in shown
    pages = re.findall(r"^  (\S+\.html)$", shown, flags=re.MULTILINE)
    assert len(pages) == 4
    for page in pages:
        text = (county / page).read_text("utf-8")
        assert "nvented" in text
        assert "<script" not in text


def test_what_is_printed_is_what_was_saved(county: Path) -> None:
    shown = (county / "demo.txt").read_text("utf-8")
    for name in ("school_readiness", "domestic_abuse"):
        result = Evaluation.load(county / "runs" / name / "evaluation.json")
        assert result.verdict.decision == {"school_readiness": USE_AS_DECLARED, "domestic_abuse": AREA_ONLY}[name]
        assert result.verdict.decision.upper() in shown
        for family in result.families().values():
            assert 0.69 <= (family.estimates["auroc"].value or 0) <= 0.83
        for model in result.models.values():
            assert model.estimates["auroc"].text() in shown
        card = json.loads((county / "model_cards" / name / "card.json").read_text("utf-8"))
        assert card["facts"]["decision"] == result.verdict.decision


def test_the_default_county_gets_the_verdicts_it_deserves_and_says_why(county: Path) -> None:
    school, abuse = (
        Evaluation.load(county / "runs" / name / "evaluation.json").verdict
        for name in ("school_readiness", "domestic_abuse")
    )
    assert school.reasons[0].startswith("All 8 success criteria that were set before training are met")
    assert any("warnings of the coded checks" in reason for reason in school.reasons)
    # Recording is unequal there by design, and one cohort of a small county has few outcomes.
    assert "recorded less often than it happens for small groups together" in abuse.reasons[0]
    assert any("Fewer than 200 of the cases tested had" in reason for reason in abuse.reasons)
    for verdict in (school, abuse):
        assert not any("Not looked into" in reason for reason in verdict.reasons)


def _scored(county: Path, prototype: str) -> Path:
    """The only folder of scores; beside it lies what earlier pages printed."""
    (folder,) = (path for path in (county / "scores" / prototype).iterdir() if path.is_dir())
    return folder


def test_no_reason_quotes_a_record_that_may_not_be_quoted(county: Path) -> None:
    """Neither in the list of the ward nor in the sentence of the invented example on the card."""
    folder = _scored(county, "school_readiness")
    rows = list(csv.DictReader((folder / "scores.csv").read_text("utf-8").splitlines()))
    given = {row[f"reason_{place}"] for row in rows for place in (1, 2, 3)} - {""}
    labels = {f.name: f.label for f in school_readiness.features}
    restricted = {label for name, label in labels.items() if name not in school_readiness.quoted}
    assert len(restricted) >= 3
    assert len(given) >= 10
    assert given <= (set(labels.values()) - restricted) | {NOT_QUOTED}
    card = (county / "model_cards" / "school_readiness" / "card.md").read_text("utf-8")
    (said,) = re.findall(r"Raised by: ([^.]+)\.", card)
    assert said
    assert not any(label in said for label in restricted)


def test_nobody_in_the_ward_is_lost_and_every_score_expires(county: Path) -> None:
    folder = _scored(county, "school_readiness")
    rows = list(csv.DictReader((folder / "scores.csv").read_text("utf-8").splitlines()))
    left_out = list(csv.DictReader((folder / "not_scored.csv").read_text("utf-8").splitlines()))
    assert len(rows) + len(left_out) > 150
    assert {row["area"] for row in rows} == {VANGE}
    digest = Training.load(county / "runs" / "school_readiness" / "models").model.digest
    assert {row["model_digest"] for row in rows} == {digest}
    assert {row["expires_on"] for row in rows} == {"2026-09-01"}
    assert all(0 < float(row["score"]) < 1 for row in rows)
    assert len({row["case"] for row in rows}) == len(rows)


def test_a_verdict_for_areas_only_gives_totals_and_no_list(county: Path) -> None:
    result = Evaluation.load(county / "runs" / "domestic_abuse" / "evaluation.json")
    assert result.verdict.decision == AREA_ONLY
    folder = _scored(county, "domestic_abuse")
    assert {path.name for path in folder.iterdir()} == {"ward.html", "totals.csv", "scores.json"}
    assert "Totals only" in (county / "demo.txt").read_text("utf-8")


def test_every_training_is_in_the_catalogue_with_its_hash(county: Path) -> None:
    with sqlite3.connect(county / "mlflow.db") as store:
        tags = dict(store.execute("select key, value from tags where key = 'bundle_sha256'").fetchall())
        names = {row[0] for row in store.execute("select name from registered_models")}
        metrics = {row[0] for row in store.execute("select distinct key from metrics")}
    assert names == {"school_readiness", "domestic_abuse"}
    assert len(tags["bundle_sha256"]) == 64
    assert {"logistic.auroc", "gradient_boosting.auroc"} <= metrics


def test_the_same_seed_gives_the_same_bytes(county: Path) -> None:
    before = {p: p.read_bytes() for p in (county / "runs" / "school_readiness" / "models").rglob("*") if p.is_file()}
    assert riskmodel(county, "train", "school_readiness").returncode == 0
    after = {p: p.read_bytes() for p in (county / "runs" / "school_readiness" / "models").rglob("*") if p.is_file()}
    assert before == after


def test_a_changed_feature_is_seen_on_the_card(county: Path, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(
        county, copy, ignore=shutil.ignore_patterns("runs", "scores", "model_cards", "mlflow.db", "mlartifacts")
    )
    shutil.copytree(county / "runs", copy / "runs")
    page = copy / "features" / "health.py"
    label = "the two-year health review did not take place"
    assert label in page.read_text("utf-8")
    page.write_text(page.read_text("utf-8").replace(label, "the review at two years was not held"), "utf-8")
    refused = riskmodel(copy, "evaluate", "school_readiness")
    assert refused.returncode == 1
    assert "has changed since its models were trained" in refused.stderr
    assert riskmodel(copy, "run", "school_readiness", "--resamples", "100", "--refits", "5").returncode in (0, 3)
    assert "review at two years was not held" in (copy / "model_cards/school_readiness/card.md").read_text("utf-8")


def test_every_step_says_what_is_missing(tmp_path: Path) -> None:
    empty = tmp_path / "project"
    assert riskmodel(tmp_path, "init", str(empty)).returncode == 0
    for step, words in [
        (("check",), "data/extracts"),
        (("build",), "data/extracts"),
        (("train", "school_readiness"), "riskmodel build"),
        (("evaluate", "school_readiness"), "riskmodel train"),
        (("card", "school_readiness"), "riskmodel train"),
        (("score", "school_readiness"), "riskmodel train"),
    ]:
        refused = riskmodel(empty, *step)
        assert refused.returncode == 1, step
        assert words in refused.stderr + refused.stdout, step
        assert "Traceback" not in refused.stderr


def test_an_unknown_ward_and_an_impossible_date_are_refused(county: Path) -> None:
    ward = riskmodel(county, "score", "school_readiness", "--ward", "E05004O33")
    assert ward.returncode == 1
    assert VANGE in ward.stderr
    late = riskmodel(county, "score", "school_readiness", "--as-of", "2026-08-01")
    assert late.returncode == 1
    assert "too old" in late.stderr


@pytest.mark.parametrize(
    "column", ["reception_sen_on", "reception_attendance", "started_on", "case_outcome"], ids=lambda c: f"leak-{c}"
)
def test_a_planted_leak_is_refused_by_name(leaky: Path, column: str) -> None:
    refused = riskmodel(leaky, "build")
    assert refused.returncode == 1
    assert column in refused.stderr + refused.stdout


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaky") / "project"
    assert riskmodel(folder.parent, "init", str(folder)).returncode == 0
    assert riskmodel(folder, "synth", "--children", "4000", "--leaks").returncode == 0
    return folder


def test_the_notebook_runs(county: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(county / "notebooks" / "01_school_readiness.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(county)}}
    ).execute()
    shown = "\n".join(
        str(output.get("text", output.get("data", {}).get("text/plain", "")))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "AUROC" in shown
    assert "nvented" in shown
    assert "E05004033" not in shown.split("band")[-1]


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


@pytest.mark.parametrize("prototype", ["school_readiness", "domestic_abuse"])
def test_nobody_finds_a_small_count_on_a_card(county: Path, prototype: str) -> None:
    assert leaks_of_project(projects.load(county), prototype) == []
