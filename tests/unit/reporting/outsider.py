"""An outsider who has nothing but the JSON of a card: what its figures say about counts of people, as inequalities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.unit.reporting import reading

KINDS = ("found", "missed", "wrong", "left")
#: What becomes of a case between the cohort and the models.
FATES = ("unlabelled", "left_out", "learnt", "tested")
#: How far a standard error read off an interval may be from the textbook one.
OFF = 1.3
Cells = tuple[str, ...]


@dataclass
class Knowledge:
    """Linear inequalities about counts of people, by the name of the smallest cells."""

    facts: list[tuple[Mapping[str, float], float, float]] = field(default_factory=list)
    #: Kinds of which the card says that there are fewer than the threshold of them in all.
    said_to_be_few: set[str] = field(default_factory=set)

    def says(self, weights: Mapping[str, float], low: float, high: float) -> None:
        self.facts.append((weights, low, high))

    @cached_property
    def _names(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(dict.fromkeys(n for fact in self.facts for n in fact[0]))}

    @cached_property
    def _program(self) -> tuple[csr_array, np.ndarray]:
        at = [(row, self._names[name], w) for row, fact in enumerate(self.facts) for name, w in fact[0].items()]
        rows, columns, weights = (np.array(part) for part in zip(*at, strict=True))
        sums = csr_array((weights, (rows, columns)), shape=(len(self.facts), len(self._names)))
        highs, lows = (np.array([fact[end] for fact in self.facts]) for end in (2, 1))
        kept_high, kept_low = np.flatnonzero(np.isfinite(highs)), np.flatnonzero(np.isfinite(lows))
        from scipy.sparse import vstack

        above = vstack([sums[kept_high], -sums[kept_low]]).tocsr()
        return above, np.concatenate([highs[kept_high], -lows[kept_low]]) + 1e-6

    def span(self, cells: Cells) -> tuple[float, float]:
        """The least and the greatest number of people in some cells."""
        if not set(cells) <= set(self._names):
            return 0.0, float("inf")
        above, below = self._program
        aim = np.zeros(len(self._names))
        aim[[self._names[cell] for cell in cells]] = 1.0
        ends = [linprog(sign * aim, A_ub=above, b_ub=below, bounds=(0, None), method="highs") for sign in (1, -1)]
        assert ends[0].status == 0, "what the outsider takes the card to say cannot all be true"
        return float(ends[0].fun), -float(ends[1].fun) if ends[1].status == 0 else float("inf")

    def agrees(self, truth: Mapping[str, float]) -> list[tuple[Mapping[str, float], float, float]]:
        """Facts that the true counts contradict: the outsider read these wrongly."""
        said = [(fact, sum(w * truth[name] for name, w in fact[0].items())) for fact in self.facts]
        return [fact for fact, value in said if not fact[1] - 0.01 <= value <= fact[2] + 0.01]


class Outsider:
    """Reads one card."""

    def __init__(self, card: Mapping[str, Any]) -> None:
        self.card = card
        rules = card["facts"]["disclosure"]
        self.least = float(rules["threshold"])
        self.half = rules["rounding"] / 2  # where tied cases share places, counts are rounded even to 1
        self.tables = {table["key"]: table for table in reading.raw_tables(dict(card))}

    # What single figures say.

    def count(self, about: Knowledge, cells: Cells, figure: Any) -> None:
        """A count is known to half the rounding; of steps that lost a few people, that of the step after is printed."""
        if _known(figure):
            low, more = max(figure["value"] - self.half, self.least), self.least if about.said_to_be_few else 0.0
            about.says(dict.fromkeys(cells, 1.0), low, figure["value"] + self.half + more)

    def share(self, about: Knowledge, part: Cells, whole: Cells, figure: Any) -> None:
        """A percentage bounds the part by the whole even where neither is printed."""
        if not _known(figure):
            return
        unit = 0.5 / 10 ** (2 + _decimals(figure["text"])) + 1e-9
        low, high = max(figure["value"] - unit, 0.0), min(figure["value"] + unit, 1.0)
        rest = tuple(cell for cell in whole if cell not in part)
        weights = {cell: float(cell in part) for cell in whole}
        about.says({c: w - low for c, w in weights.items()}, -self.half * (1 + low), float("inf"))
        about.says({c: w - high for c, w in weights.items()}, float("-inf"), self.half * (1 + high))
        for side in (part, rest):
            about.says(dict.fromkeys(side, 1.0), self.least, float("inf"))

    def width(self, about: Knowledge, whole: Cells, figure: Any) -> None:
        """The width of an interval of a share tells of how many people it is, roughly."""
        if not _known(figure) or figure.get("low") is None:
            return
        unit = 0.5 / 10 ** (2 + _decimals(figure["text"]))
        p, low, high = figure["value"], figure["low"], figure["high"]
        if not 0.05 < p < 0.95 or low <= 0 or high >= 1 or high - low < 6 * unit:
            return
        ends = [(high - low + sign * 2 * unit) / (2 * 1.96) * OFF**sign for sign in (1, -1)]
        about.says(dict.fromkeys(whole, 1.0), *(p * (1 - p) / se**2 for se in ends))

    # What sections say together.

    @cached_property
    def totals(self) -> dict[str, Any]:
        """All test cases, those with the outcome, and the list at capacity."""
        words = re.search(r"([\d,]+) test cases, ([\d,]+) of them", self.tables["metrics"]["caption"])
        assert words is not None
        n, events = (_count(number) for number in words.groups())
        row = self.tables["ways-of-choosing"]["rows"][0]
        return {"n": n, "events": events, "picked": row[1], "right": row[2], "recall": row[3]}

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(key.removeprefix("fairness-") for key in self.tables if key.startswith("fairness-"))

    def groups(self, attribute: str) -> list[str]:
        return [row[0] for row in self.tables[f"fairness-{attribute}"]["rows"]]

    def everybody(self, about: Knowledge, cells: Iterable[str]) -> None:
        """Totals over all smallest cells, whose names end in their kind."""
        each = {kind: tuple(cell for cell in cells if cell.endswith(f"|{kind}")) for kind in KINDS}
        events, picked = each["found"] + each["missed"], each["found"] + each["wrong"]
        every = events + each["wrong"] + each["left"]
        self.count(about, every, self.totals["n"])
        self.count(about, events, self.totals["events"])
        self.count(about, picked, self.totals["picked"])
        self.share(about, each["found"], events, self.totals["recall"])
        self.share(about, each["found"], picked, self.totals["right"])

    def about_group(self, about: Knowledge, row: Sequence[Any], each: Mapping[str, Cells]) -> None:
        """One row of a main fairness table, and what its measures of ranking tell about its outcomes."""
        events, picked = each["found"] + each["missed"], each["found"] + each["wrong"]
        every = events + each["wrong"] + each["left"]
        self.count(about, every, row[1])
        self.count(about, events, row[2])
        self.share(about, events, every, row[3])
        self.share(about, picked, every, row[4])
        self.share(about, each["found"], events, row[5])
        self.share(about, each["wrong"], each["wrong"] + each["left"], row[6])
        self.share(about, each["found"], picked, row[7])
        self.width(about, every, row[3])
        if _known(row[1]) and not _known(row[2]):
            self.ranking(about, events, every, row[1]["value"], row[9])

    def ranking(self, about: Knowledge, events: Cells, every: Cells, n: float, figure: Any) -> None:
        """The standard error of an AUROC (Hanley and McNeil) bounds the rarer of the two kinds of case from below."""
        if not _known(figure) or figure.get("low") is None:
            return
        se = (figure["high"] - figure["low"]) / (2 * 1.96)
        able = [e for e in np.arange(1.0, n) if 1 / OFF < _hanley(figure["value"], e, n - e) / max(se, 1e-9) < OFF]
        if able:
            about.says(dict.fromkeys(events, 1.0), min(able) - self.half, max(able) + self.half)
            about.says(dict.fromkeys(every, 1.0), n - self.half, n + self.half)

    def of_attribute(self, attribute: str) -> Knowledge:
        """Main tables, burden and partial pooling of one attribute; cells are ``group|kind``."""
        about, names = Knowledge(), self.groups(attribute)
        self.everybody(about, [f"{name}|{kind}" for name in names for kind in KINDS])
        for row in self.tables[f"fairness-{attribute}"]["rows"]:
            self.about_group(about, row, {kind: (f"{row[0]}|{kind}",) for kind in KINDS})
        return about

    def of_pair(self, key: str, first: str, second: str) -> Knowledge:
        """Two attributes together, with the main tables of both; cells are ``a|b|kind``."""
        about, own, other = Knowledge(), self.groups(first), self.groups(second)
        self.everybody(about, [f"{a}|{b}|{kind}" for a in own for b in other for kind in KINDS])
        for row in self.tables[f"fairness-{first}"]["rows"]:
            self.about_group(about, row, {k: tuple(f"{row[0]}|{b}|{k}" for b in other) for k in KINDS})
        for row in self.tables[f"fairness-{second}"]["rows"]:
            self.about_group(about, row, {k: tuple(f"{a}|{row[0]}|{k}" for a in own) for k in KINDS})
        for row in self.tables[key]["rows"]:
            halves = [part.split(": ")[-1].lower() for part in row[0].split("; ")]
            found = [(a, b) for a in own for b in other if [a.lower(), b.lower()] == halves]
            if not found:
                continue
            each = {kind: ("|".join((*found[0], kind)),) for kind in KINDS}
            events, picked = each["found"] + each["missed"], each["found"] + each["wrong"]
            self.share(about, each["missed"], events, row[1])
            self.share(about, picked, events + each["wrong"] + each["left"], row[2])
            self.share(about, each["found"], picked, row[3])
            self.width(about, picked, row[3])
        return about

    def of_attrition(self) -> Iterator[tuple[str, Knowledge]]:
        """Who is missing, by the title of the attribute: cells are ``group|fate``."""
        tables = [self.tables[key] for key in ("missing-table", "attrition-groups") if key in self.tables]
        rows = [(dict(zip(table["columns"], row, strict=True)), row[0]) for table in tables for row in table["rows"]]
        by: dict[str, dict[str, list[Any]]] = {}
        for row, name in rows:
            title, _, group = name.partition(": ")
            by.setdefault(title, {}).setdefault(group, []).append(row)
        everybody = by.pop("Everybody")[""]
        few = {
            fate
            for row in everybody
            for heading, cell in row.items()
            for fate, words in (("unlabelled", "Outcome not known"), ("left_out", "Left out"))
            if heading.startswith(words) and _said(cell) == "none or few"
        }
        for title, groups in by.items():
            about = Knowledge(said_to_be_few=few)
            late = any(_said(row.get("In the cohort")) == "–" for said in groups.values() for row in said)
            for own, said in [(tuple(groups), everybody), *(((group,), said) for group, said in groups.items())]:
                lost, left, learnt, tested = (tuple(f"{group}|{fate}" for group in own) for fate in FATES)
                lost = () if late else lost
                known = left + learnt + tested
                for row in said:
                    self.count(about, lost + known, None if late else row.get("In the cohort"))
                    self.count(about, known, row.get("Outcome known"))
                    self.count(about, learnt, row.get("Learnt from"))
                    self.count(about, tested, row.get("Tested on"))
                    self.share(about, lost, lost + known, row.get("Outcome not known") if lost else None)
                    self.share(about, left, known, row.get(next((c for c in row if c.startswith("Left out")), "")))
            yield title, about

    def of_areas(self) -> Knowledge:
        """Areas left out one at a time: cells are ``place|yes`` and ``place|no``."""
        about, rows = Knowledge(), self.tables["areas-table"]["rows"]
        places = [*range(len(rows)), "rest"]
        yes, no = (tuple(f"{place}|{kind}" for place in places) for kind in ("yes", "no"))
        if abs(sum(row[1]["value"] or 0.0 for row in rows) / self.totals["n"]["value"] - 1) < 0.1:  # the same people
            self.count(about, yes + no, self.totals["n"])
            self.count(about, yes, self.totals["events"])
        for place, row in enumerate(rows):
            both = (f"{place}|yes", f"{place}|no")
            self.count(about, both, row[1])
            self.count(about, both[:1], row[2])
            if _known(row[1]) and not _known(row[2]):
                self.ranking(about, both[:1], both, row[1]["value"], row[3])
        return about

    def of_pooling(self, attribute: str) -> Knowledge:
        """Partial pooling by group: the less a group rests on itself, the fewer outcomes it has.

        Cells are ``group|yes`` and ``group|no``, of the groups as they are before small ones are joined.
        """
        about, title = Knowledge(), self.title(attribute)
        rows = {
            row[0].partition(": ")[2].lower(): row
            for row in self.tables["calibration-groups"]["rows"]
            if row[0].startswith(f"{title}: ")
        }
        names = self.single(attribute)
        yes, no = (tuple(f"{name}|{kind}" for name in names) for kind in ("yes", "no"))
        self.count(about, yes + no, self.totals["n"])
        self.count(about, yes, self.totals["events"])
        for main in self.tables[f"fairness-{attribute}"]["rows"]:
            own = [main[0].lower()] if main[0].lower() in names else self.pooled(attribute)
            both = tuple(f"{name}|{kind}" for kind in ("yes", "no") for name in own)
            self.count(about, both, main[1])
            self.count(about, both[: len(own)], main[2])
        weights = [(row[5]["value"], row[2]["value"]) for row in rows.values() if _known(row[2])]
        for name in (name for name, row in rows.items() if not _known(row[2])):
            weight = rows[name][5]["value"]
            less = [events for w, events in weights if w < weight - 0.01]
            more = [events for w, events in weights if w > weight + 0.01]
            low, high = max(less, default=0.0) / OFF, min(more, default=float("inf")) * OFF
            about.says({f"{name}|yes": 1.0}, max(low, self.least), high)
        return about if any(not _known(row[2]) for row in rows.values()) else Knowledge()

    def title(self, attribute: str) -> str:
        """What an attribute is called in captions."""
        return str(self.tables[f"fairness-{attribute}"]["caption"].partition(": the list by group")[0])

    def pooled(self, attribute: str) -> list[str]:
        """Groups that were joined, as the notes name them."""
        said = re.search(rf"{re.escape(self.title(attribute))}, [^:\"]*: pooled from ([^:\"]*):", self._words)
        return [name.strip().lower() for name in said[1].split(",")] if said else []

    def single(self, attribute: str) -> list[str]:
        """Groups before any was joined."""
        pooled = self.pooled(attribute)
        return [name.lower() for name in self.groups(attribute) if not (pooled and "together" in name)] + pooled

    @cached_property
    def _words(self) -> str:
        import json

        return json.dumps(self.card["sections"], ensure_ascii=False)

    def of_lists(self, label: str, key: str) -> Knowledge:
        """Lists of one ranking at every length, and tenths of it where counts are not rounded.

        Cells are ``place|yes`` and ``place|no``, between one cut and the next.
        """
        about, cuts = Knowledge(), self.cuts(label, key)
        names = [*range(len(cuts)), "rest"]
        yes, no = (tuple(f"{name}|{kind}" for name in names) for kind in ("yes", "no"))
        if not cuts:
            return about
        self.count(about, yes + no, self.totals["n"])
        self.count(about, yes, self.totals["events"])
        for picked, found, right, recall in self._lists(label):
            at = cuts.index(picked["value"]) + 1
            self.count(about, yes[:at] + no[:at], picked)
            self.count(about, yes[:at], found)
            self.share(about, yes[:at], yes[:at] + no[:at], right)
            self.share(about, yes[:at], yes, recall)
        for n, events in self._tenths(key):
            at = cuts.index(n) + 1
            about.says(dict.fromkeys(yes[:at] + no[:at], 1.0), n - self.half, n + self.half)
            about.says(dict.fromkeys(yes[:at], 1.0), events - self.half, events + self.half)
        return about

    def cuts(self, label: str, key: str) -> list[float]:
        """Lengths of the lists that are told of, shortest first."""
        return sorted({row[0]["value"] for row in self._lists(label)} | {n for n, _ in self._tenths(key)})

    def _lists(self, label: str) -> list[tuple[Any, ...]]:
        rows = self.tables["capacity-points"]["rows"] if "capacity-points" in self.tables else []
        return [tuple(row[1:5]) for row in rows if row[0].startswith(label) and _known(row[1])]

    def _tenths(self, key: str) -> list[tuple[float, float]]:
        if self.half > 0.5 or key not in self.tables:
            return []
        rows = self.tables[key]["rows"][::-1]
        n, events = (np.cumsum([row[place]["value"] for row in rows]).tolist() for place in (1, 2))
        return list(zip(n, events, strict=True))[:-1]


def _known(figure: Any) -> bool:
    return isinstance(figure, Mapping) and figure.get("value") is not None


def _said(cell: Any) -> Any:
    return cell["text"] if isinstance(cell, Mapping) else cell


def _decimals(text: str) -> int:
    point = text.partition("%")[0]
    return len(point.partition(".")[2])


def _count(words: str) -> dict[str, Any]:
    return {"value": float(words.replace(",", "")), "text": words, "kind": "count"}


def _hanley(a: float, yes: float, no: float) -> float:
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    return float(np.sqrt(max(a * (1 - a) + (yes - 1) * (q1 - a * a) + (no - 1) * (q2 - a * a), 1e-12) / (yes * no)))
