"""Errors that say what is wrong, which rule it breaks, the nearest right thing, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RiskModelError(Exception):
    """Base of every error the library raises on purpose.

    The message never holds a person's value: name columns, files, rules and counts, not contents.

    Parameters
    ----------
    what
        What is wrong, naming the thing (a column, a file, a feature).
    rule
        The rule it breaks, as a sentence.
    nearest
        The nearest right thing, if there is one, such as the column name that was probably meant.
    next_step
        What the reader should do now.

    Examples
    --------
    >>> print(RiskModelError(
    ...     "Source 'police' has no column 'role_type'.",
    ...     "A snippet may use only the columns its source declares.",
    ...     nearest="role", next_step="Correct the name.",
    ... ))
    Source 'police' has no column 'role_type'. A snippet may use only the columns its source declares. \
The nearest right name is 'role'. Correct the name.
    """

    def __init__(self, what: str, rule: str, *, nearest: str | None = None, next_step: str) -> None:
        self.what = what
        self.rule = rule
        self.nearest = nearest
        self.next_step = next_step
        super().__init__(what, rule)

    def __str__(self) -> str:
        nearest = f"The nearest right name is '{self.nearest}'." if self.nearest else ""
        return _joined(self.what, self.rule, nearest, self.next_step)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.rule, self.nearest, self.next_step)


class DeclarationError(RiskModelError):
    """A declaration (source, scope, feature, cohort, outcome, prototype) is wrong."""


class ContractError(RiskModelError):
    """A partner's extract does not keep the contract its source declares."""


class WarehouseError(RiskModelError):
    """The warehouse is missing, incomplete, changed, or does not hold what is asked of it."""


class MatrixError(RiskModelError):
    """A design matrix cannot be built as asked, or a saved one is incomplete or was changed."""


class LeakageError(RiskModelError):
    """Something a prediction could not have known has reached the data it learns from."""


class ModelError(RiskModelError):
    """A model cannot be trained, or cannot be applied to these rows."""


class BundleError(RiskModelError):
    """A saved model is incomplete or was changed after it was saved."""


class EvaluationError(RiskModelError):
    """A model cannot be evaluated as asked."""


class CardIncomplete(RiskModelError):
    """A model card has an empty required section."""


class PdfError(RiskModelError):
    """A page cannot be turned into a PDF on this computer, or as it is."""


class DisclosureError(RiskModelError):
    """A figure would disclose a small group of people."""


class ScoringRefused(RiskModelError):
    """The data do not fit the model well enough to score people with it."""


class ProjectError(RiskModelError):
    """The project folder or its settings are missing or wrong."""


class StorageError(RiskModelError):
    """A file or folder could not be written, for example because the disk is full."""


def nearest_name(name: str, options: Iterable[str]) -> str | None:
    """Return the option most like `name`, or None when nothing is close.

    Examples
    --------
    >>> nearest_name("hapened_on", ["happened_on", "known_on"])
    'happened_on'
    >>> nearest_name("zebra", ["happened_on"]) is None
    True
    """
    by_folded = {option.casefold(): option for option in options}
    found = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=0.55)
    return by_folded[found[0]] if found else None


def _joined(*parts: str) -> str:
    """Join sentences into one paragraph; a list of problems keeps its own lines."""
    said = [part.strip() for part in parts if part.strip()]
    return ("\n" if any("\n" in part for part in said) else " ").join(said)


def _rebuild(kind: type[RiskModelError], what: str, rule: str, nearest: str | None, next_step: str) -> RiskModelError:
    """Rebuild an error on the other side of a process boundary."""
    return kind(what, rule, nearest=nearest, next_step=next_step)
