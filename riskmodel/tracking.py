"""The MLflow catalogue: one run a training, with its figures, card and bundles; nothing is ever loaded from it."""

from __future__ import annotations

import logging
import math
import os
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskmodel.errors import StorageError
from riskmodel.files import plain_storage_errors

if TYPE_CHECKING:
    from riskmodel.project import Project

ARTEFACTS = "mlartifacts"
_LOCAL = "sqlite:///"


def record_run(
    root: Path | str,
    uri: str,
    *,
    experiment: str,
    params: Mapping[str, object],
    metrics: Mapping[str, float],
    artefacts: Sequence[Path],
    tags: Mapping[str, str],
    registered_name: str | None = None,
    alias: str | None = None,
) -> str:
    """Record one training as an MLflow run and, if named, as a new version of a registered model.

    Files are copied into ``mlartifacts/<experiment>`` in the project. The registered version points at the first folder
    among `artefacts`; it is a catalogue entry, not an MLflow flavour: a model is loaded with `RiskModel.load`, which
    checks every byte, and never by MLflow, whose loaders may run code.

    Parameters
    ----------
    root
        The project's folder.
    uri
        Where the store is. A SQLite address is relative to `root`.
    experiment
        What runs are filed under; the prototype's name. MLflow keeps absolute paths, so a project that was moved
        files new runs under the name with its new folder.
    params, metrics, tags
        What to show. Metrics that are not finite are left out.
    artefacts
        Files and folders to keep with the run.
    registered_name, alias
        Name in the model registry, and the alias (such as "candidate") that moves to this version.

    Returns
    -------
    str
        The run's id.

    Raises
    ------
    StorageError
        If the store cannot be used, or the disk is full. The run, if begun, is marked as failed.
    """
    home = Path(root).resolve()
    with _quiet_mlflow(), _plain_errors(uri), plain_storage_errors(home / ARTEFACTS):
        client = _client(resolve(uri, home))
        run = client.create_run(_experiment(client, experiment, home, uri), tags=dict(tags))
        run_id = str(run.info.run_id)
        try:
            _log(client, run_id, params, metrics)
            for path in artefacts:
                _keep(client, run_id, Path(path))
            if registered_name is not None:
                _register(client, run, artefacts, tags, registered_name, alias)
        except BaseException:
            client.set_terminated(run_id, status="FAILED")
            raise
        client.set_terminated(run_id, status="FINISHED")
    return run_id


def ui_command(project: Project, *, port: int = 5000) -> list[str]:
    """Return the command that serves MLflow's page on the project's store, on this computer alone.

    Parameters
    ----------
    project
        Whose store it is.
    port
        Where it listens.
    """
    _no_telemetry()
    store = resolve(project.tracking_uri, project.root)
    place = (project.root / ARTEFACTS).resolve().as_uri()
    served = ["--backend-store-uri", store, "--default-artifact-root", place]
    return [sys.executable, "-m", "mlflow", "ui", *served, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]


def resolve(uri: str, root: Path) -> str:
    """Return the store's address with a SQLite file taken as relative to `root`.

    Examples
    --------
    >>> resolve("sqlite:///mlflow.db", Path("/srv/county"))
    'sqlite:////srv/county/mlflow.db'
    >>> resolve("https://mlflow.example.org", Path("/srv/county"))
    'https://mlflow.example.org'
    """
    if not uri.startswith(_LOCAL):
        return uri
    return _LOCAL + (root / uri.removeprefix(_LOCAL)).as_posix()


def _client(store: str) -> Any:
    from mlflow import MlflowClient

    if store.startswith(_LOCAL):
        Path(store.removeprefix(_LOCAL)).parent.mkdir(parents=True, exist_ok=True)
    return MlflowClient(tracking_uri=store, registry_uri=store)


def _experiment(client: Any, name: str, home: Path, uri: str) -> str:
    """Return the id of the experiment whose files lie in this project, making it if there is none."""
    if not uri.startswith(_LOCAL):
        found = client.get_experiment_by_name(name)
        return str(found.experiment_id if found else client.create_experiment(name))
    for title, folder in ((name, name), (f"{name} in {home.as_posix()}", name)):
        place = home / ARTEFACTS / folder
        found = client.get_experiment_by_name(title)
        if found is None:
            return str(client.create_experiment(title, artifact_location=place.as_uri()))
        if found.lifecycle_stage == "deleted":
            client.restore_experiment(found.experiment_id)
        if _same_place(found.artifact_location, place):
            return str(found.experiment_id)
    raise StorageError(
        f"The experiment '{name}' of the MLflow store keeps its files outside this project.",
        "What is recorded about a project is kept inside it.",
        next_step="Rename that experiment on the MLflow page (riskmodel ui), then run the command again.",
    )


def _same_place(location: str, place: Path) -> bool:
    return location.removeprefix("file://").rstrip("/") == place.as_uri().removeprefix("file://").rstrip("/")


def _log(client: Any, run_id: str, params: Mapping[str, object], metrics: Mapping[str, float]) -> None:
    from mlflow.entities import Metric, Param

    now = int(time.time() * 1000)
    said = [Param(name, str(value)[:6000]) for name, value in params.items()]
    for start in range(0, len(said), 100):  # MLflow takes a hundred at once
        client.log_batch(run_id, params=said[start : start + 100])
    figures = [Metric(name, float(value), now, 0) for name, value in metrics.items() if math.isfinite(value)]
    for start in range(0, len(figures), 1000):
        client.log_batch(run_id, metrics=figures[start : start + 1000])


def _keep(client: Any, run_id: str, path: Path) -> None:
    if path.is_dir():
        client.log_artifacts(run_id, str(path), artifact_path=path.name)
    else:
        client.log_artifact(run_id, str(path))


def _register(
    client: Any, run: Any, artefacts: Sequence[Path], tags: Mapping[str, str], name: str, alias: str | None
) -> None:
    folder = next((path.name for path in map(Path, artefacts) if path.is_dir()), "")
    if not client.search_registered_models(filter_string=f"name = '{name}'"):
        client.create_registered_model(name)
    source = f"{run.info.artifact_uri}/{folder}".rstrip("/")
    version = client.create_model_version(name, source=source, run_id=run.info.run_id, tags=dict(tags))
    if alias is not None:
        client.set_registered_model_alias(name, alias, version.version)


def _no_telemetry() -> None:
    """Keep MLflow from fetching and sending anything; it reads this when it is first imported."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")


@contextmanager
def _quiet_mlflow() -> Iterator[None]:
    """Import and use MLflow without its log lines about migrations and its dependencies' warnings."""
    _no_telemetry()
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.WARNING)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


@contextmanager
def _plain_errors(uri: str) -> Iterator[None]:
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, SQLAlchemyError) as problem:
        raise StorageError(
            f"The MLflow store {uri} cannot be used ({type(problem).__name__}).",
            "Each training is recorded in the project's MLflow store.",
            next_step="Close other programs that use it, or move the file away so that a new one is made.",
        ) from problem
