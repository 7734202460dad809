"""Disclosure rules as the ACRO tool writes them: a flat YAML file of named limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from riskmodel.errors import DisclosureError, nearest_name

#: ACRO's name -> the policy's. `survival_safe_threshold` is read and has nothing to govern: no survival table is made.
_NAMES = {
    "safe_threshold": "threshold",
    "safe_dof_threshold": "degrees_of_freedom",
    "safe_nk_n": "dominance_n",
    "safe_nk_k": "dominance_k",
    "safe_pratio_p": "dominance_p",
    "check_missing_values": "review_missing",
    "zeros_are_disclosive": "zeros_disclose",
    "survival_safe_threshold": "",
}
_KINDS: dict[str, type] = {
    "dominance_k": float,
    "dominance_p": float,
    "review_missing": bool,
    "zeros_disclose": bool,
}


def read_acro(path: Path | str) -> dict[str, Any]:
    """Read ACRO's YAML of limits.

    Parameters
    ----------
    path
        The file, with ACRO's own names: `safe_threshold`, `safe_dof_threshold`, `safe_nk_n`, `safe_nk_k`,
        `safe_pratio_p`, `check_missing_values`, `zeros_are_disclosive`, `survival_safe_threshold`.

    Returns
    -------
    dict
        The settings of a `riskmodel.reporting.policy.Policy` that the file speaks of.

    Raises
    ------
    DisclosureError
        If there is no such file, it is no YAML, or holds names or values that are not known; all are named at once.

    Notes
    -----
    Names and meanings as in ACRO's `default.yaml` (Smith and others 2025, doi:10.1109/TP.2025.3566052).
    """
    written = _load(Path(path))
    problems = [_unknown(str(name)) for name in written if str(name) not in _NAMES]
    found: dict[str, Any] = {}
    for name, value in written.items():
        ours = _NAMES.get(str(name))
        if not ours:
            continue
        kind = _KINDS.get(ours, int)
        if isinstance(value, bool) != (kind is bool) or not isinstance(value, (int, float) if kind is float else kind):
            problems.append(f"{name} must be {_WORDS[kind]}")
        else:
            found[ours] = kind(value)
    if problems:
        raise _refused(Path(path), "; ".join(problems))
    return found


_WORDS = {int: "a whole number", float: "a number", bool: "true or false"}


def _load(path: Path) -> dict[Any, Any]:
    import yaml

    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _refused(path, "there is no such file") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise _refused(path, "it is no YAML") from None
    if not isinstance(plain, dict):
        raise _refused(path, "it is no list of names and values")
    return plain


def _unknown(name: str) -> str:
    near = nearest_name(name, _NAMES)
    return f"{name} is not known" + (f" (did you mean {near}?)" if near else "")


def _refused(path: Path, why: str) -> DisclosureError:
    return DisclosureError(
        f"The disclosure policy {path} cannot be used: {why}.",
        f"It is a YAML file in ACRO's form, with some of: {', '.join(_NAMES)}.",
        next_step="Mend the file, or take `policy` out of [disclosure] in riskmodel.toml.",
    )
