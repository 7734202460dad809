"""Which measures may be named as a reason for a score, as agreed with the partners."""

from __future__ import annotations

from collections.abc import Iterable

from riskmodel.declare import Feature

# Somebody who harms another person in the home may stand beside them when a letter is opened, or ask to see the data
# about themselves. Nothing that points to a disclosure is named, whichever partner recorded it; the model may use it.
_NEVER_NAMED = frozenset({"domestic abuse", "police"})
_NEVER_NAMED_EITHER = frozenset({"police_referrals_2y"})


def may_be_named(features: Iterable[Feature]) -> list[str]:
    """Return the names of the features whose labels may be given as a reason."""
    return [f.name for f in features if f.theme not in _NEVER_NAMED and f.name not in _NEVER_NAMED_EITHER]
