"""A saved model is plain text, and a single changed byte in any file refuses it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from riskmodel.errors import BundleError
from riskmodel.modelling.bundle import MANIFEST
from riskmodel.modelling.model import RiskModel

NAMES = ["logistic", "gradient_boosting", "base_rate", "area_rate", "simple", "current_rule"]


@pytest.fixture
def saved(training, tmp_path: Path) -> Path:
    return training.models["gradient_boosting"].save(tmp_path / "bundle")


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_reads_back_bit_for_bit(training, matrix, tmp_path: Path, name: str) -> None:
    model = training.all()[name]
    back = RiskModel.load(model.save(tmp_path / name))
    np.testing.assert_array_equal(back.predict(matrix), model.predict(matrix))
    assert back.digest == model.digest
    assert (back.name, back.family, back.features) == (model.name, model.family, model.features)
    assert dict(back.provenance) == dict(model.provenance)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_text(training, tmp_path: Path, name: str) -> None:
    folder = training.all()[name].save(tmp_path / name)
    assert {path.suffix for path in folder.iterdir()} <= {".json", ".txt"}
    for path in folder.iterdir():
        assert "\0" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["model.txt", "calibrator.json", "features.json", "provenance.json", MANIFEST])
def test_one_flipped_bit_anywhere_refuses(saved: Path, file: str) -> None:
    path = saved / file
    content = path.read_bytes()
    rng = np.random.default_rng(len(content))
    places = {0, len(content) - 1, *rng.integers(0, len(content), 40).tolist()}
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(bytes(changed))
        with pytest.raises(BundleError, match="was changed"):
            RiskModel.load(saved)
    path.write_bytes(content)
    RiskModel.load(saved)


def test_every_single_byte_of_the_manifest_matters(saved: Path) -> None:
    path = saved / MANIFEST
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 32]) + content[place + 1 :])
        with pytest.raises(BundleError):
            RiskModel.load(saved)


def test_missing_and_extra_files_are_all_named(saved: Path) -> None:
    (saved / "features.json").unlink()
    (saved / "model.txt").unlink()
    (saved / "model.pkl").write_bytes(b"")
    with pytest.raises(BundleError, match=r"features.json is missing; model.txt is missing; model.pkl does not belong"):
        RiskModel.load(saved)


def test_a_link_to_the_right_content_is_refused(saved: Path, tmp_path: Path) -> None:
    os.rename(saved / "model.txt", tmp_path / "elsewhere.txt")
    os.symlink(tmp_path / "elsewhere.txt", saved / "model.txt")
    with pytest.raises(BundleError, match=r"model.txt is not a plain file"):
        RiskModel.load(saved)


def test_no_bundle_there(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BundleError, match=r"manifest.json is missing"):
            RiskModel.load(folder)


def test_an_intact_bundle_that_is_not_the_expected_one(saved: Path, training) -> None:
    RiskModel.load(saved, digest=training.models["gradient_boosting"].digest)
    with pytest.raises(BundleError, match="not the one that is expected here"):
        RiskModel.load(saved, digest=training.models["logistic"].digest)


def test_saving_over_an_old_bundle_leaves_nothing_of_it(saved: Path, training) -> None:
    training.models["logistic"].save(saved)
    assert not (saved / "model.txt").exists()
    assert RiskModel.load(saved).name == "logistic"
