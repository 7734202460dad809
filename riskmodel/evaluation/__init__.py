"""Measure a model on later cohorts: discrimination, calibration, usefulness, fairness, explanation and a verdict."""
