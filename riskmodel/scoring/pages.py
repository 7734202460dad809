"""What pages of totals have printed before, so that one month's page cannot be subtracted from another's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from riskmodel.errors import DisclosureError
from riskmodel.files import atomic_write
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.figures import WITHHELD, Figure, counted, exact

FILE = "printed.json"

#: Name of a figure -> the count that a page printed; None where it was withheld.
Page = Mapping[str, int | None]


def load_pages(folder: Path) -> tuple[Page, ...]:
    """Read what earlier pages of a prototype printed, oldest first, from the folder of its scores.

    Raises
    ------
    DisclosureError
        If the record cannot be read: without it nobody could say whether a new page is safe.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        pages = json.loads(path.read_text(encoding="utf-8"))["pages"]
        return tuple({str(name): None if n is None else int(n) for name, n in page.items()} for page in pages)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DisclosureError(
            f"The record of earlier pages of totals, {path}, cannot be read.",
            "A page is printed only when it cannot be subtracted from any earlier one.",
            next_step="Restore the file from a backup; it is written beside the scores of the prototype.",
        ) from None


def save_pages(folder: Path, earlier: Sequence[Page], newest: Page) -> Path:
    """Write the record with one page more, unless it prints what the last one did."""
    pages = [*earlier] if earlier and dict(earlier[-1]) == dict(newest) else [*earlier, newest]
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write(folder / FILE, json.dumps({"pages": [dict(page) for page in pages]}, indent=1) + "\n")
    return folder / FILE


def steady(name: str, n: float, policy: Policy, earlier: Sequence[Page] = ()) -> Figure:
    """A count as a page may print it beside all earlier pages.

    Where it differs from a count that was printed before by fewer than the threshold, that one is printed again (the
    nearest, where there are several). So any two pages print the same count, or counts that differ by the threshold or
    more.

    Parameters
    ----------
    name
        Name of the figure.
    n
        The exact count.
    policy
        The rules.
    earlier
        What earlier pages printed.

    Examples
    --------
    >>> steady("all", 48, Policy(), [{"all": 40}]).text, steady("all", 51, Policy(), [{"all": 40}]).text
    ('40', '50')
    """
    figure = counted(n, policy)
    if figure.value is None:
        return WITHHELD
    printed = {count for page in earlier if (count := page.get(name)) is not None}
    near = [count for count in printed if min(abs(count - n), abs(count - figure.value)) < policy.threshold]
    return exact(min(near, key=lambda count: (abs(count - n), count))) if near else figure


def withheld_before(earlier: Sequence[Page]) -> set[str]:
    """Names of the figures that the newest of the earlier pages withheld."""
    return {name for name, count in earlier[-1].items() if count is None} if earlier else set()
