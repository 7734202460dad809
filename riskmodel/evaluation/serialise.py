"""Turn frozen dataclasses into plain JSON and back, from their own type hints."""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import json
import math
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

from riskmodel.errors import EvaluationError
from riskmodel.files import atomic_write

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Plain dictionaries, lists, strings and numbers; a number that is not finite becomes None."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, collections.abc.Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def decode(cls: type[T], plain: Any) -> T:
    """Build the dataclass `cls` from what `encode` made of it.

    Raises
    ------
    EvaluationError
        When a field is missing or unknown.
    """
    built: T = _decode(cls, plain)
    return built


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _decode(kind: Any, plain: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_fields(kind, plain)
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        chosen = next((k for k in inside if k is not type(None)), None)
        return None if plain is None else _decode(chosen, plain)
    if origin is tuple:
        return tuple(_decode(inside[0], item) for item in plain)
    if origin is not None and issubclass(origin, collections.abc.Mapping):
        return {key: _decode(inside[1], item) for key, item in plain.items()}
    return float(plain) if kind is float else plain


def _decode_fields(cls: type, plain: Any) -> Any:
    hints = _hints(cls)
    given = set(plain) if isinstance(plain, collections.abc.Mapping) else set()
    fields = dataclasses.fields(cls)
    required = {f.name for f in fields if f.default is f.default_factory is dataclasses.MISSING}
    missing, unknown = sorted(required - given), sorted(given - set(hints))
    if missing or unknown:
        raise EvaluationError(
            f"This is not a saved {cls.__name__}: missing {missing or 'nothing'}, unknown {unknown or 'nothing'}.",
            "A saved evaluation is read by the version of riskmodel that wrote it.",
            next_step="Run `riskmodel evaluate` again.",
        )
    return cls(**{name: _decode(hints[name], item) for name, item in plain.items()})


def write_json(path: Path, plain: Any) -> Path:
    """Write `plain` as indented JSON, whole or not at all; returns the path."""
    text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False)
    atomic_write(path, text + "\n")
    return path


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    EvaluationError
        When it is missing or is not JSON.
    """
    if not path.is_file():
        raise EvaluationError(
            f"There is no evaluation at {path}.",
            "A card is written from a saved evaluation.",
            next_step="Run `riskmodel evaluate` to make one.",
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} is not a saved evaluation: it cannot be read as JSON.",
            "A saved evaluation is one JSON file.",
            next_step="Run `riskmodel evaluate` to write it again.",
        ) from error
