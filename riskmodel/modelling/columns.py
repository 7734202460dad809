"""The columns a model reads: what each one is, and the check that data hold exactly those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskmodel.engine.matrix import DesignMatrix
from riskmodel.errors import ModelError, nearest_name
from riskmodel.modelling.arrays import Floats

if TYPE_CHECKING:
    from riskmodel.declare import Feature

_KINDS = {"int": "number", "float": "number", "bool": "flag", "category": "category"}


@dataclass(frozen=True)
class ModelFeature:
    """One column a model reads.

    Attributes
    ----------
    name
        Name of the column.
    kind
        ``"number"``, ``"flag"`` (1, 0 or missing), ``"category"`` (one of `levels` or missing) or ``"area"``
        (any text: an area the training never saw is allowed, and is treated as an average one).
    label
        Plain English that completes "this score is higher because ...".
    levels
        What a category may be, in the declared order; for an area, those seen in training.
    direction
        ``"+"`` when more of it can only raise the risk, ``"-"`` when it can only lower it, None when not declared.
    partner, theme
        Who sent the data, and the heading under which it is explained.
    origin
        Where the column is in a design matrix: ``"features"``, ``"audit"`` or ``"area"``. Only baselines read the
        last two.
    missing_share
        Share of the latest training cohort without a value, between 0 and 1.
    present_share
        Share of the latest training cohort with a value other than nought.
    """

    name: str
    kind: str
    label: str = ""
    levels: tuple[str, ...] = ()
    direction: str | None = None
    partner: str = ""
    theme: str = ""
    origin: str = "features"
    missing_share: float = 0.0
    present_share: float = 1.0

    def plain(self) -> dict[str, Any]:
        """Return this feature as a dictionary that can be written as JSON."""
        return {**asdict(self), "levels": list(self.levels)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> ModelFeature:
        """Return the feature that `plain` described."""
        return cls(**{**plain, "levels": tuple(plain["levels"])})


def describe(features: Sequence[Feature], latest: pd.DataFrame) -> tuple[ModelFeature, ...]:
    """Describe a prototype's features as a model's columns.

    Parameters
    ----------
    features
        The declared features.
    latest
        The rows of the latest training cohort, one column a feature; how much is missing is counted there.

    Raises
    ------
    ModelError
        If a declared feature is not a column of `latest`.
    """
    absent = [feature.name for feature in features if feature.name not in latest.columns]
    if absent:
        raise ModelError(
            f"The design matrix lacks {len(absent)} feature(s) of the prototype: {', '.join(absent)}.",
            "A model is trained on the features its prototype declares.",
            next_step="Build the matrix again from this prototype, then train.",
        )
    return tuple(
        ModelFeature(
            name=feature.name,
            kind=_KINDS[feature.dtype],
            label=feature.label,
            levels=tuple(feature.levels or ()),
            direction=feature.direction,
            partner=feature.partner,
            theme=feature.theme or "",
            missing_share=missing_share(latest[feature.name]),
            present_share=present_share(latest[feature.name]),
        )
        for feature in features
    )


def missing_share(column: pd.Series[Any]) -> float:
    """Return the share of rows without a value, to four digits; 0 when there is no row."""
    return round(float(column.isna().mean()), 4) if len(column) else 0.0


def present_share(column: pd.Series[Any]) -> float:
    """Return the share of rows with a value other than nought, to four digits; 0 when there is no row.

    Examples
    --------
    >>> present_share(pd.Series([0.0, 2.0, float("nan"), 1.0]))
    0.5
    """
    return round(float((column.notna() & (column != 0)).mean()), 4) if len(column) else 0.0


def take(data: pd.DataFrame | DesignMatrix, features: Sequence[ModelFeature], *, strict: bool) -> pd.DataFrame:
    """Return the columns `features` name, in their order, after checking that the data fit.

    Parameters
    ----------
    data
        A design matrix, or a table with one column a feature in any order.
    features
        What the model reads.
    strict
        Whether a column the model does not know is an error (it is, except for baselines).

    Raises
    ------
    ModelError
        Once, with everything that does not fit: columns missing or unknown, values that are no numbers or are
        infinite, flags that are neither 0 nor 1, category levels that were not declared.
    """
    table = _from_matrix(data, features) if isinstance(data, DesignMatrix) else data
    absent = [f.name for f in features if f.name not in table.columns]
    names = {f.name for f in features}
    extra = [str(c) for c in table.columns if c not in names] if strict else []
    problems = [f"column '{name}' is missing" for name in absent] + [f"column '{name}' is not known" for name in extra]
    for feature in features:
        if feature.name not in absent:
            problems += _problems(table[feature.name], feature)
    if problems:
        raise ModelError(
            f"The data do not fit the model: {'; '.join(problems)}.",
            "A model reads exactly the columns, types and category levels it was trained on.",
            nearest=next((near for name in absent if (near := nearest_name(name, extra))), None),
            next_step="Build the design matrix from the prototype the model was trained with, or train again.",
        )
    wanted = [f.name for f in features]
    return table if list(table.columns) == wanted else table[wanted]


def encode(table: pd.DataFrame, features: Sequence[ModelFeature]) -> Floats:
    """Return the checked columns as numbers: a category becomes the place of its level, missing is NaN."""
    values = np.empty((len(table), len(features)), dtype=np.float64)
    for place, feature in enumerate(features):
        column = table[feature.name]
        if feature.kind in ("category", "area"):
            codes = pd.Index(list(feature.levels), dtype=object).get_indexer(pd.Index(_text(column), dtype=object))
            values[:, place] = np.where(codes < 0, np.nan, codes)
        else:
            values[:, place] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def _from_matrix(matrix: DesignMatrix, features: Sequence[ModelFeature]) -> pd.DataFrame:
    """Gather columns from where a design matrix keeps them; plain features come with every column of X."""
    if all(feature.origin == "features" for feature in features):
        return matrix.X
    tables = {"features": matrix.X, "audit": matrix.audit, "area": pd.DataFrame({"area": matrix.area})}
    found = {f.name: tables[f.origin][f.name] for f in features if f.name in tables[f.origin].columns}
    return pd.DataFrame(found, index=matrix.X.index)


def _problems(column: pd.Series[Any], feature: ModelFeature) -> list[str]:
    if feature.kind == "area":
        return []
    if feature.kind == "category":
        return _level_problems(column, feature)
    try:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        return [f"column '{feature.name}' holds something other than numbers"]
    problems = []
    if n := int(np.isinf(values).sum()):
        problems.append(f"column '{feature.name}' is infinite in {n} row(s)")
    if feature.kind == "flag" and (n := int((~np.isnan(values) & (values != 0) & (values != 1)).sum())):
        problems.append(f"column '{feature.name}' is neither yes nor no in {n} row(s)")
    return problems


def _level_problems(column: pd.Series[Any], feature: ModelFeature) -> list[str]:
    unseen = int((column.notna() & ~_text(column).isin(list(feature.levels))).sum())
    if not unseen:
        return []
    return [f"column '{feature.name}' has a level that is none of {', '.join(feature.levels)} in {unseen} row(s)"]


def _text(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype(object)
