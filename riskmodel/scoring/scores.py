"""The result of scoring: the list, who is not on it and why, and what may be shown of the totals."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.errors import ScoringRefused
from riskmodel.files import atomic_folder
from riskmodel.modelling.model import RiskModel
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.figures import Figure
from riskmodel.reporting.page import document_html
from riskmodel.reporting.wording import day
from riskmodel.scoring.pages import Page, load_pages, save_pages, steady
from riskmodel.scoring.totals import Totals, printable
from riskmodel.scoring.ward_page import ward_page

if TYPE_CHECKING:
    from riskmodel.declare import Prototype

TOO_LITTLE_KNOWN = "too_little_known"
UNKNOWN_AREA = "area_not_known"
#: Columns of the band of a score; they are there when the model was refitted on other samples.
SCORE_BAND = ("score_low", "score_high")


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of a cohort on one date.

    Where the prototype gives totals for areas only, `cases` holds ``area band`` and `not_scored` holds ``area
    reason_code``, and nothing that could be traced to a case.

    Attributes
    ----------
    prototype, model
        What was scored, and by which model.
    as_of
        Date on which people were looked at.
    areas
        Areas that were asked for; None for all.
    cases
        One row a scored case, the highest score first: ``case as_of area score rank rank_in_cohort band reason_1 ...
        model_digest prototype_digest expires_on``. `score` is the calibrated probability; `rank` counts within this
        list, `rank_in_cohort` within everybody; equal scores share the better rank; a reason says what raised the
        score, and is empty where nothing (more) does. After `score` come ``score_low score_high`` where the model was
        refitted: trained on another sample like ours, it would 9 times in 10 give a score between them.
    not_scored
        ``case as_of area reason_code``: ``too_little_known`` (fewer than a third of the features), or
        ``area_not_known`` (areas were asked for, and the case has none on record).
    elsewhere
        Cases of the cohort in areas that were not asked for.
    cohort
        Everybody in the cohort; ``len(cases) + len(not_scored) + elsewhere``.
    policy
        Disclosure rules for totals.
    invented
        Whether the people are invented.
    individual
        Whether there is a list of single cases: the prototype declares one, and the verdict allows it.
    everybody
        ``area band`` of every scored case of the cohort, wherever it lives: what is withheld on the page of one area
        depends on the pages of the others. None when `cases` are all there are.
    earlier
        What earlier pages of totals printed; see `beside`.
    """

    prototype: Prototype
    as_of: date
    areas: tuple[str, ...] | None
    cases: pd.DataFrame
    not_scored: pd.DataFrame
    elsewhere: int
    cohort: int
    model: RiskModel
    policy: Policy
    invented: bool = False
    individual: bool = True
    everybody: pd.DataFrame | None = None
    earlier: tuple[Page, ...] = ()

    @property
    def title(self) -> str:
        """What was scored, where and when, in a line."""
        where = "" if self.areas is None else f" in {', '.join(self.areas)}"
        return f"{self.prototype.name.replace('_', ' ').capitalize()}{where}, {day(self.as_of.isoformat())}"

    def without_cases(self) -> Scores:
        """Return the same scores with totals only: nothing is left that could be traced to a case."""
        cases, not_scored = self.cases[["area", "band"]], self.not_scored[["area", "reason_code"]]
        return replace(self, cases=cases, not_scored=not_scored, individual=False)

    def beside(self, folder: Path | str) -> Scores:
        """Return the same scores with totals that cannot be subtracted from the pages already in a folder of scores."""
        return replace(self, earlier=load_pages(Path(folder) / self.prototype.name))

    def frame(self) -> pd.DataFrame:
        """Return the list of scored cases.

        Raises
        ------
        ScoringRefused
            If there are totals for areas only.
        """
        if not self.individual:
            raise ScoringRefused(
                f"The scores of '{self.prototype.name}' are totals for areas, and no list of cases.",
                "Its declaration says output=Output.AREA, or its verdict is 'only for area planning'.",
                next_step="Use the totals of the ward page.",
            )
        return self.cases.copy()

    @cached_property
    def totals(self) -> Totals:
        """Totals by area and band as they may be shown; cases without an area on record are in none of them."""
        people = self.cases if self.everybody is None else self.everybody
        placed = people[people["area"] != UNKNOWN]
        return printable(placed if len(placed) else people, self.policy, asked=self.areas, earlier=self.earlier)

    def told(self, name: str) -> Figure:
        """How many of those asked for are ``not_scored`` or ``without_area``, as a page may print it."""
        count = len(self.not_scored) if name == "not_scored" else self.without_area
        return steady(self._own(name), count, self.policy, self.earlier)

    def _own(self, name: str) -> str:
        return f"{name} of {'all' if self.areas is None else ', '.join(sorted(self.areas))}"

    @property
    def without_area(self) -> int:
        """Scored cases that have no area on record, and so are in no total."""
        return int((self.cases["area"] == UNKNOWN).sum()) if (self.cases["area"] != UNKNOWN).any() else 0

    @property
    def has_score_band(self) -> bool:
        """Whether each score has a band from refits of the model."""
        return SCORE_BAND[0] in self.cases.columns

    def band_rows(self) -> list[list[str]]:
        """Return each band and how many cases are in it, as may be shown."""
        return [[band, figure.text] for band, figure in self.totals.by_band.items()]

    def page(self) -> str:
        """Return the ward page as HTML."""
        return document_html(ward_page(self))

    def save(self, folder: Path | str) -> list[Path]:
        """Write the list, the totals and the page into a folder of their own, all or nothing.

        The folder is ``<folder>/<prototype>/<as-of date>``, with the codes of the areas added where some were asked
        for. It holds ``ward.html``, ``totals.csv`` and ``scores.json`` (counts under disclosure control, and digests)
        and, unless the prototype gives totals only, ``scores.csv``, ``scores.parquet`` and ``not_scored.csv``, which
        their owner alone may read.

        The totals are held to what earlier pages in the folder printed (`beside`); ``printed.json`` in the folder of
        the prototype keeps what this one prints, for later ones. It holds no count that is not printed.

        Returns
        -------
        list of Path
            The files, the page first.
        """
        return self.beside(folder)._written(Path(folder) / self.prototype.name)

    def _written(self, folder: Path) -> list[Path]:
        target = folder / self._name()
        shared = {"ward.html": self.page().encode(), "totals.csv": _csv(self.totals.frame())}
        private = self._private()
        with atomic_folder(target) as temporary:
            for name, content in {**shared, **private}.items():
                (temporary / name).write_bytes(content)
            (temporary / "scores.json").write_bytes(_json(self._record(private)))
            for name in private:
                (temporary / name).chmod(0o600)
            save_pages(folder, self.earlier, self._page_record())  # before the page is there, never after
        return [target / name for name in (*shared, *private, "scores.json")]

    def _page_record(self) -> Page:
        """Everything that was decided for this page, beside what earlier pages alone told of."""
        own: dict[str, int | None] = {}
        for name in ("not_scored", "without_area"):
            value = self.told(name).value
            own[self._own(name)] = None if value is None else int(value)
        return {**(self.earlier[-1] if self.earlier else {}), **self.totals.decided, **own}

    def _name(self) -> str:
        if self.areas is None:
            return self.as_of.isoformat()
        joined = "-".join("".join(c if c.isalnum() else "_" for c in area) for area in self.areas)
        if len(joined) > 60:
            joined = f"{len(self.areas)}-areas-{hashlib.sha256(joined.encode()).hexdigest()[:12]}"
        return f"{self.as_of.isoformat()}-{joined}"

    def _private(self) -> dict[str, bytes]:
        if not self.individual:
            return {}
        return {
            "scores.csv": _csv(self._rounded()),
            "scores.parquet": _parquet(self.cases),
            "not_scored.csv": _csv(self.not_scored),
        }

    def _rounded(self) -> pd.DataFrame:
        shares = [name for name in ("score", *SCORE_BAND) if name in self.cases.columns]
        return self.cases.assign(**{name: self.cases[name].round(4) for name in shares})

    def _record(self, private: dict[str, bytes]) -> dict[str, Any]:
        return {
            "prototype": self.prototype.name,
            "prototype_digest": self.prototype.digest(),
            "model": self.model.name,
            "model_digest": self.model.digest,
            "as_of": self.as_of.isoformat(),
            "areas": None if self.areas is None else list(self.areas),
            "capacity": self.prototype.capacity,
            "expires_on": self.prototype.expires.after(self.as_of).isoformat(),
            "invented": self.invented,
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in private.items()},
            "totals": {band: figure.text for band, figure in self.totals.by_band.items()},
        }


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


def _parquet(table: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None), sink)
    return bytes(sink.getvalue().to_pybytes())


def _json(plain: Any) -> bytes:
    return (json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
