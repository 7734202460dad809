"""What the wheel holds: one import name, the reference project as data, and nothing under another licence."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_wheel_carries_the_reference_project_and_no_test_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"riskmodel"}
    carried = {name.split("/")[2] for name in names if name.startswith("riskmodel/reference_project/")}
    assert {"riskmodel.toml", "features", "pipelines", "notebooks"} <= carried
    assert any("reporting/templates/" in name for name in names)
    assert any(name.endswith("geography/PROVENANCE.md") for name in names)
    assert not [name for name in names if "tests/" in name or "__pycache__" in name or "/data/" in name]
