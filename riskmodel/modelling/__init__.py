"""Models: splits, tuning, two families and their baselines, calibration, and bundles of plain text."""
