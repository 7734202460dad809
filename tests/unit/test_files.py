"""Writing whole or not at all: killed runs, full disks, leftovers."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riskmodel.errors import StorageError
from riskmodel.files import atomic_file, atomic_folder, atomic_write, plain_storage_errors, settle

ROOT = Path(__file__).parents[2]


def contents(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in sorted(folder.iterdir())}


def half_written(path: Path, then: BaseException) -> None:
    path.write_text("half")
    raise then


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    atomic_write(tmp_path / "deep" / "a.txt", "old")
    atomic_write(tmp_path / "deep" / "a.txt", b"new")
    assert contents(tmp_path / "deep") == {"a.txt": "new"}


def test_text_has_line_feeds_and_utf8(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a.txt", "Köln\n")
    assert (tmp_path / "a.txt").read_bytes() == b"K\xc3\xb6ln\n"


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a.txt", "old")
    with pytest.raises(KeyboardInterrupt), atomic_file(tmp_path / "a.txt") as temporary:
        half_written(temporary, KeyboardInterrupt())
    assert contents(tmp_path) == {"a.txt": "old"}


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for files in ({"a": "1", "b": "1"}, {"b": "2"}):
        with atomic_folder(tmp_path / "made") as temporary:
            for name, text in files.items():
                (temporary / name).write_text(text)
    assert contents(tmp_path / "made") == {"b": "2"}
    assert [p.name for p in tmp_path.iterdir()] == ["made"]


def test_a_failure_leaves_the_old_folder_and_no_litter(tmp_path: Path) -> None:
    with atomic_folder(tmp_path / "made") as temporary:
        (temporary / "a").write_text("old")
    with pytest.raises(ValueError, match="mine"), atomic_folder(tmp_path / "made") as temporary:
        half_written(temporary / "a", ValueError("mine"))
    assert contents(tmp_path / "made") == {"a": "old"}
    assert [p.name for p in tmp_path.iterdir()] == ["made"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_clear_error(tmp_path: Path, number: int) -> None:
    atomic_write(tmp_path / "a.txt", "old")
    with pytest.raises(StorageError) as caught, atomic_file(tmp_path / "a.txt"):
        raise OSError(number, os.strerror(number))
    assert "the disk is full" in str(caught.value)
    assert "a.txt" in str(caught.value)
    assert contents(tmp_path) == {"a.txt": "old"}


def test_a_full_disk_is_recognised_in_the_words_of_other_libraries(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="disk is full"), plain_storage_errors(tmp_path):
        raise RuntimeError("IO Error: Could not write file: No space left on device")


def test_a_missing_file_is_not_called_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), plain_storage_errors(tmp_path):
        (tmp_path / "none").read_text()


def test_a_forbidden_folder_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StorageError, match="not allowed"):
        atomic_write(tmp_path / "a.txt", "text")


def test_something_unreadable_elsewhere_is_not_called_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), plain_storage_errors(tmp_path / "made" / "a.txt"):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "theirs.csv"))


def dead_process() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_leftovers_of_killed_runs_are_removed_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / f".made.{dead_process()}-0000.partial").mkdir()
    (tmp_path / f".other.{dead_process()}-0000.partial").mkdir()
    with atomic_folder(tmp_path / "made") as temporary:
        (temporary / "a").write_text("1")
    assert len(list(tmp_path.glob(".made.*"))) == 0
    assert len(list(tmp_path.glob(".other.*"))) == 1


def test_work_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f".made.{os.getppid()}-0000.partial"
    other.mkdir()
    settle(tmp_path / "made")
    assert other.exists()


def test_a_folder_caught_between_two_renames_is_put_back(tmp_path: Path) -> None:
    old = tmp_path / f".made.{dead_process()}-0000.replaced"
    old.mkdir()
    (old / "a").write_text("old")
    settle(tmp_path / "made")
    assert contents(tmp_path / "made") == {"a": "old"}


def test_two_writes_of_one_process_do_not_remove_each_other(tmp_path: Path) -> None:
    with atomic_folder(tmp_path / "made") as first:
        (first / "a").write_text("first")
        with atomic_folder(tmp_path / "made") as second:
            (second / "a").write_text("second")
        assert contents(tmp_path / "made") == {"a": "second"}
    assert contents(tmp_path / "made") == {"a": "first"}


WRITER = """
import itertools, sys
from pathlib import Path
from riskmodel.files import atomic_folder
for n in itertools.count(1):
    with atomic_folder(sys.argv[1]) as folder:
        for name in "abcdef":
            (folder / name).write_text(str(n))
    print(n, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX matter")
@pytest.mark.parametrize("delay", [0.0, 0.002, 0.005, 0.011])
def test_a_killed_run_leaves_the_old_or_the_new(tmp_path: Path, delay: float) -> None:
    target = tmp_path / "made"
    run = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "1\n"
    time.sleep(delay)
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    settle(target)
    found = contents(target)
    assert list(found) == list("abcdef")
    assert len(set(found.values())) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["made"]
