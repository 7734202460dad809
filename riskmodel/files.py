"""Writing files and folders so that a killed run leaves the old or the new, never a half."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from riskmodel.errors import StorageError

_PARTIAL = ".partial"
_REPLACED = ".replaced"
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_in_use: set[Path] = set()


def atomic_write(path: Path | str, data: bytes | str) -> None:
    """Write a whole file at once; text is UTF-8 with line feeds on every system.

    Parameters
    ----------
    path
        Where the file goes; missing parent folders are made.
    data
        All of its content.

    Raises
    ------
    StorageError
        If the disk is full or the place cannot be written; the old file is then untouched.
    """
    with atomic_file(path) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)


@contextmanager
def atomic_file(path: Path | str) -> Iterator[Path]:
    """Give the path of a temporary sibling to write; on success it replaces `path`, on failure it is removed."""
    target = Path(path)
    with _temporary_sibling(target) as temporary:
        yield temporary
        _sync(temporary)
        os.replace(temporary, target)
        _sync_folder(target.parent)


@contextmanager
def atomic_folder(path: Path | str) -> Iterator[Path]:
    """Give an empty temporary folder to fill; on success it replaces `path` as a whole, on failure it is removed.

    Raises
    ------
    StorageError
        If the disk is full or the place cannot be written; the old folder is then untouched.
    """
    target = Path(path)
    with _temporary_sibling(target) as temporary:
        temporary.mkdir()
        yield temporary
        for inside in sorted(temporary.rglob("*")):
            _sync(inside)
        _swap(temporary, target)
        _sync_folder(target.parent)


def settle(path: Path | str) -> None:
    """Finish what a killed run left beside `path`: put an old folder back, remove half-written ones.

    Runs at the start of every atomic write; readers of a folder call it before they look.
    """
    target = Path(path)
    if not target.parent.is_dir():
        return
    for left in sorted(target.parent.glob(f".{target.name}.*")):
        if left in _in_use or left.suffix not in (_PARTIAL, _REPLACED) or _is_running(left):
            continue
        if left.suffix == _REPLACED and not target.exists():
            with suppress(OSError):
                os.rename(left, target)
        else:
            _remove(left)


@contextmanager
def _temporary_sibling(target: Path) -> Iterator[Path]:
    temporary = _sibling(target, _PARTIAL)
    _in_use.add(temporary)
    try:
        with plain_storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            settle(target)
            yield temporary
    finally:
        _remove(temporary)
        _in_use.discard(temporary)


@contextmanager
def plain_storage_errors(target: Path) -> Iterator[None]:
    """Turn a full disk or a forbidden folder into one clear error, from whichever library it comes."""
    try:
        yield
    except Exception as error:
        why = _storage_reason(error, target)
        if why is None:
            raise
        raise StorageError(
            f"Could not write {target}: {why}.",
            "A result is written whole or not at all, so what was there before is untouched.",
            next_step="Free some space or choose another folder, then run the same command again.",
        ) from error


def _storage_reason(error: Exception, target: Path) -> str | None:
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL or "no space left on device" in str(error).casefold():
        return "the disk is full"
    place = getattr(error, "filename", None)
    ours = place is None or Path(os.fsdecode(place)).absolute().is_relative_to(target.parent.absolute())
    return "writing there is not allowed" if number in _FORBIDDEN and ours else None


def _swap(new: Path, target: Path) -> None:
    """Put `new` in the place of `target`; between the two renames only `settle` can tell."""
    if not target.exists():
        os.rename(new, target)
        return
    old = _sibling(target, _REPLACED)
    _in_use.add(old)
    try:
        os.rename(target, old)
        os.rename(new, target)
    except BaseException:
        if old.exists() and not target.exists():
            os.rename(old, target)
        raise
    finally:
        _in_use.discard(old)
        if target.exists():
            _remove(old)


def _sibling(target: Path, suffix: str) -> Path:
    return target.parent / f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}{suffix}"


def _is_running(left: Path) -> bool:
    """Whether the process that made a temporary sibling may still be at work on it."""
    number = left.name.removesuffix(left.suffix).rpartition(".")[2].partition("-")[0]
    if not number.isdigit():
        return True
    if os.name == "nt":  # os.kill would end the process there, so go by age
        return time.time() - left.stat().st_mtime < 86_400
    if int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _sync(path: Path) -> None:
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where folders can be opened (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
