"""The same seed makes the same bytes, in any process; another seed makes another county."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from pipelines.synthetic import make_county

ROOT = Path(__file__).parents[3]
EXTRACTS = {
    "people", "residence", "households", "births", "health_visits", "asq3", "early_years_places", "school_census",
    "eyfsp", "benefits", "dwellings", "housing", "social_care", "police_incidents", "adult_needs", "emergency_visits",
}  # fmt: skip


def digests(folder):
    """Return the digest of each file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def small(folder, **options):
    make_county(folder / "extracts", children=400, truth=folder / "truth", **options)
    return digests(folder)


def test_same_seed_same_bytes_in_another_process(tmp_path):
    here = small(tmp_path / "here", seed=7)
    code = (
        "import sys; from pathlib import Path; from pipelines.synthetic import make_county; folder = Path(sys.argv[1]);"
        "make_county(folder / 'extracts', children=400, seed=7, truth=folder / 'truth')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True, env=environment, cwd=tmp_path)
    assert digests(tmp_path / "there") == here


def test_another_seed_changes_every_table(tmp_path):
    one, two = small(tmp_path / "one", seed=1), small(tmp_path / "two", seed=2)
    assert one.keys() == two.keys()
    assert {name for name in one if one[name] == two[name]} == {"extracts/extracts.toml", "truth/README.txt"}


def test_a_file_for_each_partner_table_and_nothing_else(tmp_path):
    small(tmp_path)
    names = {path.name.split(".")[0] for path in (tmp_path / "extracts").iterdir()}
    assert names == EXTRACTS | {"extracts", "README"}


def test_a_second_run_replaces_the_first(tmp_path):
    small(tmp_path / "again", seed=1)
    (tmp_path / "again" / "extracts" / "left_over.csv").write_text("old")
    assert small(tmp_path / "again", seed=2) == small(tmp_path / "fresh", seed=2)


def test_both_folders_say_that_the_data_are_invented(tmp_path):
    small(tmp_path)
    for folder in ("extracts", "truth"):
        words = (tmp_path / folder / "README.txt").read_text(encoding="utf-8")
        assert "invented data" in words
        assert "Open Government Licence" in words
