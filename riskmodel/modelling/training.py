"""Everything a training left behind: models, baselines, which one leads, and what was tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodel.errors import BundleError
from riskmodel.files import atomic_folder, settle
from riskmodel.modelling.model import RiskModel
from riskmodel.modelling.recalibrate import RECORD
from riskmodel.modelling.tuning import Trial

_FILE = "training.json"


@dataclass(frozen=True, eq=False)
class Training:
    """The outcome of `riskmodel.modelling.train.train`.

    Attributes
    ----------
    models
        Family -> model.
    baselines
        Name -> what the models are compared with.
    lead
        The family that is proposed for use, chosen on training cohorts alone.
    record
        Digests, dates, counts, seed, how the folds were made, why the lead leads and every setting that was tried, as
        plain data.
    """

    models: Mapping[str, RiskModel]
    baselines: Mapping[str, RiskModel]
    lead: str
    record: Mapping[str, Any]

    @property
    def lead_reason(self) -> str:
        """Why that family leads, with the figures."""
        return str(self.record["lead_reason"])

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every setting that was tried."""
        return tuple(Trial.from_plain(plain) for plain in self.record["trials"])

    @property
    def model(self) -> RiskModel:
        """The leading model."""
        return self.models[self.lead]

    def all(self) -> dict[str, RiskModel]:
        """Return models and baselines together, the leading model first."""
        rest = {name: model for name, model in self.models.items() if name != self.lead}
        return {self.lead: self.model, **rest, **self.baselines}

    def frame(self) -> pd.DataFrame:
        """Return what was tried, one row a setting: family, settings, loss, error, n, events, chosen."""
        rows = [{**asdict(trial), "settings": _words(trial.settings)} for trial in self.trials]
        return pd.DataFrame(rows)

    @property
    def prototype_digest(self) -> str:
        """Digest of the declaration it was trained from."""
        return str(self.record["prototype_digest"])

    def params(self) -> dict[str, str]:
        """Return what a catalogue of runs should show: lead, seed, dates, counts and settings, as short texts."""
        split = self.record["split"]
        found = {"lead": self.lead, "seed": str(self.record["seed"]), "tuning": str(self.record["tuning"])}
        for part in ("train", "calibrate", "test"):
            found[f"{part}.as_of"] = ", ".join(split[part]["as_of"])
            found[f"{part}.n"], found[f"{part}.events"] = str(split[part]["n"]), str(split[part]["events"])
        for family, model in self.models.items():
            found[f"{family}.settings"] = _words(model.provenance["settings"])
            found[f"{family}.calibration"] = model.calibrator.method
        for name in ("method", "as_of", "n", "events", "intercept", "slope", "by", "from_digest"):
            if (step := self.record.get(RECORD)) is not None:
                value = step[name]
                found[f"{RECORD}.{name}"] = ", ".join(value) if isinstance(value, list) else str(value)
        return found

    def with_lead(self, model: RiskModel) -> Training:
        """Return a copy whose lead model is a recalibrated copy of its own; the record says what was done.

        Parameters
        ----------
        model
            From `riskmodel.modelling.recalibrate.recalibrated`.
        """
        models = {**self.models, self.lead: model}
        return replace(self, models=models, record={**self.record, RECORD: dict(model.provenance[RECORD])})

    def save(self, folder: Path | str) -> Path:
        """Write every bundle and the record, all or nothing."""
        target = Path(folder)
        with atomic_folder(target) as temporary:
            for kind, models in (("models", self.models), ("baselines", self.baselines)):
                for name, model in models.items():
                    model.save(temporary / kind / name)
            text = json.dumps(self._plain(), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
            (temporary / _FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
        return target

    @classmethod
    def load(cls, folder: Path | str) -> Training:
        """Read what `save` wrote; every bundle must be the one that the record names.

        Raises
        ------
        BundleError
            If there is no training in `folder`, or any part of it is missing or was changed.
        """
        source = Path(folder)
        settle(source)
        plain = _read(source / _FILE)
        found = {
            kind: {name: RiskModel.load(source / kind / name, digest=digest) for name, digest in plain[kind].items()}
            for kind in ("models", "baselines")
        }
        return cls(found["models"], found["baselines"], plain["lead"], plain["record"])

    def _plain(self) -> dict[str, Any]:
        return {
            "models": {name: model.digest for name, model in self.models.items()},
            "baselines": {name: model.digest for name, model in self.baselines.items()},
            "lead": self.lead,
            "record": dict(self.record),
        }


def _read(path: Path) -> dict[str, Any]:
    try:
        plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if {"models", "baselines", "lead", "record"} <= set(plain):
            return plain
        why = "it is not complete"
    except FileNotFoundError:
        why = "it is missing"
    except (ValueError, TypeError):
        why = "it cannot be read"
    raise BundleError(
        f"There is no training at {path.parent}: {path.name}: {why}.",
        "A training is a folder of bundles with a record of their digests.",
        next_step="Train again.",
    )


def _words(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(settings.items()))
