"""Limits that the verdict shares with the coded checks."""

from __future__ import annotations

#: Outcomes (and cases without it) that a judgement of probabilities needs (Van Calster et al. 2016).
EVENTS_FOR_CALIBRATION = 200
#: Where the calibration slope and observed over expected must lie.
CALIBRATION_RANGE = (0.8, 1.25)
