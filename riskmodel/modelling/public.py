"""A copy of a model that may leave the house: it predicts identically, and tells less about who it learned from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from riskmodel.errors import ModelError
from riskmodel.modelling.arrays import Floats
from riskmodel.modelling.calibration import Calibrator
from riskmodel.modelling.linear import LinearPredictor
from riskmodel.modelling.preparation import Preparation
from riskmodel.modelling.trees import TreePredictor

if TYPE_CHECKING:
    from riskmodel.modelling.model import RiskModel

FILE = "public.json"

#: Of a tree's text, what prediction needs. The rest are counts, weights and gains of training cases.
_OF_A_TREE = frozenset({
    "num_leaves", "num_cat", "split_feature", "threshold", "decision_type", "left_child", "right_child", "leaf_value",
    "cat_boundaries", "cat_threshold", "is_linear", "shrinkage",
})  # fmt: skip
#: Of the text's head, what LightGBM asks for. The ranges of the features are put in the form for "not told".
_OF_THE_HEAD = frozenset({
    "version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective", "feature_names",
    "monotone_constraints", "feature_infos",
})  # fmt: skip
#: Of the provenance, what says nothing about how many people were trained on, or about their data.
_OF_THE_PROVENANCE = (
    "prototype", "prototype_digest", "family", "outcome", "horizon", "outcomes_known_to", "expires_on", "settings",
    "seed", "software",
)  # fmt: skip
#: Shares of features that were missing or present in training are rounded to this.
_SHARES_TO = 0.05


class _Scorer(Protocol):
    """What turns encoded rows into log-odds, and can be written."""

    def raw(self, values: Floats) -> Floats:
        """Return the log-odds of each row."""

    def files(self) -> dict[str, bytes]:
        """Return the files that hold it."""


@dataclass(frozen=True)
class PublicPredictor:
    """A predictor that scores and does not explain: contributions rest on what was taken out.

    `copy_of` is the digest of the model it was made from, which is the one on the card.
    """

    predictor: _Scorer
    copy_of: str

    @property
    def expected(self) -> float:
        """Refused: see `contributions`."""
        raise self._refused()

    def raw(self, values: Floats) -> Floats:
        """Return the log-odds of encoded rows."""
        return self.predictor.raw(values)

    def contributions(self, values: Floats) -> Floats:
        """Refused: a ModelError says where explanations are to be had."""
        raise self._refused()

    def files(self) -> dict[str, bytes]:
        """Return the files that hold this predictor in a bundle."""
        plain = {"public": True, "copy_of": self.copy_of}
        return {**self.predictor.files(), FILE: (json.dumps(plain, indent=1) + "\n").encode()}

    @classmethod
    def from_files(cls, files: dict[str, bytes], predictor: _Scorer) -> PublicPredictor:
        """Return the predictor that `files` wrote, around the one that scores."""
        return cls(predictor, str(json.loads(files[FILE])["copy_of"]))

    def _refused(self) -> ModelError:
        return ModelError(
            "This is the public copy of a model, which predicts and does not explain.",
            "What contributions are computed from (counts and means of training cases) was taken out of it.",
            next_step=f"Explain with the internal model, whose SHA-256 is {self.copy_of}.",
        )


def public_copy(model: RiskModel, *, threshold: int = 10) -> RiskModel:
    """Make the copy of a model that may be given away.

    Its scores and probabilities are those of the model to the last bit. Gone are the ranges of the training values,
    the counts, weights and gains of leaves and splits (trees), means and deviations of the terms (logistic: the mean
    of a rare flag is a count), the counts behind the calibration, digests and counts of the training rows. What stays,
    because prediction rests on it: thresholds (halfway between values that occurred), leaf values, coefficients,
    the value that stands for a missing one, the calibration.

    Parameters
    ----------
    model
        A trained model; not a baseline, whose rates are those of areas and groups.
    threshold
        A calibration curve with a level that is a share of fewer cases than this is refused.

    Returns
    -------
    RiskModel
        With `contributions` and `expected` refused.

    Raises
    ------
    ModelError
        If the model is a baseline, is a public copy already, or its calibration curve has a level that would tell how
        few cases had the outcome.
    """
    _check_curve(model.calibrator, threshold)
    calibrator = replace(model.calibrator, n=0, events=0, why="not told in a public copy")
    provenance = {name: model.provenance[name] for name in _OF_THE_PROVENANCE if name in model.provenance}
    features = tuple(
        replace(f, missing_share=_coarse(f.missing_share), present_share=_coarse(f.present_share))
        for f in model.features
    )
    predictor = PublicPredictor(_stripped(model.predictor), model.digest)
    return replace(
        model,
        features=features,
        predictor=predictor,
        calibrator=calibrator,
        provenance={**provenance, "copy": "public"},
    )


def _stripped(predictor: Any) -> _Scorer:
    if isinstance(predictor, TreePredictor):
        return replace(predictor, text=stripped_text(predictor.text))
    if isinstance(predictor, LinearPredictor):
        start, slopes = predictor.slopes()
        terms = tuple(replace(term, mean=0.0, scale=1.0) for term in predictor.preparation.terms)
        return replace(predictor, preparation=Preparation(terms), coefficients=tuple(slopes.tolist()), intercept=start)
    kind = "a public copy already" if isinstance(predictor, PublicPredictor) else "a baseline"
    raise ModelError(
        f"No public copy can be made: this is {kind}.",
        "A public copy is made of a trained model: the logistic one or the trees.",
        next_step="Export the leading model of a training.",
    )


def stripped_text(text: str) -> str:
    """Return LightGBM's model text without anything that prediction does not need.

    Examples
    --------
    >>> print(stripped_text("tree\\nfeature_names=a b\\nfeature_infos=[3:9] 0:1\\ntree_sizes=9\\n\\n"
    ...                     "Tree=0\\nnum_leaves=2\\nleaf_value=1 2\\nleaf_count=7 9\\n\\nend of trees\\n\\nrest"))
    tree
    feature_names=a b
    feature_infos=none none
    <BLANKLINE>
    Tree=0
    num_leaves=2
    leaf_value=1 2
    <BLANKLINE>
    end of trees
    <BLANKLINE>
    """
    return "\n".join([*_kept_lines(text), "end of trees", ""])


def _kept_lines(text: str) -> Iterator[str]:
    in_tree = False
    for line in text.partition("end of trees")[0].splitlines():
        name, is_setting, value = line.partition("=")
        in_tree = in_tree or name == "Tree"
        if name == "feature_infos":
            yield f"feature_infos={' '.join('none' for _ in value.split())}"
        elif not is_setting or name == "Tree" or name in (_OF_A_TREE if in_tree else _OF_THE_HEAD):
            yield line


def _check_curve(calibrator: Calibrator, threshold: int) -> None:
    """Refuse a calibration curve with a level that is a share of a handful of cases."""
    few = [level for level in calibrator.y if float(Fraction(level).limit_denominator(max(threshold - 1, 1))) == level]
    if few:
        raise ModelError(
            f"No public copy can be made: {len(few)} level(s) of the calibration curve may be shares of fewer than "
            f"{threshold} cases.",
            "A public copy predicts identically, so its calibration curve cannot be changed.",
            next_step="Calibrate with Platt's method, or on more cases, and train again.",
        )


def _coarse(share: float) -> float:
    return round(_SHARES_TO * round(share / _SHARES_TO), 2)
