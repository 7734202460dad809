"""Reading the `card.toml` of a prototype, and the blank form somebody starts from."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel.errors import ProjectError, nearest_name
from riskmodel.reporting.statements import Part, Statements, asked

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


def statements_path(root: Path, prototype: str) -> Path:
    """Where the statements of a prototype are kept: beside its declaration."""
    return root / "pipelines" / f"{prototype}.card.toml"


def load_statements(path: Path) -> Statements:
    """Read what people wrote about a model; a file that is not there is one in which everything is blank.

    Parameters
    ----------
    path
        A `card.toml`.

    Raises
    ------
    ProjectError
        If it cannot be read, holds a name that is not known, a value of the wrong kind, or a person's name. All
        problems are named at once, values are not.
    """
    from pydantic import ValidationError

    if not path.is_file():
        return Statements()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ProjectError(
            f"{path} cannot be read: {problem}.", "It is a TOML file in UTF-8.", next_step="Mend the line named above."
        ) from None
    try:
        return Statements.model_validate(given)
    except ValidationError as problem:
        raise _refused(path, problem) from None


def blank_form() -> str:
    """A `card.toml` in which nothing is written yet, with what to write above each line."""
    return "\n".join(_form_lines()) + "\n"


def _form_lines() -> Iterator[str]:
    yield "# What only people can write about this model. Roles, never names of persons. A blank is listed on a draft"
    yield "# card and refused for release. Where something does not apply, say so and why."
    yield "invented = false"
    last = ""
    for part, key, asks in asked():
        if part != last:
            yield from ("", f"[{part}]")
            last = part
        yield from textwrap.wrap(asks, 110, initial_indent="# ", subsequent_indent="# ")
        yield f'{key} = ""'
    yield from (
        "",
        "# One for each assessment (data protection, equality ...); take the signs away in front.",
        "# [[impact_assessments]]",
        '# name = "Data protection impact assessment"',
        "# date = 2025-06-01",
        '# outcome = ""',
        "",
        "# At least one for each area: data, use, model, outputs, organisation, public.",
        "# [[risks]]",
        '# area = "data"',
        '# risk = ""',
        '# mitigation = ""',
    )


def _refused(path: Path, problem: ValidationError) -> ProjectError:
    found = [_told(error) for error in problem.errors(include_input=False, include_url=False)]
    lines = "\n".join(f"  - {line}" for line in found)
    things = "1 thing is" if len(found) == 1 else f"{len(found)} things are"
    return ProjectError(
        f"In {path.name} {things} wrong:\n{lines}",
        "\nEvery table and key is one of the form's own; texts are texts, people are named by role.",
        next_step="Mend them; `riskmodel card form` prints a blank form with every name.",
    )


def _told(error: ErrorDetails) -> str:
    place = [str(step) for step in error["loc"]]
    counted = [f"entry {step + 1}" if isinstance(step, int) else step for step in error["loc"]]
    where = ", ".join(counted) or "the file"
    if error["type"] == "extra_forbidden":
        near = nearest_name(place[-1], _known(place[:-1]))
        return f"{where}: not known" + (f" (did you mean {near}?)" if near else "")
    if error["type"] == "missing":
        return f"{where}: missing"
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"


def _known(place: list[str]) -> list[str]:
    """The names that may stand at a place of the file."""
    model: Any = Statements
    for step in place:
        if step.isdigit():
            continue
        annotation: Any = model.model_fields[step].annotation
        inner = getattr(annotation, "__args__", (annotation,))[0]
        if not (isinstance(inner, type) and issubclass(inner, Part)):
            return []
        model = inner
    return list(model.model_fields)
