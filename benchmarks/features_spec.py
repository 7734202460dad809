"""What every implementation of the feature benchmark must know, without importing any library."""

from __future__ import annotations

from datetime import date

AS_OF = date(2025, 1, 1)
FIRST = date(2015, 1, 1)
SHARES = {"incidents": 0.30, "contacts": 0.25, "absences": 0.20, "attendances": 0.15, "arrears": 0.10}
KINDS = [f"kind_{letter}" for letter in "abcdefghij"]
