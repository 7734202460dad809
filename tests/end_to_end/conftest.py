"""One invented project, taken through every step once, shared by the tests of the whole path."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from riskmodel.cli.start import make_project

COMMAND = "from riskmodel.cli.main import run; run()"


def riskmodel(folder: Path, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in `folder`, as a person would."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"} | ({"HOME": str(home)} if home else {})
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        capture_output=True, text=True, check=False, cwd=folder, env=environment,
    )  # fmt: skip


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the default county, after `riskmodel demo`."""
    folder = tmp_path_factory.mktemp("county") / "project"
    make_project(folder)
    done = riskmodel(folder, "demo", home=folder.parent)
    assert done.returncode == 0, done.stderr
    (folder / "demo.txt").write_text(done.stdout, "utf-8")
    return folder
