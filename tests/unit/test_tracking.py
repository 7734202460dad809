"""Each training becomes one run in the catalogue, inside the project, without chatter or telemetry."""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from riskmodel import tracking
from riskmodel.errors import StorageError

URI = "sqlite:///mlflow.db"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one store with its tables: doing that takes seconds, copying it does not."""
    root = tmp_path_factory.mktemp("store")
    tracking.record_run(root, URI, experiment="first", params={}, metrics={}, artefacts=[], tags={})
    return root / "mlflow.db"


@pytest.fixture
def root(migrated: Path, tmp_path: Path) -> Path:
    shutil.copy(migrated, tmp_path / "mlflow.db")
    bundle = tmp_path / "runs" / "models"
    bundle.mkdir(parents=True)
    (bundle / "manifest.json").write_text("{}")
    (tmp_path / "card.html").write_text("<p>card</p>")
    return tmp_path


def client(root: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tracking._client(tracking.resolve(URI, root))


def record(root: Path, **changes: Any) -> str:
    given: dict[str, Any] = {
        "experiment": "readiness", "params": {f"p{i}": i for i in range(150)},
        "metrics": {"auroc": 0.71, "oe": float("nan")},
        "artefacts": [root / "card.html", root / "runs" / "models"], "tags": {"bundle_sha256": "ab" * 32},
        "registered_name": "readiness", "alias": "candidate",
    }  # fmt: skip
    return tracking.record_run(root, URI, **{**given, **changes})


def test_a_run_has_its_parameters_metrics_tags_and_files(root: Path) -> None:
    run = client(root).get_run(record(root))
    assert len(run.data.params) == 150
    assert run.data.metrics == {"auroc": 0.71}
    assert run.data.tags["bundle_sha256"] == "ab" * 32
    assert run.info.status == "FINISHED"
    folder = root / "mlartifacts" / "readiness" / run.info.run_id / "artifacts"
    assert (folder / "card.html").read_text() == "<p>card</p>"
    assert (folder / "models" / "manifest.json").exists()
    assert sorted(item.path for item in client(root).list_artifacts(run.info.run_id)) == ["card.html", "models"]


def test_the_alias_moves_to_the_latest_version(root: Path) -> None:
    first, second = record(root), record(root)
    version = client(root).get_model_version_by_alias("readiness", "candidate")
    assert (int(version.version), version.run_id) == (2, second)
    assert version.source.endswith(f"{second}/artifacts/models")
    assert version.tags["bundle_sha256"] == "ab" * 32
    assert int(client(root).get_model_version("readiness", "1").version) == 1
    assert first != second


def test_nothing_is_registered_without_a_name(root: Path) -> None:
    record(root, registered_name=None)
    assert list(client(root).search_registered_models()) == []


def test_a_moved_project_keeps_its_new_files_inside(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    record(root)
    elsewhere = tmp_path_factory.mktemp("moved") / "project"
    shutil.copytree(root, elsewhere)
    ids = [record(elsewhere), record(elsewhere)]
    for run_id in ids:
        assert (elsewhere / "mlartifacts" / "readiness" / run_id / "artifacts" / "card.html").exists()
        assert not (root / "mlartifacts" / "readiness" / run_id).exists()


def test_a_run_that_breaks_is_marked_as_failed(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        record(root, artefacts=[root / "gone.html"])
    made = client(root).get_experiment_by_name("readiness")
    assert [run.info.status for run in client(root).search_runs([made.experiment_id])] == ["FAILED"]


def test_a_store_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("this is no database, " * 100)
    with pytest.raises(StorageError, match=r"The MLflow store sqlite:///mlflow.db cannot be used"):
        tracking.record_run(tmp_path, URI, experiment="x", params={}, metrics={}, artefacts=[], tags={})


def test_it_is_quiet_and_sends_nothing(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record(root)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_the_page_is_served_on_this_computer_from_the_projects_store(tmp_path: Path) -> None:
    project: Any = SimpleNamespace(root=tmp_path, tracking_uri=URI)
    command = tracking.ui_command(project, port=5055)
    assert command[1:4] == ["-m", "mlflow", "ui"]
    assert f"sqlite:///{tmp_path.as_posix()}/mlflow.db" in command
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "5055"
