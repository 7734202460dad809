"""Planted leaks: columns and rows that hold the future, to see that `check` and `build` refuse them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.synthetic import timeline
from pipelines.synthetic.table import NO_DAY, Table, days, real, words
from pipelines.synthetic.world import World

OUTCOMES = ("charged", "no_further_action", "caution")


def plant(world: World, table: Table) -> Table:
    """Return the table with its leak, if it is one of the three that get one."""
    planters = {"people": _in_people, "social_care": _in_social_care, "police_incidents": _in_police}
    return planters[table.name](world, table) if table.name in planters else table


def _in_people(world: World, table: Table) -> Table:
    """Add when special needs were first recorded in Reception, and attendance there: both from years later."""
    rng = world.streams("leaks in people")
    born = world.people.born[world.spells.person]
    is_child = world.spells.person >= world.people.child[0]
    starts = np.where(is_child, timeline.reception_starts(np.maximum(born, timeline.BIRTHS_FROM)), NO_DAY)
    been = starts + 120 <= timeline.COMPLETE_TO
    noticed = been & (rng.random(len(born)) < 0.3)
    attendance = np.where(been, 1 - 0.06 * rng.gamma(2.0, 0.5, len(born)), np.nan)
    columns = {
        **table.columns,
        "reception_sen_on": days(np.where(noticed, starts + rng.integers(20, 120, len(born)), NO_DAY)),
        "reception_attendance": real(attendance, 3),
    }
    return replace(table, columns=columns)


def _in_social_care(world: World, table: Table) -> Table:
    """Let one case in fifty be received before it started."""
    rng = world.streams("leaks in social care")
    early = rng.random(len(table.received)) < 0.02
    started = np.asarray(pc.cast(table.columns["started_on"], pa.int32())).astype(np.int64)
    return replace(table, received=np.where(early, started - rng.integers(5, 60, len(early)), table.received))


def _in_police(world: World, table: Table) -> Table:
    """Add how the case ended, which is blank while it is still open."""
    rng = world.streams("leaks in police")
    happened = np.asarray(pc.cast(table.columns["occurred_on"], pa.int32())).astype(np.int64)
    closed = happened + rng.integers(60, 240, len(happened)) <= timeline.EXTRACTED_ON
    outcome = np.where(closed, rng.integers(0, 3, len(happened)), -1)
    return replace(table, columns={**table.columns, "case_outcome": words(outcome, OUTCOMES)})
