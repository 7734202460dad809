"""A build that is killed, stopped or out of disk leaves the old warehouse or the new one, never a half."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riskmodel.engine.build import build_warehouse
from riskmodel.engine.warehouse import Warehouse
from tests.unit.engine.clinic import VISITS, put

ROOT = Path(__file__).parents[3]
OLD = [f"p{i},2024-02-01,2024-02-03,{i},1.5,true,old,1980-05-01" for i in range(50)]
NEW = [row.replace("old", "new") for row in OLD]

# Kills itself, without warning or clean-up, the nth time that a function is called.
KILLED_AT = """
import os, signal, sys
from pathlib import Path
from riskmodel.engine import build, contract
from riskmodel import files
from tests.unit.engine.clinic import VISITS

def killing(function, at):
    calls = []
    def wrapped(*args, **kwargs):
        calls.append(1)
        if len(calls) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return wrapped

folder, place, name, at = Path(sys.argv[1]), *sys.argv[2:]
module = {"build": build, "contract": contract, "files": files, "os": os, "json": build.json}[place]
setattr(module, name, killing(getattr(module, name), int(at)))
build.build_warehouse([VISITS], folder / "extracts", folder / "warehouse")
print("finished")
"""

# Builds one version after the other until it is stopped.
FOREVER = """
import signal, sys
from itertools import cycle
from pathlib import Path
from riskmodel.engine.build import build_warehouse
from tests.unit.engine.clinic import VISITS

# A shell that starts a job in the background has it ignore Ctrl-C; here it must not.
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = Path(sys.argv[1])
for version in cycle(["new", "old"]):
    build_warehouse([VISITS], folder / version, folder / "warehouse")
    print(version, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two versions of the extracts and the warehouse of the old one."""
    put(tmp_path / "old", OLD)
    put(tmp_path / "new", NEW)
    shutil.copytree(tmp_path / "new", tmp_path / "extracts")
    build_warehouse([VISITS], tmp_path / "old", tmp_path / "warehouse")
    return tmp_path


def digest_of(folder: Path, version: str) -> str:
    return build_warehouse([VISITS], folder / version, folder / f"of_{version}").digest()


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("place", "name", "at", "survivor"),
    [
        ("contract", "stage", 1, "old"),
        ("build", "write_parts", 1, "old"),
        ("json", "dumps", 1, "old"),
        ("os", "rename", 2, "old"),
        ("files", "_sync_folder", 1, "new"),
    ],
    ids=["reading", "storing", "manifest", "within the swap", "after the swap"],
)
def test_killed_at_any_moment_it_leaves_the_old_or_the_new(
    folder: Path, place: str, name: str, at: int, survivor: str
) -> None:
    command = [sys.executable, "-c", KILLED_AT, str(folder), place, name, str(at)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (-signal.SIGKILL, ""), run.stderr
    assert Warehouse.open(folder / "warehouse", verify=True).digest() == digest_of(folder, survivor)
    again = build_warehouse([VISITS], folder / "extracts", folder / "warehouse")
    assert again.digest() == digest_of(folder, "new")
    assert left_over(folder) == []


def stopped_by(sign: signal.Signals, folder: Path, after: float) -> subprocess.CompletedProcess[str]:
    """Let builds run for a while after the first, then send a signal."""
    process = subprocess.Popen(
        [sys.executable, "-c", FOREVER, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "new\n"
    time.sleep(after)
    process.send_signal(sign)
    try:
        out, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


@pytest.mark.parametrize("after", [0.05, 0.15])
def test_killed_at_an_arbitrary_moment_it_leaves_a_whole_warehouse(folder: Path, after: float) -> None:
    assert stopped_by(signal.SIGKILL, folder, after).returncode == -signal.SIGKILL
    left = Warehouse.open(folder / "warehouse", verify=True).digest()
    assert left in {digest_of(folder, "old"), digest_of(folder, "new")}


def test_stopped_by_the_user_it_leaves_a_whole_warehouse_and_nothing_else(folder: Path) -> None:
    stopped = stopped_by(signal.SIGINT, folder, 0.1)
    assert stopped.returncode != 0
    assert "KeyboardInterrupt" in stopped.stderr
    left = Warehouse.open(folder / "warehouse", verify=True).digest()
    assert left in {digest_of(folder, "old"), digest_of(folder, "new")}
    assert left_over(folder) == []


SMALL_DISK = """
set -e
mount -t tmpfs -o size=1536k tmpfs "$1"
"$2" -c "
import sys
from pathlib import Path
from riskmodel.engine.build import build_warehouse
from riskmodel.engine.warehouse import Warehouse
from riskmodel.errors import StorageError
from tests.unit.engine.clinic import VISITS
disk, data = Path(sys.argv[1]), Path(sys.argv[2])
first = build_warehouse([VISITS], data / 'old', disk / 'warehouse').digest()
try:
    build_warehouse([VISITS], data / 'large', disk / 'warehouse')
except StorageError as error:
    print(error.what)
print(Warehouse.open(disk / 'warehouse', verify=True).digest() == first, sorted(p.name for p in disk.iterdir()))
" "$1" "$3"
"""


def test_on_a_disk_that_is_really_full_the_old_warehouse_stays(folder: Path) -> None:
    unshare = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("this system does not let users mount a small disk")
    put(
        folder / "large",
        [f"p{i},2024-02-01,2024-02-03,{i * 7919},{i**0.5},true,n{i * i},1980-05-01" for i in range(60_000)],
    )
    (folder / "disk").mkdir()
    command = [*unshare, "sh", "-c", SMALL_DISK, "sh", str(folder / "disk"), sys.executable, str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "mount:" in run.stderr:
        pytest.skip("this system does not let users mount a small disk")
    assert run.stdout.splitlines() == [
        f"Could not write {folder / 'disk' / 'warehouse'}: the disk is full.", "True ['warehouse']"
    ], run.stderr  # fmt: skip
