"""What the wards of the county are called."""

from __future__ import annotations

#: Names by codes, as the wards were until May 2024; source as in `pipelines/synthetic/geography/PROVENANCE.md`.
WARDS = {
    "E05004021": "Billericay East",
    "E05004022": "Billericay West",
    "E05004023": "Burstead",
    "E05004024": "Crouch",
    "E05004025": "Fryerns",
    "E05004026": "Laindon Park",
    "E05004027": "Langdon Hills",
    "E05004028": "Lee Chapel North",
    "E05004029": "Nethermayne",
    "E05004030": "Pitsea North West",
    "E05004031": "Pitsea South East",
    "E05004032": "St Martin's",
    "E05004033": "Vange",
    "E05004034": "Wickford Castledon",
    "E05004035": "Wickford North",
    "E05004036": "Wickford Park",
}
