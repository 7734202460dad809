"""Scoring: applying a model to a cohort, refusing where the data do not fit, and the page of area totals."""
