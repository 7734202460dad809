"""One small county for all tests of how it is made."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pipelines.synthetic import make_county

NOT_IN_UTF8 = {"encoding": "cp1252", "sep": ";"}
DAYS = {
    "people": "recorded_on", "residence": "moved_in", "households": "recorded_on", "births": "born_on",
    "health_visits": "due_on", "asq3": "assessed_on", "early_years_places": "headcount_on",
    "school_census": "census_on", "eyfsp": "assessed_on", "benefits": "changed_on", "dwellings": "recorded_on",
    "housing": "recorded_on", "social_care": "started_on", "police_incidents": "occurred_on",
    "adult_needs": "recorded_on", "emergency_visits": "attended_on",
}  # fmt: skip


def read(folder):
    """Return every extract of a folder as a frame, days as timestamps."""
    frames = {}
    for name, happened in DAYS.items():
        [path] = folder.glob(f"{name}.*")
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
        for column in {happened, "received_on", "moved_out", "date_of_birth"} & set(frame.columns):
            frame[column] = pd.to_datetime(frame[column], format="%d/%m/%Y" if name == "housing" else None)
        frames[name] = frame
    return frames


def _read_csv(path):
    options = NOT_IN_UTF8 if path.name.startswith("housing") else {}
    return pd.read_csv(path, **options)


@pytest.fixture(scope="session")
def vange(tmp_path_factory):
    """The default county in half its size: its extracts by name, and the truth."""
    folder = tmp_path_factory.mktemp("vange")
    make_county(folder / "extracts", children=10_000, truth=folder / "truth")
    truth = {path.stem: pd.read_parquet(path) for path in (folder / "truth").glob("*.parquet")}
    return SimpleNamespace(folder=folder, tables=read(folder / "extracts"), truth=truth)
