"""What the command line shows: progress, plain messages, and one clear paragraph when something is wrong."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from riskmodel.errors import RiskModelError

EXIT_ERROR = 1
EXIT_DO_NOT_DEPLOY = 3
EXIT_STOPPED = 130


@dataclass
class Settings:
    """What the global options of the command line say."""

    debug: bool = False
    quiet: bool = False
    project: Path | None = None


settings = Settings()


def console() -> Console:
    """Return a console for results; everything else goes to the error stream."""
    return Console(highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """Print one line of plain text, unless --quiet was given."""
    if not settings.quiet:
        console().print(text, markup=False)


def show_table(title: str, columns: list[str], rows: list[list[str]], *, numbers: frozenset[int] = frozenset()) -> None:
    """Print an aligned table; the columns whose positions are in `numbers` are right-aligned."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    # Piped output has no width of its own: let lines be as long as their content.
    width = None if sys.stdout.isatty() else 200
    # The title is printed apart: as part of the table it would be folded to the width of the columns.
    Console(highlight=False, width=width, soft_wrap=True).print(title, style="italic", markup=False)
    Console(highlight=False, width=width).print(table, markup=False)


class PlainProgress:
    """One line a step, for logs and for terminals that cannot draw."""

    def step(self, name: str, total: int | None = None) -> None:
        """Print the step's name."""
        print(f"  {name} ...", file=sys.stderr, flush=True)

    def advance(self, n: int = 1) -> None:
        """Say nothing: a log has no use for every unit."""


class BarProgress:
    """A progress bar a step, drawn by rich on the error stream."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._current: Any = None

    def step(self, name: str, total: int | None = None) -> None:
        """Finish the bar before and begin a new one."""
        self.finish()
        self._current = self._bars.add_task(name, total=total)

    def advance(self, n: int = 1) -> None:
        """Move the current bar on."""
        if self._current is not None:
            self._bars.advance(self._current, n)

    def finish(self) -> None:
        """Fill the current bar, whatever its total was."""
        if self._current is not None:
            task = self._bars.tasks[self._bars.task_ids.index(self._current)]
            total = task.total if task.total is not None else max(task.completed, 1)
            self._bars.update(self._current, total=total, completed=total)


@contextmanager
def progress() -> Iterator[Any]:
    """Yield the progress display that fits: bars on a terminal, plain lines otherwise, nothing when quiet."""
    from riskmodel.progress import Silent

    if settings.quiet:
        yield Silent()
    elif not sys.stderr.isatty():
        yield PlainProgress()
    else:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bars:
            shown = BarProgress(bars)
            yield shown
            shown.finish()


def guarded(action: Callable[[], int]) -> int:
    """Run `action` and turn every failure into one paragraph and an exit code; no traceback unless --debug."""
    try:
        return action()
    except KeyboardInterrupt:
        _complain("Stopped by Ctrl-C. Nothing was left half-written; run the same command again to go on.")
        return EXIT_STOPPED
    except RiskModelError as problem:
        _complain(f"{problem}{_where_declared(problem)}")
        return EXIT_ERROR
    except BrokenPipeError:
        # The reader went away (`riskmodel features | head`): not an error. Keep Python quiet about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        _complain(_about_files(problem))
        return EXIT_ERROR
    except MemoryError:
        _complain("There is not enough memory. Close other programs, or score fewer areas at a time with --ward.")
        return EXIT_ERROR
    except Exception as problem:
        _complain(
            f"Something unexpected went wrong ({type(problem).__name__}), and that is a fault of riskmodel. "
            "Nothing was left half-written. Run the same command with `riskmodel --debug ...` and report what it "
            "prints; look it through first, it may hold values from your data."
        )
        return EXIT_ERROR


def _complain(text: str) -> None:
    if settings.debug:
        traceback.print_exc()
    print(f"riskmodel: {text}", file=sys.stderr)


def _where_declared(problem: BaseException) -> str:
    """Name the project's own line that raised a declaration error: that is the line to mend."""
    from riskmodel.errors import DeclarationError

    if not isinstance(problem, DeclarationError):
        return ""
    declared_in = {"features", "pipelines"}
    frames = [f for f in traceback.extract_tb(problem.__traceback__) if declared_in & set(Path(f.filename).parts)]
    return f"\n  declared in {frames[-1].filename}, line {frames[-1].lineno}" if frames else ""


def _about_files(problem: OSError) -> str:
    where = problem.filename or "a file"
    if problem.errno == errno.ENOSPC:
        return (
            f"The disk is full while writing {where}. Nothing was left half-written. Free some space and run it again."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where} may not be written or read by this user. Check its permissions, or choose another folder."
    return f"{where}: {problem.strerror or problem}. Check that the path exists and is what you meant."
