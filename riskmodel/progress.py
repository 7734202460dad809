"""How long work tells whoever watches how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What long-running functions call as they go; a terminal shows it as a bar."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step; `total` is the number of units it will take, None if that is not known."""

    def advance(self, n: int = 1) -> None:
        """Say that `n` more units of the current step are done."""


class Silent:
    """A `Progress` that shows nothing.

    Examples
    --------
    >>> progress = Silent()
    >>> progress.step("Reading", total=3)
    >>> progress.advance()
    """

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a step without showing it."""

    def advance(self, n: int = 1) -> None:
        """Count units without showing them."""


SILENT = Silent()
