"""Declarations as plain data that JSON can hold, the same in every process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from riskmodel.periods import Period


def plain(declared: object) -> object:
    """Return dicts, lists, text, numbers, booleans and None that say all that was declared.

    Settings that only choose words (`worded`) are left out where they are left at their default.

    Examples
    --------
    >>> from riskmodel.periods import months
    >>> plain({"window": months(3), "on": date(2024, 6, 1), "kind": bool})
    {'window': '3 months', 'on': '2024-06-01', 'kind': 'bool'}
    """
    if declared is None or isinstance(declared, (str, bool, int, float)):
        return declared
    if isinstance(declared, (Period, date)):
        return str(declared)
    if isinstance(declared, Enum):
        return plain(declared.value)
    if isinstance(declared, type):
        return declared.__name__
    if isinstance(declared, Mapping):
        return {str(key): plain(value) for key, value in declared.items()}
    if isinstance(declared, (tuple, list)):
        return [plain(part) for part in declared]
    if is_dataclass(declared):
        parts = {part: getattr(declared, part.name) for part in fields(declared)}
        return {part.name: plain(said) for part, said in parts.items() if not _usual(part, said)}
    raise TypeError(f"a declaration cannot hold a {type(declared).__name__}")


def worded(default: Any) -> Any:
    """Declare a field that only chooses words, and is part of a digest only when it is set."""
    return field(default=default, metadata={"worded": True})


def _usual(part: Field[Any], said: object) -> bool:
    return bool(part.metadata.get("worded")) and said == part.default
