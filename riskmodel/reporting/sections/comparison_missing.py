"""Counts of several measures beside each other: which may be told, and the shares without a value."""

from __future__ import annotations

import math
from collections.abc import Sequence

from riskmodel.evaluation.comparison import Shift
from riskmodel.evaluation.results import Estimate
from riskmodel.reporting.disclosure import Policy, rounded
from riskmodel.reporting.document import Block, Cell, Folded, Text, table
from riskmodel.reporting.figures import WITHHELD, Figure, number, shared
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import listed, sentence

_SIDES = ("learnt", "tested")
#: A difference is clear when its whole interval is further from nought than this.
CLEAR, AXIS = 0.1, "Difference, in standard deviations"


class Told:
    """Counts told so far: a measure of a shorter time lies within one of a longer, so they could be subtracted."""

    def __init__(self, material: Material) -> None:
        self._least = material.policy.threshold
        self._counts: dict[tuple[str, str], list[tuple[str, int, bool]]] = {}
        fairness = material.evidence.fairness if material.evidence else None
        # Cases, and those with a record, in the groups of each attribute, by partner: printed among records found.
        self._records: dict[tuple[str, str], tuple[int, int]] = {}
        for one in fairness.linked if fairness else ():
            n, found = self._records.get((one.partner, one.attribute), (0, 0))
            self._records[one.partner, one.attribute] = n + one.n, found + one.found

    def tell(self, shift: Shift) -> bool:
        """Whether the cases counted may be told, and if so note it."""
        sides = [(name, getattr(shift, name)) for name in _SIDES]
        return self._note(shift, [(name, (side.counted, side.known - side.counted)) for name, side in sides], False)

    def tell_missing(self, shift: Shift) -> bool:
        """Whether the cases without a value may be told, and if so note it."""
        tested = shift.tested
        for (partner, _), (n, found) in self._records.items():
            # Less the groups that are printed, this leaves the groups that are not.
            rest, without = tested.known - found, (tested.n - tested.known) - (n - found)
            alike = tested.n == n and rest == 0
            if partner == shift.partner and not alike and min(abs(rest), abs(without)) < self._least:
                return False
        sides = [(name, getattr(shift, name)) for name in _SIDES]
        return self._note(shift, [(name, (side.known, side.n - side.known)) for name, side in sides], True)

    def _note(self, shift: Shift, counts: Sequence[tuple[str, tuple[int, ...]]], missing: bool) -> bool:
        for side, new in counts:
            for name, old, was_missing in self._counts.get((shift.partner, side), ()):
                for one in new:
                    # Values of one record are missing together, and where nothing was counted: that tells nothing.
                    alike = one == old and (missing or was_missing)
                    if name != shift.name and abs(one - old) < self._least and not alike:
                        return False
        for side, new in counts:
            self._counts.setdefault((shift.partner, side), []).extend((shift.name, one, missing) for one in new)
        return True


def clear(difference: Figure) -> bool:
    """Whether a whole printed interval is further from nought than a tenth of a standard deviation."""
    low, high = difference.low, difference.high
    return low is not None and high is not None and (low > CLEAR or high < -CLEAR)


def apart(before: float, after: float, difference: Estimate | None) -> Figure:
    """Two printed shares in standard deviations: from what is printed alone, so that it tells no more than they do."""
    spread = math.sqrt((before * (1 - before) + after * (1 - after)) / 2)
    if difference is None or difference.low is None or difference.high is None or not spread:
        return WITHHELD
    value, half = (after - before) / spread, (difference.high - difference.low) / 2
    return number(value, value - half, value + half)


def missing_values(measures: Sequence[Shift], told: Told, policy: Policy) -> list[Block]:
    """Share without a value on both sides, of the measures that can be without one; nothing when none can."""
    rows = [_missing(one, told, policy) for one in measures if not one.always]
    if not rows:
        return []
    named = [f"“{row[0]}”" for row in rows if isinstance(row[3], Figure) and clear(row[3])]
    said = (
        f"Clearly more often, or less often, without a value among the cases tested: {listed(named)}."
        if named
        else "No measure that can be shown is clearly more often without a value on one side."
    )
    note = (
        f"“None or few”: fewer than {policy.threshold} cases. Counts have a value for every case, and are not listed."
    )
    columns = ("Measure", "Learnt from", "Tested on", AXIS)
    behind = table("compared-missing", "Share of cases without a value", columns, rows, note=note)
    return [Text(said), Folded(behind.caption, behind)]


def _missing(shift: Shift, told: Told, policy: Policy) -> tuple[Cell, Cell, Cell, Cell]:
    name, gone = sentence(shift.label), [(side.n - side.known, side.n) for side in (shift.learnt, shift.tested)]
    if any(part >= policy.threshold for part, _ in gone) and not told.tell_missing(shift):
        return name, WITHHELD, WITHHELD, WITHHELD
    first, second = ("none or few" if part < policy.threshold else shared(part, whole, policy) for part, whole in gone)
    if not (isinstance(first, Figure) and isinstance(second, Figure)) or WITHHELD in (first, second):
        return name, first, second, "–"
    before, after = (rounded(part, policy) / rounded(whole, policy) for part, whole in gone)
    return name, first, second, apart(before, after, shift.missing)
